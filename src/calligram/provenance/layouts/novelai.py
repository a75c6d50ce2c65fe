"""NovelAI: ``Software`` says so, ``Description`` is the prompt, ``Comment`` JSON with the settings.

Source: NovelAI's image metadata script (NovelAI/novelai-image-metadata), and its documentation on image
settings.
"""

from collections.abc import Sequence

from calligram.provenance.layouts.base import Telling, Text, known, parsed, size_of

NAME = "NovelAI"
USED = frozenset(("prompt", "uc", "seed", "steps", "sampler", "noise_schedule", "scale", "width", "height"))


def read(texts: Sequence[Text]) -> Telling | None:
    """Return what NovelAI tells, or None where another made it."""
    by_key = {text.key: text for text in texts}
    if "Comment" not in by_key or not by_key.get("Software", Text("", "", "")).words.startswith("NovelAI"):
        return None
    told = parsed(by_key["Comment"].words)
    if not isinstance(told, dict):
        return None
    description = by_key["Description"].words if "Description" in by_key else ""
    fields = known(
        prompt=told.get("prompt") or description,
        avoid=told.get("uc"),
        software="NovelAI",
        model=by_key["Source"].words if "Source" in by_key else None,
        seed=told.get("seed"),
        steps=told.get("steps"),
        sampler=told.get("sampler"),
        scheduler=told.get("noise_schedule"),
        guidance=told.get("scale"),
        size=size_of(told.get("width"), told.get("height")),
    )
    others = {key: told[key] for key in told if key not in USED}
    return Telling(NAME, by_key["Comment"].where, fields, known(**others))
