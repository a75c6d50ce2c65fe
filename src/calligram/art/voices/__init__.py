"""Voices: who speaks of a picture, as files that can be read and written by anyone.

Each voice is one TOML file beside this module, or one of your own, given by its path. ``speaker`` tells a
model that follows instructions who it is; the rules under ``[[describe]]``, ``[[analyse]]``,
``[[interpret]]`` and ``[[judge]]`` put sentences together from facts where no such model is asked.
``asking.toml`` holds what such a model is asked in every voice. ``docs/how-to/critique.md`` shows how a voice
is written.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

from calligram.errors import InputError

Step = Literal["describe", "analyse", "interpret", "judge"]
STEPS: tuple[Step, ...] = get_args(Step)

_FOLDER = Path(__file__).parent
_ASKING = "asking"
_CONDITION = re.compile(r"(\w+) *(!=|>=|<=|=|>|<) *(.+)")


@dataclass(frozen=True)
class Condition:
    """What a rule asks of one fact.

    Args:
        key: of the fact.
        sign: how it is compared.
        values: what with; of several one is enough.
    """

    key: str
    sign: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Rule:
    """Ways to say one thing where some facts are so.

    Args:
        topic: what it is about; the first rule of a topic that fits is used.
        when: what must be so, all of it.
        say: sentences with pieces in braces, of which one is chosen.
        source: the book that it leans on, or nothing.
    """

    topic: str
    when: tuple[Condition, ...]
    say: tuple[str, ...]
    source: str = ""


@dataclass(frozen=True)
class Voice:
    """Who speaks.

    Args:
        name: as it is asked for.
        title: for people.
        meaning: for whom it speaks, in a few words.
        speaker: who a model that follows instructions is told to be.
        limits: what this voice cannot know, a sentence or two.
        keep: topics, the most important first, for where few sentences are wanted.
        rules: for each step.
    """

    name: str
    title: str
    meaning: str
    speaker: str
    limits: str = ""
    keep: tuple[str, ...] = ()
    rules: Mapping[Step, tuple[Rule, ...]] = field(default_factory=dict)


def voice_names() -> tuple[str, ...]:
    """Return the names of the voices that ship with rules for all four steps."""
    names = sorted(path.stem for path in _FOLDER.glob("*.toml") if path.stem != _ASKING)
    return tuple(name for name in names if all(open_voice(name).rules[step] for step in STEPS))


@cache
def open_voice(name: str) -> Voice:
    """Return a voice.

    Args:
        name: of one that ships, or the path of a TOML file.

    Raises:
        InputError: there is no such voice, or its file breaks the form.
    """
    path = _FOLDER / f"{name}.toml" if re.fullmatch(r"\w+", name) else Path(name)
    if name == _ASKING or not path.is_file():
        raise InputError(
            f"there is no voice {name!r}: choose {', '.join(voice_names())}, or give the path of a TOML file"
        )
    try:
        return _voice(path.stem, tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as fault:
        told = f"it has no {fault}" if isinstance(fault, KeyError) else str(fault)
        raise InputError(
            f"the voice {str(path)!r} cannot be read ({told}): write it as docs/how-to/critique.md shows"
        ) from fault


@cache
def asking_texts() -> Mapping[str, str]:
    """Return what models are asked, by the names ``describe``, ``critique`` and ``image``."""
    told = tomllib.loads((_FOLDER / f"{_ASKING}.toml").read_text(encoding="utf-8"))
    return {name: str(text).strip() for name, text in told.items()}


def _voice(name: str, told: Mapping[str, Any]) -> Voice:
    rules: dict[Step, tuple[Rule, ...]] = {
        step: tuple(_rule(entry) for entry in told.get(step, [])) for step in STEPS
    }
    return Voice(
        name,
        str(told["title"]),
        str(told["meaning"]),
        str(told["speaker"]),
        " ".join(str(told.get("limits", "")).split()),
        tuple(map(str, told.get("keep", []))),
        rules,
    )


def _rule(told: Mapping[str, Any]) -> Rule:
    say = told["say"]
    if not isinstance(say, list) or not say or not all(isinstance(text, str) for text in say):
        raise ValueError(f"'say' of the topic {told['topic']!r} must be a list of sentences")
    conditions = tuple(_condition(text) for text in told.get("when", []))
    return Rule(str(told["topic"]), conditions, tuple(say), str(told.get("source", "")))


def _condition(text: str) -> Condition:
    found = _CONDITION.fullmatch(text.strip())
    if not found:
        raise ValueError(
            f"{text!r} is no condition: write it as 'contrast = low|very low' or 'rhythm >= 0.3'"
        )
    key, sign, values = found.groups()
    if sign not in ("=", "!="):
        float(values)
    return Condition(key, sign, tuple(value.strip() for value in values.split("|")))
