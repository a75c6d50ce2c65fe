"""From free words to what a model was taught: the kind that is asked for, or the thing to be drawn."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from calligram.errors import RequestError
from calligram.nano.prompts import GENERAL, SUBJECTS, question

Subjects = Mapping[str, Sequence[str]]

KIND_WORDS = {
    "digit": ("digits", "number", "numbers", "numeral", "numerals", "figure", "figures"),
    "garment": ("garments", "clothing", "clothes", "apparel", "fashion", "wear", "outfit"),
    "letter": ("letters", "character", "characters", "alphabet", "glyph"),
}
"""The words that name a kind besides its own name."""

NUMBERS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")

OTHER_NAMES = {
    "T-shirt/top": ("t-shirt", "tshirt", "tee", "top", "t shirt"),
    "trouser": ("pants", "jeans"),
    "pullover": ("sweater", "jumper"),
    "dress": ("gown", "frock"),
    "coat": ("jacket",),
    "shirt": ("blouse",),
    "sneaker": ("trainer", "running shoe"),
    "bag": ("handbag", "purse"),
    "ankle boot": ("ankle-boot", "boot"),
    **{str(value): (word,) for value, word in enumerate(NUMBERS)},
}
"""What people call the taught things besides their own names; each may stand in the plural."""

ASKING = frozenset(
    ("what", "what's", "whats", "which", "name", "read", "recognise", "recognize", "tell", "identify")
)
"""A question has one of these words, or hardly any words at all."""

OPEN_WORDS = ASKING.union(
    "is it this that these those are do does you see can i we me please to us".split(),  # noqa: SIM905
    "here there shown show shows in on at of the a an kind sort type".split(),  # noqa: SIM905
    "picture image drawing drawn photo photograph thing something object".split(),  # noqa: SIM905
)
"""A question of these words alone leaves the kind open."""

NOT_ANSWERED = {"many", "much", "where", "who", "why", "when", "colour", "color", "old", "big"}
"""Words of questions that ask for something other than what is shown."""

OPENING = re.compile(
    r"(?:please )?(?:(?:can|could) you )?(?:please )?(?:(?:draw|sketch|paint|make|show|write)(?: me| us)? )?",
    re.IGNORECASE,
)
ENDING = re.compile(r",? (?:please|for me|for us)$", re.IGNORECASE)
ARTICLE = re.compile(r"(?:an?|the|this|some|another|any)(?: pair of)? (?=\S)", re.IGNORECASE)
LARGE = r"(?:capital|upper ?case|big|large)"
SMALL = r"(?:lower ?case|small|little)"
CASED = re.compile(
    rf"(?:(?P<large>{LARGE})|(?P<small>{SMALL})) (?:letter |character )?(?P<letter>[a-z])", re.IGNORECASE
)
AROUND = " \t\n.,!?\"'"
"""What may stand around a request."""


def choose_question(asked: str | None, kinds: Iterable[str]) -> str:
    """Return the question that the model was taught for free words.

    Args:
        asked: the words, or None for "What is this?".
        kinds: the kinds the model was taught.

    Raises:
        RequestError: the words ask for something else; names what can be asked.

    >>> choose_question("which number is shown here?", ["digit", "letter"])
    'What digit is this?'
    >>> choose_question(None, ["digit", "letter"])
    'What is this?'
    """
    kinds = list(kinds)
    kind = find_kind(asked, kinds) if asked and asked.strip() else None
    return (question(kind) if kind else GENERAL).strip()


def find_kind(asked: str, kinds: Iterable[str]) -> str | None:
    """Return the kind that a question asks for, or None where it leaves the kind open.

    Args:
        asked: the question in free words.
        kinds: the kinds the model was taught.

    Raises:
        RequestError: it asks for something else.

    >>> find_kind("What digit is this?", {"digit": "0123456789"})
    'digit'
    """
    kinds = list(kinds)
    words = re.findall(r"[\w']+", asked.lower())
    named = [kind for kind in kinds if set(words) & words_for(kind)]
    rest = set(words) - OPEN_WORDS - {word for kind in kinds for word in words_for(kind)}
    asks = bool(ASKING & set(words)) or len(words) <= 2
    if not words or not asks or NOT_ANSWERED & rest or (rest and not named):
        told = ", ".join(repr(question(kind).strip()) for kind in kinds)
        raise RequestError(
            f"the model was not taught the question {asked!r}: ask {told} or {GENERAL.strip()!r}"
        )
    return named[0] if len(named) == 1 else None


def usual_kind(asked: str) -> str | None:
    """Return the usual kind that a question asks for, or None where it asks for anything else.

    >>> usual_kind("What digit is this?"), usual_kind("Who painted this?")
    ('digit', None)
    """
    try:
        return find_kind(asked, SUBJECTS)
    except RequestError:
        return None


def words_for(kind: str) -> set[str]:
    """Return the words that name a kind."""
    return {kind, *KIND_WORDS.get(kind, ())}


def find_request(asked: str | tuple[str, str], subjects: Subjects) -> tuple[str, str]:
    """Return the kind and the answer that a drawing request asks for.

    Args:
        asked: both at once, or free words: ``"the digit 5"``, ``"a five"``, ``"an ankle boot"``,
            ``"letter A"``, ``"capital q"``, ``"draw me a 7 please"``.
        subjects: what the model was taught, kind to answers.

    Raises:
        RequestError: the words name nothing that the model was taught, or more than one thing.

    >>> find_request("please draw a five", {"digit": "0123456789"})
    ('digit', '5')
    >>> find_request("a capital q", {"letter": "qQ"})
    ('letter', 'Q')
    """
    if isinstance(asked, tuple):
        kind, wanted = asked
        found = {(kind, answer) for answer in _match(wanted, subjects.get(kind, ()))}
    else:
        found = {match for text in _bare_texts(asked) for match in _find(text, subjects)}
    if len(found) == 1:
        return found.pop()
    words = asked if isinstance(asked, str) else " ".join(asked)
    fault = f"{words!r} fits more than one thing" if found else f"the model was not taught to draw {words!r}"
    known = [f"{kind} {answers[0]}" for kind, answers in subjects.items()]
    lists = "; ".join(f"{kind}s: {list_answers(answers)}" for kind, answers in subjects.items())
    raise RequestError(f"{fault}: ask for one thing, as 'the {known[0]}' ({lists})")


def _bare_texts(words: str) -> list[str]:
    """Return what may be meant by a request, without what is said around it."""
    plain = " ".join(words.replace("letter:", "letter").split()).strip(AROUND)
    while (shorter := ENDING.sub("", plain).strip(AROUND)) != plain:
        plain = shorter
    opening = OPENING.match(plain)
    bare = plain[opening.end() :] if opening else plain
    return [_settle_case(text) for text in dict.fromkeys([bare, ARTICLE.sub("", bare, count=1)])]


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
        named = [word for word in words_for(kind) if text.lower().startswith(word + " ")]
        for rest in (text, *(text[len(word) + 1 :].strip(AROUND) for word in named)):
            yield from ((kind, answer) for answer in _match(rest, answers))


def _match(text: str, answers: Sequence[str]) -> list[str]:
    """Return the answer of that very spelling, else those that differ in capitals, number or name."""
    if exact := [answer for answer in answers if answer == text]:
        return exact
    said = {text.lower()}
    if len(text) > 2 and text.lower().endswith("s"):
        said |= {text.lower()[:-1], text.lower().removesuffix("es")}
    return [answer for answer in answers if said & {answer.lower(), *OTHER_NAMES.get(answer, ())}]


def match_answers(wanted: Sequence[str], known: Sequence[str]) -> list[str]:
    """Return candidates as the model spells them.

    Raises:
        RequestError: one of them is no answer that the model knows.
    """
    matched = [_match(answer, known) for answer in wanted]
    for answer, found in zip(wanted, matched, strict=True):
        if len(found) != 1:
            raise RequestError(
                f"the model does not know the answer {answer!r}: it knows {list_answers(known)}"
            )
    return [found[0] for found in matched]


def list_answers(answers: Sequence[str]) -> str:
    """Return all answers in few characters.

    >>> list_answers("0123456789"), list_answers(["bag", "coat"])
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
