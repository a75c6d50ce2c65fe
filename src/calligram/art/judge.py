"""Judging works of art: what is measured, what models say by a rubric, and how far either can be trusted.

Nothing here forms a total. The measured part needs no model and no network; the models' part needs judges
that follow instructions, and stands beside their agreement and their biases.
"""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from calligram import settings
from calligram.art.eyes import Eyes, eyes_of
from calligram.art.judge_options import JudgeOptions
from calligram.art.judge_pairs import Bias, Comparison, bias_of, choose_pairs, compare
from calligram.art.judge_texts import read_texts
from calligram.art.judge_verdicts import Verdict, ask_verdict, levels_of
from calligram.art.novelty import Collection, Novelty, Work
from calligram.art.rubric import ASPECTS, NAMES, Aspect
from calligram.art.surveying import Surveyor, Tell
from calligram.errors import BudgetError, EndpointError, InputError, ModelError
from calligram.metrics import agreement
from calligram.metrics.base import Figures, Ratings
from calligram.models.base import Model, Talking, open_model

PathLike: TypeAlias = str | os.PathLike[str]
NO_JUDGE = (
    "No model judged: none was named, and builtin:writer, which writes where none is named, follows no "
    "instructions. Name one or several with --judge, such as openai:NAME, anthropic:NAME or hf:FOLDER."
)
TOLD_STANDINGS = 3
"""So many of a work's most unusual facts are told to a judge."""


@dataclass(frozen=True)
class Judged:
    """One work with all that was found.

    Args:
        work: with its facts and hashes.
        novelty: against the collection, None where none was named or it holds nothing else.
        verdicts: of all judges, in the order of the judges and the aspects.
    """

    work: Work
    novelty: Novelty | None
    verdicts: tuple[Verdict, ...] = ()

    def of(self, aspect: str) -> list[Verdict]:
        """Return the verdicts on one aspect."""
        return [verdict for verdict in self.verdicts if verdict.aspect == aspect]


@dataclass(frozen=True)
class Judgement:
    """What came of judging some works.

    Args:
        works: each with its measured part and its verdicts.
        collection: what the works were compared with, None where none was named.
        judges: names of the models that judged.
        comparisons: of pairs in both orders, where asked.
        biases: how each judge's pairs depend on the order.
        agreement: Krippendorff's alpha of the levels for each aspect, where there were two judges or more.
        pair_agreement: the same for the winners of pairs.
        remarks: sentences that the reader has to know.
        faults: files and judges that failed, each with a sentence.
    """

    works: tuple[Judged, ...]
    collection: Collection | None = None
    judges: tuple[str, ...] = ()
    comparisons: tuple[Comparison, ...] = ()
    biases: tuple[Bias, ...] = ()
    agreement: Mapping[str, Figures] = field(default_factory=dict)
    pair_agreement: Mapping[str, Figures] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
    faults: tuple[tuple[str, str], ...] = ()


def judge(
    images: PathLike | Iterable[PathLike],
    against: PathLike | None = None,
    judges: Sequence[str | Model] = (),
    pairs: bool = False,
    records: PathLike | None = None,
    options: JudgeOptions | None = None,
    tell: Tell | None = None,
) -> Judgement:
    """Return what is measured on works, and what models say of them.

    Args:
        images: image files and folders of them.
        against: a folder of images that the works are compared with; a work that is in it is not compared
            with itself.
        judges: models, or their spellings; those that follow no instructions judge nothing, and a remark
            says so.
        pairs: whether judges compare the works two by two, in both orders.
        records: a file that describes works, for the overlap of texts.
        options: how judges are asked.
        tell: told of the progress.

    Raises:
        InputError: no image can be read, or the collection or the records cannot be used.
        ModelError: a judge cannot be opened.
        OptionError: an option is out of its range.
    """
    options = options or JudgeOptions()
    settings.check(options)
    asked = [open_model(one) if isinstance(one, str) else one for one in judges]
    talking, remarks = _talking(asked)
    surveyor = Surveyor(read_texts(records) if records is not None else {}, tell or _silent, options.workers)
    works = surveyor.works(images, "measured")
    collection = None
    if against is not None:
        others = surveyor.works([against], "collection")
        if not others:
            raise InputError(f"the collection cannot be used: {surveyor.faults[-1][1]}")
        collection = Collection(others, os.fspath(against))
    if not works:
        told = "; ".join(fault for _, fault in surveyor.faults)
        raise InputError(told or "there is no image to judge: name files or folders")
    measured = [Judged(work, collection.novelty_of(work) if collection else None) for work in works]
    court = _Court(talking, options, tell or _silent)
    judged = court.judge_all(measured)
    comparisons = court.compare_all(works) if pairs else ()
    return Judgement(
        works=judged,
        collection=collection,
        judges=tuple(talking),
        comparisons=comparisons,
        biases=tuple(bias_of(name, comparisons) for name in talking) if comparisons else (),
        agreement=_agreement(judged, list(talking)) if len(talking) > 1 else {},
        pair_agreement=_pair_agreement(comparisons, list(talking)) if len(talking) > 1 else {},
        remarks=tuple(remarks + _remarks_on_pairs(pairs, works, talking)),
        faults=tuple(surveyor.faults + court.faults),
    )


class _Court:
    """Asks all judges; one that cannot be reached is asked no more, and the others go on."""

    def __init__(self, judges: Mapping[str, Talking], options: JudgeOptions, tell: Tell) -> None:
        self.judges, self.options, self.tell = judges, options, tell
        self.faults: list[tuple[str, str]] = []
        self._eyes: dict[str, Eyes] = {}
        self._away: set[str] = set()

    def judge_all(self, works: Sequence[Judged]) -> tuple[Judged, ...]:
        if not self.judges:
            return tuple(works)
        total = len(works) * len(self.judges)
        judged = []
        for number, one in enumerate(works):
            verdicts: list[Verdict] = []
            for place, name in enumerate(self.judges, 1):
                verdicts += self._verdicts(name, one)
                self.tell("judged", number * len(self.judges) + place, total)
            judged.append(Judged(one.work, one.novelty, tuple(verdicts)))
        return tuple(judged)

    def compare_all(self, works: Sequence[Work]) -> tuple[Comparison, ...]:
        pairs = choose_pairs([work.name for work in works], self.options.most_pairs, self.options.seed)
        found: list[Comparison] = []
        for number, (one, other) in enumerate(pairs, 1):
            for name in self.judges:
                found += self._compared(name, works[one], works[other])
            self.tell("compared", number, len(pairs))
        return tuple(found)

    def _verdicts(self, name: str, one: Judged) -> Iterator[Verdict]:
        told = _lines_on(one.novelty)
        for aspect in ASPECTS:
            if name in self._away:
                return
            try:
                yield ask_verdict(
                    (name, self.judges[name]),
                    self._eyes_of(one.work),
                    aspect,
                    told if aspect.name in {"creativity", "originality"} else (),
                    self.options,
                    self._sees(name),
                )
            except ModelError as fault:
                self._failed(name, f"{one.work.name} ({aspect.name})", fault)

    def _compared(self, name: str, one: Work, other: Work) -> list[Comparison]:
        if name in self._away:
            return []
        eyes = (self._eyes_of(one), self._eyes_of(other))
        judge = (name, self.judges[name])
        try:
            return list(compare(judge, (one.name, other.name), eyes, self.options, self._sees(name)))
        except ModelError as fault:
            self._failed(name, f"{one.name} and {other.name}", fault)
            return []

    def _failed(self, name: str, of: str, fault: ModelError) -> None:
        """Note what failed; whoever cannot be reached, or has used up its tokens, is asked no more."""
        self.faults.append((of, f"{name} gave no judgement: {fault}"))
        if isinstance(fault, EndpointError | BudgetError):
            self._away.add(name)

    def _eyes_of(self, work: Work) -> Eyes:
        if work.path not in self._eyes:
            self._eyes[work.path] = eyes_of(work.path, png=self.options.show_images)
        return self._eyes[work.path]

    def _sees(self, name: str) -> bool:
        return self.options.show_images and self.judges[name].takes_images


def measured_beside(aspect: Aspect, judged: Judged) -> list[str]:
    """Return the lines of the facts that bear on an aspect; they do not decide it."""
    return list(dict.fromkeys(judged.work.facts.text(key) for key in aspect.facts))


def _talking(models: Sequence[Model]) -> tuple[dict[str, Talking], list[str]]:
    """Return the models that can judge by name, and a remark on each that cannot."""
    talking: dict[str, Talking] = {model.name: model for model in models if isinstance(model, Talking)}
    remarks = [
        f"{model.name} gave no judgement, since it follows no instructions: name a model that does, "
        "such as openai:NAME, anthropic:NAME or hf:FOLDER."
        for model in models
        if not isinstance(model, Talking)
    ]
    return talking, remarks or ([] if models else [NO_JUDGE])


def _remarks_on_pairs(pairs: bool, works: Sequence[Work], judges: Mapping[str, Talking]) -> list[str]:
    if pairs and judges and len(works) < 2:
        return ["Nothing was compared: pairs need two works or more."]
    return []


def _lines_on(novelty: Novelty | None) -> list[str]:
    """Return what a judge is told of a work's place in the collection."""
    if novelty is None or not novelty.standings:
        return []
    unusual = novelty.standings[:TOLD_STANDINGS]
    return [
        f"Beside a collection of {novelty.others} works:",
        *(
            f"{standing.key} is {abs(standing.deviations):.1f} standard deviations "
            f"{'above' if standing.deviations > 0 else 'below'} their mean"
            for standing in unusual
        ),
    ]


def _agreement(works: Sequence[Judged], judges: Sequence[str]) -> dict[str, Figures]:
    """Return Krippendorff's alpha of the levels, by aspect."""
    names = [one.work.name for one in works]
    found = {}
    for aspect in NAMES:
        verdicts = [(one.work.name, verdict) for one in works for verdict in one.of(aspect)]
        found[aspect] = agreement.measure(Ratings(levels_of(verdicts, judges, names), "ordinal"))
    return found


def _pair_agreement(comparisons: Sequence[Comparison], judges: Sequence[str]) -> dict[str, Figures]:
    """Return Krippendorff's alpha of who is better, by aspect; a flipped verdict counts as neither."""
    import numpy as np

    pairs = list(dict.fromkeys(comparison.works for comparison in comparisons))
    found = {}
    for aspect in NAMES:
        values = np.full((len(judges), len(pairs)), np.nan)
        for one in comparisons:
            if one.aspect == aspect:
                value = 0.0 if one.winner is None else 1.0 if one.winner == one.works[0] else -1.0
                values[judges.index(one.judge), pairs.index(one.works)] = value
        found[aspect] = agreement.measure(Ratings(values, "ordinal"))
    return found


def _silent(what: str, done: int, total: int) -> None:
    """Tell nobody."""
