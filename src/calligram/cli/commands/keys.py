"""``calligram keys``: a root and a leaf of one's own, to sign images with."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from calligram.provenance.keys import Keys

EXAMPLES = """
Examples:

  calligram keys new --name "Ada Lovelace"

  calligram keys new keys/ --days 365

  calligram keys show
"""

USUAL = "the folder of $CALLIGRAM_KEYS, else keys in the folder of your settings"


def register(app: typer.Typer) -> None:
    """Add the command to the door."""
    keys = typer.Typer(help="Make and show keys to sign images with.", no_args_is_help=True)
    keys.command("new", epilog=EXAMPLES)(new)
    keys.command("show", epilog=EXAMPLES)(show)
    app.add_typer(keys, name="keys")


def new(
    folder: Annotated[
        Path | None, typer.Argument(help=f"A new folder (default: {USUAL}).", show_default=False)
    ] = None,
    name: Annotated[
        str | None,
        typer.Option(help="Who signs; every signed image tells it (default: a user of Calligram)."),
    ] = None,
    days: Annotated[
        int | None, typer.Option(help="How long the keys can sign, in days (default: 1825).")
    ] = None,
) -> None:
    """Make a root certificate, a leaf that signs, and their private keys, on this machine alone.

    Nobody else vouches for you with them: whoever is to trust what you sign needs your root.pem. Keep the two
    .key files to yourself. Keys that are there already are never overwritten.
    """
    from calligram.provenance.keys import USUAL_DAYS, USUAL_NAME, make_keys

    made = make_keys(
        folder, name=USUAL_NAME if name is None else name, days=USUAL_DAYS if days is None else days
    )
    _tell(made)


def show(
    folder: Annotated[
        Path | None, typer.Argument(help=f"The folder of the keys (default: {USUAL}).", show_default=False)
    ] = None,
) -> None:
    """Tell whose keys they are, until when they sign, and the fingerprints."""
    from calligram.provenance.keys import check_keys, open_keys

    keys = open_keys(folder)
    _tell(keys)
    check_keys(keys)


def _tell(keys: "Keys") -> None:
    typer.echo(f"name: {keys.name}")
    typer.echo(f"folder: {keys.folder}")
    typer.echo(f"valid: {keys.begins:%Y-%m-%d} to {keys.ends:%Y-%m-%d}, {keys.algorithm}")
    typer.echo(f"leaf, SHA-256: {keys.fingerprint}")
    if keys.root_fingerprint:
        typer.echo(f"root, SHA-256: {keys.root_fingerprint}")
    for remark in keys.remarks:
        typer.echo(remark, err=True)
