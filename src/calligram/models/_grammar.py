"""The drawing grammar for any model of text: which bytes may follow, or the whole as a pattern.

A drawing's text is fixed but for its cells, and each cell is one of a few spellings. So the text is a row of
*slots*, a place in it is a slot and the bytes already written of it, and a token may follow where its bytes
can. Glyphs that a tokenizer spreads over several tokens, and tokens that hold several cells or row tags with
them, need nothing of their own.
"""

import dataclasses
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from calligram.models.base import Levels
from calligram.picture import Layout, decode, spell_batch
from calligram.picture.spelling import get_markup

Place = tuple[int, bytes]
"""A slot's number and the bytes already written of it."""

START: Place = (0, b"")


@dataclass(frozen=True, eq=False)
class PictureGrammar:
    """The text of every picture of one layout.

    Args:
        layout: markup and ramp, with its rows fixed.
        given: the first rows, which stand already, ``(given rows, columns)``; None is none.
    """

    layout: Layout
    given: Levels | None = None

    @classmethod
    def of(cls, layout: Layout, given: Levels | None = None) -> "PictureGrammar":
        """Return the grammar of a layout's drawings; where rows follow from the image, of a square one."""
        rows, columns = layout.grid()
        return cls(dataclasses.replace(layout, rows=rows, columns=columns), given)

    @property
    def rows(self) -> int:
        """Rows of the whole picture."""
        assert self.layout.rows
        return self.layout.rows

    @property
    def first_row(self) -> int:
        """Rows that stand already."""
        return 0 if self.given is None else len(self.given)

    @cached_property
    def cells(self) -> tuple[str, ...]:
        """How each level is spelled."""
        return tuple(get_markup(self.layout.markup).cells(self.layout.symbols))

    @cached_property
    def fixed(self) -> list[str]:
        """What stands before the cells of each row that is written, and behind those of the last."""
        empty = np.zeros((self.rows, self.layout.columns), np.uint8)
        text, blank = spell_batch(empty[None], self.layout)[0], self.cells[0] * self.layout.columns
        markup = get_markup(self.layout.markup)
        parts, place = [], 0
        for row in range(1, self.rows + 1):
            end = text.index(markup.before(row, self.rows) + blank, place) + len(
                markup.before(row, self.rows)
            )
            parts.append(text[place:end])
            place = end + len(blank)
        kept = [*parts, text[place:]][self.first_row :]
        return [kept[0].removeprefix(self._behind_given), *kept[1:]]

    @property
    def _behind_given(self) -> str:
        """Return what ends the last given row, which stands already."""
        return get_markup(self.layout.markup).after(self.first_row, self.rows) if self.first_row else ""

    @cached_property
    def given_text(self) -> str:
        """The text of the rows that stand already."""
        if self.given is None:
            return ""
        rest = np.zeros((self.rows - len(self.given), self.layout.columns), np.uint8)
        whole = spell_batch(np.concatenate([self.given, rest])[None], self.layout)[0]
        lines = whole.splitlines(keepends=True)
        return "".join(lines[: len(lines) - len(rest)])

    @cached_property
    def slots(self) -> tuple[tuple[bytes, ...], ...]:
        """What may stand at each place, in order: one spelling, or one for each level."""
        cells = tuple(cell.encode() for cell in self.cells)
        slots: list[tuple[bytes, ...]] = []
        for place, text in enumerate(self.fixed):
            slots += [(text.encode(),)] * bool(text)
            slots += [cells] * (self.layout.columns if place + 1 < len(self.fixed) else 0)
        return tuple(slots)

    def is_whole(self, place: Place) -> bool:
        """Return whether nothing is left to write."""
        return place[0] == len(self.slots)

    def follow(self, place: Place, spelling: bytes) -> Place | None:
        """Return the place after some more bytes, or None where they may not stand."""
        slot, written = place
        for byte in spelling:
            if slot == len(self.slots):
                return None
            written += bytes((byte,))
            choices = [choice for choice in self.slots[slot] if choice.startswith(written)]
            if not choices:
                return None
            if choices[0] == written:
                slot, written = slot + 1, b""
        return slot, written

    def levels(self, written: str) -> Levels:
        """Return the levels of a whole picture, given rows too.

        Raises:
            PictureError: what was written is not the rest of such a picture; knows row and column.
        """
        return decode(self.given_text + written, self.layout).levels

    def rows_in(self, written: str) -> Levels:
        """Return the levels of the whole rows, given ones too, of an unfinished text within the grammar."""
        text = self.given_text + written
        lines = text.splitlines(keepends=True)[1 if self.layout.header else 0 :]
        codes = {cell: level for level, cell in enumerate(self.cells)}
        width, markup = len(self.cells[0]), get_markup(self.layout.markup)
        rows = []
        for number, line in enumerate(lines, 1):
            if not line.endswith("\n"):
                break
            start = len(markup.before(number, self.rows))
            places = range(start, start + width * self.layout.columns, width)
            rows.append([codes[line[place : place + width]] for place in places])
        return np.array(rows, np.uint8).reshape(len(rows), self.layout.columns)

    def regex(self) -> str:
        """Return a regular expression of all that may be written, in the plain syntax that servers share."""
        cell = self._cell_class()
        many = f"{cell}{{{self.layout.columns}}}"
        return many.join(re.sub(r"([\\^$.|?*+()\[\]{}])", r"\\\1", text) for text in self.fixed)

    def _cell_class(self) -> str:
        if len(self.cells[0]) == 1:
            return "[" + "".join(re.sub(r"([\\\]\[^-])", r"\\\1", cell) for cell in self.cells) + "]"
        return "(" + "|".join(re.sub(r"([\\^$.|?*+()\[\]{}])", r"\\\1", cell) for cell in self.cells) + ")"

    def gbnf(self) -> str:
        """Return the same as a grammar of llama.cpp. Source: llama.cpp, grammars/README.md."""
        cells = " | ".join(_quoted(cell) for cell in self.cells)
        parts: list[str] = []
        for place, text in enumerate(self.fixed):
            parts += [_quoted(text)] * bool(text)
            parts += [f"cell{{{self.layout.columns}}}"] * (place + 1 < len(self.fixed))
        return f"root ::= {' '.join(parts)}\ncell ::= {cells}\n"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


class TokenTree:
    """The tokens of a vocabulary by their bytes, so that those that may follow are found at once.

    Args:
        spellings: each token's bytes by number; tokens without text are left out.
    """

    def __init__(self, spellings: Mapping[int, bytes]) -> None:
        self.spellings = dict(spellings)
        self._begin: dict[bytes, list[int]] = {}
        self._prefixes: set[bytes] = set()
        for token, spelling in self.spellings.items():
            if spelling:
                self._begin.setdefault(spelling, []).append(token)
                self._prefixes.update(spelling[:end] for end in range(1, len(spelling)))
        self._found: dict[tuple[PictureGrammar, Place], list[int]] = {}

    def allowed(self, grammar: PictureGrammar, place: Place) -> list[int]:
        """Return the tokens that may follow at a place; none where the drawing is whole."""
        key = (grammar, place)
        if key not in self._found:
            self._found[key] = sorted(self._walk(grammar, place, b""))
        return self._found[key]

    def _walk(self, grammar: PictureGrammar, place: Place, spelled: bytes) -> list[int]:
        found: list[int] = []
        if grammar.is_whole(place):
            return found
        slot, written = place
        nexts = {choice[len(written)] for choice in grammar.slots[slot] if choice.startswith(written)}
        for byte in nexts:
            longer = spelled + bytes((byte,))
            then = grammar.follow(place, bytes((byte,)))
            assert then is not None
            found += self._begin.get(longer, [])
            if longer in self._prefixes:
                found += self._walk(grammar, then, longer)
        return found
