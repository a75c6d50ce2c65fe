"""Ideas: from a few words, a mood, an image or a template to a set of prompts that differ from each other."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from calligram import settings
from calligram.art.chances import Chances
from calligram.art.filling import OWN, TEMPLATE, Filled, Picked, Piece, fill, tidy
from calligram.art.ideas_options import NO_MODEL, IdeasOptions
from calligram.art.ideas_wish import Ground, IdeaWish, lay_ground, make_wish
from calligram.art.spreading import choose_spread, likenesses
from calligram.art.templates import Text, Use, is_plain, parse
from calligram.art.wildcards import WordLists

if TYPE_CHECKING:
    import os

    from calligram.models.base import Model

HOUSE = "template"
"""The list of the templates that ship."""
CONCEPTS = "approach"
"""The list that concepts are drawn from."""


@dataclass(frozen=True)
class Idea:
    """One idea.

    Args:
        pieces: the prompt in stretches, by where they came from; the user's own words stand first.
        template: the template that was filled in.
        picks: the choices made in it.
        concept: a way to go about it, a sentence.
        seed: of its chances, together with ``number``.
        number: which of the candidates it was, from 0.
        model: the model that added to it, empty where none did.
        model_seed: the seed of what the model added, or None.
        concept_source: where the concept came from, as a piece's source.
    """

    pieces: tuple[Piece, ...]
    template: str
    picks: tuple[Picked, ...]
    concept: str
    seed: int
    number: int
    model: str = ""
    model_seed: int | None = None
    concept_source: str = f"list:{CONCEPTS}"

    @property
    def prompt(self) -> str:
        """The whole prompt."""
        return "".join(piece.text for piece in self.pieces)

    @property
    def added(self) -> str:
        """What stands in the prompt beside the user's own words."""
        return "".join(piece.text for piece in self.pieces if piece.source != OWN)

    def to_json(self) -> dict[str, Any]:
        """Return all of it as JSON can hold it."""
        return {
            "prompt": self.prompt,
            "concept": self.concept,
            "concept_from": self.concept_source,
            "parts": [{"text": piece.text, "from": piece.source} for piece in self.pieces],
            "template": self.template,
            "choices": [{"of": pick.where, "took": pick.value} for pick in self.picks],
            "seed": self.seed,
            "candidate": self.number,
            "model": self.model or None,
            "model_seed": self.model_seed,
        }


@dataclass(frozen=True)
class IdeaSet:
    """Ideas that were asked for together.

    Args:
        wish: what was asked for.
        options: how, with the seed that was used.
        ideas: them.
        reasons: what was taken from mood and image, a sentence each.
        figures: ``distinct_1`` to ``distinct_3`` of what was added, and ``alike``, the likeness of the two
            ideas that are most alike, from 0 to 1.
        lists: digest of the word lists that they were drawn from.
        remarks: what a person should be told.
    """

    wish: IdeaWish
    options: IdeasOptions
    ideas: tuple[Idea, ...]
    reasons: tuple[str, ...]
    figures: Mapping[str, float | None]
    lists: str
    remarks: tuple[str, ...] = ()


def propose_ideas(
    words: str = "",
    *,
    mood: str = "",
    image: "str | os.PathLike[str] | None" = None,
    template: str = "",
    options: IdeasOptions | None = None,
    model: "Model | None" = None,
) -> IdeaSet:
    """Return ideas that fit what was asked for and differ from each other.

    Candidates are filled in from templates, the best set of them is chosen, and the model adds to each.
    The same seed gives the same ideas for all time as far as templates and lists go; what a model adds
    follows from its seed where the model takes one.

    Args:
        words: stand unchanged at the start of each prompt; may be a template themselves.
        mood: a word, which leads light, weather and palette where the lists know it.
        image: lends its palette, light, format and medium.
        template: the form of each idea; ``${words}``, ``${light}`` and others are set in it.
        options: how many, from which seed, by which model.
        model: an open model instead of the one that the options name.

    Raises:
        InputError: nothing is asked for.
        TemplateError: a template or a list breaks the grammar.
        ImageError: the image cannot be read.
        ModelError: the model fails, or can neither write nor talk.

    >>> options = IdeasOptions(count=2, seed=1, model="none")
    >>> [idea.prompt for idea in propose_ideas("a {slow|wide} river", options=options).ideas]
    ['a wide river', 'a slow river']
    """
    options = _seeded(options or IdeasOptions())
    settings.check(options)
    wish = make_wish(words, mood, image, template)
    lists = WordLists(options.words_folder or None)
    ground = lay_ground(wish, lists)
    assert options.seed is not None
    ideas = _choose(_candidates(wish, ground, lists, options), wish, ground, options)
    ideas = _with_concepts(ideas, lists, Chances(options.seed, "concepts", wish.words, wish.mood))
    remarks: tuple[str, ...] = ()
    if options.model != NO_MODEL or model is not None:
        from calligram.art.ideas_adding import add_by_model
        from calligram.models.base import open_model

        model = model or open_model(options.model, options.base_url)
        ideas, remarks = add_by_model(model, ideas, wish, ground, options)
    return IdeaSet(wish, options, tuple(ideas), ground.reasons, measure(ideas), lists.digest(), remarks)


def _seeded(options: IdeasOptions) -> IdeasOptions:
    return options if options.seed is not None else replace(options, seed=secrets.randbelow(2**31))


def _candidates(wish: IdeaWish, ground: Ground, lists: WordLists, options: IdeasOptions) -> list[Idea]:
    """Return different candidates, as many as wanted, or as there are."""
    assert options.seed is not None
    found: dict[str, Idea] = {}
    wanted = options.count * options.oversample
    for number in range(4 * wanted):
        idea = _candidate(wish, ground, lists, options.seed, number)
        found.setdefault(idea.prompt, idea)
        if len(found) == wanted:
            break
    return list(found.values())


def _candidate(wish: IdeaWish, ground: Ground, lists: WordLists, seed: int, number: int) -> Idea:
    template = _template_of(wish, lists, Chances(seed, number, "template"))
    chances = Chances(seed, number)
    given = dict(ground.variables)
    own: Filled | None = None
    if wish.words:
        own = fill_own(wish.words, lists, chances, given)
        given["words"] = own.pieces
    filled = fill(template, lists, chances, given)
    picks = (*(own.picks if own else ()), *filled.picks)
    return Idea(filled.pieces, template, picks, "", seed, number)


def _with_concepts(ideas: Sequence[Idea], lists: WordLists, chances: Chances) -> list[Idea]:
    """Return ideas with a concept each; none comes twice before all have come."""
    concepts = lists.lines(CONCEPTS)
    order = chances.places([1.0] * len(concepts), len(ideas))
    return [replace(idea, concept=concepts[order[place % len(order)]]) for place, idea in enumerate(ideas)]


def fill_own(words: str, lists: WordLists, chances: Chances, given: Mapping[str, Any]) -> Filled:
    """Return the user's own words filled in; what stands in them as it is counts as theirs."""
    parts = parse(words)
    if all(isinstance(part, Text) for part in parts):
        return Filled(tuple(Piece(part.text, OWN) for part in parts if isinstance(part, Text)), ())
    filled = fill(parts, lists, chances, given)
    own = (Piece(piece.text, OWN) if piece.source == TEMPLATE else piece for piece in filled.pieces)
    return Filled(tidy(own), filled.picks)


def _template_of(wish: IdeaWish, lists: WordLists, chances: Chances) -> str:
    """Return the template of one candidate; what the user gave stands in it, or is put to it."""
    if wish.template:
        own = not wish.words or "words" in _variables(wish.template)
        return wish.template if own else f"${{words}}, {wish.template}"
    if wish.words and not is_plain(wish.words):
        return "${words}"
    house = lists.lines(HOUSE)
    template = house[chances.whole(0, len(house) - 1)]
    if wish.image and "palette" not in _variables(template):
        template += ", in ${palette}"
    return template + (", ${mood}" if wish.mood and "mood" not in _variables(template) else "")


@cache
def _variables(template: str) -> frozenset[str]:
    """Return the variables that a template uses outside of choices."""
    return frozenset(part.name for part in parse(template) if isinstance(part, Use))


def _choose(candidates: Sequence[Idea], wish: IdeaWish, ground: Ground, options: IdeasOptions) -> list[Idea]:
    """Return the ideas that fit and differ, chosen by what was added to the user's own words."""
    texts = [idea.added if idea.added.strip() else idea.prompt for idea in candidates]
    alike = likenesses([*texts, _sought(wish, ground)])
    fit = alike[-1, :-1]
    best = float(fit.max()) if len(fit) else 0.0
    fit = fit / best if best else fit
    return [candidates[place] for place in choose_spread(alike[:-1, :-1], fit, options.count, options.spread)]


def _sought(wish: IdeaWish, ground: Ground) -> str:
    """Return the words that an idea fits the better the more of them it has."""
    return " ".join((wish.mood, *ground.colours))


def measure(ideas: Sequence[Idea]) -> dict[str, float | None]:
    """Return how different ideas are: distinct-n of what was added, and the likeness of the nearest two."""
    from calligram.metrics import distinct_n
    from calligram.metrics.base import TextSet

    texts = [idea.added if idea.added.strip() else idea.prompt for idea in ideas]
    alike = likenesses(texts)
    np.fill_diagonal(alike, 0)
    return {
        **distinct_n.measure(TextSet(tuple(texts))),
        "alike": float(alike.max()) if len(texts) > 1 else None,
    }
