"""``calligram demo``: in under a minute and without a network, what Calligram does."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from calligram.cli.labelling import LabelOptions, with_label
from calligram.cli.options import with_options
from calligram.settings import option

if TYPE_CHECKING:
    from calligram.drawing import Drawing
    from calligram.models.base import Model
    from calligram.seeing import Sight

SAMPLES = ("seven", "three", "letter-a", "trousers", "boot", "blank")
"""The sample images that come with Calligram; recipes/samples.py draws them."""

REQUESTS = {"digit": "the digit 5", "garment": "an ankle boot", "letter": "capital R"}
"""What is drawn of each kind, where the model was taught the kind in the layout."""

SAME = "the digit 8"
GIVEN, GIVEN_ROWS = "three", 5
ACROSS = 3

EXAMPLES = """
Examples:

  calligram demo

  calligram demo --output drawings.png --seed 7
"""

NEXT = (
    ('calligram draw "the digit 5" -n 8 -o fives.png', "eight drawings on one sheet"),
    ("calligram see YOUR-PHOTO.jpg --why", "a digit or garment of yours"),
    ("calligram encode YOUR-PHOTO.jpg --width 76 --chars ascii10 --markup plain", "any image as text"),
    ("calligram models list", "what the model was taught"),
)


@dataclass(frozen=True)
class DemoOptions:
    """What the demo uses."""

    layout: str = option("classic", "layout read and drawn: classic, fine or full")
    model: str = option("builtin", "model that reads and draws, as builtin or builtin:FOLDER")
    seed: int = option(1, "seed of the drawings", minimum=0)


def register(app: typer.Typer) -> None:
    """Add the command to the door."""
    app.command("demo", epilog=EXAMPLES)(with_label(with_options(DemoOptions)(demo)))


def demo(
    options: DemoOptions,
    label: LabelOptions,
    output: Annotated[
        Path, typer.Option("--output", "-o", help="Where the drawings are written as an image.")
    ] = Path("calligram-demo.png"),
) -> None:
    """Read sample images as text, draw what words ask for, and write the drawings as an image."""
    from calligram.models.base import open_model

    model = open_model(options.model)
    _say("")
    _say("Calligram: a language model that only knows text sees pictures, and draws them.", "1")
    _show_reading(model, options)
    drawings = [*_show_requests(model, options), *_show_completion(model, options)]
    _write(drawings, output, options, label)
    _say("")
    _say(f"All {len(drawings)} drawings as an image: {output}", "1")
    _say("")
    _say("Try next", "1")
    for command, purpose in NEXT:
        _say(f"  # {purpose}", "2")
        _say(f"  {command}")
    _say("")


def _write(drawings: "list[Drawing]", output: Path, options: DemoOptions, label: LabelOptions) -> None:
    """Write the drawings with their label."""
    from calligram.cli.labelling import drawn, told_settings, write_labelled
    from calligram.drawing import render_drawings

    words = "; ".join(dict.fromkeys(drawing.request for drawing in drawings))
    settings = told_settings("demo", options, "model", "seed")
    told: dict[str, Any] = {"seed": options.seed, "settings": settings}
    made = drawn(words, options.model, number=len(drawings), start=f"{GIVEN}.png", **told)
    write_labelled(output, render_drawings(drawings, output), made, label)


def _say(line: str, style: str = "") -> None:
    """Print a line at once, in bold or dim where colour is wanted."""
    from calligram.cli.showing import wants_colour

    typer.echo(f"\033[{style}m{line}\033[0m" if style and line and wants_colour() else line)
    sys.stdout.flush()


def _head(title: str, words: str) -> None:
    _say("")
    _say(title, "1;36")
    _say(words)
    _say("")


def _print_across(blocks: Sequence[Sequence[str]]) -> None:
    """Print blocks beside each other, as many in a row as fit 80 columns."""
    from calligram.cli.showing import beside

    across = max(1, min(ACROSS, 83 // (max(len(line) for block in blocks for line in block) + 3)))
    for first in range(0, len(blocks), across):
        for line in beside(blocks[first : first + across], gap=5 if across == ACROSS else 3):
            _say("  " + line if across == ACROSS else line)
        _say("")


def _show_reading(model: "Model", options: DemoOptions) -> None:
    from calligram.seeing import SeeOptions, see_files

    _head("It reads", "Each image becomes rows of text. The model gets that text and one question.")
    folder = files("calligram") / "samples"
    paths = [str(folder / f"{name}.png") for name in SAMPLES]
    sights = see_files(paths, "What is this?", SeeOptions(layout=options.layout), model=model)
    _print_across([_reading_block(sight) for sight in sights])


def _reading_block(sight: "Sight") -> list[str]:
    from calligram.cli.showing import bare_rows, percent

    assert sight.picture is not None
    assert sight.reading is not None
    answer = sight.reading.answer
    told = f"{answer}, {percent(sight.reading.confidence)} sure" if answer else "not sure: abstains"
    return [f"{Path(sight.file).stem}.png", *bare_rows(sight.picture), "> " + told]


def _show_requests(model: "Model", options: DemoOptions) -> "list[Drawing]":
    from calligram.cli.showing import Strip
    from calligram.drawing import DrawOptions, draw
    from calligram.picture import get_layout

    _head("It draws", "Asked in words, it writes a picture row by row, and then reads its own drawing.")
    chosen = DrawOptions(layout=options.layout, seed=options.seed)
    kinds = _kinds_in(model, options.layout)
    drawings = [draw(REQUESTS[kind], model=model, options=chosen)[0] for kind in kinds]
    _print_across([_drawing_block(drawing) for drawing in drawings])
    _say(f'{ACROSS} times "{SAME}", as it is written:')
    _say("")
    strip = Strip(ACROSS, get_layout(options.layout), indent=2, gap=5)
    first = replace(chosen, until_read=False)
    same = draw(SAME, ACROSS, model=model, options=first, on_row=strip)
    _say(f"  > read as {', '.join(drawing.read_as or 'nothing' for drawing in same)}")
    return [*drawings, *same]


def _kinds_in(model: "Model", layout: str) -> list[str]:
    told: Any = model.describe().get("layouts", {})
    return [kind for kind in REQUESTS if kind in told.get(layout, REQUESTS)]


def _drawing_block(drawing: "Drawing") -> list[str]:
    from calligram.cli.showing import bare_rows

    read = f"> read as {drawing.read_as}" if drawing.read_as else "> not read as anything"
    return [f'"{drawing.request}"', *bare_rows(drawing.picture), read]


def _show_completion(model: "Model", options: DemoOptions) -> "list[Drawing]":
    from calligram.cli.showing import bare_rows
    from calligram.drawing import DrawOptions, draw
    from calligram.picture import TextPicture
    from calligram.seeing import SeeOptions, see_files

    _head("It goes on", "Given the first rows of the sample three.png, it draws the rest of a 3.")
    sample = str(files("calligram") / "samples" / f"{GIVEN}.png")
    sight = next(see_files([sample], "digit", SeeOptions(layout=options.layout), model=model))
    assert sight.picture is not None
    start = TextPicture(sight.picture.levels[:GIVEN_ROWS], sight.picture.layout)
    drawings = draw("the digit 3", 2, options.seed, model=model, options=DrawOptions(), complete=start)
    given = ["given", *bare_rows(start)]
    _print_across([given, *(["completed", *_drawing_block(drawing)[1:]] for drawing in drawings)])
    return drawings
