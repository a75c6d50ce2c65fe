"""Descriptions that go on from an opening, at a terminal."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from calligram.art.describing_texts import Text, TextDescriptions

MOST_SHOWN = 160
"""So many characters of a corpus passage are shown."""


def print_texts(found: "TextDescriptions", quiet: bool) -> None:
    """Print each description, with what is known of it below, and the figures of the set."""
    for number, text in enumerate(found.texts, 1):
        typer.echo(f"Generated Description {number}: {text.text}")
        for line in () if quiet else _lines(text):
            typer.secho(f"    {line}", dim=True)
    if not quiet:
        typer.echo()
        typer.secho(_told_set(found), dim=True)


def _lines(text: "Text") -> Iterator[str]:
    written = text.written
    parts = [f"seed {written.seed}" if written.seed is not None else "no seed is taken"]
    if text.logprob_per_token is None:
        parts.append("the model does not tell how likely it is")
    else:
        parts.append(
            f"{written.tokens} tokens added, log-likelihood {written.logprob:.1f} "
            f"({text.logprob_per_token:.2f} a token)"
        )
    if not written.whole:
        parts.append("not ended by the model itself")
    yield ", ".join(parts)
    if text.copied is not None and text.nearest is not None:
        stretch = f": “{_short(text.copied.passage)}”" if text.copied.words else ""
        yield f"longest stretch in the corpus: {text.copied.words} words{stretch}"
        alike = f": “{_short(text.nearest.passage)}”" if text.nearest.passage else ""
        yield f"nearest passage, similarity {text.nearest.similarity:.2f} of 1{alike}"


def _told_set(found: "TextDescriptions") -> str:
    from calligram.art.describing_texts import NO_CORPUS

    told = [f"{len(found.texts)} by {found.model}"]
    for name, value in found.figures.items():
        if value is not None:
            told.append(f"{name.replace('_', '-')} {value:.2f}")
    compared = f"compared with {found.corpus}" if found.corpus else NO_CORPUS
    return f"{', '.join(told)}; {compared}"


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= MOST_SHOWN else f"{plain[:MOST_SHOWN].rstrip()} …"
