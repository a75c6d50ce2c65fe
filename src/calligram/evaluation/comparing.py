"""Comparing an evaluation with an older one: which differences are larger than chance.

Reading is compared picture by picture where both read the same pictures, by McNemar's exact test. Every other
share is compared as two samples, by Fisher's exact test; since there are many of them, their probabilities
are raised as Holm's method asks, so that one in twenty comparisons is not found different by chance alone.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from calligram.errors import FormatError
from calligram.evaluation.outcomes import unpack_flags
from calligram.metrics.base import Figures, Paired, TwoShares, measure_all

LEVEL = 0.05
"""A difference is larger than chance where its probability is less."""
NEEDED = ("model", "source", "split", "layout", "n", "accuracy", "reading")


def read_figures(path: Path) -> list[Figures]:
    """Return the evaluations of a file: one JSON object, or one a line.

    Raises:
        FormatError: the file is missing, empty or broken, or holds something else.
    """
    try:
        text = path.read_text(encoding="utf-8")
        try:
            found = [json.loads(text)]
        except ValueError:
            found = [json.loads(line) for line in text.splitlines() if line.strip()]
    except (OSError, ValueError) as fault:
        raise FormatError(
            f"{path} is no file of figures ({fault}): give one that calligram evaluate -o wrote"
        ) from fault
    if not found:
        raise FormatError(f"{path} holds no figures: give a file that calligram evaluate -o wrote")
    for figures in found:
        missing = [name for name in NEEDED if not isinstance(figures, dict) or name not in figures]
        if missing:
            raise FormatError(
                f"{path} lacks {', '.join(missing)}: give a file that calligram evaluate -o wrote"
            )
        if wrong := find_fault(figures):
            raise FormatError(
                f"{path} is no whole file of figures ({wrong}): give a file that calligram evaluate -o wrote"
            )
    return found


def find_fault(figures: Figures) -> str | None:
    """Return what is wrong with figures that are to be compared, or None.

    What is whole can be compared with itself, and its counts and shares are in their ranges.
    """
    try:
        if wrong := _find_wrong_value(figures):
            return wrong
        compare(figures, figures)
    except KeyError as fault:
        return f"{fault.args[0]} is missing"
    except (TypeError, ValueError, AttributeError, IndexError, FormatError) as fault:
        return str(fault)
    return None


def _find_wrong_value(figures: Figures) -> str | None:
    for name in ("model", "source", "split", "layout"):
        if not isinstance(figures[name], str):
            return f"{name} is {figures[name]!r}, but must be a text"
    counts = figures["reading"]["accuracy"]
    for name, value in (("n", figures["n"]), *((name, counts[name]) for name in ("n", "correct"))):
        if not _is_count(value):
            return f"{name} is {value!r}, but must be a whole number from 0 up"
    if counts["correct"] > counts["n"]:
        return f"correct is {counts['correct']}, but n is {counts['n']}"
    for name, share, n in (("accuracy", figures["accuracy"], figures["n"]), *_list_shares(figures)):
        if not _is_count(n):
            return f"the n of {name} is {n!r}, but must be a whole number from 0 up"
        if share is not None and not (isinstance(share, int | float) and 0 <= share <= 1):
            return f"{name} is {share!r}, but must be from 0 to 1"
    return None


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def choose_figures(candidates: Sequence[Figures], model: str, path: Path) -> Figures:
    """Return the evaluation to compare a model with: that of its own name, else the only one.

    Raises:
        FormatError: there are several, and none of that name.
    """
    alike = [figures for figures in candidates if figures["model"] == model]
    if alike or len(candidates) == 1:
        return (alike or candidates)[0]
    names = ", ".join(str(figures["model"]) for figures in candidates)
    raise FormatError(f"{path} has figures of {names}, but none of {model}: give a file with one model")


def compare(now: Figures, then: Figures) -> Figures:
    """Return what differs between two evaluations, now less then, and by how much chance alone would.

    Args:
        now: the figures of this evaluation.
        then: those of an older one.

    Returns:
        ``with``: model, source, split and layout of the older one; ``paired``: whether the very same pictures
        were read; ``reading``: the difference in accuracy, its ``interval``, ``p`` and whether it is
        ``larger_than_chance``; ``shares``: the same for every other share that both have, by name, with ``p``
        raised after Holm.
    """
    shares = _compare_shares(dict(_collect(then)), dict(_collect(now)))
    reading, paired = _compare_reading(now, then)
    return {
        "with": {name: then[name] for name in ("model", "source", "split", "layout", "n")},
        "paired": paired,
        "reading": {**reading, "larger_than_chance": reading["p"] < LEVEL},
        "shares": shares,
    }


def describe_difference(name: str, entry: Mapping[str, object], paired: bool = False) -> str:
    """Return one sentence on one difference."""
    then, now, difference, p = (entry[key] for key in ("then", "now", "difference", "p"))
    assert isinstance(p, float)
    if not isinstance(then, float) or not isinstance(now, float) or not isinstance(difference, float):
        return f"{name}: not measured in both"
    said = "larger than chance" if entry["larger_than_chance"] else "within chance"
    told = f"{name}: {then:.2%} then, {now:.2%} now, {100 * difference:+.2f} points: {said} ({_tell(p)})"
    if not paired:
        return told
    return f"{told}; right only then {entry['only_then']:,}, only now {entry['only_now']:,}"


def _tell(p: float) -> str:
    return "p < 0.0001" if p < 0.0001 else f"p = {p:.4f}"


def _compare_reading(now: Figures, then: Figures) -> tuple[Figures, bool]:
    ours, theirs = now.get("outcomes"), then.get("outcomes")
    shares = {"then": then["accuracy"], "now": now["accuracy"]}
    if ours and theirs and (ours["n"], ours["pictures"]) == (theirs["n"], theirs["pictures"]):
        flags = (unpack_flags(told["right"], told["n"]) for told in (theirs, ours))
        return {**shares, **measure_all(Paired(*flags))["mcnemar"]}, True
    counts = [entry["reading"]["accuracy"] for entry in (then, now)]
    pair = TwoShares(*(count[key] for count in counts for key in ("correct", "n")))
    return measure_all(pair)["two_shares"], False


def _compare_shares(
    then: Mapping[str, tuple[int, int]], now: Mapping[str, tuple[int, int]]
) -> dict[str, Figures]:
    found = {
        name: measure_all(TwoShares(*then[name], *now[name]))["two_shares"] for name in now if name in then
    }
    highest = 0.0
    for place, name in enumerate(sorted(found, key=lambda name: float(found[name]["p"]))):
        highest = max(highest, min(1.0, found[name]["p"] * (len(found) - place)))
        found[name] |= {"p": highest, "larger_than_chance": highest < LEVEL}
    return found


def _collect(figures: Figures) -> Iterator[tuple[str, tuple[int, int]]]:
    """Yield every share of an evaluation beside its accuracy, as how many of how many."""
    for name, accuracy, n in _list_shares(figures):
        if accuracy is not None and n:
            yield name, (round(accuracy * n), n)


def _list_shares(figures: Figures) -> Iterator[tuple[str, float | None, int]]:
    yield "abstained", figures["reading"]["abstention"]["abstained"], figures["n"]
    for group, entry in ((figures.get("abstention") or {}).get("groups") or {}).items():
        yield f"abstained from {group}", entry["abstained"], entry["n"]
    if drawing := figures.get("drawing"):
        for name in ("well_formed", "recognised"):
            entry = drawing["drawn"][name]
            yield f"drawings {name.replace('_', ' ')}", entry["share"], entry["n"]
    if robustness := figures.get("robustness"):
        n = robustness["n"]
        for name, entry in list_copies(robustness):
            yield name, entry.get("accuracy"), n


def list_copies(robustness: Figures) -> Iterator[tuple[str, Figures]]:
    """Yield the name and the figures of every damaged copy."""
    for kind, entry in robustness["lift"].items():
        for point in entry["points"][1:]:
            yield f"{kind} noise {point['amount']:g}", point
    for kind, point in robustness["mnist_c"]["corruptions"].items():
        yield kind.replace("_", " "), point
    for group in ("curves", "text"):
        for kind, entry in robustness[group].items():
            for point in entry["points"]:
                yield f"{kind} {point['amount']:g}", point
    for kind, entry in robustness["layouts"].items():
        yield f"layout {kind}", entry
