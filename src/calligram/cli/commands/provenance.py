"""``calligram provenance``: what files say of their own making, shown, stripped and verified."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from calligram.errors import CalligramError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

EXAMPLES = """
Examples:

  calligram provenance show cat.png

  calligram provenance strip cat.png -o bare.png

  calligram provenance verify cat.png --json
"""

Files = Annotated[list[Path], typer.Argument(help="Image files: PNG, JPEG, WebP, AVIF, TIFF, GIF, SVG, PDF.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object a line for each file.")]
Trust = Annotated[
    list[Path] | None,
    typer.Option("--trust", help="A PEM file of roots that are trusted besides your own; may be repeated."),
]
Keys = Annotated[Path | None, typer.Option("--keys", help="The folder of your keys, whose root is trusted.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the door."""
    provenance = typer.Typer(
        help="Show, strip and verify what an image says of its own making.", no_args_is_help=True
    )
    for command in (show, strip, verify):
        provenance.command(command.__name__, epilog=EXAMPLES)(command)
    app.add_typer(provenance, name="provenance")


def show(files: Files, as_json: Json = False, trust: Trust = None, keys: Keys = None) -> int:
    """Show what images tell of how they were made, whichever tool wrote it.

    Read are XMP and IPTC, and the layouts of A1111, ComfyUI, InvokeAI, Fooocus and NovelAI.
    """
    from calligram.cli.provenance_showing import print_shown, shown

    def one(path: Path) -> None:
        told = shown(path, trust or (), keys)
        if as_json:
            typer.echo(json.dumps(told, ensure_ascii=False))
        else:
            print_shown(told)

    return _each(files, one)


def strip(
    files: Files,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="A file, or a folder for several (default: NAME.stripped.EXT)."),
    ] = None,
    in_place: Annotated[bool, typer.Option("--in-place", help="Replace the files themselves.")] = False,
    as_json: Json = False,
) -> int:
    """Remove everything that tells of an image's making; its pixels stay as they are.

    Nothing is encoded again. Removed are labels, EXIF, comments, thumbnails, credentials and what hides
    behind the end. What pixels need stays: colour profile, gamma, how the image is turned.
    """
    from calligram.cli.provenance_showing import strip_file

    if in_place and output:
        raise typer.BadParameter("--in-place and --output exclude each other")
    taken: set[Path] = set()
    return _each(files, lambda path: strip_file(path, _target(path, files, output, in_place, taken), as_json))


def _target(
    path: Path, files: "Sequence[Path]", output: Path | None, in_place: bool, taken: set[Path]
) -> Path:
    """Return where a stripped file goes; two files never go to one place."""
    from calligram.provenance.stripping import stripped_path
    from calligram.whole_files import make_folder

    if in_place:
        target = path
    elif output is None:
        target = Path(stripped_path(path))
    elif len(files) > 1 or output.is_dir():
        target = make_folder(output) / path.name
    else:
        target = output
    if target in taken:
        raise typer.BadParameter(f"several files would go to {str(target)!r}")
    taken.add(target)
    return target


def verify(
    files: Files,
    trust: Trust = None,
    keys: Keys = None,
    label_only: Annotated[
        bool,
        typer.Option("--label-only", help="Leave content credentials alone."),
    ] = False,
    as_json: Json = False,
) -> int:
    """Verify that an image is as it was signed, and that its label agrees with its sidecar and its pixels.

    The exit code is 0 where everything holds, 1 where something does not or nobody vouches for it, 2 where a
    file cannot be read.
    """
    from calligram.cli.provenance_showing import print_verified, verified

    codes = []

    def one(path: Path) -> None:
        told = verified(path, trust or (), keys, label_only)
        codes.append(0 if told["holds"] else 1)
        if as_json:
            typer.echo(json.dumps(told, ensure_ascii=False))
        else:
            print_verified(told)

    return max([_each(files, one), *codes])


def _each(files: "Sequence[Path]", one: "Callable[[Path], None]") -> int:
    """Do something with each file, and return the exit code: a fault of one stops no other."""
    if len(files) == 1:
        one(files[0])
        return 0
    failed = 0
    for path in files:
        try:
            one(path)
        except CalligramError as fault:
            failed += 1
            typer.echo(f"calligram: {fault}", err=True)
    return 0 if not failed else 1 if failed < len(files) else 2
