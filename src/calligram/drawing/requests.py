"""Requests: from free words to the kind and the answer that a model was taught to draw."""

import re
from collections.abc import Iterator, Mapping, Sequence

from calligram.errors import RequestError
from calligram.models.base import Model

Subjects = Mapping[str, Sequence[str]]

NUMBERS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")

KIND_WORDS = {
    "digit": ("digit", "number", "numeral", "figure"),
    "letter": ("letter", "character"),
}
"""The words that name a kind; other kinds are called by their own name."""

OTHER_NAMES = {
    "T-shirt/top": ("t-shirt", "tshirt", "tee", "top", "t shirt"),
    "trouser": ("trousers", "pants", "jeans"),
    "pullover": ("sweater", "jumper"),
    "coat": ("jacket",),
    "sandal": ("sandals",),
    "shirt": ("blouse",),
    "sneaker": ("sneakers", "trainer", "trainers", "running shoe"),
    "bag": ("handbag", "purse"),
    "ankle boot": ("ankle boots", "ankle-boot", "boot", "boots"),
    **{str(value): (word,) for value, word in enumerate(NUMBERS)},
}
"""What people call the taught things besides their own names."""

OPENING = re.compile(
    r"(?:please )?(?:(?:can|could) you )?(?:please )?(?:(?:draw|sketch|paint|make|show|write)(?: me| us)? )?",
    re.IGNORECASE,
)
ARTICLE = re.compile(r"(?:an?|the|some|another|any)(?: pair of)? (?=\S)", re.IGNORECASE)
LARGE = r"(?:capital|upper ?case|big|large)"
SMALL = r"(?:lower ?case|small|little)"
CASED = re.compile(
    rf"(?:(?P<large>{LARGE})|(?P<small>{SMALL})) (?:letter |character )?(?P<letter>[a-z])", re.IGNORECASE
)


def taught_subjects(model: Model) -> Subjects | None:
    """Return what a model was taught to draw, or None where it takes requests in any words."""
    taught = model.describe().get("subjects")
    return taught if isinstance(taught, Mapping) else None


def parse_request(words: str, subjects: Subjects) -> tuple[str, str]:
    """Return the kind and the answer that free words ask for.

    Args:
        words: as ``"the digit 5"``, ``"a five"``, ``"an ankle boot"``, ``"letter A"`` or ``"capital q"``.
        subjects: what the model was taught, kind to answers.

    Raises:
        RequestError: the words name nothing that the model was taught, or more than one thing.

    >>> parse_request("please draw a five", {"digit": "0123456789"})
    ('digit', '5')
    >>> parse_request("a capital q", {"letter": "qQ"})
    ('letter', 'Q')
    """
    plain = " ".join(words.strip(" \t\n.!?\"'").replace("letter:", "letter").split())
    opening = OPENING.match(plain)
    bare = plain[opening.end() :] if opening else plain
    texts = dict.fromkeys([bare, ARTICLE.sub("", bare, count=1)])
    found = {match for text in texts for match in _find(_settle_case(text), subjects)}
    if len(found) != 1:
        raise _unknown(words, subjects)
    return found.pop()


def _settle_case(text: str) -> str:
    """Return "capital q" and its like as "letter Q"; other words come back as they are."""
    cased = CASED.fullmatch(text)
    if not cased:
        return text
    letter = cased["letter"]
    return f"letter {letter.upper() if cased['large'] else letter.lower()}"


def _find(text: str, subjects: Subjects) -> Iterator[tuple[str, str]]:
    """Yield each thing that a text names, with or without the word for its kind before it."""
    for kind, answers in subjects.items():
        rests = [text]
        for word in KIND_WORDS.get(kind, (kind,)):
            if text.lower().startswith(word + " "):
                rests.append(text[len(word) + 1 :])
        for answer in answers:
            if any(_names(rest, answer) for rest in rests):
                yield kind, answer


def _names(text: str, answer: str) -> bool:
    if len(answer) == 1 and answer.isalpha():
        return text == answer
    return text.lower() in (answer.lower(), *OTHER_NAMES.get(answer, ()))


def _unknown(words: str, subjects: Subjects) -> RequestError:
    known = [f"{kind} {answers[0]}" for kind, answers in subjects.items()]
    lists = "; ".join(f"{kind}s: {_short(answers)}" for kind, answers in subjects.items())
    return RequestError(
        f"the model was not taught to draw {words!r}: ask for one thing, as 'the {known[0]}' ({lists})"
    )


def _short(answers: Sequence[str]) -> str:
    """Return all answers in few characters.

    >>> _short("0123456789"), _short(["bag", "coat"])
    ('0-9', 'bag, coat')
    """
    if any(len(answer) > 1 for answer in answers) or len(answers) < 4:
        return ", ".join(answers)
    runs: list[list[str]] = []
    for answer in sorted(answers):
        if runs and ord(runs[-1][-1]) + 1 == ord(answer):
            runs[-1].append(answer)
        else:
            runs.append([answer])
    return ", ".join(run[0] if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)
