"""A critique as Markdown, each claim with its evidence behind it."""

from collections.abc import Iterator

from calligram.art.critique import STEP_TITLES, Critique
from calligram.art.grounding import Statement
from calligram.art.voices import STEPS


def to_markdown(critique: Critique) -> str:
    """Return a critique as Markdown: the four steps, the facts that are cited, the books, and the limits."""
    return "\n".join(_lines(critique)).rstrip() + "\n"


def _lines(critique: Critique) -> Iterator[str]:
    yield from (f"# {_plain(critique.file)}", "")
    language = "" if critique.language == "English" else f", in {critique.language}"
    written = f", by {critique.model}" if critique.model else ""
    yield from (f"*{critique.voice.title}{language}{written}, seed {critique.seed}*", "")
    sources = tuple(dict.fromkeys(claim.source for claim in critique.claims if claim.source))
    for step in STEPS:
        yield from (f"## {STEP_TITLES[step]}", "")
        yield from (_claim(claim, sources) for claim in critique.steps[step])
        yield ""
    yield from _notes(critique, sources)


def _claim(claim: Statement, sources: tuple[str, ...]) -> str:
    mark = f" [^{sources.index(claim.source) + 1}]" if claim.source else ""
    if claim.origin == "imagined":
        return f"- *{_plain(claim.text)}* — **imagined, rests on nothing**{_faults(claim)}"
    grounds = ", ".join([*(f"`{key}`" for key in claim.facts), *claim.regions])
    return f"- {_plain(claim.text)}{mark} — {grounds or '**without evidence**'}{_faults(claim)}"


def _faults(claim: Statement) -> str:
    return "".join(f"; **contradicts the facts: {_plain(fault)}**" for fault in claim.faults)


def _notes(critique: Critique, sources: tuple[str, ...]) -> Iterator[str]:
    cited = dict.fromkeys(key for claim in critique.claims for key in claim.facts)
    if cited:
        yield from ("## Evidence", "")
        yield from (f"- `{key}`: {_plain(critique.facts.text(key))}" for key in cited)
        yield ""
    if critique.voice.limits:
        yield from (f"> {critique.voice.limits}", "")
    for remark in critique.remarks:
        yield from (f"> {_plain(remark[:1].upper() + remark[1:])}.", "")
    for number, source in enumerate(sources, 1):
        yield f"[^{number}]: {source}"


def _plain(text: str) -> str:
    """Return a text in which nothing is taken for markup."""
    return "".join(f"\\{letter}" if letter in "\\`*_[]<>#|" else letter for letter in text)
