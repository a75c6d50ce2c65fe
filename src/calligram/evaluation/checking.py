"""Faults that can be known at once, before a model has worked for hours."""

import secrets
from pathlib import Path

from calligram.errors import OutputError
from calligram.evaluation.baselines import import_sklearn
from calligram.evaluation.convnet import import_torch
from calligram.evaluation.examples import check_apart_at_once
from calligram.evaluation.options import EvaluationOptions
from calligram.evaluation.photographs import find_photographs
from calligram.sources.base import open_source


def check_at_once(source: str, options: EvaluationOptions) -> None:
    """Raise what a missing extra, folder, source or split would raise only after the reading.

    Args:
        source: the spelling of the source that is read.
        options: what is measured.

    Raises:
        MissingExtraError: torch or scikit-learn is needed and not installed.
        OptionError: the split that is read overlaps the one that is learned from.
        SourceError: a source or a split cannot be read.
        ImageError: the folder of photographs cannot be used.
    """
    if options.learns:
        import_torch("training the ceiling or the judge")
        check_apart_at_once(source, options.train_split, options.split)
    if options.ceiling and options.baselines:
        import_sklearn()
    if options.abstention and options.photos:
        find_photographs(Path(options.photos))
    if options.abstention and options.other:
        open_source(options.other, options.split)


def check_writable(path: Path) -> None:
    """Raise OutputError where a file could not be written once all is done; what is there stays."""
    beside = path.parent / f".{secrets.token_hex(4)}.part"
    try:
        if path.is_dir():
            raise IsADirectoryError(21, "Is a directory")
        beside.open("xb").close()
        beside.unlink()
    except OSError as fault:
        raise OutputError(
            f"{str(path)!r} cannot be written ({fault.strerror or fault}): choose another place"
        ) from fault
