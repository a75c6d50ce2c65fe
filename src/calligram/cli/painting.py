"""What ``calligram paint`` writes and tells: images with their labels, and the painters that there are."""

import json
import re
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from calligram.errors import CalligramError

if TYPE_CHECKING:
    from calligram.cli.labelling import LabelOptions
    from calligram.painters.base import Order, Painted
    from calligram.provenance import Label

USUAL_ENDING = ".png"
SHEET = f"sheet{USUAL_ENDING}"
SAME = {".jpg": ".jpeg"}
"""Endings that stand for another one."""
LONGEST_NAME = 40
"""So many characters of the words name a file."""


@dataclass(frozen=True)
class Written:
    """Where images were written.

    Args:
        images: the file of each; the same one for all where only a contact sheet was wanted.
        sheet: the contact sheet, or None.
    """

    images: tuple[Path, ...]
    sheet: Path | None = None

    @property
    def files(self) -> list[Path]:
        """All files, each once."""
        return list(dict.fromkeys([*self.images, *([self.sheet] if self.sheet else [])]))


def label_of(painted: "Painted", order: "Order", painter: str, writer: str = "") -> "Label":
    """Return the label of an image that was painted.

    Args:
        painted: the image, and how it was made.
        order: what was asked for.
        painter: how the painter was spelled.
        writer: what wrote the words, empty where the user did.
    """
    from calligram.provenance import Label

    return Label(
        "drawn" if painted.model else "rendered",
        prompt=order.words,
        avoid=order.avoid,
        prompt_writer=writer,
        painter=painter.partition(":")[0],
        model=painted.model,
        model_version=painted.version,
        seed=painted.seed,
        settings={"command": "calligram paint", **painted.settings},
    )


def sheet_label(images: Sequence["Painted"], order: "Order", painter: str) -> "Label":
    """Return the label of a contact sheet of images."""
    from dataclasses import replace

    one = label_of(images[0], order, painter)
    made = "composed" if one.made == "drawn" else one.made
    return replace(one, made=made, seed=order.seed, settings={**one.settings, "images": len(images)})


def write_painted(path: Path, painted: "Painted", made: "Label", label: "LabelOptions") -> None:
    """Write one image with its label; a file that an endpoint signed is written as it came.

    Where the path's ending wants another format, the signature is lost, which is said on standard error.

    Raises:
        OutputError: it cannot be written.
    """
    from calligram.cli.labelling import write_labelled
    from calligram.provenance import write_image

    signed = _signed_ending(painted) if label.metadata else ""
    ending = path.suffix.lower()
    if signed and signed == SAME.get(ending, ending):
        write_labelled(path, painted.content, made, label)
        return
    write_image(path, painted.image, label.applied(made))
    if signed:
        typer.echo(
            f"{path} is without the content credentials that the image came with, which is a {signed} file: "
            f"end its name in {signed} to keep them",
            err=True,
        )


def _signed_ending(painted: "Painted") -> str:
    """Return the ending of the file that an endpoint signed, as ``.jpeg``; empty where there is none."""
    from calligram.provenance.credentials import format_of, is_signed

    return f".{format_of(painted.content)}" if painted.content and is_signed(painted.content) else ""


def write_images(
    images: Sequence["Painted"], order: "Order", painter: str, output: Path | None, label: "LabelOptions"
) -> Written:
    """Write images, and return where.

    Args:
        images: at least one.
        order: what was asked for.
        painter: how the painter was spelled.
        output: a file, which gets one image or a contact sheet of several, or a folder, which gets images and
            sheet; None writes each image into the working folder.
        label: what is said of them.

    Raises:
        OutputError: a file cannot be written; those before it stay.
    """
    from calligram.whole_files import make_folder

    if output is not None and is_file(output):
        if len(images) > 1:
            return Written((output,) * len(images), _write_sheet(output, images, order, painter, label))
        write_painted(output, images[0], label_of(images[0], order, painter), label)
        return Written((output,))
    folder = make_folder(output) if output is not None else Path()
    places = []
    for number, image in enumerate(images, 1):
        places.append(folder / name_of(image, order.words, number))
        write_painted(places[-1], image, label_of(image, order, painter), label)
    if output is None or len(images) == 1:
        return Written(tuple(places))
    return Written(tuple(places), _write_sheet(folder / SHEET, images, order, painter, label))


def _write_sheet(
    path: Path, images: Sequence["Painted"], order: "Order", painter: str, label: "LabelOptions"
) -> Path:
    from calligram.picture.sheets import lay_out
    from calligram.provenance import write_image

    captions = ["" if image.seed is None else f"seed {image.seed}" for image in images]
    sheet = lay_out([image.image for image in images], captions)
    write_image(path, sheet, label.applied(sheet_label(images, order, painter)))
    return path


def is_file(output: Path) -> bool:
    """Return whether what is named is a file to be, and no folder."""
    return bool(output.suffix) and not output.is_dir()


def name_of(painted: "Painted", words: str, number: int) -> str:
    """Return the name of an image's file: its words and seed, or its number where it has no seed."""
    ending = _signed_ending(painted) or USUAL_ENDING
    return f"{slug(words)}-{number if painted.seed is None else painted.seed}{ending}"


def slug(words: str) -> str:
    """Return words as the beginning of a file's name.

    >>> slug("A red cat, at noon!")
    'a-red-cat-at-noon'
    """
    return "-".join(re.findall(r"\w+", words.lower()))[:LONGEST_NAME].strip("-") or "painted"


def told_as_json(painted: "Painted", order: "Order", painter: str, file: Path) -> dict[str, Any]:
    """Return one image as ``--json`` tells it."""
    return {
        "file": str(file),
        "words": order.words,
        "avoid": order.avoid,
        "painter": painter,
        "model": painted.model,
        "version": painted.version,
        "seed": painted.seed,
        "width": painted.image.width,
        "height": painted.image.height,
        "settings": dict(painted.settings),
        "remarks": list(painted.remarks),
    }


def tell_painted(images: Sequence["Painted"]) -> None:
    """Say on standard error what was painted, from which seeds and settings, and what is to be known."""
    seeds = sorted(image.seed for image in images if image.seed is not None)
    told = [f"{len(images)} images" if len(images) > 1 else "1 image"]
    if seeds:
        told.append(f"seed {seeds[0]}" if len(seeds) == 1 else f"seeds {seeds[0]} to {seeds[-1]}")
    told += [images[0].model] if images[0].model else []
    told += [f"{name} {value}" for name, value in images[0].settings.items()]
    typer.echo(", ".join(told), err=True)
    for remark in dict.fromkeys(remark for image in images for remark in image.remarks):
        typer.echo(remark, err=True)


def print_painters(as_json: bool) -> None:
    """Print each painter: how it is spelled, what it is, and what is missing where it cannot be used."""
    from calligram import registry

    told = [_look_up(name) for name in registry.members("painters")]
    if as_json:
        for entry in told:
            typer.echo(json.dumps(entry, ensure_ascii=False))
    else:
        typer.echo("\n\n".join(_described(entry) for entry in told))


def _look_up(name: str) -> dict[str, Any]:
    from calligram import registry
    from calligram.painters.base import open_painter

    try:
        module = registry.member("painters", name)
        summary = " ".join((module.__doc__ or "").strip().split("\n\n")[0].replace("``", "").split())
        told = {"name": name, "summary": summary, "spelled": module.SPELLING, "ready": True}
    except CalligramError as fault:
        return {"name": name, "summary": "", "spelled": name, "ready": False, "reason": str(fault)}
    try:
        open_painter(name)
    except CalligramError as fault:
        return {**told, "ready": False, "reason": str(fault)}
    return told


def _described(told: Mapping[str, Any]) -> str:
    lines = [told["spelled"], *textwrap.wrap(told["summary"], 76)]
    lines += [] if told["ready"] else textwrap.wrap(f"Not at once: {told['reason']}", 76)
    return "\n    ".join(lines)
