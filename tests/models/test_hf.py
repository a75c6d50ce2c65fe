"""Causal models of Hugging Face: fair choices, drawings within the grammar, and plain text."""

import dataclasses
import json
import math
import shutil
import warnings
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("transformers", reason="models of Hugging Face need the extra hf")

import torch
import transformers

from calligram import registry
from calligram.errors import ModelError, OptionError
from calligram.models.base import Model, SamplingOptions, Speaking, open_model
from calligram.picture import get_layout, spell_batch

CLASSIC = get_layout("classic")
LEVELS = np.random.default_rng(1).integers(3, size=(3, 11, 20)).astype(np.uint8)
QUESTION = "What digit is this?"


@pytest.fixture(params=["gpt2_folder", "llama_folder"])
def folder(request: pytest.FixtureRequest) -> Path:
    """A model with one kind of tokenizer, then with the other."""
    found: Path = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def model(folder: Path) -> Model:
    """The model behind the common interface."""
    return open_model(f"hf:{folder}?style=bare")


def plainly(folder: Path, text: str, ending: str = "") -> float:
    """Return the log-probability of a text's tokens, or of an ending's behind it, by transformers alone."""
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    network = transformers.AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
    given = tokenizer(text, add_special_tokens=False)["input_ids"]
    more = tokenizer(f"={ending}", add_special_tokens=False)["input_ids"]
    more = more[len(tokenizer("=", add_special_tokens=False)["input_ids"]) :]
    ids = torch.tensor([given + more])
    with torch.no_grad():
        logprobs = network(ids).logits.log_softmax(-1)
    each = logprobs[0, :-1].gather(1, ids[0, 1:, None])[:, 0]
    return float(each[len(given) - 1 :].sum() if ending else each.sum())


def test_candidates_are_weighed_as_transformers_weighs_them(folder: Path, model: Model) -> None:
    answers = ["7", "three", "0"]
    told = dict(model.read(LEVELS[:1], CLASSIC, QUESTION, answers)[0].candidates)
    asked = f"{spell_batch(LEVELS[:1], CLASSIC)[0]}{QUESTION}\n"
    chat = transformers.AutoTokenizer.from_pretrained(folder).chat_template is not None
    prompt = f"[user]\n{asked}\n[assistant]\n" if chat else asked
    weights = np.array([plainly(folder, prompt, answer) for answer in answers])
    shares = np.exp(weights - weights.max()) / np.exp(weights - weights.max()).sum()
    assert [told[answer] for answer in answers] == pytest.approx(shares.tolist(), abs=1e-4)


def test_scored_texts_are_those_of_transformers(folder: Path, model: Model) -> None:
    assert isinstance(model, Speaking)
    text = "What digit is this?\n7 ▓█é"
    scored = model.score_texts([text], top=3)[0]
    assert scored[0].logprob is None
    assert sum(token.logprob or 0 for token in scored) == pytest.approx(plainly(folder, text), abs=1e-3)
    assert "".join(token.text for token in scored).strip() == text
    assert all(token.top[0][1] >= (token.logprob or -math.inf) for token in scored[1:])


@pytest.mark.parametrize("markup", registry.members("picture.markups"))
def test_every_drawing_is_whole_in_every_markup(model: Model, markup: str) -> None:
    layout = dataclasses.replace(CLASSIC, columns=6, rows=3, markup=markup)
    for options in (SamplingOptions(seed=3), SamplingOptions(beams=2), SamplingOptions(seed=1, guidance=2.0)):
        drawn = model.draw("the digit 5", layout, 2, options)
        assert [grid.shape for grid in drawn] == [(3, 6)] * 2
        assert np.stack(drawn).max() < 3


def test_drawing_number_two_follows_from_the_next_seed(model: Model) -> None:
    together = model.draw("the digit 5", CLASSIC, 2, SamplingOptions(seed=7))
    alone = model.draw("the digit 5", CLASSIC, 1, SamplingOptions(seed=8))
    assert np.array_equal(together[1], alone[0])
    assert not np.array_equal(together[0], together[1])


def test_given_rows_are_kept_and_every_row_is_told_once(model: Model) -> None:
    told: list[tuple[int, int]] = []
    drawn = model.draw(
        "a five",
        CLASSIC,
        2,
        SamplingOptions(seed=7),
        prefix_levels=LEVELS[0][:4],
        on_row=lambda number, row, levels: told.append((number, row)),
    )
    assert all(np.array_equal(grid[:4], LEVELS[0][:4]) for grid in drawn)
    assert sorted(told) == [(number, row) for number in range(2) for row in range(11)]


def test_bits_are_those_of_the_text(folder: Path, model: Model) -> None:
    text = spell_batch(LEVELS[:1], CLASSIC)[0]
    told = model.bits_per_cell(LEVELS[:1], CLASSIC)[0]
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    begin = tokenizer.bos_token
    if begin == "<s>":
        pytest.skip("a tokenizer that puts a space first cuts the text alone otherwise")
    assert told == pytest.approx(-plainly(folder, begin + text) / math.log(2) / 220, abs=1e-3)


def test_a_chat_model_that_was_not_taught_is_told_what_it_sees(llama_folder: Path, tmp_path: Path) -> None:
    assert open_model(f"hf:{llama_folder}").describe()["asked"] == "told"
    taught = shutil.copytree(llama_folder, tmp_path / "taught")
    (taught / "run.json").write_text("{}")
    assert open_model(f"hf:{taught}").describe()["asked"] == "bare"


def test_an_open_question_is_answered_freely(gpt2_folder: Path) -> None:
    reading = open_model(f"hf:{gpt2_folder}").read(LEVELS[:1], CLASSIC, "What do you see here today?")[0]
    assert reading.abstained is (reading.answer is None)
    assert 0 <= reading.confidence <= 1


def test_a_picture_that_is_too_long_is_refused(gpt2_folder: Path) -> None:
    model = open_model(f"hf:{gpt2_folder}")
    assert isinstance(model, Speaking)
    with pytest.raises(ModelError, match=r"reads at most 1024"):
        model.score_texts([[5] * 1025])
    with pytest.raises(ModelError, match=r"not whole by then|reads at most 1024"):
        model.draw("the digit 5", dataclasses.replace(CLASSIC, columns=80, rows=60))


def test_folders_and_options_that_cannot_be_are_told_in_one_sentence(
    tmp_path: Path, gpt2_folder: Path
) -> None:
    for place in ("", str(tmp_path), str(tmp_path / "nowhere")):
        with pytest.raises(ModelError, match=r"names no model|cannot be loaded|there is no folder"):
            open_model(f"hf:{place}")
    broken = shutil.copytree(gpt2_folder, tmp_path / "broken")
    (broken / "model.safetensors").write_bytes(b"nothing")
    with pytest.raises(ModelError, match="cannot be loaded"):
        open_model(f"hf:{broken}")
    for options, sentence in (
        ("device=crystal", "torch cannot use it here"),
        ("dtype=int3", "must be one of auto, float32"),
        ("colour=blue", "the model hf has no option 'colour'"),
    ):
        with pytest.raises(OptionError, match=sentence):
            open_model(f"hf:{gpt2_folder}?{options}")


def test_an_adapter_is_read_with_its_model(gpt2_folder: Path, tmp_path: Path) -> None:
    peft = pytest.importorskip("peft", reason="LoRA adapters need the extra hf")
    network = transformers.AutoModelForCausalLM.from_pretrained(gpt2_folder, dtype=torch.float32)
    torch.manual_seed(1)
    config = peft.LoraConfig(r=2, target_modules=["c_attn"], fan_in_fan_out=True, init_lora_weights=False)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # peft asks transformers by a name of old
        peft.get_peft_model(network, config).save_pretrained(tmp_path / "adapter")
    transformers.AutoTokenizer.from_pretrained(gpt2_folder).save_pretrained(tmp_path / "adapter")
    base, adapted = (open_model(f"hf:{place}") for place in (gpt2_folder, tmp_path / "adapter"))
    one, other = (model.read(LEVELS[:1], CLASSIC, QUESTION)[0] for model in (base, adapted))
    assert one.answer is not None
    assert dict(one.candidates) != pytest.approx(dict(other.candidates), abs=1e-4)


def test_what_it_says_of_itself_is_json(model: Model) -> None:
    told = json.loads(json.dumps(model.describe()))
    assert (told["device"], told["dtype"], told["asked"]) == ("cpu", "float32", "bare")
