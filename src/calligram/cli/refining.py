"""What ``calligram paint --refine`` sets up, and what it shows of rounds and result."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from calligram.cli import painting
from calligram.errors import CalligramError, ImageError, InputError, OptionError

if TYPE_CHECKING:
    from calligram.art.painting import PaintOptions
    from calligram.art.refining import Hands, Refined
    from calligram.art.refining_looks import Reader
    from calligram.art.refining_options import RefineOptions
    from calligram.art.refining_rounds import Attempt, Round, Shot
    from calligram.cli.labelling import LabelOptions
    from calligram.models.base import Talking
    from calligram.painters.base import Painted

BEST = "best.png"
PAINTER_WITH_EYE = "adversarial"


def run(
    words: str,
    brief: Path | None,
    asked: "PaintOptions",
    options: "RefineOptions",
    output: Path | None,
    label: "LabelOptions",
    tell: "Callable[[Round], None] | None" = None,
) -> "tuple[Refined, Path]":
    """Refine, and return what came of it and the file of the best image.

    Args:
        words: of the brief, empty where a file is given.
        brief: a file of one, or None.
        asked: painter, size, images in a round, and the first seed.
        options: rounds, models and bounds.
        output: the file of the best image, or the folder of all; None makes a folder named by the words.
        label: what images say of themselves.
        tell: told of each round.

    Raises:
        CalligramError: brief, painter or model cannot be used, or a file cannot be written.
    """
    from calligram.art.refining import refine
    from calligram.art.refining_brief import Brief, read_brief
    from calligram.art.refining_looks import finders_of

    if brief is not None and words:
        raise InputError("words are given and a brief too: write the words into the brief, or leave it out")
    hands = make_hands(asked, options, label)
    given: Brief | str = read_brief(brief, finders_of(hands.readers)) if brief is not None else words
    folder = folder_for(output, given.words if isinstance(given, Brief) else given)
    done = refine(given, hands, folder, asked, options, tell)
    return done, write_best(done, output, hands, label)


def folder_for(output: Path | None, words: str) -> Path:
    """Return where the rounds are kept: the folder named, or one beside the file.

    >>> folder_for(Path("art/cat.png"), "a cat").as_posix(), folder_for(None, "A cat").as_posix()
    ('art/cat-rounds', 'a-cat-rounds')
    """
    if output is None:
        return Path(f"{painting.slug(words)}-rounds")
    return output.with_name(f"{output.stem}-rounds") if painting.is_file(output) else output


def make_hands(asked: "PaintOptions", options: "RefineOptions", label: "LabelOptions") -> "Hands":
    """Return what paints, reads, revises and writes.

    Raises:
        CalligramError: one of them cannot be opened.
    """
    from calligram.art.refining import Hands
    from calligram.art.refining_options import NO_MODEL
    from calligram.painters.base import open_painter

    painter = open_painter(asked.painter)
    model = None if options.model == NO_MODEL else _talking(options.model, options.base_url)

    def save(path: Path, painted: "Painted", attempt: "Attempt") -> None:
        made = painting.label_of(painted, attempt.order(painted.seed), painter.name, attempt.writer)
        painting.write_painted(path, painted, made, label)

    name = "" if model is None else options.model
    return Hands(painter, _readers(asked.painter, options), model, name, asked.painter, save)


def _talking(name: str, base_url: str) -> "Talking":
    from calligram.models.base import Talking, open_model

    model = open_model(name, base_url)
    if not isinstance(model, Talking):
        raise OptionError(
            f"the model {name} does not follow instructions, which choosing words asks for: name one that "
            "does, as openai:NAME, or leave --model out"
        )
    return model


def _readers(painter: str, options: "RefineOptions") -> "Sequence[Reader]":
    """Return what reads images, that which fits the painter first."""
    from calligram.art.refining_asking import ModelReader
    from calligram.art.refining_looks import BuiltinReader, EyeReader
    from calligram.art.refining_options import NO_MODEL
    from calligram.models.base import Talking, open_model
    from calligram.painters.adversarial.network import open_network

    if options.looks == NO_MODEL:
        return ()
    model = open_model(options.looks, options.base_url if options.looks == options.model else "")
    if isinstance(model, Talking):
        return (ModelReader(model, options.looks, options.asking(0)),)
    readers: list[Reader] = [BuiltinReader(model)]
    try:
        eye = EyeReader(open_network())
    except CalligramError:
        return readers
    return [eye, *readers] if painter.startswith(PAINTER_WITH_EYE) else [*readers, eye]


def write_best(done: "Refined", output: Path | None, hands: "Hands", label: "LabelOptions") -> Path:
    """Write the best image where it was asked for, with its label, and return the file.

    Raises:
        OutputError: it cannot be written.
        ImageError: the image of the round was damaged since.
    """
    best = done.best
    assert best is not None, "a refinement without any image raises"
    place = output if output is not None and painting.is_file(output) else done.folder / BEST
    attempt = done.rounds[best.round - 1].attempt
    painted = _painted(done.folder / best.file, best)
    made = painting.label_of(painted, attempt.order(best.seed), hands.painter.name, attempt.writer)
    painting.write_painted(place, painted, made, label)
    return place


def _painted(file: Path, shot: "Shot") -> "Painted":
    """Return an image of a round as it was painted."""
    from PIL import Image

    from calligram.painters.base import Painted

    try:
        content = file.read_bytes()
        with Image.open(file) as opened:
            image = opened.copy()
    except OSError as fault:
        raise ImageError(
            f"the image '{file}' cannot be read: delete its folder of rounds, and paint again"
        ) from fault
    return Painted(image, shot.seed, shot.model, shot.version, shot.settings, shot.remarks, content)


def tell_round(each: "Round") -> None:
    """Say on standard error what a round asked for, and what its best image has."""
    typer.echo(f"round {each.number}: {each.attempt.words}  ({each.attempt.why})", err=True)
    best = each.best
    if best is None:
        typer.echo(f"  no image came: {next(iter(each.refused.values()), 'none was painted')}", err=True)
        return
    met, _ = best.evidence
    came = f"{len(each.shots)} images" if len(each.shots) > 1 else "1 image"
    typer.echo(f"  {came}, the best meets {met} of {len(best.found)}", err=True)
    for found in best.missed:
        typer.echo(f"  {found.says}", err=True)


def tell_result(done: "Refined") -> None:
    """Say on standard error what the best image has and what it still misses, and why there was no more."""
    best = done.best
    assert best is not None, "a refinement without any image raises"
    headline = "the brief is met" if done.reached else "the brief is not met"
    typer.echo(f"{headline}: {done.stopped}", err=True)
    seed = "" if best.seed is None else f", seed {best.seed}"
    typer.echo(f"best is image {best.number} of round {best.round}{seed}:", err=True)
    for found in best.found:
        typer.echo(f"  {found.says}", err=True)
    spent = done.spent
    asked = f", {spent.requests} requests, {spent.tokens} tokens" if spent.requests else ""
    typer.echo(f"spent: {spent.images} images{asked}, {spent.seconds:.1f} s; kept in {done.folder}", err=True)
    for remark in done.remarks:
        typer.echo(remark, err=True)
