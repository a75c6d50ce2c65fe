"""``calligram poster``: an image or a text picture as finished art, set in characters."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from calligram.cli.labelling import LabelOptions, with_label
from calligram.cli.options import with_options
from calligram.picture.posters.options import PosterOptions

if TYPE_CHECKING:
    from calligram.picture.posters.poster import Poster

EXAMPLES = """
Examples:

  calligram poster painting.jpg -o poster.png

  calligram poster painting.jpg -o poster.svg -o poster.pdf --size 50x70cm --title "At the sea"

  calligram poster portrait.jpg -o poem.pdf --words poem.txt --paper white --colour none

  calligram poster drawing.txt -o drawing.gif

  calligram draw "the digit 5" --layout fine | calligram poster - -o five.svg
"""


def register(app: typer.Typer) -> None:
    """Add the command to the door."""
    app.command("poster", epilog=EXAMPLES)(with_label(with_options(PosterOptions)(poster)))


def poster(
    file: Annotated[str, typer.Argument(help="An image, a text picture, or - for standard input.")],
    options: PosterOptions,
    label: LabelOptions,
    output: Annotated[
        list[Path],
        typer.Option("--output", "-o", help="File to write: .png, .svg, .pdf or .gif; may be repeated."),
    ],
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Tell nothing but faults.")] = False,
) -> None:
    """Set an image or a text picture as a poster, in the characters of a font.

    What --words names is the text itself, or a file that holds it. A .gif shows the poster being made, with
    80 characters across where no other number is asked for.
    """
    from dataclasses import replace

    from calligram.cli.labelling import rendered, told_settings, write_labelled
    from calligram.picture.opening import describe
    from calligram.picture.posters.making import make_poster
    from calligram.picture.posters.options import ANIMATED_COLUMNS
    from calligram.picture.posters.rendering import check_ending
    from calligram.seeing.inputs import settle

    endings = [check_ending(path) for path in output]
    options = replace(options, words=_read_words(options))
    source = settle(file, options)
    settings = told_settings("poster", options, "words", "title", "byline", "font")
    told = rendered([file], title=options.title, description=options.byline, settings=settings)
    made: dict[bool, Poster] = {}
    for path, ending in zip(output, endings, strict=True):
        moves = ending == "gif" and options.columns is None
        if moves not in made:
            columns = ANIMATED_COLUMNS if moves and _is_image(source) else options.columns
            made[moves] = make_poster(source, replace(options, columns=columns), describe(file))
        write_labelled(path, made[moves].render(ending), told, label)
        if not quiet:
            _tell(made[moves], path)


def _is_image(source: object) -> bool:
    from calligram.picture import TextPicture

    return not isinstance(source, TextPicture)


def _read_words(options: PosterOptions) -> str:
    """Return the words given, or those of the file that is named in their place."""
    from calligram.picture.opening import read_text

    words = options.words
    is_file = bool(words) and len(words) < 1000 and "\n" not in words and Path(words).is_file()
    return read_text(words, options) if is_file else words


def _tell(made: "Poster", path: Path) -> None:
    sheet, picture = made.sheet, made.picture
    rows, columns = picture.numbers.shape
    typer.echo(
        f"{path}: {columns} x {rows} characters in {len(picture.inks.colours)} inks, "
        f"{sheet.width_mm:.0f} x {sheet.height_mm:.0f} mm, {sheet.width} x {sheet.height} pixels",
        err=True,
    )
    for remark in made.remarks:
        typer.echo(remark, err=True)
