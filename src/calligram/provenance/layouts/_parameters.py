"""The ``parameters`` text taken apart: prompt, negative prompt, and the line of settings.

Source: AUTOMATIC1111's stable-diffusion-webui, ``modules/infotext_utils.py``
(``parse_generation_parameters``): a last line with fewer than three settings belongs to the prompt.
"""

import json
import re
from typing import NamedTuple

FEWEST = 3
LONGEST = 1 << 20
_SETTING = re.compile(r'\s*(\w[\w \-/]+):\s*("(?:\\.|[^\\"])+"|[^,]*)(?:,|$)')
_NEGATIVE = "Negative prompt:"


class Parameters(NamedTuple):
    """What a text says: prompt, negative prompt, and settings by name."""

    prompt: str
    avoid: str
    settings: dict[str, str]


def taken_apart(text: str) -> Parameters | None:
    """Return what a ``parameters`` text says, or None where it has no line of settings.

    >>> taken_apart("a cat\\nNegative prompt: dogs\\nSteps: 20, Sampler: Euler a, Seed: 1").settings["Seed"]
    '1'
    """
    if len(text) > LONGEST:
        return None
    *lines, last = text.strip().split("\n")
    found = _SETTING.findall(last)
    if len(found) < FEWEST:
        return None
    prompt: list[str] = []
    avoid: list[str] = []
    into = prompt
    for line in (line.strip() for line in lines):
        if line.startswith(_NEGATIVE):
            into, line = avoid, line.removeprefix(_NEGATIVE).strip()
        into.append(line)
    return Parameters("\n".join(prompt), "\n".join(avoid), {name: _bare(value) for name, value in found})


def _bare(value: str) -> str:
    """Return a setting's value without the quotes that a comma in it called for."""
    value = value.strip()
    if not (len(value) > 1 and value.startswith('"') and value.endswith('"')):
        return value
    try:
        return str(json.loads(value))
    except ValueError:
        return value
