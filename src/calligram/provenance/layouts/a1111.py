"""AUTOMATIC1111's stable-diffusion-webui, and the many that write as it does (Forge, SD.Next, Civitai, ours).

The text stands under ``parameters`` in PNG, and in the comment of EXIF in JPEG, WebP and AVIF.

Source: AUTOMATIC1111's stable-diffusion-webui, ``modules/images.py`` (``save_image_with_geninfo``) and
``modules/infotext_utils.py``.
"""

from collections.abc import Sequence

from calligram.provenance.layouts._parameters import taken_apart
from calligram.provenance.layouts.base import Telling, Text, known, number

NAME = "A1111 parameters"
KEYS = ("parameters", "UserComment", "comment", "calligram:Parameters")
SETTINGS = {
    "model": "Model",
    "model_version": "Model version",
    "painter": "Painter",
    "software": "Version",
    "seed": "Seed",
    "steps": "Steps",
    "sampler": "Sampler",
    "scheduler": "Schedule type",
    "guidance": "CFG scale",
    "size": "Size",
    "loras": "Lora hashes",
}


def read(texts: Sequence[Text]) -> Telling | None:
    """Return what a ``parameters`` text tells, or None where there is none."""
    for text in texts:
        told = taken_apart(text.words) if text.key in KEYS else None
        if told and not text.words.lstrip().startswith("{"):
            fields = {name: number(told.settings.get(key)) for name, key in SETTINGS.items()}
            others = {name: value for name, value in told.settings.items() if name not in SETTINGS.values()}
            return Telling(
                NAME, text.where, known(prompt=told.prompt, avoid=told.avoid, **fields), known(**others)
            )
    return None
