"""Fooocus: JSON under ``parameters`` with ``fooocus_scheme`` beside it; in EXIF, comment and maker's note.

Its other scheme, ``a1111``, is read as that.

Source: Fooocus, ``modules/meta_parser.py`` (``FooocusMetadataParser``, ``get_exif``) and
``modules/private_logger.py``.
"""

import re
from collections.abc import Sequence
from typing import Any

from calligram.provenance.layouts.base import Telling, Text, known, number, parsed

NAME = "Fooocus"
OWN = frozenset(("base_model", "performance", "styles", "full_prompt", "sharpness"))
USED = {
    "prompt",
    "negative_prompt",
    "base_model",
    "base_model_hash",
    "seed",
    "steps",
    "sampler",
    "scheduler",
    "guidance_scale",
    "resolution",
    "loras",
    "version",
    "created_by",
}


def read(texts: Sequence[Text]) -> Telling | None:
    """Return what Fooocus tells in JSON, or None where it does not."""
    schemes = {text.words for text in texts if text.key in ("fooocus_scheme", "MakerNote")}
    for text in texts:
        if text.key not in ("parameters", "UserComment") or not text.words.lstrip().startswith("{"):
            continue
        told = parsed(text.words)
        if isinstance(told, dict) and ("fooocus" in schemes or len(OWN & told.keys()) >= 2):
            return _telling(told, text.where)
    return None


def _telling(told: dict[str, Any], where: str) -> Telling:
    fields = known(
        prompt=told.get("prompt"),
        avoid=told.get("negative_prompt"),
        software=told.get("version") or "Fooocus",
        creator=told.get("created_by"),
        model=told.get("base_model"),
        model_version=told.get("base_model_hash"),
        seed=number(told.get("seed")),
        steps=number(told.get("steps")),
        sampler=told.get("sampler"),
        scheduler=told.get("scheduler"),
        guidance=number(told.get("guidance_scale")),
        size="x".join(re.findall(r"\d+", str(told.get("resolution", "")))[:2]),
        loras=_loras(told),
    )
    others = {key: told[key] for key in told if key not in USED and not key.startswith("lora_combined_")}
    return Telling(NAME, where, fields, known(**others))


def _loras(told: dict[str, Any]) -> list[str]:
    """Return the adapters: of newer files a list of name, weight and hash, of older ones a text each."""
    listed = told.get("loras")
    if isinstance(listed, list):
        return [": ".join(str(part) for part in one[:2]) for one in listed if isinstance(one, list)]
    return [str(told[key]) for key in sorted(told) if key.startswith("lora_combined_")]
