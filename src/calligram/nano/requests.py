"""From the words of a question or a request to what the built-in model was taught."""

import re
from collections.abc import Mapping, Sequence

from calligram.errors import RequestError
from calligram.nano.prompts import GENERAL, question

Subjects = Mapping[str, Sequence[str]]
FILLERS = re.compile(r"^(?:please\s+)?(?:draw(?:\s+me)?\s+)?(?:(?:the|this|an?)\s+)?", re.IGNORECASE)


def find_kind(asked: str, subjects: Subjects) -> str | None:
    """Return the kind that a taught question asks for, or None for the one that leaves it open.

    Args:
        asked: one of the taught questions; capitals, outer spaces and the question mark do not matter.
        subjects: the kinds that were taught.

    Raises:
        RequestError: another question.

    >>> find_kind("What digit is this?", {"digit": "0123456789"})
    'digit'
    """
    known: dict[str, str | None] = {_plain(question(kind)): kind for kind in subjects}
    known[_plain(GENERAL)] = None
    if _plain(asked) not in known:
        told = [repr(question(kind).strip()) for kind in subjects]
        raise RequestError(
            f"the model was not taught the question {asked!r}: ask {', '.join(told)} or {GENERAL.strip()!r}"
        )
    return known[_plain(asked)]


def find_request(asked: str | tuple[str, str], subjects: Subjects) -> tuple[str, str]:
    """Return kind and answer of a drawing request.

    Args:
        asked: both at once, or words: ``"the digit 5"``, ``"an ankle boot"``, ``"letter g"``, ``"5"``.
        subjects: the kinds that were taught and their answers.

    Raises:
        RequestError: the model was not taught that, or the words fit two things.

    >>> find_request("draw the digit 5", {"digit": "0123456789"})
    ('digit', '5')
    """
    kind, wanted = asked if isinstance(asked, tuple) else _cut(asked, subjects)
    kinds = [kind] if kind else list(subjects)
    found = [(name, match) for name in kinds for match in _matches(wanted, subjects.get(name, ()))]
    if len(found) != 1:
        known = "; ".join(f"{name} {_range(answers)}" for name, answers in subjects.items())
        fault = "fits more than one thing" if found else "is nothing that the model was taught to draw"
        raise RequestError(f"the request {_told(asked)!r} {fault}: ask for one of {known}")
    return found[0]


def match_answers(wanted: Sequence[str], known: Sequence[str]) -> list[str]:
    """Return candidates as the model spells them.

    Raises:
        RequestError: one of them is no answer that the model knows.
    """
    matched = [_matches(answer, known) for answer in wanted]
    for answer, found in zip(wanted, matched, strict=True):
        if len(found) != 1:
            raise RequestError(f"the model does not know the answer {answer!r}: it knows {_range(known)}")
    return [found[0] for found in matched]


def _matches(wanted: str, answers: Sequence[str]) -> list[str]:
    """Return the answer of that spelling, else those that differ in capitals alone."""
    exact = [answer for answer in answers if answer == wanted]
    return exact or [answer for answer in answers if answer.lower() == wanted.lower()]


def _cut(words: str, subjects: Subjects) -> tuple[str | None, str]:
    words = " ".join(words.split()).rstrip(".!")
    if any(_matches(words, answers) for answers in subjects.values()):
        return None, words
    rest = FILLERS.sub("", words)
    for kind in subjects:
        if rest.lower().startswith(f"{kind} "):
            return kind, rest[len(kind) + 1 :].strip("\"'")
    return None, rest.strip("\"'")


def _told(asked: str | tuple[str, str]) -> str:
    return asked if isinstance(asked, str) else " ".join(asked)


def _range(answers: Sequence[str]) -> str:
    """Return answers in few words."""
    if len(answers) > 12:
        return f"{', '.join(answers[:3])} … {answers[-1]}"
    return ", ".join(answers)


def _plain(text: str) -> str:
    return " ".join(text.lower().split()).rstrip("?").strip()
