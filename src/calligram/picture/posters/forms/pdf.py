"""A PDF of outlines: each block's characters become a font of their own, so that its text can be copied.

Source: ISO 32000-1, 9.6.5 (Type 3 fonts) and 9.10.3 (ToUnicode CMaps).
"""

import codecs
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

import numpy as np

from calligram.picture.posters.poster import Block, Poster
from calligram.picture.posters.type_case import BLANK, TypeCase

POINTS_PER_INCH = 72
GLYPH_UNITS = 1000
"""To the em of the fonts that are written."""

CODES = 255
"""So many glyphs a font holds beside the blank, which is number 0 in each."""


def render(poster: Poster) -> bytes:
    """Return the file's bytes."""
    file = _File()
    fonts: dict[str, int] = {}
    content = [*_ground(poster)]
    for place, block in enumerate(poster.blocks):
        sorts = _Sorts(block, f"B{place}")
        fonts |= {name: file.add_font(block.case, numbers) for name, numbers in sorts.fonts.items()}
        content += sorts.lines(poster.sheet.height)
    stream = file.add_stream("\n".join(content).encode("latin-1"))
    return file.finish(poster, stream, fonts)


def _ground(poster: Poster) -> Iterator[str]:
    sheet = poster.sheet
    yield f"{POINTS_PER_INCH / sheet.dpi:.8f} 0 0 {POINTS_PER_INCH / sheet.dpi:.8f} 0 0 cm"
    yield f"{_fill(poster.paper)} 0 0 {sheet.width} {sheet.height} re f"
    for rule in poster.rules:
        bottom = sheet.height - rule.top - rule.height
        yield f"{_fill(rule.colour)} {rule.left} {bottom} {rule.width} {rule.height} re f"


def _fill(colour: Sequence[int]) -> str:
    return " ".join(_number(part / 255) for part in colour) + " rg"


def _number(value: float, digits: int = 4) -> str:
    return f"{value:.{digits}f}".rstrip("0").rstrip(".")


class _Sorts:
    """The glyphs that a block uses, dealt out to fonts, each with its code."""

    def __init__(self, block: Block, name: str) -> None:
        self.block = block
        used = np.unique(block.numbers[block.numbers != BLANK]).tolist()
        parts = [used[start : start + CODES] for start in range(0, len(used), CODES)]
        self.fonts = {f"{name}{chr(97 + place)}": part for place, part in enumerate(parts)}
        self.codes = {
            number: (font, code) for font, part in self.fonts.items() for code, number in enumerate(part, 1)
        }

    def lines(self, sheet_height: int) -> Iterator[str]:
        """Yield the operators that set the block, row by row."""
        case, block = self.block.case, self.block
        for row, (numbers, inks) in enumerate(
            zip(block.numbers.tolist(), block.inks.places.tolist(), strict=True)
        ):
            inked = [column for column, number in enumerate(numbers) if number != BLANK]
            if not inked:
                continue
            first, last = inked[0], inked[-1] + 1
            x = block.left + first * case.width
            y = sheet_height - (block.top + row * case.height + case.baseline)
            yield f"BT 1 0 0 1 {_number(x)} {_number(y)} Tm"
            yield from self._runs(numbers[first:last], inks[first:last])
            yield "ET"

    def _runs(self, numbers: list[int], inks: list[int]) -> Iterator[str]:
        """Yield a row's runs of one font and one ink; a blank goes with what stands before it."""
        font, ink, kinds = "", -1, []
        for number, own in zip(numbers, inks, strict=True):
            if number != BLANK:
                font, ink = self.codes[number][0], own
            kinds.append((font, ink))
        for (font, ink), run in groupby(zip(kinds, numbers, strict=True), key=lambda pair: pair[0]):
            codes = "".join(f"{self.codes[number][1] if number != BLANK else 0:02x}" for _, number in run)
            size = _number(self.block.case.size)
            yield f"/{font} {size} Tf {_fill(self.block.inks.colours[ink].tolist())} <{codes}> Tj"


@dataclass
class _File:
    """The objects of a file, numbered from 1."""

    objects: list[bytes] = field(default_factory=list)

    def add(self, content: str) -> int:
        self.objects.append(content.encode("latin-1"))
        return len(self.objects)

    def add_stream(self, content: bytes) -> int:
        packed = zlib.compress(content, 9)
        head = f"<< /Length {len(packed)} /Filter /FlateDecode >>\nstream\n".encode()
        self.objects.append(head + packed + b"\nendstream")
        return len(self.objects)

    def add_font(self, case: TypeCase, numbers: Sequence[int]) -> int:
        """Add a font whose glyphs are as wide as the case's cells."""
        unit = GLYPH_UNITS / case.size
        width = case.width * unit
        glyphs = [self.add_stream(f"{_number(width)} 0 d0".encode())]
        glyphs += [self.add_stream(_glyph(case, number, unit, width)) for number in numbers]
        names = [f"/g{code}" for code in range(len(glyphs))]
        procedures = " ".join(f"{name} {glyph} 0 R" for name, glyph in zip(names, glyphs, strict=True))
        unicode = self.add_stream(_unicode_map(case, [BLANK, *numbers]))
        low, high = _number((case.baseline - case.height) * unit), _number(case.baseline * unit)
        return self.add(
            f"<< /Type /Font /Subtype /Type3 /FontBBox [0 {low} {_number(width)} {high}] "
            f"/FontMatrix [{1 / GLYPH_UNITS} 0 0 {1 / GLYPH_UNITS} 0 0] "
            f"/FirstChar 0 /LastChar {len(names) - 1} "
            f"/Widths [{' '.join([_number(width)] * len(names))}] /Resources << >> "
            f"/Encoding << /Type /Encoding /Differences [0 {' '.join(names)}] >> "
            f"/CharProcs << {procedures} >> /ToUnicode {unicode} 0 R >>"
        )

    def finish(self, poster: Poster, stream: int, fonts: dict[str, int]) -> bytes:
        """Return the whole file."""
        sheet = poster.sheet
        box = f"[0 0 {_number(sheet.width_mm / 25.4 * 72)} {_number(sheet.height_mm / 25.4 * 72)}]"
        named = " ".join(f"/{name} {number} 0 R" for name, number in fonts.items())
        page = len(self.objects) + 2
        pages = self.add(f"<< /Type /Pages /Kids [{page} 0 R] /Count 1 >>")
        self.add(
            f"<< /Type /Page /Parent {pages} 0 R /MediaBox {box} /Contents {stream} 0 R "
            f"/Resources << /Font << {named} >> >> >>"
        )
        catalogue = self.add(f"<< /Type /Catalog /Pages {pages} 0 R >>")
        information = self.add(f"<< /Title {_text(poster.title)} /Producer (Calligram) >>")
        return self._joined(catalogue, information)

    def _joined(self, catalogue: int, information: int) -> bytes:
        content = bytearray(b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n")
        places = []
        for number, body in enumerate(self.objects, 1):
            places.append(len(content))
            content += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
        start = len(content)
        content += f"xref\n0 {len(places) + 1}\n0000000000 65535 f \n".encode()
        content += "".join(f"{place:010d} 00000 n \n" for place in places).encode()
        trailer = f"/Size {len(places) + 1} /Root {catalogue} 0 R /Info {information} 0 R"
        content += f"trailer\n<< {trailer} >>\nstartxref\n{start}\n%%EOF\n".encode()
        return bytes(content)


def _text(text: str) -> str:
    return f"<{codecs.BOM_UTF16_BE.hex()}{text.encode('utf-16-be').hex()}>" if text else "()"


def _glyph(case: TypeCase, number: int, unit: float, width: float) -> bytes:
    """Return the operators that draw a glyph from its place on the baseline, upward."""
    low, high = _number((case.baseline - case.height) * unit), _number(case.baseline * unit)
    # the box is generous: what hangs over it may be cut off
    steps = [f"{_number(width)} 0 -{_number(width)} {low} {_number(2 * width)} {high} d1"]
    at = (0.0, 0.0)
    for letter, numbers in case.outline(number):
        points = [
            (x * unit, (case.baseline - y) * unit) for x, y in zip(numbers[::2], numbers[1::2], strict=True)
        ]
        steps.append(_operator(letter, points, at))
        at = points[-1] if points else at
    return " ".join([*steps, "f"]).encode()


_OPERATORS = {"M": "m", "L": "l", "C": "c", "Z": "h"}


def _operator(letter: str, points: list[tuple[float, float]], at: tuple[float, float]) -> str:
    if letter == "Q":
        # a curve with one handle, as PDF's with two
        (hx, hy), end = points
        first = (at[0] + 2 / 3 * (hx - at[0]), at[1] + 2 / 3 * (hy - at[1]))
        second = (end[0] + 2 / 3 * (hx - end[0]), end[1] + 2 / 3 * (hy - end[1]))
        letter, points = "C", [first, second, end]
    spelled = " ".join(f"{_number(x, 1)} {_number(y, 1)}" for x, y in points)
    return f"{spelled} {_OPERATORS[letter]}"


def _unicode_map(case: TypeCase, numbers: Sequence[int]) -> bytes:
    """Return which character each code stands for, so that text can be searched and copied."""
    pairs = [
        f"<{code:02x}> <{case.glyphs[number].character.encode('utf-16-be').hex()}>"
        for code, number in enumerate(numbers)
    ]
    blocks = "\n".join(
        f"{len(pairs[start : start + 100])} beginbfchar\n"
        + "\n".join(pairs[start : start + 100])
        + "\nendbfchar"
        for start in range(0, len(pairs), 100)
    )
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap "
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def "
        "/CMapName /Adobe-Identity-UCS def /CMapType 2 def\n"
        f"1 begincodespacerange <00> <ff> endcodespacerange\n{blocks}\n"
        "endcmap CMapName currentdict /CMap defineresource pop end end"
    ).encode()
