"""``calligram describe``: texts that go on from an opening, and descriptions of images."""

import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from calligram.art.describing_options import DescribeOptions
from calligram.cli.options import with_options

if TYPE_CHECKING:
    from calligram.art.describing_images import ImageDescription
    from calligram.models.base import Model

EXAMPLES = """
Examples:

  calligram describe "An abstract painting with" -n 3 --max-length 100 --top-k 50 --top-p 0.95 --beams 5

  calligram describe "A quiet harbour" --model hf:FOLDER --corpus my-texts/

  calligram describe painting.jpg

  calligram describe paintings/ --model openai:NAME?images=yes --image-too --json
"""


def register(app: typer.Typer) -> None:
    """Add the command to the door."""
    app.command("describe", epilog=EXAMPLES)(with_options(DescribeOptions)(describe))


def describe(
    what: Annotated[
        list[str],
        typer.Argument(help="Words to go on with; or images, folders of images, or - for standard input."),
    ],
    options: DescribeOptions,
    as_text: Annotated[
        bool, typer.Option("--text", help="Go on with the words, even where a file has that name.")
    ] = False,
    as_image: Annotated[bool, typer.Option("--image", help="Take the words for images.")] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print JSON: one object of an opening, one a line of each image.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print the descriptions alone.")] = False,
) -> None:
    """Describe: go on with an opening several times, or say what an image looks like from what is measured.

    An existing file or folder is described as an image, any other words are an opening. Exit code 1: some
    images could not be described; 2: none.
    """
    if as_text and as_image:
        raise typer.BadParameter("--text and --image exclude each other")
    if as_text or not (as_image or _names_images(what)):
        _describe_opening(" ".join(what), options, as_json, quiet)
    else:
        _describe_images(what, options, as_json, quiet)


def _names_images(words: Sequence[str]) -> bool:
    """Return whether words are files.

    Raises:
        InputError: they look like files, but there are none.
    """
    if any(word == "-" or Path(word).exists() for word in words):
        return True
    from calligram.errors import InputError
    from calligram.picture.files import USUAL_ENDINGS

    for word in words:
        if " " not in word and (Path(word).suffix.lower() in USUAL_ENDINGS or os.sep in word):
            raise InputError(
                f"there is no file {word!r}: check the path, or write --text to go on with it as words"
            )
    return False


def _describe_opening(opening: str, options: DescribeOptions, as_json: bool, quiet: bool) -> None:
    from calligram.art.describing_texts import describe_opening

    found = describe_opening(opening, options)
    if as_json:
        typer.echo(json.dumps(found.to_json(), ensure_ascii=False))
    else:
        from calligram.cli.describing_texts import print_texts

        print_texts(found, quiet)
    _remark([] if quiet else found.remarks)


def _describe_images(places: Sequence[str], options: DescribeOptions, as_json: bool, quiet: bool) -> None:
    from calligram.cli.describing_images import print_description
    from calligram.errors import CalligramError

    model, done, failed = _open(options), 0, 0
    told: set[str] = set()
    for path, image in _images(places):
        try:
            for found in _described(path, image, options, model):
                done += 1
                if as_json:
                    typer.echo(json.dumps(found.to_json(), ensure_ascii=False))
                else:
                    print_description(found, quiet)
                _remark([] if quiet else [each for each in found.remarks if each not in told])
                told.update(found.remarks)
        except CalligramError as fault:
            failed += 1
            sentence = str(fault) if path in str(fault) else f"{path}: {fault}"
            typer.echo(f"calligram: {sentence}", err=True)
            if as_json:
                typer.echo(json.dumps({"file": path, "fault": sentence}, ensure_ascii=False))
            if _ends_all(fault):
                break
    if failed:
        raise typer.Exit(1 if done else 2)


def _described(
    path: str, image: "str | bytes | Exception", options: DescribeOptions, model: "Model"
) -> "Iterator[ImageDescription]":
    """Yield as many descriptions of an image as are wanted, each by a seed of its own.

    Raises:
        CalligramError: it cannot be read or described.
    """
    from dataclasses import replace

    from calligram.art.describing_images import describe_image

    if isinstance(image, Exception):
        raise image
    for seed in range(options.seed, options.seed + (options.count or 1)):
        yield replace(describe_image(image, replace(options, seed=seed, count=1), model), file=path)


def _ends_all(fault: Exception) -> bool:
    """Return whether the next image would fare no better."""
    from calligram.errors import BudgetError, EndpointError, OptionError

    return isinstance(fault, EndpointError | BudgetError | OptionError)


def _open(options: DescribeOptions) -> "Model":
    from calligram.art.describing_options import AUTO
    from calligram.art.usual_writer import BUILTIN
    from calligram.models.base import open_model

    return open_model(BUILTIN if options.model == AUTO else options.model, options.base_url)


def _images(places: Sequence[str]) -> "Iterator[tuple[str, str | bytes | Exception]]":
    """Yield each image's name, and its path, its content from standard input, or its fault."""
    from calligram.errors import CalligramError
    from calligram.picture.files import find_all_images
    from calligram.picture.opening import read_bytes
    from calligram.picture.options import Limits

    for place in places:
        if place == "-":
            try:
                content: bytes | Exception = read_bytes(place, Limits())
            except CalligramError as fault:
                content = fault
            yield place, content
        else:
            yield from ((path, path if fault is None else fault) for path, fault in find_all_images(place))


def _remark(remarks: Sequence[str]) -> None:
    for remark in remarks:
        typer.echo(f"calligram: {remark}", err=True)
