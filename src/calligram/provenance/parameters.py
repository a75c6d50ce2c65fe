"""The label as the ``parameters`` text that art tools read.

::

    a red cat
    Negative prompt: dogs
    Seed: 7, Size: 64x64, Model: calligram adversarial, Made: drawn, Version: Calligram 0.1.0

Source: AUTOMATIC1111's stable-diffusion-webui, ``modules/processing.py`` (``create_infotext``) and
``modules/infotext_utils.py`` (``quote``, ``parse_generation_parameters``), the layout read by many.
"""

import json
import re

from calligram.provenance.label import Label, Setting

KNOWN = {"steps": "Steps", "sampler": "Sampler", "guidance": "CFG scale", "cfg_scale": "CFG scale"}
"""What the layout calls settings that it knows."""

_PLAIN = re.compile(r'[^\s,:"\\](?:[^,:"\n\\]*[^\s,:"\\])?')
_NAME = re.compile(r"\w[\w \-/]+")


def parameters_of(label: Label, size: tuple[int, int] | None = None) -> str:
    """Return a label as a ``parameters`` text.

    A prompt with a line that begins as ``Negative prompt:`` does is told from it by no reader of the layout;
    XMP and sidecar have no such doubt.

    Args:
        label: what to say.
        size: width and height in pixels, where there are pixels.

    >>> parameters_of(Label("drawn", software_version="1", prompt="a cat", seed=7), (64, 48))
    'a cat\\nSeed: 7, Size: 64x48, Made: drawn, Source type: trainedAlgorithmicMedia, Version: Calligram 1'
    """
    told: dict[str, Setting] = {KNOWN.get(name, name): value for name, value in label.settings.items()}
    settings = {"Steps": told.pop("Steps", None), "Sampler": told.pop("Sampler", None)}
    settings |= {"CFG scale": told.pop("CFG scale", None), "Seed": label.seed}
    settings |= {"Size": f"{size[0]}x{size[1]}" if size else None, "Model": label.model or None}
    settings |= {"Model version": label.model_version or None, "Painter": label.painter or None}
    known = {name: value for name, value in settings.items() if value is not None}
    others = {_named(name): value for name, value in told.items() if _named(name) not in known}
    last_ones = [("Made", label.made), ("Source type", label.source_type.rpartition("/")[2])]
    pairs = [*known.items(), *others.items(), *last_ones, ("Version", label.creator_tool)]
    last = ", ".join(f"{name}: {_quoted(value)}" for name, value in pairs)
    avoided = f"Negative prompt: {label.avoid}" if label.avoid else ""
    return "\n".join(line for line in (label.prompt, avoided, last) if line)


def _named(name: str) -> str:
    """Return a setting's name in characters that readers of the layout take for a name."""
    bare = re.sub(r"[^\w \-/]+", "_", name)
    return bare if _NAME.fullmatch(bare) else f"setting {bare}".strip()


def _quoted(value: Setting) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return text if not text or _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)
