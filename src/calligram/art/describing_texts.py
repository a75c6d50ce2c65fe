"""Descriptions that go on from an opening: several, each with what is known of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from calligram import settings
from calligram.art.corpus import read_passages
from calligram.art.describing_options import AUTO, USUAL_TEXTS, USUAL_TOP_K, USUAL_TOP_P, DescribeOptions
from calligram.art.texts import Copied, Nearest, Passages
from calligram.art.usual_writer import open_usual_writer
from calligram.errors import InputError, ModelError, OptionError
from calligram.metrics import distinct_n, self_bleu
from calligram.metrics.base import TextSet
from calligram.models.base import Model, SamplingOptions, Speaking, Writing, Written, open_model

NO_CORPUS = "no corpus was named to compare with: --corpus takes a file or a folder of texts"


@dataclass(frozen=True)
class Text:
    """One description.

    Args:
        text: the whole of it, opening included.
        written: what the model added, with seed and likelihood.
        copied: the longest stretch that stands in the corpus too; None without a corpus.
        nearest: the passage of the corpus that is most like it; None without a corpus.
    """

    text: str
    written: Written
    copied: Copied | None = None
    nearest: Nearest | None = None

    @property
    def logprob_per_token(self) -> float | None:
        """Natural log-probability of an added token on average, or None where the model does not tell."""
        told, tokens = self.written.logprob, self.written.tokens
        return None if told is None or not tokens else told / tokens

    def to_json(self) -> dict[str, Any]:
        """Return all of it, ready for JSON."""
        told: dict[str, Any] = {
            "text": self.text,
            "seed": self.written.seed,
            "tokens": self.written.tokens,
            "logprob": self.written.logprob,
            "logprob_per_token": self.logprob_per_token,
            "whole": self.written.whole,
        }
        if self.copied is not None and self.nearest is not None:
            told["copied"] = self.copied._asdict()
            told["nearest"] = self.nearest._asdict()
        return told


@dataclass(frozen=True)
class TextDescriptions:
    """Descriptions that go on from one opening.

    Args:
        opening: the text they begin with.
        model: which model wrote them.
        texts: in the order of their seeds.
        figures: distinct-n and self-BLEU of the set.
        corpus: what they were compared with; empty for nothing.
        remarks: what a person should be told, a sentence each.
    """

    opening: str
    model: str
    texts: tuple[Text, ...]
    figures: Mapping[str, Any] = field(default_factory=dict)
    corpus: str = ""
    remarks: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return all of it, ready for JSON."""
        return {
            "opening": self.opening,
            "model": self.model,
            "descriptions": [text.to_json() for text in self.texts],
            "figures": dict(self.figures),
            "corpus": self.corpus or None,
            "remarks": list(self.remarks),
        }


def describe_opening(
    opening: str, options: DescribeOptions | None = None, model: Model | None = None
) -> TextDescriptions:
    """Return texts that go on from an opening, as ``"An abstract painting with"``.

    Args:
        opening: how each begins.
        options: how many, how long, how sampled, and by which model.
        model: one that is open already, in place of that which the options name.

    Raises:
        InputError: the opening is empty, or the corpus cannot be read.
        ModelError: the model cannot be opened, does not write, or gives nothing.
        OptionError: an option is out of its range, or the model does not take it.
    """
    options = options or DescribeOptions()
    settings.check(options)
    if not opening.strip():
        raise InputError("the opening is empty: give the first words, as 'An abstract painting with'")
    passages = Passages(read_passages(options.corpus)) if options.corpus else None
    model, remarks = _open(options, model)
    if not isinstance(model, Writing):
        raise ModelError(
            f"the model {model.name!r} does not go on with texts: name one that does, as builtin:writer, "
            "hf:FOLDER or openai:NAME"
        )
    most, told = _most_tokens(model, opening, options.max_length)
    written, left_out = _write(model, opening, most, options)
    texts = tuple(_compared(opening, each, passages) for each in written)
    return TextDescriptions(
        opening,
        model.name,
        texts,
        _figures([text.text for text in texts]),
        options.corpus,
        (*remarks, *told, *left_out, *model.remarks()),
    )


def _open(options: DescribeOptions, model: Model | None) -> tuple[Model, list[str]]:
    if model is not None:
        return model, []
    if options.model != AUTO or options.base_url:
        return open_model(options.model, options.base_url), []
    model, why = open_usual_writer()
    return model, [why]


def _most_tokens(model: Model, opening: str, longest: int) -> tuple[int, list[str]]:
    """Return how many tokens may be added, and a remark where the opening's could not be counted."""
    if not isinstance(model, Speaking):
        return longest, [f"{model.name} does not tell tokens, so max_length counts those added alone"]
    begun = len(model.cut(opening))
    if begun >= longest:
        raise OptionError(
            f"max_length is {longest}, but the opening alone has {begun} tokens: raise it above {begun}"
        )
    return longest - begun, []


def _write(
    model: Writing, opening: str, most: int, options: DescribeOptions
) -> tuple[list[Written], list[str]]:
    """Return what was written; usual rules that nobody asked for are left out where a model takes none."""
    count = options.count or USUAL_TEXTS
    top_k = USUAL_TOP_K if options.top_k is None else options.top_k
    top_p = USUAL_TOP_P if options.top_p is None else options.top_p
    less_k, less_p = [0] if options.top_k is None else [], [1.0] if options.top_p is None else []
    ways = list(product([top_k, *less_k], [top_p, *less_p]))
    for place, (k, p) in enumerate(ways):
        sampling = SamplingOptions(
            temperature=options.temperature, top_k=k, top_p=p, beams=options.beams, seed=options.seed
        )
        try:
            written = model.write(opening, count, sampling, most)
        except OptionError:
            if place + 1 == len(ways):
                raise
            continue
        names = " and ".join(name for name, gone in (("top_k", k != top_k), ("top_p", p != top_p)) if gone)
        return written, [f"the model takes no {names}, which was left out"] if names else []
    raise AssertionError("one way or its fault is returned")


def _compared(opening: str, written: Written, passages: Passages | None) -> Text:
    text = opening + written.text
    if passages is None:
        return Text(text, written)
    return Text(text, written, passages.longest_copied(text), passages.nearest(text))


def _figures(texts: list[str]) -> dict[str, Any]:
    subject = TextSet(tuple(texts))
    return {**distinct_n.measure(subject), **self_bleu.measure(subject)}
