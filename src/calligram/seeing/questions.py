"""Questions: from free words to what a model was taught to answer."""

import re
from collections.abc import Iterable, Mapping

from calligram.errors import RequestError
from calligram.models.base import Model
from calligram.nano.prompts import GENERAL, question

KIND_WORDS = {
    "digit": ("digits", "number", "numbers", "numeral", "numerals", "figure"),
    "garment": ("garments", "clothing", "clothes", "apparel", "fashion", "wear", "outfit"),
    "letter": ("letters", "character", "characters", "alphabet", "glyph"),
}
"""The words that name a kind. Kinds that are not here are known by their own name."""

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


def taught_kinds(model: Model) -> list[str] | None:
    """Return the kinds a model was taught, or None where it takes questions in any words."""
    taught = model.describe().get("subjects")
    return list(taught) if isinstance(taught, Mapping) else None


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


def find_kind(asked: str, kinds: list[str]) -> str | None:
    """Return the kind that a question asks for, or None where it leaves the kind open.

    Raises:
        RequestError: it asks for something else.
    """
    words = re.findall(r"[\w']+", asked.lower())
    named = [kind for kind in kinds if set(words) & words_for(kind)]
    rest = set(words) - OPEN_WORDS - {word for kind in kinds for word in words_for(kind)}
    asks = bool(ASKING & set(words)) or len(words) <= 2
    if not words or not asks or NOT_ANSWERED & rest:
        raise _unknown(asked, kinds)
    if named:
        return named[0] if len(named) == 1 else None
    if rest:
        raise _unknown(asked, kinds)
    return None


def words_for(kind: str) -> set[str]:
    """Return the words that name a kind."""
    return {kind, *KIND_WORDS.get(kind, ())}


def _unknown(asked: str, kinds: list[str]) -> RequestError:
    known = [repr(question(kind).strip()) for kind in kinds]
    return RequestError(
        f"the model was not taught the question {asked!r}: ask {', '.join(known)} or {GENERAL.strip()!r}"
    )
