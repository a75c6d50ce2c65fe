"""Echoes: which tokens of a text that an endpoint repeats are those of its ending.

Endpoints tell where each token begins, but not in one way: some put a beginning of their own before the
text, and count a character for each part of a glyph that is spread over several tokens. So the tokens are
walked back from the end until they spell the ending.
"""

from collections.abc import Sequence

PART = "�"
"""Stands for a part of a character that is spread over several tokens."""


def tokens_of_ending(tokens: Sequence[str], ending: str) -> int | None:
    """Return how many of the last tokens spell an ending, the most where several numbers would; or None.

    Args:
        tokens: how each is spelled; parts of a character as U+FFFD, or as nothing but for its last part.
        ending: what they are to spell, not empty.

    >>> tokens_of_ending(["<s>", "What", "?", "\\n", "7"], "7")
    1
    >>> tokens_of_ending(["\\n", "a", PART, PART, PART], "a▓")
    4
    >>> tokens_of_ending(["?\\n7"], "7") is None
    True
    """
    open_ends, found = {len(ending)}, None
    for count, token in enumerate(reversed(tokens), 1):
        open_ends = {start for end in open_ends for start in _before(token, ending, end)}
        if not open_ends:
            break
        if 0 in open_ends:
            found = count
    return found


def _before(token: str, ending: str, end: int) -> set[int]:
    """Return where in an ending a token may begin that ends at a place of it."""
    places = {end}
    for letter in reversed(token):
        if letter == PART:
            places = {start for place in places for start in _parts(ending, place)}
        else:
            places = {place - 1 for place in places if place and ending[place - 1] == letter}
    return places


def _parts(ending: str, place: int) -> set[int]:
    """Return where a part of a character may begin: there, or any letters beyond ASCII before."""
    places = {place}
    while place and not ending[place - 1].isascii():
        place -= 1
        places.add(place)
    return places
