"""A model that says what a file tells it to, to try out whatever asks models.

The file is JSON, a list of replies::

    [
      {"when": "What digit is this", "say": "7", "shares": {"7": 0.8, "1": 0.1}},
      {"when": "Draw", "say": ["no rows at all", "<row:1>…"]}
    ]

The first reply counts whose pattern ``when`` (a regular expression; missing fits all) is found in what the
user said first. A list is gone through from question to question, and its last one is said again and again.
``shares`` are the probabilities of beginnings of the answer; without them every answer counts as sure.
"""

import json
import re
import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from calligram.errors import ModelError
from calligram.models._asking import AskedModel, AskOptions, OnText, Said, Wish
from calligram.models.base import Model

SPELLING = "scripted:FILE"


@dataclass(frozen=True)
class Options(AskOptions):
    """How the script is asked."""

    GROUP: ClassVar[str] = "scripted"


@dataclass(frozen=True)
class Reply:
    """One rule of a script.

    Args:
        when: what the first question has to hold.
        say: what is said, one after another.
        shares: how probable beginnings of the answer are, or None.
    """

    when: re.Pattern[str]
    say: tuple[str, ...]
    shares: Mapping[str, float] | None = None


def load(place: str, options: Options) -> Model:
    """Return the model that says what a file tells it to.

    Raises:
        ModelError: there is no such file, or it is no script.
    """
    return Scripted(place, read_script(Path(place)) if place else _missing(), options)


def _missing() -> tuple[Reply, ...]:
    raise ModelError("the model scripted names no file: write scripted:FILE")


def read_script(path: Path) -> tuple[Reply, ...]:
    """Return the replies of a script.

    Raises:
        ModelError: there is no such file, or it is no script.
    """
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        return tuple(_reply(entry) for entry in told)
    except OSError as fault:
        raise ModelError(f"the script {path} cannot be read ({fault.strerror}): check the path") from fault
    except (ValueError, KeyError, TypeError, AttributeError, re.error) as fault:
        raise ModelError(
            f'the script {path} is no list of replies ({fault}): write [{{"when": "digit", "say": "7"}}]'
        ) from fault


def _reply(entry: Mapping[str, object]) -> Reply:
    say = entry["say"]
    texts = (say,) if isinstance(say, str) else tuple(say)  # type: ignore[arg-type]
    if not texts or not all(isinstance(text, str) for text in texts):
        raise ValueError(f"'say' is {say!r}, but must be a text or a list of texts")
    shares = entry.get("shares")
    return Reply(re.compile(str(entry.get("when", ""))), texts, shares)  # type: ignore[arg-type]


class Scripted(AskedModel):
    """Says what its script tells, in order."""

    def __init__(self, place: str, script: tuple[Reply, ...], options: Options) -> None:
        super().__init__(f"scripted:{place}", options)
        self.script = script
        self._said: Counter[int] = Counter()
        self._lock = threading.Lock()

    def say(self, wish: Wish, on_text: OnText | None = None) -> Said:
        asked = wish.turns[0].text
        for number, reply in enumerate(self.script):
            if reply.when.search(asked):
                with self._lock:
                    turn = min(self._said[number], len(reply.say) - 1)
                    self._said[number] += 1
                if on_text:
                    on_text(reply.say[turn])
                return Said(reply.say[turn], reply.shares)
        raise ModelError(f"the script of {self.name} has no reply to {asked[:80]!r}: add one")

    def describe(self) -> dict[str, object]:
        """Return name and size of the script, ready for JSON."""
        return {"name": self.name, "replies": len(self.script), "said": sum(self._said.values())}
