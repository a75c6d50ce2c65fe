"""Two works side by side, asked of a judge in both orders, so that a taste for a place shows."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Literal, TypeAlias

import numpy as np

from calligram.art.asking import AskingOptions, ask
from calligram.art.eyes import Eyes
from calligram.art.judge_evidence import Evidence, find_evidence
from calligram.art.rubric import ASPECTS, NAMES
from calligram.models.base import Talking, Turn

Side: TypeAlias = Literal["A", "B", "neither"]
_SWAPPED: Mapping[str, Side] = {"A": "B", "B": "A", "neither": "neither"}

WAY = (
    "You compare two works of art, A and B. For each you are given measured facts and a text picture, and "
    "nothing else. Judge only what is given. The order in which they are shown says nothing, and neither "
    "does the length of a text."
)
ANSWER = (
    "For each aspect answer with an object: reason, one or two sentences; evidence, a list of what you rest "
    "on, each A: or B: and then the name of a measured fact, or a field or region of that picture, as in "
    "{example}; and better, A, B or neither."
)


@dataclass(frozen=True)
class Opinion:
    """What a judge said of one aspect of two works, in one order."""

    better: Side
    reason: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True)
class Comparison:
    """What a judge said of one aspect of two works, in both orders.

    Args:
        judge: the model.
        works: the names of the two.
        aspect: what was compared.
        forward: with the first work shown first; A is the first work.
        backward: with the second work shown first; told turned back, so that A is the first work here too.
    """

    judge: str
    works: tuple[str, str]
    aspect: str
    forward: Opinion
    backward: Opinion

    @property
    def flipped(self) -> bool:
        """Whether the verdict changed with the order."""
        return self.forward.better != self.backward.better

    @property
    def winner(self) -> str | None:
        """The work that is better in both orders; None where neither is, or the verdict flipped."""
        if self.flipped or self.forward.better == "neither":
            return None
        return self.works[0] if self.forward.better == "A" else self.works[1]

    @property
    def first_shown(self) -> tuple[int, int]:
        """How often the work shown first was called better, of how many verdicts that chose one."""
        chosen = [self.forward.better, _SWAPPED[self.backward.better]]
        return chosen.count("A"), 2 - chosen.count("neither")


@dataclass(frozen=True)
class Bias:
    """How a judge's verdicts on pairs depend on the order.

    Args:
        judge: the model.
        verdicts: how many pairs and aspects were asked in both orders.
        flipped: the share of them whose verdict changed with the order; None where none was asked.
        first: the share of choices that fell on the work shown first, 0.5 without bias; None without any.
    """

    judge: str
    verdicts: int
    flipped: float | None
    first: float | None


def choose_pairs(names: Sequence[str], most: int, seed: int) -> list[tuple[int, int]]:
    """Return pairs of places: all, or so many that each work is met about as often.

    Args:
        names: the works.
        most: the largest number of pairs.
        seed: for the choice among them.

    >>> choose_pairs(["a", "b", "c"], 10, 0)
    [(0, 1), (0, 2), (1, 2)]
    """
    pairs = list(combinations(range(len(names)), 2))
    if len(pairs) <= most:
        return pairs
    met = np.zeros(len(names), int)
    chosen, left = [], [pairs[place] for place in np.random.default_rng(seed).permutation(len(pairs))]
    for _ in range(most):
        rarest = min(range(len(left)), key=lambda place: met[list(left[place])].sum())
        chosen.append(left.pop(rarest))
        met[list(chosen[-1])] += 1
    return sorted(chosen)


def compare(
    judge: tuple[str, Talking],
    works: tuple[str, str],
    eyes: tuple[Eyes, Eyes],
    options: AskingOptions,
    images: bool = False,
) -> Iterator[Comparison]:
    """Yield what a judge says of two works, one aspect after another.

    Args:
        judge: name and model.
        works: the names of the two, which the judge is not told.
        eyes: what a judge is given of each.
        options: how it is asked.
        images: whether to give the images too.

    Raises:
        ModelError: the judge cannot be reached, or gives no answer that can be used.
    """
    name, model = judge
    forward = _opinions(model, eyes, options, images)
    backward = _opinions(model, (eyes[1], eyes[0]), options, images)
    for aspect in NAMES:
        turned = backward[aspect]
        back = Opinion(_SWAPPED[turned.better], turned.reason, tuple(map(_turned, turned.evidence)))
        yield Comparison(name, works, aspect, forward[aspect], back)


def bias_of(judge: str, comparisons: Sequence[Comparison]) -> Bias:
    """Return how one judge's verdicts on pairs depend on the order."""
    own = [comparison for comparison in comparisons if comparison.judge == judge]
    first = sum(comparison.first_shown[0] for comparison in own)
    chosen = sum(comparison.first_shown[1] for comparison in own)
    flipped = sum(comparison.flipped for comparison in own) / len(own) if own else None
    return Bias(judge, len(own), flipped, first / chosen if chosen else None)


def _opinions(
    model: Talking, eyes: tuple[Eyes, Eyes], options: AskingOptions, images: bool
) -> dict[str, Opinion]:
    answer: dict[str, Any] = ask(model, [_question(eyes, images)], SCHEMA, options=options).value
    return {name: _opinion(answer[name], eyes) for name in NAMES}


def _question(eyes: tuple[Eyes, Eyes], images: bool) -> Turn:
    aspects = "\n".join(f"- {aspect.name}: {aspect.question}" for aspect in ASPECTS)
    example = f'"A:contrast", "B:{eyes[1].cell_name(0, 0)}"'
    shown = [f"Work {side}\n\n{own.prompt}" for side, own in zip("AB", eyes, strict=True)]
    text = "\n\n".join([WAY, *shown, f"Aspects:\n{aspects}", ANSWER.format(example=example)])
    return Turn("user", text, tuple(own.png for own in eyes if own.png) if images else ())


def _opinion(told: Mapping[str, Any], eyes: tuple[Eyes, Eyes]) -> Opinion:
    evidence = tuple(_find(cited, eyes) for cited in told["evidence"])
    return Opinion(told["better"], told["reason"].strip(), evidence)


def _find(cited: str, eyes: tuple[Eyes, Eyes]) -> Evidence:
    """Return evidence of one of two works, whose letter stands before the citation."""
    side, colon, rest = cited.strip().partition(":")
    if not colon or side.strip().upper() not in {"A", "B"}:
        return Evidence(cited, "none", "names no work")
    side = side.strip().upper()
    found = find_evidence(rest, eyes["AB".index(side)])
    return Evidence(f"{side}:{found.cited}", found.kind, found.says)


def _turned(evidence: Evidence) -> Evidence:
    side, colon, rest = evidence.cited.partition(":")
    return Evidence(f"{_SWAPPED.get(side, side)}{colon}{rest}", evidence.kind, evidence.says)


_OPINION = {
    "type": "object",
    "properties": {
        "reason": {"type": "string"},
        "evidence": {"type": "array", "items": {"type": "string"}},
        "better": {"type": "string", "enum": ["A", "B", "neither"]},
    },
    "required": ["reason", "evidence", "better"],
    "additionalProperties": False,
}
SCHEMA: Mapping[str, object] = {
    "type": "object",
    "properties": dict.fromkeys(NAMES, _OPINION),
    "required": list(NAMES),
    "additionalProperties": False,
}
