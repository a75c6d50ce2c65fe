"""A model that says what a file tells it to, to try out whatever asks models.

The file is JSON, a list of replies::

    [
      {"when": "What digit is this", "say": "7", "shares": {"7": 0.8, "1": 0.1}},
      {"when": "Draw", "say": ["no rows at all", "<row:1>…"]}
    ]

The first reply counts whose pattern ``when`` (a regular expression; missing fits all) is found in what the
user said first. A list is gone through from question to question, and its last one is said again and again.
``shares`` are the probabilities of beginnings of the answer; without them every answer counts as sure. What
is said may be an object too, which is said as JSON. The script goes on with texts and follows instructions;
with ``?talks=no`` it only goes on with texts, and with ``?images=yes`` it takes images, which it counts.
"""

import hashlib
import json
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from calligram.errors import ModelError
from calligram.models._asking import AskOptions, Done, One, OnText, Said, Wish
from calligram.models._conversing import ContinuingModel, ConversingModel
from calligram.models.base import Model
from calligram.settings import option

SPELLING = "scripted:FILE"


@dataclass(frozen=True)
class Options(AskOptions):
    """How the script is asked."""

    GROUP: ClassVar[str] = "scripted"

    talks: bool = option(True, "follow instructions; no only goes on with texts")


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
    script = read_script(Path(place)) if place else _missing()
    return (Talker if options.talks else Scripted)(place, script, options)


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
    told = list(say) if isinstance(say, list | tuple) else [say]
    texts = tuple(json.dumps(one, ensure_ascii=False) if isinstance(one, dict) else one for one in told)
    if not texts or not all(isinstance(text, str) for text in texts):
        raise ValueError(f"'say' is {say!r}, but must be a text, an object, or a list of them")
    shares = entry.get("shares")
    return Reply(re.compile(str(entry.get("when", ""))), texts, shares)  # type: ignore[arg-type]


class Scripted(ContinuingModel):
    """Says what its script tells, in order."""

    def __init__(self, place: str, script: tuple[Reply, ...], options: Options) -> None:
        super().__init__(f"scripted:{place}", options)
        self.script = script
        self._said: Counter[int] = Counter()
        self._images = 0
        self._lock = threading.Lock()

    @property
    def continues(self) -> bool:
        return True

    def _side_by_side(self, work: Callable[[One], Done], parts: Iterable[One]) -> list[Done]:
        """Return what is made of each part, one after another, so that a script is gone through in order."""
        return [work(part) for part in parts]

    def say(self, wish: Wish, on_text: OnText | None = None) -> Said:
        asked = wish.turns[0].text
        with self._lock:
            self._images += len(wish.turns[-1].images)
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
        """Return name and size of the script, what it said, and the images it was given, ready for JSON."""
        return {
            "name": self.name,
            "replies": len(self.script),
            "said": sum(self._said.values()),
            "images": self._images,
            "digest": self._digest(),
        }

    def _digest(self) -> str:
        told = [(reply.when.pattern, reply.say, reply.shares) for reply in self.script]
        return hashlib.blake2b(repr(told).encode("utf-8", "surrogatepass"), digest_size=10).hexdigest()


class Talker(ConversingModel, Scripted):
    """Says what its script tells to instructions too."""
