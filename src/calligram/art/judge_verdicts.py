"""One work judged by one model: each aspect asked by itself, with reasons before the level, and evidence."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from calligram.art.asking import AskingOptions, ask
from calligram.art.eyes import Eyes
from calligram.art.judge_evidence import Evidence, find_all_evidence
from calligram.art.rubric import HIGHEST, UNTOLD, Aspect
from calligram.metrics.base import FloatArray
from calligram.models.base import Talking, Turn

WAY = (
    "You judge one aspect of a work of art. You are given measured facts and a text picture of it, and "
    "nothing else. Judge only what is given: do not guess who made it, when or where, and let no other "
    "aspect of the work colour this one."
)
ANSWER = (
    "Answer with an object: first reason, two or three sentences that say what in the work speaks for "
    "your level and what against; then evidence, a list of what you rest on, each the name of a measured "
    "fact, or a field or region of the picture, as in {example}; last level, from 1 to 5 as above, or 0 if "
    "this aspect cannot be judged from what is given."
)


@dataclass(frozen=True)
class Verdict:
    """What a judge said of one aspect of one work.

    Args:
        judge: the model.
        aspect: what was judged.
        level: 1 to 5 by the rubric; None where the judge says that it cannot be judged.
        reason: why, in its own words.
        evidence: what it cites; what does not exist is marked as such.
        tries: how often it was asked until its answer could be used.
        seed: of the answer, None where the model takes none.
    """

    judge: str
    aspect: str
    level: int | None
    reason: str
    evidence: tuple[Evidence, ...]
    tries: int
    seed: int | None

    @property
    def grounded(self) -> bool:
        """Whether anything that it cites exists."""
        return any(evidence.exists for evidence in self.evidence)


def ask_verdict(
    judge: tuple[str, Talking],
    eyes: Eyes,
    aspect: Aspect,
    told: Sequence[str],
    options: AskingOptions,
    images: bool = False,
) -> Verdict:
    """Return what a judge says of one aspect of a work.

    Args:
        judge: name and model.
        eyes: what it is given of the work.
        aspect: what is judged.
        told: further lines about the work, such as its place in a collection.
        options: how it is asked.
        images: whether to give the image too.

    Raises:
        ModelError: the judge cannot be reached, or gives no answer that can be used.
    """
    name, model = judge
    found = ask(model, [_question(eyes, aspect, told, images)], SCHEMA, _faults, options)
    answer: dict[str, Any] = found.value
    evidence = find_all_evidence(answer["evidence"], eyes)
    level = None if answer["level"] == UNTOLD else int(answer["level"])
    return Verdict(name, aspect.name, level, answer["reason"].strip(), evidence, found.tries, found.seed)


def levels_of(
    verdicts: Iterable[tuple[str, Verdict]], judges: Sequence[str], works: Sequence[str]
) -> FloatArray:
    """Return the levels of one aspect by judge and work, shape (judges, works).

    Args:
        verdicts: names of works with verdicts of the aspect.
        judges: the rows.
        works: the columns.

    Returns:
        NaN where a judge gave no level, or cites nothing that exists.
    """
    levels = np.full((len(judges), len(works)), np.nan)
    for work, verdict in verdicts:
        if verdict.level is not None and verdict.grounded:
            levels[judges.index(verdict.judge), works.index(work)] = verdict.level
    return levels


def _question(eyes: Eyes, aspect: Aspect, told: Sequence[str], images: bool) -> Turn:
    example = f'"contrast", "{eyes.cell_name(0, 0)}"'
    parts = [WAY, eyes.prompt, "\n".join(told), "\n".join(aspect.lines()), ANSWER.format(example=example)]
    shown = (eyes.png,) if images and eyes.png else ()
    return Turn("user", "\n\n".join(part for part in parts if part), shown)


def _faults(answer: Mapping[str, Any]) -> Sequence[str]:
    return () if answer["reason"].strip() else ("the reason is empty",)


SCHEMA: Mapping[str, object] = {
    "type": "object",
    "properties": {
        "reason": {"type": "string"},
        "evidence": {"type": "array", "items": {"type": "string"}},
        "level": {"type": "integer", "enum": list(range(UNTOLD, HIGHEST + 1))},
    },
    "required": ["reason", "evidence", "level"],
    "additionalProperties": False,
}
