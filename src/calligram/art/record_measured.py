"""The part of a record that is measured: size, colours, tags and a description made of facts alone."""

from collections.abc import Iterator, Mapping
from typing import Any

from calligram.art.record import Field

SOURCE = "measured on the image"
COLOURS_TAGGED, LEAST_SHARE = 3, 0.08
"""So many colours become tags, each of which covers so much of the picture."""
BALANCED = 0.06
"""A centre of weight that lies nearer to the middle than this is called balanced."""


def measured_fields(facts: Mapping[str, Any]) -> dict[str, Field]:
    """Return the fields that facts give: ``image_size``, ``orientation`` and ``colours``."""
    size = f"{facts['width_px']} x {facts['height_px']} pixels"
    colours = [{key: each[key] for key in ("name", "hex", "share")} for each in facts["palette"]]
    return {
        "image_size": _measured(size),
        "orientation": _measured(facts["orientation"]),
        "colours": _measured(colours),
    }


def untitled(facts: Mapping[str, Any]) -> Field:
    """Return what stands for a title where nobody gave one: that there is none, and the chief colours."""
    if facts["colour_or_grey"] == "grey":
        return _measured("Untitled (black and white)", note="no title is given; this one is descriptive")
    told = f"Untitled ({_listed(list(colour_words(facts)[:2]))})"
    return _measured(told, note="no title is given; this one is descriptive")


def measured_tags(facts: Mapping[str, Any]) -> tuple[Field, ...]:
    """Return tags that anybody could check against the picture: colours, format, light, contrast."""
    return tuple(_measured(word) for word in dict.fromkeys(_tag_words(facts)))


def describe_facts(facts: Mapping[str, Any]) -> Field:
    """Return a description in sentences each of which rests on facts alone."""
    return _measured(
        " ".join(_sentences(facts)), note="composed from what is measured; it names no thing shown"
    )


def colour_words(facts: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the names of the colours that count, largest share first."""
    told = [each["name"] for each in facts["palette"] if each["share"] >= LEAST_SHARE]
    return tuple(told[:COLOURS_TAGGED]) or (facts["main_colour"],)


def _measured(value: Any, note: str = "") -> Field:
    return Field(value, "measured", SOURCE, note=note)


def _tag_words(facts: Mapping[str, Any]) -> Iterator[str]:
    if facts["colour_or_grey"] == "grey":
        yield "black and white"
    else:
        yield from colour_words(facts)
        if facts["temperature"] != "neutral":
            yield f"{facts['temperature']} colours"
    yield f"{facts['orientation']} format"
    if facts["light_or_dark"] != "middling":
        yield f"{facts['light_or_dark']} picture"
    if facts["busy_or_empty"] != "middling":
        yield "busy picture" if facts["busy_or_empty"] == "busy" else "much empty space"
    if facts["symmetrical"] == "yes":
        yield "symmetrical composition"
    if facts["horizon"] is not None:
        yield "level line"


def _sentences(facts: Mapping[str, Any]) -> Iterator[str]:
    yield _first_sentence(facts)
    yield _colour_sentence(facts)
    yield _composition_sentence(facts)
    if facts["horizon"] is not None:
        yield f"A long level line crosses it {_share(facts['horizon'])} of the way down."


def _first_sentence(facts: Mapping[str, Any]) -> str:
    kind = "A picture" if facts["colour_or_grey"] == "colour" else "A picture without colour"
    light = {"light": "light", "dark": "dark"}.get(facts["light_or_dark"], "neither light nor dark")
    return f"{kind} in {facts['orientation']} format, {light} on the whole."


def _colour_sentence(facts: Mapping[str, Any]) -> str:
    main, *others = facts["palette"]
    told = f"{main['name'].capitalize()} covers {_share(main['share'])} of it"
    names = [each["name"] for each in others if each["share"] >= LEAST_SHARE][:COLOURS_TAGGED]
    if names:
        told += f", beside {_listed(names)}"
    if facts["temperature"] == "neutral" or facts["colour_or_grey"] == "grey":
        return f"{told}."
    return f"{told}; its colours are {facts['temperature']}."


def _composition_sentence(facts: Mapping[str, Any]) -> str:
    x, y = facts["centre_x"] - 0.5, facts["centre_y"] - 0.5
    balanced = max(abs(x), abs(y)) < BALANCED
    told = "Its weight is balanced about the middle" if balanced else f"Its weight lies {facts['centre']}"
    surface = {"busy": "the surface is busy", "empty": "much of the surface is calm"}
    told += f", and {surface.get(facts['busy_or_empty'], 'the surface is neither busy nor empty')}"
    if facts["symmetrical"] == "yes":
        told += "; the halves mirror each other"
    return f"{told}."


def _share(share: float) -> str:
    return f"{share:.0%}".replace("%", " %")


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
