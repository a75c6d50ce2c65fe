"""Where the token boundaries fall in one text picture: as pieces to be coloured, and as plain lines."""

from dataclasses import dataclass
from typing import NamedTuple

from calligram.evaluation.tokens.measuring import owners_of
from calligram.evaluation.tokens.splitting import Split

BREAK = "↵"
"""Stands for a line break, which a token may hold."""


class Tint(NamedTuple):
    """The two colours of a tile; blocks hide the paper, so that the ink differs too."""

    paper: str
    ink: str


TINTS = (Tint("#1d3b53", "#cfe8fb"), Tint("#4a3363", "#ead9fb"), Tint("#b3372f", "#ffe3dc"))
"""Of tokens in turn, and of a character that several tokens share."""

LEGEND = "One tile is one token, in two shades by turns; a red one is a character cut into several tokens."


@dataclass(frozen=True)
class Piece:
    """Characters of one line that are painted alike.

    Args:
        text: the characters; a line break is ``↵``.
        token: the place of the token they belong to, counted over the picture.
        parts: how many tokens share the character; 1 where a token has its characters for itself.
    """

    text: str
    token: int
    parts: int

    @property
    def tint(self) -> int:
        """Which of the tints it has."""
        return 2 if self.parts > 1 else self.token % 2


@dataclass(frozen=True)
class Panel:
    """One text picture and how it is cut.

    Args:
        title: what it is, one line.
        lines: its pieces, line by line.
    """

    title: str
    lines: tuple[tuple[Piece, ...], ...]

    @property
    def columns(self) -> int:
        """Characters of the longest line."""
        return max(sum(len(piece.text) for piece in line) for line in self.lines)


def make_panel(title: str, text: str, split: Split) -> Panel:
    """Return a text as pieces: each is the part of one token, or of one shared character, in one line."""
    owners = owners_of(split)
    lines: list[list[Piece]] = [[]]
    for place, character in enumerate(text):
        own = owners.get(place, [])
        token, parts = (own[0] if own else -1), max(1, len(own))
        shown = BREAK if character == "\n" else character
        last = lines[-1][-1] if lines[-1] else None
        if last and parts == 1 and (last.token, last.parts) == (token, 1):
            lines[-1][-1] = Piece(last.text + shown, token, 1)
        else:
            lines[-1].append(Piece(shown, token, parts))
        if character == "\n":
            lines.append([])
    return Panel(title, tuple(tuple(line) for line in lines if line))


def plain_lines(panel: Panel) -> list[str]:
    """Return the lines with ``|`` between tokens, and ``‖`` around characters that several tokens share."""
    written = []
    for line in panel.lines:
        shown = ""
        for last, piece in zip([None, *line], line, strict=False):
            torn = piece.parts > 1 or (last is not None and last.parts > 1)
            shown += ("" if last is None else "‖" if torn else "|") + piece.text
        written.append(shown)
    return written
