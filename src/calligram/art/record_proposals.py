"""What models propose for a record, each in its own way: one that writes, or one that follows instructions.

A model that only writes has not seen the picture: it is told measured colours and what was given, and
proposes an idea for a title, and tags where the owner gave words that they can rest on. A model that follows
instructions is given the facts and the picture as text, and answers by a schema.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from calligram.art.asking import AskingOptions, ask
from calligram.art.colour_names import plain_word
from calligram.art.record import GIVEN_ONLY, LABELS, PROPOSED
from calligram.art.record_claims import claims, given_words, keep_supported
from calligram.art.record_measured import colour_words
from calligram.art.record_survey import Survey
from calligram.errors import ModelError
from calligram.models.base import Model, SamplingOptions, Talking, Turn, Writing
from calligram.nano.fields import Fields, spell_fields

TITLE_TRIES, TAG_DRAFTS = 3, 3
TITLE_TOKENS, TAG_TOKENS = 16, 24
MOST_TITLE_WORDS, MOST_TAG_WORDS, MOST_TAGS = 7, 3, 12
WRITER_TEMPERATURE = 0.7
SEEDS = 2**31
BLIND = "the model has not seen the picture; it was told its colours and what was given"

NO_TITLE = re.compile(
    r"\d|[\[\]#&@]|\b(?:untitled|lecture|exhibition|event|teaching|training|introduction|no title)\b",
    re.IGNORECASE,
)
"""What is in what the writer learnt as titles, and names no work."""

NO_TAG = re.compile(
    r"[:()\d]|\b(?:countries|continents|cities|towns|villages|individuals?|adults|study|jr)\b|"
    r"\b(?:paper|canvas|panel|ink|oil|wash|watercolou?rs?|paint|gouache|graphite|pencil|chalk|pastel|drypoint"
    r"|etching|engraving|lithograph|prints?|photographs?|medium|number|title)\b"
)
"""What a model that has not seen the work cannot know, and headings of museums' own lists."""

NO_SUPPORT = frozenset({"identifier", "credit", "rights", "dimensions"})
"""Given fields whose words say nothing of who or what is shown: a donor is no painter."""

DATED = frozenset({"date", "period", "title", "description"})
"""Given fields whose years may be repeated."""

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "title": {"type": "string"},
        "medium": {"type": "string"},
        "subject": {"type": "string"},
        "style": {"type": "string"},
        "description": {"type": "string", "minLength": 1},
        "tags": {"type": "array", "items": {"type": "string"}},
    },
    "required": ["title", "subject", "description", "tags"],
}
ASKED = """You help to catalogue a picture. You know only what stands here.

{eyes}
What the owner says:
{given}

Propose, in plain English:
- title: a plain title of at most eight words for what can be seen
- medium: how it seems to be made, or an empty text where you cannot tell
- subject: what is shown, in a few words, or an empty text where you cannot tell
- style: how it is done, in a few words that can be checked against the picture, or an empty text
- description: two to four sentences on what can be seen, each resting on what stands above
- tags: up to ten words for searching, in small letters

Name no person, place, year, century, culture or school unless the owner does: you cannot know them."""


@dataclass(frozen=True)
class Proposal:
    """What one model proposes.

    Args:
        model: how it is spelled.
        seed: from which it follows; None where the model takes none.
        fields: texts by field.
        tags: words, each with the share of the model's drafts that named it, or None where it gave one.
        notes: sentences on what was left out.
        remark: what should be known of all that it proposes.
    """

    model: str
    seed: int | None
    fields: Mapping[str, str]
    tags: Mapping[str, float | None]
    notes: tuple[str, ...] = ()
    remark: str = ""


def propose(model: Model, survey: Survey, options: AskingOptions, images: bool = False) -> Proposal:
    """Return what a model proposes for an image's record.

    Args:
        model: one that follows instructions, or writes.
        survey: of the image, with ``prompt`` where the model follows instructions.
        options: how it is asked.
        images: whether a model that takes images is given it.

    Raises:
        ModelError: the model does neither, or gives no answer that can be used.
    """
    if isinstance(model, Talking):
        return _propose_talking(model, model.name, survey, options, images)
    if isinstance(model, Writing):
        return _propose_writing(model, model.name, survey, options)
    raise ModelError(
        f"the model {model.name!r} neither writes nor follows instructions: name another, as builtin:writer"
    )


def _propose_talking(
    model: Talking, name: str, survey: Survey, options: AskingOptions, images: bool
) -> Proposal:
    shown = (survey.png,) if images and model.takes_images and survey.png else ()
    prompt = ASKED.format(eyes=survey.prompt, given=_told_given(survey))
    answer = ask(model, [Turn("user", prompt, shown)], SCHEMA, None, options)
    words = _words_of(survey)
    notes = [_dropped_field(name, field, text) for field, text in _overreach(answer.value)]
    fields = {}
    for field in PROPOSED:
        text = " ".join(str(answer.value.get(field) or "").split())
        kept, told = _screen(name, field, text, words)
        notes += told
        if kept:
            fields[field] = kept
    tags, told = _screen_tags(name, answer.value["tags"], words)
    seed = answer.seed if options.seed is not None else None
    return Proposal(name, seed, fields, dict.fromkeys(tags[:MOST_TAGS]), (*notes, *told))


def _propose_writing(model: Writing, name: str, survey: Survey, options: AskingOptions) -> Proposal:
    seed = (options.seed + survey.seed) % SEEDS
    told = {key: text for given in reversed(survey.given) for key, text in given.values.items()}
    fields: dict[str, str] = {}
    notes: tuple[str, ...] = ()
    words = _words_of(survey)
    if "title" not in told:
        title, left_out = _write_title(model, _fields(survey, told), seed, words)
        fields = {"title_idea": title} if title else {}
        notes = (_left_out(name, left_out),) if left_out else ()
    tags = _write_tags(model, _fields(survey, told, "tags"), seed, words) if told else {}
    return Proposal(name, seed, fields, tags, notes, BLIND)


def _left_out(name: str, titles: int) -> str:
    what = "a title" if titles == 1 else f"{titles} titles"
    return f"{what} by {name} {'was' if titles == 1 else 'were'} left out for naming what nothing given does"


def _fields(survey: Survey, told: Mapping[str, str], kind: Any = "title") -> Fields:
    assert survey.facts is not None
    colours = tuple(dict.fromkeys(plain_word(name) for name in colour_words(survey.facts)))
    tags = tuple(word for given in survey.given for word in given.tags)[:6]
    if not tags and told.get("subject"):
        tags = (told["subject"],)
    medium, title = told.get("medium", "")[:60].lower(), told.get("title", "")[:80]
    return Fields(kind, medium=medium, tags=tags, colours=colours, title=title if kind == "tags" else "")


def _write_title(model: Writing, fields: Fields, seed: int, words: frozenset[str]) -> tuple[str, int]:
    """Return the first usable title that claims nothing, and how many that do were left out before it."""
    left_out = 0
    for attempt in range(TITLE_TRIES):
        options = SamplingOptions(temperature=WRITER_TEMPERATURE, seed=seed + attempt)
        written = model.write(spell_fields(fields), 1, options, TITLE_TOKENS)[0]
        title = " ".join(written.text.split("\n")[0].split()).strip(' .,;:–-"“”')
        if claims(title, words, title=True):
            left_out += 1
        elif (
            written.whole and title and len(title.split()) <= MOST_TITLE_WORDS and not NO_TITLE.search(title)
        ):
            return title, left_out
    return "", left_out


def _write_tags(model: Writing, fields: Fields, seed: int, words: frozenset[str]) -> dict[str, float | None]:
    """Return the tags that more than one draft names, each with the share of drafts that do."""
    options = SamplingOptions(temperature=WRITER_TEMPERATURE, seed=seed)
    drafts = model.write(spell_fields(fields), TAG_DRAFTS, options, TAG_TOKENS)
    counts: Counter[str] = Counter()
    for draft in drafts:
        counts.update(_tag_words(draft.text.split("\n")[0].split(",")))
    counts = Counter({word: count for word, count in counts.items() if not NO_TAG.search(word)})
    named = [(word, count) for word, count in counts.most_common(MOST_TAGS) if count > 1]
    return {word: count / len(drafts) for word, count in named if not claims(word.title(), words, title=True)}


def _tag_words(tags: Sequence[object]) -> list[str]:
    words = (" ".join(str(tag).strip(" .#\"'").lower().split()) for tag in tags)
    return list(dict.fromkeys(word for word in words if word and len(word.split()) <= MOST_TAG_WORDS))


def _screen(name: str, field: str, text: str, words: frozenset[str]) -> tuple[str, list[str]]:
    """Return what of a proposed text claims nothing that only an owner may, and what was left out."""
    if field == "description":
        kept, dropped = keep_supported(text, words)
        return kept, [_dropped(name, "sentence", sentence, found) for sentence, found in dropped]
    found = claims(text, words, title=field == "title")
    return ("", [_dropped(name, field, text, found)]) if found else (text.rstrip("."), [])


def _screen_tags(name: str, tags: Sequence[object], words: frozenset[str]) -> tuple[list[str], list[str]]:
    kept, notes = [], []
    for tag in tags:
        found = claims(str(tag).title(), words, title=True)
        if found:
            notes.append(_dropped(name, "tag", str(tag), found))
        else:
            kept += _tag_words([tag])
    return list(dict.fromkeys(kept)), notes


def _overreach(answer: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what a model says on fields that only an owner may fill."""
    aliases = {"artist": "creator", "author": "creator", "year": "date"}
    told = [(aliases.get(key.lower(), key.lower()), value) for key, value in answer.items()]
    return [(key, str(value)) for key, value in told if key in GIVEN_ONLY and value]


def _dropped_field(name: str, field: str, text: str) -> str:
    label = LABELS[field].lower()
    return f"the {label} by {name} was left out, since only a given source may say it: {text!r:.80}"


def _dropped(name: str, what: str, text: str, found: Sequence[str]) -> str:
    named = ", ".join(found)
    return f"a {what} by {name} was left out, since nothing given says {named}: {text!r:.160}"


def _words_of(survey: Survey) -> frozenset[str]:
    told = [(field, text) for given in survey.given for field, text in given.values.items()]
    texts = [text for field, text in told if field not in NO_SUPPORT]
    texts += [tag for given in survey.given for tag in given.tags]
    return given_words(texts, [text for field, text in told if field in DATED])


def _told_given(survey: Survey) -> str:
    lines = []
    for name, label in LABELS.items():
        found = next((given.values[name] for given in survey.given if name in given.values), "")
        if found:
            lines.append(f"{label}: {found}")
    return "\n".join(lines) or "nothing"
