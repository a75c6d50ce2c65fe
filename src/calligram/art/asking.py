"""Asking models that follow instructions for answers that can be used: checked, asked again, kept."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

from calligram import settings
from calligram.art.schemas import faults_of, find_json
from calligram.errors import ModelError, OutputError
from calligram.models.base import Model, SamplingOptions, Talking, Turn
from calligram.settings import option
from calligram.whole_files import make_folder, write_whole

FORM = "Answer with one JSON value that meets this JSON Schema, and write nothing around it:\n{schema}"
WRONG = "That could not be used: {faults}. Give the whole answer again, as JSON, with this put right."
CUT_OFF = "the answer was cut off for its length"
MOST_FAULTS = 4
"""So many faults are told at once."""

Check = Callable[[Any], Sequence[str]]
"""From an answer that meets its schema to what is still wrong with it, a clause each."""


@dataclass(frozen=True)
class AskingOptions:
    """How a model that follows instructions is asked."""

    GROUP: ClassVar[str] = "asking"

    tries: int = option(3, "times at most that one answer is asked for", minimum=1, maximum=20)
    answer_tokens: int = option(2000, "tokens at most for one answer", minimum=16, maximum=1_000_000)
    temperature: float = option(
        0.7, "sampling temperature of answers; 0 always takes the likeliest", minimum=0, maximum=10
    )
    seed: int = option(0, "seed of the answers, where the model takes one", minimum=0)
    keep: bool = option(True, "keep answers on disk, so that the same question is asked once")


@dataclass(frozen=True)
class Answer:
    """What a model answered, fit for use.

    Args:
        value: as JSON has it; meets the schema and the check.
        tries: how often it was asked until then.
        seed: of the last try.
        cached: whether it was found on disk.
    """

    value: Any
    tries: int
    seed: int
    cached: bool = False


def ask(
    model: Talking,
    turns: Sequence[Turn],
    schema: Mapping[str, Any],
    check: Check | None = None,
    options: AskingOptions | None = None,
) -> Answer:
    """Return a model's answer that meets a schema.

    An answer that cannot be used is told what is wrong with it, and asked for again with the next seed. What
    is found stands in the cache folder by model, turns, schema and options.

    Args:
        model: one that follows instructions.
        turns: what was said, the user's last; how to answer is added to that.
        schema: the JSON schema of the answer; see :func:`calligram.art.schemas.faults_of` for what is
            checked.
        check: says what else is wrong with an answer, in words that the model is told.
        options: how it is asked.

    Raises:
        ModelError: the model gives no answer, or none that can be used after all tries; says what was
            wrong with the last one.
        OptionError: an option is out of its range.
        OutputError: an answer cannot be kept.
    """
    options = options or AskingOptions()
    settings.check(options)
    place = _place(model, turns, schema, options)
    found = _find(place, schema, check)
    if found is not None:
        return found
    if place is not None:
        _prepare(place)
    answer = _ask(model, [*turns[:-1], _with_form(turns[-1], schema)], schema, check, options)
    if place is not None:
        told = {"value": answer.value, "tries": answer.tries, "seed": answer.seed}
        write_whole(place, json.dumps(told, ensure_ascii=False).encode("utf-8", "surrogatepass"))
    return answer


def _ask(
    model: Talking,
    turns: list[Turn],
    schema: Mapping[str, Any],
    check: Check | None,
    options: AskingOptions,
) -> Answer:
    faults: list[str] = []
    for number in range(options.tries):
        sampling = SamplingOptions(temperature=options.temperature, seed=options.seed + number)
        reply = model.reply(turns, sampling, options.answer_tokens, schema)
        value, faults = read_answer(reply.text, schema, check)
        if not faults:
            return Answer(value, number + 1, options.seed + number)
        if not reply.whole:
            faults = [CUT_OFF, *faults]
        turns = [*turns, Turn("assistant", reply.text or "(nothing)"), _again(faults)]
    raise ModelError(
        f"{_name(model)} gave no answer that could be used in {options.tries} tries (the last one: "
        f"{'; '.join(faults[:MOST_FAULTS])}): {_step(faults, options)}"
    )


def read_answer(text: str, schema: Mapping[str, Any], check: Check | None = None) -> tuple[Any, list[str]]:
    """Return the value that stands in an answer, and what is wrong with it, a clause each.

    Args:
        text: what was answered.
        schema: what the value must meet.
        check: what else it must meet, asked only where the schema is met.
    """
    try:
        value = find_json(text)
    except (ValueError, RecursionError) as fault:
        return None, [f"it is no JSON ({fault})" if text.strip() else "it is empty"]
    faults = list(faults_of(value, schema))
    return value, faults or list(check(value) if check else ())


def _with_form(turn: Turn, schema: Mapping[str, Any]) -> Turn:
    form = FORM.format(schema=json.dumps(schema, ensure_ascii=False))
    return replace(turn, text=f"{turn.text.rstrip()}\n\n{form}")


def _again(faults: Sequence[str]) -> Turn:
    return Turn("user", WRONG.format(faults="; ".join(faults[:MOST_FAULTS])))


def _step(faults: Sequence[str], options: AskingOptions) -> str:
    if CUT_OFF in faults:
        return f"raise answer_tokens above {options.answer_tokens}"
    return "try another seed or a larger model, or raise tries"


def _name(model: Talking) -> str:
    return str(getattr(model, "name", type(model).__name__))


def _place(
    model: Talking, turns: Sequence[Turn], schema: Mapping[str, Any], options: AskingOptions
) -> Path | None:
    """Return where an answer is kept, or None where it is not to be."""
    keeps = getattr(getattr(model, "options", None), "cache", True)
    if not options.keep or not keeps or not isinstance(model, Model):
        return None
    told = model.describe()
    asked = {
        "model": [model.name, model.written_at(), told.get("base_url"), told.get("digest")],
        "turns": [[turn.role, turn.text, [_digest(image) for image in turn.images]] for turn in turns],
        "schema": schema,
        "options": [options.seed, options.temperature, options.answer_tokens],
        "form": FORM,
    }
    name = _digest(json.dumps(asked, ensure_ascii=False).encode("utf-8", "surrogatepass"))
    return settings.cache_folder() / "asked" / name[:2] / f"{name}.json"


def _find(place: Path | None, schema: Mapping[str, Any], check: Check | None) -> Answer | None:
    """Return a kept answer that still meets all that is asked, or None."""
    if place is None:
        return None
    try:
        told = json.loads(place.read_text(encoding="utf-8"))
        answer = Answer(told["value"], int(told["tries"]), int(told["seed"]), cached=True)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    faults = list(faults_of(answer.value, schema)) or list(check(answer.value) if check else ())
    return None if faults else answer


def _prepare(place: Path) -> None:
    try:
        make_folder(place.parent)
    except OutputError as fault:
        raise OutputError(f"{fault}: set CALLIGRAM_CACHE to a folder that can be written") from fault


def _digest(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=20).hexdigest()
