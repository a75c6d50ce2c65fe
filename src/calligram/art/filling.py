"""Templates filled in: each piece of the text knows where it came from."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from calligram.art.chances import Chances
from calligram.art.templates import Choice, Option, Parts, Setting, Text, Use, Wildcard, parse, parse_line
from calligram.art.wildcards import WordLists
from calligram.errors import TemplateError

MOST_STEPS = 20_000
"""So many parts are filled in before a template counts as endless."""
MOST_NESTED = 40
"""So deep lists may lead into lists and variables into variables."""

OWN = "you"
"""Where words come from that the user gave as they stand."""
TEMPLATE = "template"


@dataclass(frozen=True)
class Piece:
    """A stretch of a filled-in text.

    Args:
        text: its characters.
        source: ``"you"``, ``"template"``, ``"list:light/calm"``, ``"image"``, or the name of a model.
    """

    text: str
    source: str


@dataclass(frozen=True)
class Picked:
    """One choice that was made.

    Args:
        where: what was chosen from, as ``"__light__"``, ``"{…}"`` or ``"${sky}"``.
        value: what was chosen.
    """

    where: str
    value: str


@dataclass(frozen=True)
class Filled:
    """A template filled in.

    Args:
        pieces: the text in stretches, by where they came from.
        picks: the choices made, in order.
    """

    pieces: tuple[Piece, ...]
    picks: tuple[Picked, ...]

    @property
    def text(self) -> str:
        """The whole text."""
        return "".join(piece.text for piece in self.pieces)


Given = Mapping[str, Sequence[Piece] | Parts]
"""Variables that a template finds already set, by name: as pieces, or as parts that are drawn each time."""


def fill(template: str | Parts, lists: WordLists, chances: Chances, given: Given | None = None) -> Filled:
    """Return a template filled in.

    Args:
        template: as for :func:`calligram.art.templates.parse`, or its parts.
        lists: what its wildcards stand for.
        chances: what decides.
        given: variables that are set before it begins.

    Raises:
        TemplateError: it breaks the grammar, names a list or variable that there is not, or never ends.

    >>> fill("a {boat|boat} on water", WordLists(), Chances(1)).text
    'a boat on water'
    """
    parts = parse(template) if isinstance(template, str) else template
    filler = _Filler(lists, chances, given or {})
    pieces = filler.fill(parts, TEMPLATE, 0)
    return Filled(tidy(pieces), tuple(filler.picks))


class _Filler:
    """Fills parts in, and keeps variables and choices on the way."""

    def __init__(self, lists: WordLists, chances: Chances, given: Given) -> None:
        self.lists, self.chances, self.given = lists, chances, given
        self.set: dict[str, tuple[Parts, str] | list[Piece]] = {}
        self.picks: list[Picked] = []
        self.steps = 0

    def fill(self, parts: Parts, source: str, depth: int) -> list[Piece]:
        found: list[Piece] = []
        for part in parts:
            self._count(depth)
            if isinstance(part, Text):
                found.append(Piece(part.text, source))
            elif isinstance(part, Choice):
                found += self._choice(part, source, depth + 1)
            elif isinstance(part, Wildcard):
                found += self._wildcard(part, depth + 1)
            elif isinstance(part, Use):
                found += self._use(part, source, depth + 1)
            else:
                self._set(part, source, depth + 1)
        return found

    def _count(self, depth: int) -> None:
        self.steps += 1
        if depth > MOST_NESTED or self.steps > MOST_STEPS:
            raise TemplateError(
                "the template never ends: a list or a variable in it leads back to itself, or it doubles "
                "too often"
            )

    def _choice(self, choice: Choice, source: str, depth: int) -> list[Piece]:
        options = self._options(choice, source)
        bounds = self._bounds(choice, len(options))
        count = 1 if bounds == (1, 1) else self.chances.whole(*bounds)
        found: list[Piece] = []
        for place in self.chances.places([option.weight for option, _ in options], count):
            option, own = options[place]
            pieces = self.fill(option.parts, own, depth)
            self.picks.append(Picked("{…}", _joined(pieces)))
            found += ([Piece(choice.joiner, source)] if found else []) + pieces
        return found

    def _options(self, choice: Choice, source: str) -> list[tuple[Option, str]]:
        """Return the options and their sources; a lone list, of which several are wanted, gives its lines."""
        only = choice.options[0].parts
        if choice.most != 1 and len(choice.options) == 1 and len(only) == 1 and isinstance(only[0], Wildcard):
            return [(option, f"list:{only[0].name}") for option in self._lines(only[0])]
        return [(option, source) for option in choice.options]

    def _bounds(self, choice: Choice, options: int) -> tuple[int, int]:
        most = options if choice.most is None else min(choice.most, options)
        return min(choice.least, most), most

    def _lines(self, wildcard: Wildcard) -> list[Option]:
        try:
            return [parse_line(line) for line in self.lists.lines(wildcard.name)]
        except TemplateError as fault:
            raise TemplateError(f"__{wildcard.name}__: {fault}", fault.template, fault.column) from fault

    def _wildcard(self, wildcard: Wildcard, depth: int) -> list[Piece]:
        lines = self._lines(wildcard)
        place = self.chances.place([line.weight for line in lines])
        before = dict(self.set)
        source = f"list:{wildcard.name}"
        self.set |= {name: [Piece(value, source)] for name, value in wildcard.given}
        pieces = self.fill(lines[place].parts, source, depth)
        self.set = before
        self.picks.append(Picked(f"__{wildcard.name}__", _joined(pieces)))
        return pieces

    def _use(self, use: Use, source: str, depth: int) -> list[Piece]:
        if use.name in self.set:
            value = self.set[use.name]
            return list(value) if isinstance(value, list) else self.fill(*value, depth)
        if use.name in self.given:
            return self._given(self.given[use.name], depth)
        if use.default is not None:
            return self.fill(use.default, source, depth)
        known = ", ".join(sorted({*self.set, *self.given})) or "none"
        raise TemplateError(
            f"the variable {use.name!r} has no value (known here: {known}): "
            f"set it before, as ${{{use.name}=…}}, or give a default, as ${{{use.name}:…}}",
            column=use.column,
        )

    def _given(self, value: Sequence[Piece] | Parts, depth: int) -> list[Piece]:
        """Return a variable that was given from outside."""
        found: list[Piece] = []
        for one in value:
            found += [one] if isinstance(one, Piece) else self.fill((one,), TEMPLATE, depth)
        return found

    def _set(self, setting: Setting, source: str, depth: int) -> None:
        if not setting.at_once:
            self.set[setting.name] = (setting.parts, source)
            return
        pieces = self.fill(setting.parts, source, depth)
        self.set[setting.name] = pieces
        self.picks.append(Picked(f"${{{setting.name}}}", _joined(pieces)))


def _joined(pieces: Iterable[Piece]) -> str:
    return " ".join("".join(piece.text for piece in pieces).split())


def tidy(pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    """Return pieces with one space where several stood, none before a comma, none at the ends.

    The user's own words stay as they are; pieces of one source side by side become one.
    """
    signs = [(sign, piece.source) for piece in pieces for sign in piece.text]
    kept: list[tuple[str, str]] = []
    for sign, source in signs:
        if source != OWN:
            sign = " " if sign.isspace() else sign
            before = kept[-1][0] if kept else " "
            if sign == " " and before.isspace():
                continue
            if sign in ",;." and before == " " and kept and kept[-1][1] != OWN:
                kept.pop()
                before = kept[-1][0] if kept else ""
            if sign == "," and (before == "," or not kept):
                continue
        kept.append((sign, source))
    while kept and kept[-1][1] != OWN and kept[-1][0] in " ,":
        kept.pop()
    return _merged(kept)


def _merged(signs: Sequence[tuple[str, str]]) -> tuple[Piece, ...]:
    found: list[Piece] = []
    for sign, source in signs:
        if found and found[-1].source == source:
            found[-1] = Piece(found[-1].text + sign, source)
        else:
            found.append(Piece(sign, source))
    return tuple(found)
