"""What to know before believing the figures of an evaluation, one sentence each."""

from calligram.evaluation.examples import LabelledGrids
from calligram.evaluation.options import EvaluationOptions

SHOWN_SKIPPED = 10


def tell_notes(test: LabelledGrids, train: LabelledGrids | None, options: EvaluationOptions) -> list[str]:
    """Return the sentences on what was read and what was learned from; none where all is as usual."""
    notes = [_tell_skipped(split) for split in (test, train) if split and split.skipped]
    if len(test.classes) == 1 and not options.open_answers:
        notes.append(
            f"There is but one class, {test.classes[0]!r}, so any choice is right and the accuracy means "
            "nothing: give a source with more classes, or ask with --open-answers."
        )
    return notes


def _tell_skipped(examples: LabelledGrids) -> str:
    names = ", ".join(examples.skipped[:SHOWN_SKIPPED]) + ", …" * (len(examples.skipped) > SHOWN_SKIPPED)
    verb = "image that cannot be read is" if len(examples.skipped) == 1 else "images that cannot be read are"
    return f"{len(examples.skipped):,} {verb} left out of the split {examples.split!r}: {names}."
