"""Descriptions that go on from an opening: length, seeds, rules that a model takes, and the corpus."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from calligram.art.describing_options import DescribeOptions
from calligram.art.describing_texts import describe_opening
from calligram.errors import InputError, ModelError, OptionError
from calligram.metrics import distinct_n, self_bleu
from calligram.metrics.base import TextSet
from calligram.models.base import SamplingOptions, Writing, Written, open_model

OPENING = "An abstract painting with"
SAY = [" bold red strokes.", " bold red strokes and a boat.", " a quiet river."]


@pytest.fixture
def scripted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Return a function that writes a script and gives the model's spelling."""
    monkeypatch.setenv("CALLIGRAM_CACHE", str(tmp_path / "cache"))

    def write(*say: object) -> str:
        path = tmp_path / "script.json"
        path.write_text(json.dumps([{"when": f"^{OPENING}", "say": list(say)}]), encoding="utf-8")
        return f"scripted:{path}?talks=no"

    return write


def test_each_text_begins_with_the_opening_and_has_its_seed(scripted: Callable[..., str]) -> None:
    found = describe_opening(OPENING, DescribeOptions(model=scripted(*SAY), seed=7))
    assert [text.text for text in found.texts] == [OPENING + said for said in SAY]
    assert [text.written.seed for text in found.texts] == [7, 8, 9]
    subject = TextSet(tuple(text.text for text in found.texts))
    assert found.figures == {**distinct_n.measure(subject), **self_bleu.measure(subject)}
    assert found.to_json()["descriptions"][0]["logprob"] is None


def test_the_corpus_shows_what_was_taken_over(scripted: Callable[..., str], tmp_path: Path) -> None:
    corpus = tmp_path / "corpus.txt"
    corpus.write_text("A field of wheat.\n\nShe laid bold red strokes on the sky.\n", encoding="utf-8")
    found = describe_opening(OPENING, DescribeOptions(model=scripted(*SAY), corpus=str(corpus)))
    first, _, last = found.texts
    assert first.copied is not None
    assert first.copied == (3, "bold red strokes")
    assert first.nearest is not None
    assert first.nearest.passage == "She laid bold red strokes on the sky."
    assert last.copied is not None
    assert last.copied.words == 1
    assert found.to_json()["descriptions"][0]["copied"]["words"] == 3


def test_the_longest_length_counts_the_opening_as_the_model_cuts_it(language_model: Any) -> None:
    model: Any = open_model(f"hf:{language_model('gpt2')}")
    begun = len(model.cut(OPENING))
    options = DescribeOptions(max_length=begun + 5, count=2, top_k=0)
    found = describe_opening(OPENING, options, model)
    for text in found.texts:
        assert text.written.tokens is not None
        assert text.written.tokens <= 5
    (written,) = model.write(OPENING, 1, SamplingOptions(temperature=0.7, top_p=0.95, seed=1), 5)
    assert found.texts[1].written == written
    with pytest.raises(OptionError, match=f"max_length is {begun}, but the opening alone has {begun} tokens"):
        describe_opening(OPENING, DescribeOptions(max_length=begun), model)


def test_the_references_example_runs_along_beams(language_model: Any) -> None:
    model = open_model(f"hf:{language_model('gpt2')}")
    options = DescribeOptions(count=3, max_length=40, top_k=50, top_p=0.95, temperature=0.7, beams=5, seed=1)
    once, again = (describe_opening(OPENING, options, model) for _ in range(2))
    assert len(once.texts) == 3
    assert once == again
    assert all(text.logprob_per_token is not None for text in once.texts)


class Choosy(Writing):
    """A model that takes only some of the rules of sampling, as services do."""

    name = "choosy"

    def __init__(self, refused: Sequence[str]) -> None:
        self.refused, self.taken = refused, [SamplingOptions()]

    def write(self, opening: str, count: int, options: SamplingOptions, most_tokens: int) -> list[Written]:
        for rule in self.refused:
            if getattr(options, rule) != getattr(SamplingOptions(), rule):
                raise OptionError(f"{rule} is not taken")
        self.taken.append(options)
        return [Written(" a boat.")] * count

    def remarks(self) -> list[str]:
        return []


@pytest.mark.parametrize(
    ("refused", "taken", "told"),
    [
        ((), (50, 0.95), None),
        (("top_k",), (0, 0.95), "takes no top_k, which was left out"),
        (("top_p",), (50, 1.0), "takes no top_p, which was left out"),
        (("top_k", "top_p"), (0, 1.0), "takes no top_k and top_p, which was left out"),
    ],
)
def test_usual_rules_that_a_model_takes_none_of_are_left_out_and_told(
    refused: Sequence[str], taken: tuple[int, float], told: str | None
) -> None:
    model: Any = Choosy(refused)
    found = describe_opening(OPENING, DescribeOptions(), model)
    assert (model.taken[-1].top_k, model.taken[-1].top_p) == taken
    assert [remark for remark in found.remarks if "left out" in remark] == (
        [f"the model {told}"] if told else []
    )


def test_a_rule_that_was_asked_for_is_never_left_out() -> None:
    model: Any = Choosy(["top_k"])
    with pytest.raises(OptionError, match="top_k is not taken"):
        describe_opening(OPENING, DescribeOptions(top_k=5), model)
    assert len(model.taken) == 1


def test_what_cannot_be_gone_on_with_is_told(scripted: Callable[..., str], tiny_model: str) -> None:
    with pytest.raises(InputError, match="the opening is empty"):
        describe_opening(" ", DescribeOptions(model=scripted("x")))
    with pytest.raises(ModelError, match="does not go on with texts: name one that does"):
        describe_opening(OPENING, DescribeOptions(model=tiny_model))
    with pytest.raises(OptionError, match="count is 0, but must be from 1 to 500"):
        describe_opening(OPENING, DescribeOptions(model=scripted("x"), count=0))
