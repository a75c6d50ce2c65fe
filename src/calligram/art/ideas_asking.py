"""What a model that follows instructions adds to ideas: asked for all of them at once, by a schema."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from calligram.art.asking import AskingOptions, ask
from calligram.art.filling import Piece

if TYPE_CHECKING:
    from calligram.art.ideas import Idea
    from calligram.art.ideas_options import IdeasOptions
    from calligram.art.ideas_wish import Ground, IdeaWish
    from calligram.models.base import Talking

MOST_WORDS = 40
TASK = """You help an artist to find ideas. Below are prompts for pictures, numbered.
For each, write "added": a concrete detail in at most 25 words that goes on from the prompt, keeps its style,
and is unlike what you add to the others; and "concept": a sentence of at most 20 words on how to go about it.
Never repeat or change the prompt itself. Name no living artist."""


def ask_details(
    model: "Talking",
    name: str,
    ideas: Sequence["Idea"],
    wish: "IdeaWish",
    ground: "Ground",
    options: "IdeasOptions",
) -> list["Idea"]:
    """Return the ideas, each with a detail and a concept by the model.

    Raises:
        ModelError: the model gives no answer that can be used.
    """
    from calligram.models.base import Turn

    assert options.seed is not None
    asking = AskingOptions(temperature=options.temperature, seed=options.seed % 2**31)
    told = _question(ideas, wish, ground)
    answer = ask(
        model, [Turn("user", told)], _schema(len(ideas)), lambda value: _faults(value, ideas), asking
    )
    found = {entry["number"]: entry for entry in answer.value["ideas"]}
    return [_with_detail(idea, name, found[number], answer.seed) for number, idea in enumerate(ideas, 1)]


def _question(ideas: Sequence["Idea"], wish: "IdeaWish", ground: "Ground") -> str:
    parts = [TASK]
    if wish.mood:
        parts.append(f"The mood: {wish.mood}")
    if ground.facts is not None:
        parts.append("Measured on an image that they should go with:\n" + "\n".join(ground.facts.lines()))
    parts.append("\n".join(f"{number}. {idea.prompt}" for number, idea in enumerate(ideas, 1)))
    return "\n\n".join(parts)


def _schema(count: int) -> dict[str, Any]:
    text = {"type": "string", "minLength": 1}
    entry = {
        "type": "object",
        "properties": {"number": {"type": "integer"}, "added": text, "concept": text},
        "required": ["number", "added", "concept"],
        "additionalProperties": False,
    }
    ideas = {"type": "array", "items": entry, "minItems": count, "maxItems": count}
    return {
        "type": "object",
        "properties": {"ideas": ideas},
        "required": ["ideas"],
        "additionalProperties": False,
    }


def _faults(value: Any, ideas: Sequence["Idea"]) -> list[str]:
    """Return what is wrong with an answer that meets its schema."""
    entries = value["ideas"]
    faults = []
    if sorted(entry["number"] for entry in entries) != list(range(1, len(ideas) + 1)):
        faults.append(f"the numbers are not 1 to {len(ideas)}, each once")
    for entry, idea in ((entry, idea) for entry in entries for idea in ideas):
        if idea.prompt.lower() in entry["added"].lower():
            faults.append(f"number {entry['number']} says the prompt again instead of adding to it")
    for entry in entries:
        if len(entry["added"].split()) > MOST_WORDS:
            faults.append(f"number {entry['number']} adds more than {MOST_WORDS} words")
    if len({entry["added"] for entry in entries}) < len(entries):
        faults.append("the same is added to two prompts")
    return faults


def _with_detail(idea: "Idea", name: str, entry: dict[str, Any], seed: int) -> "Idea":
    added = " ".join(entry["added"].split()).strip(" ,;").rstrip(".")
    concept = " ".join(entry["concept"].split())
    pieces = (*idea.pieces, Piece(f", {added}", name))
    return replace(idea, pieces=pieces, model=name, model_seed=seed, concept=concept, concept_source=name)
