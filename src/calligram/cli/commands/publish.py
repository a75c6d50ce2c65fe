"""``calligram publish``: a model or a data set to the hub, or into a folder for other programs."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from calligram.cli.options import with_options
from calligram.training.publishing_options import PublishOptions

if TYPE_CHECKING:
    from calligram.training.publishing import Package

EXAMPLES = """
Examples:

  calligram publish runs/mine --to me/reads-digits --licence mit --figures mnist.json --dry-run

  calligram publish digits --to me/digits-as-text --private

  calligram publish builtin --to-folder calligram-builtin
"""


def register(app: typer.Typer) -> None:
    """Add the command to the door."""
    app.command("publish", epilog=EXAMPLES)(with_options(PublishOptions)(publish))


def publish(
    what: Annotated[str, typer.Argument(help="folder of a model or of a built data set, or builtin")],
    options: PublishOptions,
    figures: Annotated[
        list[Path] | None,
        typer.Option(help="File that calligram evaluate -o wrote, for the card; repeatable."),
    ] = None,
    to_folder: Annotated[
        Path | None, typer.Option(help="Write the files there instead, for vLLM, transformers or llama.cpp.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="List the files and show the card, then stop.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Publish a model or a data set with a card that tells figures, sources and licence.

    The token comes from HF_TOKEN or from 'hf auth login', and is never shown.
    """
    from calligram.errors import OptionError
    from calligram.training.publishing import pack

    if bool(options.to) == bool(to_folder) and not (dry_run and not options.to):
        raise OptionError("one place is needed: --to ORG/NAME, or --to-folder FOLDER")
    package = pack(what, options, figures or [])
    told: dict[str, object] = {
        "kind": package.thing.kind,
        "licence": package.licence,
        "files": package.sizes(),
    }
    if dry_run:
        _show(told | {"card": package.card}, _listing(package), as_json)
    elif to_folder:
        package.write(to_folder)
        _show(told | {"folder": str(to_folder)}, f"wrote {to_folder}: {len(package.files)} files", as_json)
    else:
        from calligram.training.publishing_hub import send

        sent = send(package)
        line = f"published {sent.files} files at {sent.url} (commit {sent.commit[:8]})"
        _show(told | {"url": sent.url, "commit": sent.commit}, line, as_json)


def _listing(package: "Package") -> str:
    sizes = package.sizes()
    width = max(map(len, sizes))
    place = f" for {package.options.to}" if package.options.to else ""
    lines = [f"{package.thing.kind}{place}, licence {package.licence}, {sum(sizes.values()) / 1e6:.1f} MB:"]
    lines += [f"  {name:<{width}}  {size:>12,}" for name, size in sizes.items()]
    return "\n".join([*lines, "", package.card.rstrip()])


def _show(told: dict[str, object], words: str, as_json: bool) -> None:
    typer.echo(json.dumps(told, ensure_ascii=False) if as_json else words)
