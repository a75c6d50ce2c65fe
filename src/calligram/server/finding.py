"""Finding: the text pictures that stand in a message, and the words around them."""

import re
from collections.abc import Iterator, Sequence

from calligram.errors import InputError
from calligram.picture import LAYOUTS, RAMPS, Limits, TextPicture
from calligram.picture.decoding import HEADER
from calligram.picture.spelling import get_markup
from calligram.seeing.inputs import read_picture

FENCE = "```"
MARKED = ("rows", "numbered")
"""Markups whose lines are known by their look, and are numbered from 1."""

NUMBER = re.compile(r"\d+")
BEFORE_PICTURE = re.compile(r"(?<=[^\n])(?=<row:1>|<picture:\d)")
ROW_END = re.compile(r"(</row:\d+>)[ \t]*\n?")
LEAST_ROWS, LEAST_COLUMNS = 3, 8
"""Bare lines are taken for a picture only from this size on."""

TONES = {name: set(ramp) for name, ramp in RAMPS.items() if not any(map(str.isalnum, ramp))}
"""The ramps whose bare lines cannot be words."""


def find_pictures(text: str, limits: Limits) -> tuple[str, list[TextPicture]]:
    """Return the words of a text, and the text pictures that stand among them, in order.

    A picture is known by its row tags, its row numbers, its header, or its letters after blanks; bare lines
    are known by their equal length and their symbols, or by the fence around them.

    Args:
        text: a message.
        limits: how much is taken in.

    Raises:
        PictureError: what is marked as a picture has a fault.
        LayoutError: its symbols are of no ramp that has a name.
        LimitError: it has too many cells.

    >>> find_pictures("Look: <row:1> ▓█</row:1> What is this?", Limits())[0]
    'Look:\\nWhat is this?'
    """
    plain = BEFORE_PICTURE.sub("\n", ROW_END.sub(r"\1\n", text.replace("\r\n", "\n")))
    words: list[str] = []
    pictures: list[TextPicture] = []
    for block in _blocks(plain.split("\n")):
        picture = _read(block, limits)
        if picture is None:
            words += block
        else:
            pictures.append(picture)
    spoken = [line.rstrip() for line in words if not line.lstrip().startswith(FENCE)]
    return "\n".join(spoken).strip(), pictures


def _blocks(lines: Sequence[str]) -> Iterator[list[str]]:
    """Yield runs of lines that may each be one picture, and single lines that are none."""
    place = 0
    while place < len(lines):
        end = _end(lines, place)
        yield list(lines[place:end])
        place = end


def _end(lines: Sequence[str], start: int) -> int:
    """Return where the block ends that begins at a line."""
    first = lines[start]
    if told := HEADER.fullmatch(first):
        return min(len(lines), start + 1 + int(told["rows"]))
    if first.lstrip().startswith(FENCE):
        return _end_of_fence(lines, start)
    if markup := _markup_of(first):
        return _end_of_marked(lines, start, markup)
    end = start + 1
    while end < len(lines) and len(lines[end]) == len(first) and _alike(lines[end], first):
        end += 1
    return end


def _end_of_fence(lines: Sequence[str], start: int) -> int:
    """Return where a fence of bare rows ends; marked rows in it stand for themselves."""
    for place in range(start + 1, len(lines)):
        if lines[place].strip() == FENCE:
            return place + 1
        if _is_marked(lines[place]):
            break
    return start + 1


def _is_marked(line: str) -> bool:
    return _markup_of(line) is not None or HEADER.fullmatch(line) is not None


def _markup_of(line: str) -> str | None:
    for markup in MARKED:
        sign = get_markup(markup).SIGN
        if sign and sign.match(line):
            return markup
    return None


def _end_of_marked(lines: Sequence[str], start: int, markup: str) -> int:
    """Return where numbered rows end: at a line of another look, or where they are counted anew."""
    end, last = start, 0
    while end < len(lines) and _markup_of(lines[end]) == markup:
        found = NUMBER.search(lines[end])
        number = int(found.group()) if found else 0
        if number <= last:
            break
        end, last = end + 1, number
    return max(end, start + 1)


def _alike(line: str, first: str) -> bool:
    """Return whether two lines may be rows of one picture without marks."""
    spaced = get_markup("letters").SIGN
    assert spaced is not None
    if spaced.match(first):
        return bool(spaced.match(line))
    return any(set(first + line) <= symbols for symbols in TONES.values())


def _read(block: Sequence[str], limits: Limits) -> TextPicture | None:
    """Return the picture that a block is, or None where it is words."""
    if block[0].lstrip().startswith(FENCE):
        return _read_fenced(block[1:-1], limits)
    if _is_marked(block[0]):
        return read_picture("\n".join(block) + "\n", limits)
    width = len(block[0])
    if len(block) < LEAST_ROWS or width < LEAST_COLUMNS or not "".join(block).strip():
        return None
    return _read_perhaps(block, width, limits)


def _read_fenced(lines: Sequence[str], limits: Limits) -> TextPicture | None:
    """Return the picture between fences; bare rows may have lost the blanks at their ends."""
    if not lines:
        return None
    widest = max(map(len, lines))
    for layout in LAYOUTS.values():
        rows, columns = layout.grid()
        if rows == len(lines) and columns >= widest:
            picture = _read_perhaps(lines, columns, limits)
            if picture and picture.layout == layout:
                return picture
    return _read_perhaps(lines, widest, limits)


def _read_perhaps(lines: Sequence[str], width: int, limits: Limits) -> TextPicture | None:
    """Return the picture that bare lines are, or None where words could look like that too."""
    try:
        picture = read_picture("".join(f"{line.ljust(width)}\n" for line in lines), limits)
    except InputError:
        return None
    known = picture.layout.ramp in TONES or picture.layout.markup == "letters"
    return picture if known else None
