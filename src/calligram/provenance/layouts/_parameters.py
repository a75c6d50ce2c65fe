"""The ``parameters`` text taken apart: prompt, negative prompt, and the line of settings.

Source: AUTOMATIC1111's stable-diffusion-webui, ``modules/infotext_utils.py``
(``parse_generation_parameters``): a last line with fewer than three settings belongs to the prompt.
"""

import json
import re
from collections.abc import Iterator
from typing import NamedTuple

FEWEST = 3
LONGEST, LONGEST_LINE = 1 << 20, 1 << 17
MOST_SETTINGS = 1000
MOST_OPEN_QUOTES = 20
_NAME = re.compile(r"(\w[\w \-/]{1,100}):\s*")
_QUOTED = re.compile(r'"(?:\\.|[^\\"])++"\s*(?:,|$)')
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
    found = list(_settings(last)) if len(last) <= LONGEST_LINE else []
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


def _settings(line: str) -> Iterator[tuple[str, str]]:
    """Yield name and value of each setting in a line, in time that grows as the line does.

    A value in quotes may hold commas; a quote that nothing closes is a letter like others.
    """
    place = still_open = 0
    for _ in range(MOST_SETTINGS):
        comma = line.find(",", place)
        end = comma if comma >= 0 else len(line)
        name = _NAME.search(line, place, end)
        if name is not None:
            start = name.end()
            quoted = _QUOTED.match(line, start) if line[start : start + 1] == '"' else None
            still_open += line[start : start + 1] == '"' and quoted is None
            yield name[1].strip(), quoted[0].rstrip(", ") if quoted else line[start:end]
            end = quoted.end() - 1 if quoted and quoted[0].endswith(",") else quoted.end() if quoted else end
        place = end + 1
        if place >= len(line) or still_open > MOST_OPEN_QUOTES:
            return


def _bare(value: str) -> str:
    """Return a setting's value without the quotes that a comma in it called for."""
    value = value.strip()
    if not (len(value) > 1 and value.startswith('"') and value.endswith('"')):
        return value
    try:
        return str(json.loads(value))
    except ValueError:
        return value
