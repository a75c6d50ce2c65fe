"""A judgement in sentences and rows of words, for the terminal and the report alike."""

from collections.abc import Iterator, Sequence

from calligram.art.hashing import BITS
from calligram.art.judge import Judgement
from calligram.art.judge_evidence import Evidence
from calligram.art.judge_pairs import Bias, Comparison
from calligram.art.judge_verdicts import Verdict
from calligram.art.novelty import NEIGHBOURS, Novelty, Overlap, Standing
from calligram.art.rubric import NAMES
from calligram.metrics.base import Figures

MOST_STANDINGS = 4
RELIABLE, TENTATIVE = 0.8, 0.667
"""Krippendorff's bounds for relying on a judgement and for tentative conclusions."""
FEW = 10
"""Below so many things an alpha is told without a bound: one more verdict could turn it."""


def told_novelty(novelty: Novelty) -> Iterator[tuple[str, str]]:
    """Yield how far a work is from its collection: what was measured, and a line on it."""
    yield "same picture", ", ".join(novelty.copies) or "none"
    yield "nearest by dHash", f"{novelty.by_dhash.distance:.0f} of {BITS} bits: {novelty.by_dhash.name}"
    yield "nearest by pHash", f"{novelty.by_phash.distance:.0f} of {BITS} bits: {novelty.by_phash.name}"
    if novelty.by_facts is None or novelty.among is None or novelty.lonelier_than is None:
        yield "by facts", f"not measured: {novelty.others} other works are too few to know their spread"
    else:
        yield "nearest by facts", f"{novelty.by_facts.distance:.2f} deviations: {novelty.by_facts.name}"
        yield (
            f"nearest {NEIGHBOURS} by facts",
            f"{novelty.among:.2f} deviations on average; farther than {novelty.lonelier_than:.0%} of the "
            "collection are from theirs",
        )
        yield "most unusual in", "; ".join(map(_told_standing, novelty.standings[:MOST_STANDINGS]))
    if novelty.overlap is not None:
        yield from _told_overlap(novelty.overlap)


def _told_standing(standing: Standing) -> str:
    name = standing.key.replace("_", " ")
    if standing.above >= 0.5:
        return f"{name} {standing.value:.2f} (higher than {standing.above:.0%} of them)"
    return f"{name} {standing.value:.2f} (lower than {1 - standing.above:.0%})"


def _told_overlap(overlap: Overlap) -> Iterator[tuple[str, str]]:
    yield "nearest text", f"similarity {overlap.nearest.distance:.2f}: {overlap.nearest.name}"
    copied = f': "{overlap.copied}"' if overlap.copied else ""
    yield "longest copied passage", f"{overlap.copied_words} words{copied}"


def told_evidence(evidence: Evidence) -> str:
    """Return a citation with what it says, or with the mark that there is no such thing."""
    if not evidence.exists:
        return f"✗ {evidence.cited}: {evidence.says}"
    head = evidence.says.partition(":")[0].lower()
    return evidence.says if evidence.cited.lower().startswith(head) else f"{evidence.cited}: {evidence.says}"


def told_level(verdict: Verdict | None) -> str:
    """Return a level as a table shows it: ``–`` for none, ``?`` for one that rests on nothing that exists."""
    if verdict is None or verdict.level is None:
        return "–" if verdict is None else "cannot tell"
    return f"{verdict.level}" if verdict.grounded else f"{verdict.level} ?"


def told_alpha(figures: Figures) -> str:
    """Return an agreement with how far it may be relied on."""
    alpha, things = figures["alpha"], figures["things"]
    if alpha is None:
        return "not known: no two judges can be compared, or all said one and the same"
    if things < FEW:
        return f"{alpha:.2f} over {things}, which are too few to say"
    bound = "reliable" if alpha >= RELIABLE else "tentative" if alpha >= TENTATIVE else "not to be relied on"
    return f"{alpha:.2f} over {things}: {bound}"


def told_bias(bias: Bias) -> str:
    """Return how a judge's verdicts on pairs depend on the order, in a sentence."""
    if bias.flipped is None:
        return f"{bias.judge} compared no pair."
    turned = f"{bias.judge}: {bias.flipped:.0%} of {bias.verdicts} verdicts turned with the order"
    if bias.first is None:
        return f"{turned}, and it never chose."
    return f"{turned}, and {bias.first:.0%} of its choices fell on the work shown first (50 % without bias)."


def wins(judgement: Judgement) -> Iterator[tuple[str, list[str]]]:
    """Yield each work with its wins, by aspect, as ``wins of pairs that did not turn``."""
    for judged in judgement.works:
        name = judged.work.name
        met = [one for one in judgement.comparisons if name in one.works]
        yield name, [_won(name, [one for one in met if one.aspect == aspect]) for aspect in NAMES]


def _won(name: str, met: Sequence[Comparison]) -> str:
    steady = [one for one in met if not one.flipped]
    return f"{sum(one.winner == name for one in steady)} of {len(steady)}" if steady else "–"
