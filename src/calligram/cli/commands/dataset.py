"""``calligram dataset``: builds, checks and shows training files."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from calligram.cli.options import with_options

if TYPE_CHECKING:
    from calligram.picture import EncodeOptions
    from calligram.training.dataset import Built
    from calligram.training.dataset_check import FileReport, Report
    from calligram.training.dataset_options import BuildOptions, CheckOptions, ShowOptions

BUILD_EXAMPLES = """
Examples:

  calligram dataset build idx:data/mnist --split train --format ascii-image -o train.json

  calligram dataset build digits: --split train,test --task both --format messages -o digits

  calligram dataset build "folder:photos?kind=animal" --split all --format parquet --copies 4 -o animals

  calligram dataset build fonts: --engine daft --no-join --format text -o s3://bucket/letters
"""
CHECK_EXAMPLES = """
Examples:

  calligram dataset check train.json test.json

  calligram dataset check sample.json --repair -o mended.json

  calligram dataset check digits --tokenizer gpt2 --json
"""
SHOW_EXAMPLES = """
Examples:

  calligram dataset show train.json -n 2

  calligram dataset show "fonts:?letters=ABC" --layout fine
"""
SHOWN_FAULTS = 10


def register(app: typer.Typer) -> None:
    """Add the commands to the door."""
    from calligram.picture import EncodeOptions
    from calligram.training.dataset_options import BuildOptions, CheckOptions, ShowOptions

    dataset = typer.Typer(help="Build, check and show training files.", no_args_is_help=True)
    encoding = with_options(EncodeOptions, "encoding")
    dataset.command("build", epilog=BUILD_EXAMPLES)(encoding(with_options(BuildOptions)(build)))
    dataset.command("check", epilog=CHECK_EXAMPLES)(with_options(CheckOptions)(check))
    dataset.command("show", epilog=SHOW_EXAMPLES)(with_options(ShowOptions)(show))
    app.add_typer(dataset, name="dataset")


def build(
    source: Annotated[
        str, typer.Argument(help="labelled images: idx, folder, table, digits, mnist, … :PLACE")
    ],
    output: Annotated[str, typer.Option("--output", "-o", help="File, folder, or s3://… to write to.")],
    options: "BuildOptions",
    encoding: "EncodeOptions",
    as_json: Annotated[bool, typer.Option("--json", help="Print the manifest as one JSON object.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress and say nothing.")] = False,
) -> None:
    """Build training files from labelled images; an interrupted build goes on where it was."""
    from calligram.cli.progress import progress
    from calligram.training.dataset import build_dataset

    with progress(quiet) as tell:
        try:
            built = build_dataset(source, output, options, encoding, tell)
        except KeyboardInterrupt:
            typer.echo("calligram: interrupted: the same command goes on from the finished shards", err=True)
            raise typer.Exit(130) from None
    if as_json:
        typer.echo(json.dumps({"files": built.files} | built.manifest, ensure_ascii=False))
    elif not quiet:
        typer.echo("\n".join(_describe_build(built)))


def check(
    paths: Annotated[list[str], typer.Argument(help="training files, or folders that were built")],
    options: "CheckOptions",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write the mended file there.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say only what is wrong.")] = False,
) -> None:
    """Check training files: faults by line and field, balance, duplicates, leakage, tokens per picture."""
    from calligram.training.dataset_check import check_files
    from calligram.training.dataset_files import find_files

    report = check_files(find_files(paths, options.format), options, output)
    if as_json:
        files = [one.as_json() for one in report.files]
        leaks = [vars(leak) for leak in report.leaks]
        typer.echo(json.dumps({"files": files, "leaks": leaks, "faults": report.faults}, ensure_ascii=False))
    elif not quiet:
        typer.echo("\n".join(_describe_check(report)))
    for one in report.files:
        for told in one.told[:SHOWN_FAULTS]:
            typer.echo(f"calligram: {one.file}, {told}", err=True)
        if one.faults > SHOWN_FAULTS:
            typer.echo(f"calligram: {one.file}: {one.faults - SHOWN_FAULTS} more faults", err=True)
    faulty = sum(bool(one.faults) for one in report.files)
    if faulty:
        raise typer.Exit(2 if faulty == len(report.files) else 1)


def show(
    place: Annotated[str, typer.Argument(help="a training file, a folder of them, or a source as fonts:")],
    options: "ShowOptions",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a line.")] = False,
) -> None:
    """Show examples of a training file, or what would be made of a source."""
    from calligram.training.dataset_show import show_examples

    for example in show_examples(place, options):
        if as_json:
            told = {"task": example.task, "prompt": example.prompt, "completion": example.completion}
            typer.echo(json.dumps(told, ensure_ascii=False))
        else:
            question = f"{example.request}\n" if example.request else ""
            text = f"{example.picture}{question}{example.answer}\n"
            typer.echo(text if example.task == "read" else f"{question}{example.picture}")


def _describe_build(built: "Built") -> list[str]:
    lines = [f"wrote {file}" for file in built.files[:SHOWN_FAULTS]]
    if len(built.files) > SHOWN_FAULTS:
        lines.append(f"wrote {len(built.files) - SHOWN_FAULTS} more files")
    for split, told in built.manifest["splits"].items():
        size = sum(file["size_bytes"] for file in told["files"]) / 1e6
        lines.append(f"{split}: {told['examples']:,} examples, {len(told['labels'])} classes, {size:.1f} MB")
        if told["skipped"]:
            lines.append(f"{split}: left out {len(told['skipped'])} images that cannot be read")
    if built.reused:
        lines.append(f"{built.reused} of {built.shards} shards were finished already")
    return lines


def _describe_check(report: "Report") -> Iterator[str]:
    for one in report.files:
        yield from _describe_file(one)
    for leak in report.leaks:
        shared = f"{leak.pictures:,} pictures, {leak.share:.2%} of the smaller"
        yield f"leak: {leak.one} and {leak.other} share {shared}"
    if len(report.files) > 1 and not report.leaks:
        yield "leakage: no picture is in two splits"


def _describe_file(one: "FileReport") -> Iterator[str]:
    yield f"{one.file}: {one.format}, {one.records:,} records, {one.faults or 'no'} faults"
    for mend in one.mends[:SHOWN_FAULTS]:
        yield f"  mended {mend}"
    if one.tasks:
        yield "  tasks: " + _counts(one.tasks)
        yield "  shapes: " + _counts(one.shapes)
        for what, counts in (("labels", one.labels), ("requests", one.requests)):
            if counts:
                yield f"  {what}: {len(counts)}, {_balance(counts)}"
                yield "    " + _counts(counts)
        yield f"  duplicates: {one.duplicates:,}; contradictions: {one.contradictions:,}"
        yield f"  characters per picture: {one.characters:g}"
    if one.tokens:
        span = f"{one.tokens['least']} to {one.tokens['most']}, {one.tokens['tokenizer']}"
        yield f"  tokens per picture: {one.tokens['mean']:g} ({span})"
    if one.round_trip is not None:
        yield f"  written again: {'the same bytes' if one.round_trip else 'other bytes, the same content'}"


def _counts(counts: Any) -> str:
    shown = [f"{name} {count:,}" for name, count in counts.most_common(SHOWN_FAULTS + 2)]
    more = len(counts) - len(shown)
    return ", ".join(shown) + (f", and {more} more" if more > 0 else "")


def _balance(counts: Any) -> str:
    return f"the most frequent {max(counts.values()) / min(counts.values()):.2f} times as often as the rarest"
