"""InvokeAI: JSON under ``invokeai_metadata``, before that under ``sd-metadata``, before that ``Dream``.

Source: InvokeAI, ``invokeai/app/services/image_files`` (``invokeai_metadata``), ``ldm/invoke/pngwriter.py``
and ``ldm/dream/pngwriter.py`` of versions 1 and 2 (``sd-metadata``, and ``Dream``, the words of its command).
"""

import re
import shlex
from collections.abc import Sequence
from typing import Any

from calligram.provenance.layouts.base import Telling, Text, known, number, parsed, size_of

NAME = "InvokeAI"
FLAGS = {"s": "steps", "S": "seed", "W": "width", "H": "height", "C": "guidance", "A": "sampler"}
LONGEST_COMMAND = 100_000
_AVOIDED = re.compile(r"\[([^\[\]]*)\]")


def read(texts: Sequence[Text]) -> Telling | None:
    """Return what the newest of its three spellings tells, or None where there is none."""
    by_key = {text.key: text for text in texts}
    for key, reading in (("invokeai_metadata", _newest), ("sd-metadata", _older)):
        told = parsed(by_key[key].words) if key in by_key else None
        if isinstance(told, dict):
            return reading(told, by_key[key].where)
    return _oldest(by_key["Dream"]) if "Dream" in by_key else None


def _newest(told: dict[str, Any], where: str) -> Telling:
    inner = told.get("core_metadata")
    told = inner if isinstance(inner, dict) else told
    model = told.get("model")
    version = told.get("app_version")
    fields = known(
        prompt=told.get("positive_prompt"),
        avoid=told.get("negative_prompt"),
        software=f"InvokeAI {version}" if version else "InvokeAI",
        model=_model_name(model),
        model_version=model.get("hash") if isinstance(model, dict) else None,
        seed=told.get("seed"),
        steps=told.get("steps"),
        scheduler=told.get("scheduler"),
        guidance=told.get("cfg_scale"),
        size=size_of(told.get("width"), told.get("height")),
        loras=_loras(told.get("loras")),
    )
    used = {"positive_prompt", "negative_prompt", "app_version", "model", "seed", "steps", "scheduler"}
    used |= {"cfg_scale", "width", "height", "loras"}
    return Telling(NAME, where, fields, known(**{key: told[key] for key in told if key not in used}))


def _model_name(model: Any) -> Any:
    return model.get("name", model.get("model_name")) if isinstance(model, dict) else model


def _loras(loras: Any) -> list[str]:
    told = []
    for one in loras if isinstance(loras, list) else []:
        if isinstance(one, dict):
            name = _model_name(one.get("model", one.get("lora")))
            told.append(f"{name}: {one.get('weight', 1)}")
    return told


def _older(told: dict[str, Any], where: str) -> Telling:
    image = told.get("image")
    image = image if isinstance(image, dict) else told
    prompt, avoid = _split(_joined(image.get("prompt", image.get("positive_prompt"))))
    fields = known(
        prompt=prompt,
        avoid=image.get("negative_prompt") or avoid,
        software=" ".join(str(told[key]) for key in ("app_id", "app_version") if key in told) or "InvokeAI",
        model=told.get("model_weights", told.get("model_id", told.get("model"))),
        model_version=told.get("model_hash"),
        seed=image.get("seed"),
        steps=image.get("steps"),
        sampler=image.get("sampler"),
        guidance=image.get("cfg_scale"),
        size=size_of(image.get("width"), image.get("height")),
    )
    return Telling(
        NAME, where, fields, known(type=image.get("type"), postprocessing=image.get("postprocessing"))
    )


def _joined(prompt: Any) -> str:
    """Return a prompt that may be a text, or a list of parts with weights."""
    if isinstance(prompt, list):
        parts = (part.get("prompt") if isinstance(part, dict) else part for part in prompt)
        return ", ".join(part for part in parts if isinstance(part, str))
    return prompt if isinstance(prompt, str) else ""


def _split(prompt: str) -> tuple[str, str]:
    """Return a prompt, and what stood in square brackets in it, which was to be avoided.

    >>> _split("a cat [dogs, rain]")
    ('a cat', 'dogs, rain')
    """
    avoided = ", ".join(found.strip() for found in _AVOIDED.findall(prompt))
    return " ".join(_AVOIDED.sub("", prompt).split()) if avoided else prompt, avoided


def _oldest(text: Text) -> Telling | None:
    if len(text.words) > LONGEST_COMMAND:
        return None
    try:
        words = shlex.split(text.words)
    except ValueError:
        words = text.words.split()
    told: dict[str, Any] = {}
    spoken, place = [], 0
    while place < len(words):
        flag = re.fullmatch(r"-([A-Za-z])(.*)", words[place])
        if flag and flag[1] in FLAGS:
            place += not flag[2]
            value = flag[2] or (words[place] if place < len(words) else "")
            told[FLAGS[flag[1]]] = number(value)
        elif not words[place].startswith("-"):
            spoken.append(words[place])
        place += 1
    prompt, avoid = _split(" ".join(spoken))
    size = size_of(told.pop("width", None), told.pop("height", None))
    return Telling(
        NAME, text.where, known(prompt=prompt, avoid=avoid, software="InvokeAI", size=size, **told)
    )
