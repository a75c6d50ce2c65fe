"""Phrasing: sentences from facts, by the rules of a voice; a seed chooses among the ways to say a thing."""

import operator
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from zlib import crc32

import numpy as np

from calligram.art.fact import Facts
from calligram.art.grounding import Statement
from calligram.art.voices import Condition, Rule
from calligram.art.wording import PIECES, Piece, grade_of
from calligram.errors import InputError

_SIGNS: Mapping[str, Callable[[float, float], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
}
_PIECE = re.compile(r"\{(a )?(\w+)\}")
NONE = "none"
"""How a rule calls what a fact has not, as a horizon."""


def phrase(
    rules: Sequence[Rule],
    pieces: Mapping[str, Piece],
    facts: Facts,
    seed: int,
    most: int | None = None,
    keep: Sequence[str] = (),
) -> list[Statement]:
    """Return one sentence for each topic of which there is something to say, in the order of the rules.

    Args:
        rules: of a voice.
        pieces: what sentences are put together from.
        facts: of the image.
        seed: chooses among the ways to say a thing, for each image differently; two seeds in a row never
            choose the same where there are several.
        most: so many sentences at most; None is all.
        keep: the topics to keep where there are more, the most important first.

    Raises:
        InputError: a rule asks for a fact that there is not.
    """
    chance = np.random.default_rng(crc32(repr(facts["palette"]).encode()))
    found: dict[str, Statement] = {}
    for topic, same in _by_topic(rules).items():
        turn = int(chance.integers(1 << 16)) + seed
        for rule in same:
            if not all(_holds(condition, facts) for condition in rule.when):
                continue
            ways = [text for text in rule.say if _names(text) <= set(pieces)]
            if ways:
                found[topic] = _statement(ways[turn % len(ways)], rule, pieces)
                break
    ranked = sorted(found, key=lambda topic: keep.index(topic) if topic in keep else len(keep))[:most]
    return [statement for topic, statement in found.items() if topic in ranked]


def _by_topic(rules: Iterable[Rule]) -> dict[str, list[Rule]]:
    topics: dict[str, list[Rule]] = {}
    for rule in rules:
        topics.setdefault(rule.topic, []).append(rule)
    return topics


def _statement(text: str, rule: Rule, pieces: Mapping[str, Piece]) -> Statement:
    used = [pieces[name] for _, name in _PIECE.findall(text)]
    keys = [key for piece in used for key in piece.facts] + [condition.key for condition in rule.when]
    regions = [region for piece in used for region in piece.regions]
    filled = _PIECE.sub(lambda found: _filled(found, pieces), text)
    return Statement(
        filled[:1].upper() + filled[1:],
        tuple(dict.fromkeys(keys)),
        tuple(dict.fromkeys(regions)),
        source=rule.source,
    )


def _filled(found: "re.Match[str]", pieces: Mapping[str, Piece]) -> str:
    article, name = found.groups()
    words = pieces[name].text
    return f"a{'n' if words[0] in 'aeiou' else ''} {words}" if article else words


def _names(text: str) -> set[str]:
    return {name for _, name in _PIECE.findall(text)}


def _holds(condition: Condition, facts: Facts) -> bool:
    value: Any = facts[condition.key]
    if condition.sign in _SIGNS:
        return value is not None and _SIGNS[condition.sign](float(value), float(condition.values[0]))
    told = {NONE} if value is None else {str(value), grade_of(facts, condition.key)}
    return bool(told & set(condition.values)) == (condition.sign == "=")


def check_rules(rules: Iterable[Rule], facts: Facts) -> None:
    """Raise InputError where a rule asks for a fact or a piece that there never is.

    Args:
        rules: of a voice.
        facts: of any image.
    """
    for rule in rules:
        for condition in rule.when:
            if condition.key not in facts:
                raise InputError(
                    f"a rule of the topic {rule.topic!r} asks for the fact {condition.key!r}: there are "
                    f"{', '.join(facts.to_json())}"
                )
        for name in sorted(set().union(*map(_names, rule.say)) - PIECES):
            raise InputError(
                f"a sentence of the topic {rule.topic!r} has the piece {name!r}: there are "
                f"{', '.join(sorted(PIECES))}"
            )
