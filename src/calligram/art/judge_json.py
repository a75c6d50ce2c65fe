"""A judgement as JSON; there is no total in it to be found."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from calligram.art.judge import Judged, Judgement, measured_beside
from calligram.art.judge_evidence import Evidence
from calligram.art.judge_limits import AGREEMENT, EVIDENCE, LIMITS, MEASURED, NO_TOTAL
from calligram.art.judge_pairs import Comparison, Opinion
from calligram.art.judge_verdicts import Verdict
from calligram.art.novelty import Novelty
from calligram.art.rubric import ASPECTS

DIGITS = 6


def to_json(judgement: Judgement) -> dict[str, Any]:
    """Return a judgement as what JSON can hold.

    Returns:
        ``works`` with ``facts``, ``novelty`` and ``verdicts`` of each; ``judges``, ``pairs``, ``bias``,
        ``agreement`` and ``pair_agreement``; ``rubric`` and ``limits``, so that the file explains itself;
        ``remarks`` and ``faults``.
    """
    collection = judgement.collection
    told: dict[str, Any] = {
        "works": [_work(judged) for judged in judgement.works],
        "collection": {"name": collection.name, "works": len(collection.works)} if collection else None,
        "judges": list(judgement.judges),
        "agreement": judgement.agreement,
        "pairs": [_comparison(one) for one in judgement.comparisons],
        "bias": [asdict(bias) for bias in judgement.biases],
        "pair_agreement": judgement.pair_agreement,
        "rubric": [asdict(aspect) for aspect in ASPECTS],
        "limits": [NO_TOTAL, MEASURED, EVIDENCE, AGREEMENT] + [asdict(limit) for limit in LIMITS],
        "remarks": list(judgement.remarks),
        "faults": [{"of": of, "fault": fault} for of, fault in judgement.faults],
    }
    return {key: _rounded(value) for key, value in told.items()}


def _work(judged: Judged) -> dict[str, Any]:
    work = judged.work
    return {
        "file": work.path,
        "facts": work.facts.to_json(),
        "hashes": asdict(work.hashes),
        "novelty": _novelty(judged.novelty) if judged.novelty else None,
        "measured_beside": {aspect.name: measured_beside(aspect, judged) for aspect in ASPECTS},
        "verdicts": [_verdict(verdict) for verdict in judged.verdicts],
    }


def _novelty(novelty: Novelty) -> dict[str, Any]:
    return asdict(novelty)


def _verdict(verdict: Verdict) -> dict[str, Any]:
    told = {
        "judge": verdict.judge,
        "aspect": verdict.aspect,
        "level": verdict.level,
        "reason": verdict.reason,
        "evidence": [_evidence(evidence) for evidence in verdict.evidence],
        "grounded": verdict.grounded,
        "tries": verdict.tries,
        "seed": verdict.seed,
    }
    return told


def _evidence(evidence: Evidence) -> dict[str, Any]:
    return {
        "cited": evidence.cited,
        "kind": evidence.kind,
        "exists": evidence.exists,
        "says": evidence.says,
    }


def _comparison(one: Comparison) -> dict[str, Any]:
    return {
        "judge": one.judge,
        "works": list(one.works),
        "aspect": one.aspect,
        "better": one.winner,
        "flipped": one.flipped,
        "forward": _opinion(one.forward, one.works),
        "backward": _opinion(one.backward, one.works),
    }


def _opinion(opinion: Opinion, works: tuple[str, str]) -> dict[str, Any]:
    better: Mapping[str, str | None] = {"A": works[0], "B": works[1], "neither": None}
    return {
        "better": better[opinion.better],
        "reason": opinion.reason,
        "evidence": [_evidence(evidence) for evidence in opinion.evidence],
    }


def _rounded(value: Any) -> Any:
    """Return a value with its fractions rounded to ``DIGITS`` digits behind the point."""
    if isinstance(value, float):
        return round(value, DIGITS)
    if isinstance(value, Mapping):
        return {key: _rounded(inner) for key, inner in value.items()}
    return [_rounded(inner) for inner in value] if isinstance(value, list | tuple) else value
