"""The grammar of templates: from ``{a|b}`` and ``__light__`` to the parts they are filled in from.

::

    {oil|ink}                 one of them                 {2::oil|ink}         oil twice as often
    {2$$oil|ink|chalk}        two, with a comma between   {1-2$$ and $$a|b}    one or two, with "and" between
    __light__                 one line of a list          __medium/*__         of all lists that fit
    ${sky=__light__}          a variable, drawn anew each time it is used; ${sky=!__light__} is drawn once
    ${sky}  ${sky:grey}       its use, and a default      __coat(colour=red)__ its own variable
    \\{  \\|  \\_  …            the character itself        # to the line's end   a comment

Source: the syntax guide of Dynamic Prompts (github.com/adieyal/sd-dynamic-prompts, docs/SYNTAX.md, 2024),
which names the forms; this reader is our own. We differ: spaces inside a choice count, a ``#`` begins a
comment only between spaces, so that ``#ff8800`` is a colour, and the sampler marks ``~ @ !`` are refused.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn, TypeAlias

from calligram.errors import TemplateError

MOST_CHARACTERS = 20_000
MOST_DEPTH = 50
SPECIAL = "{}|$_#:\\"
"""Characters that a backslash makes plain; before any other it stays what it is."""

_COUNT = re.compile(r"\s*(\d*)(-?)(\d*)\s*\$\$")
_JOINER = re.compile(r"([^{}|$]*)\$\$")
_BAD_COUNT = re.compile(r"([^{}|$]*)\$\$")
_WEIGHT = re.compile(r"\s*(-?(?:\d+(?:\.\d*)?|\.\d+))::")
_WILDCARD = re.compile(r"__(?P<name>[^\W_][\w\-/*.]*?|\*)(?:\((?P<given>[^()]*)\))?__(?!_)")
_NAME = re.compile(r"\s*([^\W\d]\w*)\s*")


@dataclass(frozen=True)
class Text:
    """Characters that stand as they are."""

    text: str


@dataclass(frozen=True)
class Option:
    """One option of a choice, and how often it is taken beside the others."""

    weight: float
    parts: "Parts"


@dataclass(frozen=True)
class Choice:
    """Options of which at least ``least`` and at most ``most`` are taken; None is as many as there are."""

    options: tuple[Option, ...]
    least: int = 1
    most: int | None = 1
    joiner: str = ", "
    column: int = 1


@dataclass(frozen=True)
class Wildcard:
    """A line of the lists that a name fits, with values of variables for it."""

    name: str
    given: tuple[tuple[str, str], ...] = ()
    column: int = 1


@dataclass(frozen=True)
class Use:
    """The value of a variable, or else a default."""

    name: str
    default: "Parts | None" = None
    column: int = 1


@dataclass(frozen=True)
class Setting:
    """A variable that gets its parts; ``at_once`` draws them once and for all."""

    name: str
    parts: "Parts"
    at_once: bool = False


Part: TypeAlias = Text | Choice | Wildcard | Use | Setting
Parts: TypeAlias = tuple[Part, ...]


def parse(template: str) -> Parts:
    """Return the parts of a template.

    Args:
        template: at most 20,000 characters.

    Raises:
        TemplateError: it breaks the grammar; knows the column.

    >>> parse("a {red|blue} boat")[0]
    Text(text='a ')
    """
    if len(template) > MOST_CHARACTERS:
        raise TemplateError(
            f"the template has {len(template):,} characters, but at most {MOST_CHARACTERS:,} are read: "
            "shorten it"
        )
    reader = _Reader(template)
    parts = reader.parts("", 0)
    if reader.at < len(template):
        reader.fail("'}' closes nothing: open a choice with '{' before it, or write \\}", reader.at)
    return parts


def parse_line(line: str) -> Option:
    """Return one line of a list: its parts, and its weight where it begins with one, as ``2::dusk``.

    Raises:
        TemplateError: it breaks the grammar.
    """
    reader = _Reader(line)
    weight = reader.weight()
    parts = reader.parts("", 0)
    if reader.at < len(line):
        reader.fail("'}' closes nothing: open a choice with '{' before it, or write \\}", reader.at)
    return Option(weight, parts)


def is_plain(template: str) -> bool:
    """Return whether a text has nothing in it that is filled in.

    >>> is_plain("a river"), is_plain("a {wide|slow} river")
    (True, False)
    """
    return all(isinstance(part, Text) for part in parse(template))


class _Reader:
    """Reads a template from left to right; ``at`` is the next character, counted from 0."""

    def __init__(self, template: str) -> None:
        self.template, self.at = template, 0

    def parts(self, stops: str, depth: int) -> Parts:
        """Read up to a character of ``stops``, or to a ``}`` that closes nothing."""
        if depth > MOST_DEPTH:
            self.fail(f"choices are nested more than {MOST_DEPTH} deep: write less in each other", self.at)
        found: list[Part] = []
        plain: list[str] = []
        while self.at < len(self.template):
            sign = self.template[self.at]
            if sign in stops or sign == "}":
                break
            part = self._special(sign, depth)
            if isinstance(part, str):
                plain.append(part)
                continue
            if plain:
                found.append(Text("".join(plain)))
                plain = []
            found.append(part)
        return (*found, Text("".join(plain))) if plain else tuple(found)

    def _special(self, sign: str, depth: int) -> Part | str:
        rest = self.template[self.at : self.at + 2]
        if sign == "\\" and len(rest) == 2 and rest[1] in SPECIAL:
            self.at += 2
            return rest[1]
        if sign == "{":
            return self._choice(depth)
        if rest == "${":
            return self._variable(depth)
        if rest == "__":
            return self._wildcard()
        if sign == "#" and self._is_comment():
            end = self.template.find("\n", self.at)
            self.at = len(self.template) if end < 0 else end
            return ""
        self.at += 1
        return sign

    def _is_comment(self) -> bool:
        before, after = self.template[self.at - 1 : self.at], self.template[self.at + 1 : self.at + 2]
        return (not before or before.isspace()) and (not after or after.isspace())

    def _choice(self, depth: int) -> Choice:
        start = self.at
        self.at += 1
        if self.template[self.at : self.at + 1] in ("~", "@", "!"):
            self.fail(
                f"'{self.template[self.at]}' as a sampler's mark is not known here: leave it out", self.at
            )
        least, most, joiner = self._count()
        options = [self._option(depth)]
        while self._takes("|"):
            options.append(self._option(depth))
        if not self._takes("}"):
            self.fail("'{' is never closed: write '}' behind its last option, or \\{ for the sign", start)
        if len(options) == 1 and not options[0].parts:
            self.fail("'{}' has nothing to choose from: write options in it, as {a|b}", start)
        if not any(option.weight for option in options):
            self.fail("all options weigh 0, so that none can be chosen: give one a weight above 0", start)
        return Choice(tuple(options), least, most, joiner, start + 1)

    def _count(self) -> tuple[int, int | None, str]:
        start = self.at
        match = _COUNT.match(self.template, self.at)
        if match is None or not match.group(1) + match.group(3):
            if (bad := _BAD_COUNT.match(self.template, self.at)) and not _WEIGHT.match(self.template, start):
                self.fail(f"the count before '$$' is {bad.group(1)!r}, but must be as 2, 1-3 or -3", start)
            return 1, 1, ", "
        low, dash, high = match.groups()
        self.at = match.end()
        least = int(low) if low else 1
        most = (int(high) if high else None) if dash else least
        if most is not None and most < least:
            self.fail(f"the count {least}-{most} runs backwards: write {most}-{least}", start)
        joiner = _JOINER.match(self.template, self.at)
        if joiner:
            self.at = joiner.end()
        return least, most, joiner.group(1) if joiner else ", "

    def weight(self) -> float:
        """Read a weight where one stands, else return 1."""
        match = _WEIGHT.match(self.template, self.at)
        if match is None:
            return 1.0
        weight = float(match.group(1))
        if weight < 0:
            self.fail(f"the weight {match.group(1)} is below 0: give 0 or more", self.at)
        self.at = match.end()
        return weight

    def _option(self, depth: int) -> Option:
        return Option(self.weight(), self.parts("|", depth + 1))

    def _variable(self, depth: int) -> Use | Setting:
        start = self.at
        name = _NAME.match(self.template, self.at + 2)
        if name is None:
            self.fail("'${' wants a variable's name behind it, as ${sky}, or write \\$", start)
        self.at = name.end()
        found: Use | Setting = Use(name.group(1), column=start + 1)
        if self._takes("="):
            at_once = self._takes("!")
            found = Setting(name.group(1), _stripped(self.parts("", depth + 1)), at_once)
        elif self._takes(":"):
            found = Use(name.group(1), self.parts("", depth + 1), start + 1)
        if not self._takes("}"):
            self.fail(f"the variable {name.group(1)!r} is never closed: write '}}' behind it", start)
        return found

    def _wildcard(self) -> Wildcard:
        start = self.at
        match = _WILDCARD.match(self.template, self.at)
        if match is None:
            self.fail("'__' begins no list's name that ends in '__': write as __light__, or \\_\\_", start)
        self.at = match.end()
        given = []
        for pair in filter(None, (match.group("given") or "").split(",")):
            name, equals, value = pair.partition("=")
            if not equals or not _NAME.fullmatch(name):
                self.fail(f"{pair.strip()!r} gives a list no variable: write as (colour=red)", start)
            given.append((name.strip(), value.strip()))
        return Wildcard(match.group("name"), tuple(given), start + 1)

    def _takes(self, sign: str) -> bool:
        found = self.template.startswith(sign, self.at)
        self.at += len(sign) * found
        return found

    def fail(self, sentence: str, at: int) -> NoReturn:
        """Raise the error of a place, counted from 0."""
        raise TemplateError(f"{place_of(self.template, at + 1)}: {sentence}", self.template, at + 1)


def place_of(template: str, column: int) -> str:
    """Return how a place is told, as ``the template, column 7`` or ``line 2, column 3 of the template``."""
    line = template.count("\n", 0, column - 1) + 1
    if line == 1:
        return f"the template, column {column}"
    return f"the template, line {line}, column {column - 1 - template.rfind(chr(10), 0, column - 1)}"


def _stripped(parts: Parts) -> Parts:
    """Return parts without space at both ends."""
    found: Sequence[Part] = parts
    if found and isinstance(found[0], Text):
        found = (Text(found[0].text.lstrip()), *found[1:])
    if found and isinstance(found[-1], Text):
        found = (*found[:-1], Text(found[-1].text.rstrip()))
    return tuple(part for part in found if part != Text(""))
