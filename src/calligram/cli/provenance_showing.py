"""What images tell of their making, for people at a terminal and as JSON."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from calligram.errors import ImageError, MissingExtraError

if TYPE_CHECKING:
    from calligram.provenance.verdict import Verdict

NAME_WIDTH = 20
LONGEST_SHOWN = 2000


def shown(path: Path, trust: Sequence[Path], keys: Path | None) -> dict[str, Any]:
    """Return what an image tells of its making, ready for JSON.

    Raises:
        ImageError: the file is missing, damaged or no image.
        LimitError: it is over a limit.
    """
    from calligram.picture.opening import read_bytes
    from calligram.picture.options import Limits
    from calligram.provenance.reading import find

    content = read_bytes(path, Limits())
    try:
        found = find(content)
    except ImageError as fault:
        raise ImageError(f"{os.fspath(path)!r}: {fault}") from fault
    return {
        "path": os.fspath(path),
        "format": found.format,
        "tellings": [
            {
                "layout": telling.layout,
                "where": telling.where,
                "fields": dict(telling.fields),
                "others": dict(telling.others),
                "remarks": list(telling.remarks),
            }
            for telling in found.tellings
        ],
        "sidecar": _sidecar(path),
        "parts": [{"kind": part.kind, "name": part.name, "bytes": part.size_bytes} for part in found.parts],
        "credentials": _credentials(path, content, trust, keys),
    }


def _sidecar(path: Path) -> dict[str, Any] | None:
    """Return the label of the sidecar, or None; a file of that name that is something else is passed over."""
    from calligram.provenance.sidecar import read_sidecar

    try:
        beside = read_sidecar(path)
    except ImageError:
        return None
    return _fields(beside.label) if beside else None


def _fields(label: Any) -> dict[str, Any]:
    fields = {name: value for name, value in vars(label).items() if value not in ("", (), {}, None)}
    return {**fields, "digital_source_type": label.source_type}


def _credentials(
    path: Path, content: bytes, trust: Sequence[Path], keys: Path | None
) -> dict[str, Any] | None:
    """Return the verdict on content credentials ready for JSON, or None where there are none."""
    verdict = _verdict(path, content, trust, keys)
    if verdict is None:
        return None
    if isinstance(verdict, str):
        return {"state": "unchecked", "sentences": [verdict]}
    return {**verdict.to_json(), "sentences": list(verdict.sentences())}


def _verdict(path: Path, content: bytes, trust: Sequence[Path], keys: Path | None) -> "Verdict | str | None":
    """Return the verdict, or a sentence on why there is none, or None where there are no credentials."""
    from calligram.provenance.credentials import is_signed
    from calligram.provenance.verifying import SIDECAR, verify

    if not is_signed(content) and not path.with_suffix(SIDECAR).is_file():
        return None
    try:
        return verify(path, trust=trust, keys=keys)
    except MissingExtraError as fault:
        return f"it carries content credentials, which were not checked: {fault}"


def print_shown(told: Mapping[str, Any]) -> None:
    """Print what one image tells, a table for each layout."""
    from rich.console import Console
    from rich.rule import Rule
    from rich.text import Text

    from calligram.provenance.layouts.base import FIELDS

    console = Console(highlight=False, soft_wrap=False)
    console.print(Rule(Text(f"{told['path']} ({told['format']})", style="bold"), style="dim", align="left"))
    for telling in told["tellings"]:
        rows = [(FIELDS[name], telling["fields"][name]) for name in FIELDS if name in telling["fields"]]
        _print_table(
            console, f"{telling['layout']}, in {telling['where']}", [*rows, *telling["others"].items()]
        )
        for remark in telling["remarks"]:
            console.print(Text(f"  {remark}", style="yellow"))
    if told["sidecar"]:
        _print_table(console, "sidecar of Calligram", list(told["sidecar"].items()))
    if told["credentials"]:
        rows = [("", sentence) for sentence in told["credentials"]["sentences"]]
        _print_table(console, "content credentials (C2PA)", rows)
    if not (told["tellings"] or told["sidecar"] or told["credentials"]):
        console.print("  no label: it says nothing of how it was made")
    if told["parts"]:
        parts = ", ".join(f"{part['name']} ({part['bytes']:,} bytes)" for part in told["parts"])
        _print_table(console, "what it holds besides the image", [("", parts)])


def _print_table(console: Any, title: str, rows: Sequence[tuple[str, Any]]) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column(min_width=NAME_WIDTH)
    table.add_column(overflow="fold")
    for name, value in rows:
        text = ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
        more = f"… ({len(text):,} characters, see --json)" if len(text) > LONGEST_SHOWN else ""
        table.add_row(Text(f"  {name}"), Text(_printable(text[:LONGEST_SHOWN]) + more))
    console.print(Text(title, style="bold cyan"))
    console.print(table)


def _printable(text: str) -> str:
    """Return a text whose control characters cannot steer a terminal."""
    return "".join(letter if letter.isprintable() or letter == "\n" else "\ufffd" for letter in text)


def strip_file(path: Path, target: Path, as_json: bool) -> None:
    """Strip one file, and say what went.

    Raises:
        ImageError: it cannot be read, or is of no format that is known.
        OutputError: the target cannot be written.
    """
    import json

    from calligram.picture.opening import read_bytes
    from calligram.picture.options import Limits
    from calligram.provenance.sidecar import sidecar_path
    from calligram.provenance.stripping import strip, told_sizes
    from calligram.whole_files import write_whole

    content = read_bytes(path, Limits())
    try:
        bare = strip(content, repr(os.fspath(path)))
    except ImageError as fault:
        raise (
            fault if repr(os.fspath(path)) in str(fault) else ImageError(f"{os.fspath(path)!r}: {fault}")
        ) from fault
    write_whole(target, bare.content)
    beside = sidecar_path(path)
    remark = f"{os.fspath(beside)} still tells of its making" if beside.is_file() else ""
    if as_json:
        gone = [{"kind": part.kind, "name": part.name, "bytes": part.size_bytes} for part in bare.gone]
        told = {"path": os.fspath(path), "output": os.fspath(target), "gone": gone}
        typer.echo(
            json.dumps({**told, "pixels_compared": bare.compared, "remark": remark}, ensure_ascii=False)
        )
        return
    what = ", ".join(told_sizes(bare.gone)) or "nothing, as it told nothing"
    same = "pixels compared and unchanged" if bare.compared else "pixels not touched"
    typer.echo(f"{target}: removed {what}; {same}")
    if remark:
        typer.echo(remark, err=True)


def verified(path: Path, trust: Sequence[Path], keys: Path | None, label_only: bool) -> dict[str, Any]:
    """Return whether an image is as it was signed and its label agrees with itself, ready for JSON.

    Raises:
        ImageError: the image or its sidecar cannot be read.
        MissingExtraError: it carries content credentials, and the extra ``provenance`` is not installed.
    """
    from calligram.picture.opening import read_bytes
    from calligram.picture.options import Limits
    from calligram.provenance.agreeing import check_label

    try:
        agreement = check_label(path)
    except ImageError as fault:
        told = str(fault)
        raise fault if os.fspath(path) in told else ImageError(f"{os.fspath(path)!r}: {told}") from fault
    verdict = None if label_only else _verdict(path, read_bytes(path, Limits()), trust, keys)
    if isinstance(verdict, str):
        raise MissingExtraError("c2pa", "provenance", "checking content credentials")
    contradicted = any(not check.holds for check in agreement.checks)
    vouched = verdict is not None and verdict.is_valid
    holds = (agreement.holds if label_only else vouched) and not contradicted
    label = [{"holds": check.holds, "sentence": check.sentence} for check in agreement.checks]
    return {
        "path": os.fspath(path),
        "holds": holds,
        "labelled": agreement.label is not None,
        "label": label,
        "credentials": verdict.to_json() | {"sentences": list(verdict.sentences())} if verdict else None,
        "looked_for_credentials": not label_only,
    }


def print_verified(told: Mapping[str, Any]) -> None:
    """Print the verdict on one image: first whether it holds, then why, a line each."""
    typer.echo(f"{told['path']}: {_headline(told)}")
    if told["credentials"]:
        for sentence in told["credentials"]["sentences"]:
            typer.echo(f"  {_printable(sentence)}")
    elif told["looked_for_credentials"]:
        typer.echo("  no content credentials: nobody vouches for it")
    if not told["labelled"] and not told["label"]:
        typer.echo("  no label of Calligram")
    for check in told["label"]:
        typer.echo(f"  {'yes' if check['holds'] else 'NO'}: {check['sentence']}")


def _headline(told: Mapping[str, Any]) -> str:
    if told["holds"]:
        return "everything holds"
    agrees = all(check["holds"] for check in told["label"])
    if not told["credentials"] and told["labelled"] and agrees:
        return "its label agrees with itself, but nobody vouches for it"
    return "it does not hold" if told["credentials"] or told["label"] else "there is nothing to verify"
