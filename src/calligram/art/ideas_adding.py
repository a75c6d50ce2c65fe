"""What a model adds to ideas: each keeps its words as they stand, and gets a detail behind them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from calligram.art.chances import Chances
from calligram.art.filling import Piece
from calligram.art.spreading import choose_spread, likenesses
from calligram.errors import ModelError

if TYPE_CHECKING:
    from calligram.art.ideas import Idea
    from calligram.art.ideas_options import IdeasOptions
    from calligram.art.ideas_wish import Ground, IdeaWish
    from calligram.models.base import Model, Writing, Written
    from calligram.nano.fields import Fields

JOINTS = (", with a", ". In the foreground, a", ". In the distance, a", ". Behind it, a", ". To one side, a")
"""Beginnings that lead a model to a detail rather than to another subject."""

TRIES = 6
"""So many details are written for each idea, and one is kept."""

LEAST_WORDS, MOST_WORDS = 2, 16
STEM = 5
"""Two words that begin with the same letters, so many, say the same again, as cloudy and clouds."""
MOST_TAGS = 4

COLOURS = frozenset(
    {"black", "white", "grey", "brown", "red", "orange", "yellow", "green", "blue", "purple", "violet"}
    | {"pink"}
)
ABOUT_THE_WORK = frozenset(
    {"painting", "painter", "canvas", "artist", "image", "picture", "viewer", "paper", "drawing", "print"}
    | {"portrait", "sitter", "color", "composition", "artwork", "says", "sculpture", "design"}
    | {
        "foreground",
        "background",
        "distance",
        "left",
        "right",
        "facing",
        "faces",
        "center",
        "centre",
        "patining",
    }
)
"""Words that speak of a work that is there already, or of places in it, not of what could be in one."""
_LITTLE = frozenset(
    {"a", "an", "the", "of", "in", "on", "at", "to", "by", "and", "or", "with", "from", "under", "over"}
    | {"for", "into", "his", "her", "its", "their", "as", "is", "are"}
)


def add_by_model(
    model: "Model", ideas: Sequence["Idea"], wish: "IdeaWish", ground: "Ground", options: "IdeasOptions"
) -> tuple[list["Idea"], tuple[str, ...]]:
    """Return the ideas, each with what the model added, and what a person should be told.

    Raises:
        ModelError: the model can neither write nor talk, or fails.
    """
    from calligram.models.base import Talking, Writing

    if isinstance(model, Talking):
        from calligram.art.ideas_asking import ask_details

        return ask_details(model, model.name, ideas, wish, ground, options), ()
    if not isinstance(model, Writing):
        raise ModelError(
            f"the model {model.name!r} does not write: name one that does, as builtin:writer, or --model none"
        )
    return write_details(model, model.name, ideas, wish, ground, options)


def write_details(
    model: "Writing",
    name: str,
    ideas: Sequence["Idea"],
    wish: "IdeaWish",
    ground: "Ground",
    options: "IdeasOptions",
) -> tuple[list["Idea"], tuple[str, ...]]:
    """Return the ideas with a detail that goes on from each, likely and unlike the others' details."""
    from calligram.nano.fields import spell_fields

    found: list[tuple[int, str, Written]] = []
    for place, idea in enumerate(ideas):
        joint = JOINTS[Chances(idea.seed, idea.number, "joint").whole(0, len(JOINTS) - 1)]
        opening = spell_fields(_fields(idea, wish, ground)) + _begun(idea) + joint
        found += [
            (place, joint, replace(written, text=text))
            for written in _write(model, opening, idea, options)
            if (text := clean(written.text, written.whole, wish.words))
        ]
    kept = _keep(found, len(ideas), options)
    ideas = [
        _with_detail(idea, name, *kept[place]) if place in kept else idea for place, idea in enumerate(ideas)
    ]
    silent = len(ideas) - len(kept)
    told = f"{name} found nothing to add to {silent} of {len(ideas)} ideas: try another seed"
    return ideas, (told,) if silent else ()


def _begun(idea: "Idea") -> str:
    """Return the prompt's beginning, for a long row of phrases leads a small model astray."""
    return idea.prompt.partition(",")[0]


def _write(model: "Writing", opening: str, idea: "Idea", options: "IdeasOptions") -> list["Written"]:
    from calligram.models.base import SamplingOptions

    seed = int(Chances(idea.seed, idea.number, "model").share() * 2**31)
    sampling = SamplingOptions(temperature=options.temperature, top_p=options.top_p, seed=seed)
    return model.write(opening, TRIES, sampling, options.most_tokens)


def _keep(
    found: Sequence[tuple[int, str, "Written"]], ideas: int, options: "IdeasOptions"
) -> dict[int, tuple[str, "Written"]]:
    """Return one detail for each idea by its place: likely, and unlike the other ideas' details."""
    fit = _ranks([(each.logprob or 0.0) / max(1, each.tokens or 1) for _, _, each in found])
    alike = likenesses([each.text for _, _, each in found])
    groups = [place for place, _, _ in found]
    chosen = choose_spread(alike, fit, ideas, options.spread, groups) if found else []
    return {found[place][0]: found[place][1:] for place in chosen}


def _ranks(values: Sequence[float]) -> list[float]:
    """Return the share of values that each reaches, so that differences of the last bits hardly count."""
    return [sum(other <= value + 1e-6 for other in values) / len(values) for value in values]


def _with_detail(idea: "Idea", name: str, joint: str, written: "Written") -> "Idea":
    pieces = (*idea.pieces, Piece(f"{joint} {written.text}", name))
    return replace(idea, pieces=pieces, model=name, model_seed=written.seed)


def _fields(idea: "Idea", wish: "IdeaWish", ground: "Ground") -> "Fields":
    from calligram.nano.fields import Fields

    told = [piece.text for piece in idea.pieces]
    medium = next((piece.text for piece in idea.pieces if piece.source.startswith("list:medium")), "")
    colours = ground.colours or tuple(_colours(" ".join(told)))
    tags = [piece.text for piece in idea.pieces if piece.source.startswith(("list:subject", "list:weather"))]
    tags += [wish.mood] if wish.mood else []
    return Fields("caption", medium, "", tuple(tags[:MOST_TAGS]), colours[:3])


def _colours(text: str) -> Iterator[str]:
    return (word for word in dict.fromkeys(re.findall(r"[a-z]+", text.lower())) if word in COLOURS)


def clean(text: str, whole: bool = True, own: str = "") -> str:
    """Return the first sentence of what a model added, without its full stop; empty where it is no use.

    Args:
        text: as it was written.
        whole: whether the model ended it itself; a torn end is cut back to the last comma.
        own: the user's words, with which it must not begin again.

    >>> clean(" a few reeds near the bank. The sky is blue.")
    'a few reeds near the bank'
    """
    line = " ".join(text.split())
    first = re.match(r"(.+?)[.!?;:](?:\s|$)", line)
    if first:
        line = first.group(1)
    elif not whole:
        line = line.rpartition(",")[0]
    line = line.strip(" ,.;:-\"'")
    words = _telling(line)
    stems = {word[:STEM] for word in words}
    fit = LEAST_WORDS <= len(line.split()) <= MOST_WORDS and len(stems) == len(words)
    again = words[0] in _telling(own) if words else True
    return line if fit and not again and not ABOUT_THE_WORK & set(words) else ""


def _telling(text: str) -> list[str]:
    """Return the words of a text but the little ones."""
    return [word for word in re.findall(r"[^\W\d_]+", text.lower()) if word not in _LITTLE]
