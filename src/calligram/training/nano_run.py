"""One whole training of the built-in model: sources in, a folder with a finished model out."""

import json
import platform
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from calligram import __version__
from calligram.errors import MissingExtraError, SourceError
from calligram.nano.folder import SHIPPED
from calligram.sources.base import Source, open_source
from calligram.training.nano_card import model_card
from calligram.training.nano_options import NanoOptions
from calligram.training.nano_plan import Plan, read_starts
from calligram.whole_files import write_whole

RECORD = "training.json"


@dataclass(frozen=True)
class Card:
    """What a finished training tells.

    Args:
        folder: where the model is.
        steps: training steps done in all.
        legs: the options it was trained with; more than one where they were changed on the way.
        layouts: what it was taught to read and draw in.
        sources: name, image count, checksum and licence of each source.
        validation: share right on the held-out images, by kind and layout.
        before: the records of the trainings whose weights it began from, each with its part in their mean.
    """

    folder: str
    steps: int
    legs: list[dict[str, Any]]
    layouts: list[str]
    sources: list[dict[str, object]]
    validation: dict[str, float]
    before: list[dict[str, Any]] = field(default_factory=list)

    def lines(self) -> list[str]:
        """Return what a person is told at the end."""
        marks = [
            f"  {name}: {mark:.1%} of the held-out images read right"
            for name, mark in self.validation.items()
        ]
        return [f"The model is in {self.folder}.", *marks]


def train_model(
    sources: Sequence[str],
    options: NanoOptions,
    folder: Path,
    tell: Callable[[int, str], None] = lambda step, line: None,
    begin: Callable[[str], None] = lambda line: None,
) -> Card:
    """Train, export and calibrate a model, and return its card.

    Args:
        sources: spellings such as ``"digits:"``; the train split of each is used, but for its last twentieth.
        options: how.
        folder: where the model, its checkpoint and its log go; an interrupted training goes on from there.
        tell: told of every twentieth step.
        begin: told of what begins beside the steps and takes its time.

    Raises:
        MissingExtraError: torch is not installed.
        SourceError: a source cannot be read, or two show the same kind.
        OptionError: an option cannot be.
        TrainingError: training had to stop.
    """
    opened = [open_source(spelling, "train") for spelling in sources]
    kinds = [source.kind for source in opened]
    if len(set(kinds)) < len(kinds):
        raise SourceError(
            f"the sources show {', '.join(kinds)}, but each must show a kind of its own: leave one out"
        )
    plan = Plan(options, kinds)
    try:
        import torch
    except ImportError as fault:
        raise MissingExtraError("torch", "train", "training the built-in model") from fault
    from calligram.nano.network import export_state
    from calligram.training.nano import train
    from calligram.training.nano_finish import finish
    from calligram.training.nano_subjects import prepare
    from calligram.training.nano_teacher import EPOCHS as TEACHER_EPOCHS

    torch.set_num_threads(min(torch.get_num_threads(), 8))
    folder.mkdir(parents=True, exist_ok=True)
    prepared = []
    for source in opened:
        taught = options.teacher and source.kind in TEACHER_EPOCHS
        begin(f"Preparing {len(source)} images of the kind {source.kind}{', and a teacher' * taught}.")
        prepared.append(prepare(source, folder, options.teacher, options.seed))
    exams = [exam for _, exam in prepared]
    run = train([subject for subject, _ in prepared], exams, options, folder, tell)
    begin("Exporting and calibrating the model.")
    marks = finish(run.network, run.maker.vocabulary, exams, plan.taught(), folder)
    rows = [_source_row(spelling, source) for spelling, source in zip(sources, opened, strict=True)]
    card = Card(str(folder), run.step, run.legs, list(plan.shares), rows, marks, _records_of(options.start))
    versions = {"calligram": __version__, "torch": torch.__version__, "python": platform.python_version()}
    _write_records(card, versions, sum(weight.numel() for weight in export_state(run.network).values()))
    return card


def _records_of(start: str) -> list[dict[str, Any]]:
    """Return the records of the models that training begins from, where they have one, each with its part."""
    told = []
    for place, part in read_starts(start).items() if start else ():
        path = (SHIPPED if place == "builtin" else Path(place)) / RECORD
        if path.is_file():
            told.append({"part": round(part, 4), **json.loads(path.read_bytes())})
    return told


def _write_records(card: Card, versions: dict[str, str], parameters: int) -> None:
    record = asdict(card) | versions
    folder = Path(record.pop("folder"))
    told = json.dumps(record, indent=2, ensure_ascii=False) + "\n"
    write_whole(folder / RECORD, told.encode())
    write_whole(folder / "README.md", model_card(record, parameters).encode())


def _source_row(spelling: str, source: Source) -> dict[str, object]:
    family, _, rest = spelling.partition(":")
    place, mark, options = rest.partition("?")
    return {
        # of a folder only its own name is told, not where it lies
        "name": f"{family}:{Path(place).name}{mark}{options}",
        "kind": source.kind,
        "images": len(source),
        "digest": source.digest(range(len(source))),
        "licence": source.licence,
    }
