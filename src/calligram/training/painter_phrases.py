"""The words from which the painter's adapter learns: names of kinds and colours, set into ways to ask.

The names are in ``painter_wordings.toml``, written for Calligram, and in ``painter_wordnet.toml``, taken from
WordNet 3.0 (its licence stands there). Everything follows from one seed.
"""

import random
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from calligram.painters.adversarial.framing import without_frame
from calligram.painters.adversarial.kinds import COLOURS, KINDS

Part = Literal["learn", "check"]
NONE = len(KINDS)
"""The number of words that name no kind."""
UNCOLOURED = COLOURS.index("")
SHORT = 40
"""Longer names get no adjective and no colour: they are sentences of their own."""
PLAIN = (
    "{}", "{a}", "the {}", "a picture of {a}", "draw me {a}", "please paint {a} for me", "{} pixel art",
    "i would like to see {a}", "cartoon {}", "symbol of {a}", "an icon: {}", "this is {a}", "make {a} now",
)  # fmt: skip
DESCRIBED = ("a {j} {}", "{j} {}", "draw a {j} {}")
COLOURED = (
    "a {c} {}", "{c} {}", "{} in {c}", "{a} in {c}", "draw a {c} {}", "{a}, {c}", "a {} that is {c}",
    "{a} painted {c}", "a {j} {c} {}", "the {c} {}",
)  # fmt: skip
CHECKED = ("{}", "{a}", "a picture of {a}", "could you paint {a}", "{a}, flat design", "a tiny {} symbol")
CHECKED_COLOURED = ("a {c} {}", "an icon of a {c} {}", "{a} in bright {c}", "{a} coloured {c}")
TYPOS = 0.06
"""So many of the further phrases have a slip of the pen."""


@dataclass(frozen=True)
class Phrase:
    """Words as an order holds them, without their frame.

    Args:
        words: in small letters.
        kind: the number of the kind that they name, or ``NONE``.
        colour: the number of the colour that they name.
        name: the name of the kind that was set into them.
    """

    words: str
    kind: int
    colour: int
    name: str


@dataclass(frozen=True)
class Wordings:
    """What kinds and colours are called.

    Args:
        kinds: names by part and number of the kind, those of no kind at ``NONE``.
        colours: names by part and number of the colour; adjectives that name none at ``UNCOLOURED``.
        further: more names and meanings by number of the kind.
    """

    kinds: dict[Part, list[list[str]]]
    colours: dict[Part, list[list[str]]]
    further: list[list[str]]


def read_wordings() -> Wordings:
    """Return the names that stand beside this module."""
    own, wordnet = _read("painter_wordings"), _read("painter_wordnet")
    parts: tuple[Part, ...] = ("learn", "check")
    names = (*KINDS, "none")
    return Wordings(
        {part: [own["kinds"][name][part] for name in names] for part in parts},
        {part: [own["colours"][name][part] for name in COLOURS] for part in parts},
        [[each for told in wordnet.get(name, {}).values() for each in told] for name in names],
    )


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / f"{name}.toml").read_text(encoding="utf-8"))


def phrases_to_learn(wordings: Wordings, part: Part, seed: int) -> list[Phrase]:
    """Return phrases to learn from, each once.

    Args:
        wordings: the names.
        part: ``"learn"``, or ``"check"`` for those that are learnt too once they have served to choose by.
        seed: from which templates and colours follow.
    """
    chance = random.Random(f"{part} {seed}")
    kinds, colours = wordings.kinds[part], wordings.colours[part]
    made = [
        phrase
        for kind, names in enumerate(kinds)
        for name in names
        for phrase in _asked(name, kind, colours, chance)
    ]
    if part == "learn":
        made += [
            _phrase(chance.choice(PLAIN), name, kind)
            for kind, names in enumerate(wordings.further)
            for name in names
        ]
    made += _colours_told(kinds, colours, chance)
    return list({(each.words, each.kind, each.colour): each for each in made}.values())


def _asked(name: str, kind: int, colours: list[list[str]], chance: random.Random) -> Iterator[Phrase]:
    """Yield a name by itself, and twice in other words."""
    yield _phrase(chance.choice(PLAIN[:2]), name, kind)
    for _ in range(2):
        luck, colour, adjective = chance.random(), UNCOLOURED, chance.choice(colours[UNCOLOURED])
        short = len(name) < SHORT and _colour_in(name) == UNCOLOURED
        template, told = chance.choice(PLAIN), ""
        if luck < 0.45 and short:
            colour = chance.randrange(UNCOLOURED)
            template, told = chance.choice(COLOURED), _colour_name(colours[colour], chance)
        elif luck < 0.6 and short:
            template = chance.choice(DESCRIBED)
        made = _phrase(template, name, kind, colour, told, adjective)
        if chance.random() < TYPOS:
            made = Phrase(_slip(made.words, chance), made.kind, made.colour, made.name)
        yield made


def _colour_name(names: list[str], chance: random.Random) -> str:
    """Return a colour's own name, every other time another one."""
    return names[0] if chance.random() < 0.5 else chance.choice(names)


def _colours_told(
    kinds: list[list[str]], colours: list[list[str]], chance: random.Random
) -> Iterator[Phrase]:
    """Yield each colour's name with some kinds' first names, six times."""
    for colour, names in enumerate(colours[:UNCOLOURED]):
        for told in names * 6:
            kind = chance.randrange(len(KINDS))
            adjective = chance.choice(colours[UNCOLOURED])
            plain = [name for name in kinds[kind] if _colour_in(name) == UNCOLOURED]
            name = chance.choice(plain[:12] or kinds[kind])
            yield _phrase(chance.choice(COLOURED), name, kind, colour, told, adjective)


def phrases_to_check(wordings: Wordings, seed: int) -> list[Phrase]:
    """Return names that are not learnt, each in six ways without a colour and one in a new colour."""
    chance = random.Random(seed)
    made = []
    for kind, names in enumerate(wordings.kinds["check"]):
        for name in names:
            made += [_phrase(template, name, kind) for template in CHECKED]
            if kind != NONE and _colour_in(name) == UNCOLOURED:
                colour = chance.randrange(UNCOLOURED)
                told = chance.choice(wordings.colours["check"][colour])
                made.append(_phrase(chance.choice(CHECKED_COLOURED), name, kind, colour, told))
    return made


def _phrase(
    template: str, name: str, kind: int, colour: int = UNCOLOURED, told: str = "", adjective: str = ""
) -> Phrase:
    bare = name if template == "{}" else re.sub(r"^(a|an|the) ", "", name)
    filled = template.replace("{j}", adjective).replace("{c}", told).replace("{a}", _with_article(name))
    words = re.sub(r"\ba (?=[aeiou])", "an ", filled.replace("{}", bare))
    return Phrase(without_frame(words), kind, _colour_in(name) if colour == UNCOLOURED else colour, name)


def _colour_in(name: str) -> int:
    """Return the number of the colour whose own name stands in a name, as in "black cat"."""
    words = re.findall(r"[a-z]+", name)
    return next((COLOURS.index(word) for word in words if word in COLOURS), UNCOLOURED)


def _with_article(name: str) -> str:
    begins = re.match(r"(a|an|the|some|what|where|how|something|i|my|your|to)\b|[^a-z]", name)
    if begins or re.search(r"[^sui]s$", name):
        return name
    return f"an {name}" if name[0] in "aeiou" else f"a {name}"


def _slip(words: str, chance: random.Random) -> str:
    """Return words with a letter inside a word left out, doubled or changed with the next."""
    inside = [found.start() + 1 for found in re.finditer(r"(?=[a-z]{3})", words)]
    if not inside:
        return words
    at, how = chance.choice(inside), chance.randrange(3)
    middle = ("", words[at] * 2, words[at + 1] + words[at])[how]
    return words[:at] + middle + words[at + (2 if how == 2 else 1) :]
