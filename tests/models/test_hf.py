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
from calligram.models._token_bytes import token_bytes
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


def test_a_picture_too_long_to_read_or_to_weigh_is_refused(gpt2_folder: Path) -> None:
    model = open_model(f"hf:{gpt2_folder}")
    large = np.random.default_rng(0).integers(3, size=(1, 60, 80)).astype(np.uint8)
    layout = dataclasses.replace(CLASSIC, columns=80, rows=60)
    with pytest.raises(ModelError, match=r"reads at most 1024: give a smaller picture"):
        model.read(large, layout, QUESTION)
    with pytest.raises(ModelError, match=r"reads at most 1024: give a smaller picture"):
        model.bits_per_cell(large, layout)


def test_a_longer_table_than_the_tokenizer_knows_changes_nothing(gpt2_folder: Path, tmp_path: Path) -> None:
    network = transformers.AutoModelForCausalLM.from_pretrained(gpt2_folder, dtype=torch.float32)
    network.resize_token_embeddings(448, mean_resizing=False)
    with torch.no_grad():
        network.get_input_embeddings().weight[400:] = 9.0
    network.save_pretrained(tmp_path / "padded")
    transformers.AutoTokenizer.from_pretrained(gpt2_folder).save_pretrained(tmp_path / "padded")
    plain, padded = (open_model(f"hf:{place}") for place in (gpt2_folder, tmp_path / "padded"))
    for model in (plain, padded):
        assert isinstance(model, Speaking)
    one, other = (model.score_texts(["What digit is this?"], top=448)[0] for model in (plain, padded))  # type: ignore[attr-defined]
    assert [score.logprob for score in other[1:]] == pytest.approx(
        [score.logprob for score in one[1:]], abs=1e-4
    )
    for answers in (["1", "2"], ["seven", "three"]):
        weighed = [
            dict(model.read(LEVELS[:1], CLASSIC, QUESTION, answers)[0].candidates)
            for model in (plain, padded)
        ]
        assert weighed[0] == pytest.approx(weighed[1], abs=1e-4)
    assert padded.bits_per_cell(LEVELS[:1], CLASSIC) == pytest.approx(
        plain.bits_per_cell(LEVELS[:1], CLASSIC), abs=1e-4
    )


def test_a_model_without_a_longest_text_draws_and_reads(tmp_path: Path, gpt2_folder: Path) -> None:
    config = transformers.BloomConfig(
        vocab_size=400, hidden_size=16, n_layer=1, n_head=2, bos_token_id=0, eos_token_id=0
    )
    torch.manual_seed(0)
    transformers.BloomForCausalLM(config).save_pretrained(tmp_path / "bloom")
    transformers.AutoTokenizer.from_pretrained(gpt2_folder).save_pretrained(tmp_path / "bloom")
    model = open_model(f"hf:{tmp_path / 'bloom'}")
    assert isinstance(model, Speaking)
    assert model.positions == 1 << 17
    assert len(list(model.speak("What", SamplingOptions(seed=1), 3))) == 3
    assert model.read(LEVELS[:1], CLASSIC, QUESTION)[0].answer is not None


def test_a_network_that_keeps_no_keys_and_values_is_refused(tmp_path: Path, gpt2_folder: Path) -> None:
    config = transformers.MambaConfig(vocab_size=400, hidden_size=16, state_size=4, num_hidden_layers=1)
    transformers.MambaForCausalLM(config).save_pretrained(tmp_path / "mamba")
    transformers.AutoTokenizer.from_pretrained(gpt2_folder).save_pretrained(tmp_path / "mamba")
    with pytest.raises(ModelError, match="is a MambaForCausalLM, which keeps no keys and values"):
        open_model(f"hf:{tmp_path / 'mamba'}")


def test_a_folder_below_home_is_found(
    gpt2_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(gpt2_folder, tmp_path / "mine")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert open_model("hf:~/mine").read(LEVELS[:1], CLASSIC, QUESTION)[0].answer is not None


def test_special_tokens_that_were_added_are_no_text(gpt2_folder: Path) -> None:
    tokenizer = transformers.AutoTokenizer.from_pretrained(gpt2_folder)
    tokenizer.add_tokens([transformers.AddedToken("<|im_start|>", special=True)])
    tokenizer.add_tokens(["<row:1>"])
    assert token_bytes(tokenizer)[-2:] == [b"", b"<row:1>"]


def test_drawings_are_made_so_many_at_once_as_batch_says(gpt2_folder: Path) -> None:
    layout = dataclasses.replace(CLASSIC, columns=6, rows=3)
    told: dict[int, list[tuple[int, int]]] = {1: [], 2: [], 5: []}
    made, together = {}, {1: 0, 2: 0, 5: 0}
    for batch in told:
        model = open_model(f"hf:{gpt2_folder}?batch={batch}")

        def count(
            module: object, given: object, options: dict[str, torch.Tensor], batch: int = batch
        ) -> None:
            together[batch] = max(together[batch], len(options["input_ids"]))

        model.network.register_forward_pre_hook(count, with_kwargs=True)  # type: ignore[attr-defined]
        made[batch] = model.draw(
            "the digit 5",
            layout,
            5,
            SamplingOptions(seed=7),
            on_row=lambda number, row, levels, batch=batch: told[batch].append((number, row)),  # type: ignore[misc]
        )
    assert together == {1: 1, 2: 2, 5: 5}
    assert np.array_equal(made[1], made[5])
    assert np.array_equal(made[2], made[5])
    assert sorted(told[1]) == sorted(told[2]) == sorted(told[5])


def test_too_little_memory_is_told_with_what_to_lower(gpt2_folder: Path) -> None:
    model = open_model(f"hf:{gpt2_folder}")

    def fill(*_: object) -> None:
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB")

    model.network.register_forward_pre_hook(fill)  # type: ignore[attr-defined]
    told = r"has run out of memory on cpu with batch=16: lower batch, as hf:.*\?batch=4"
    for work in (
        lambda: model.read(LEVELS, CLASSIC, QUESTION),
        lambda: model.draw("the digit 5", CLASSIC),
        lambda: model.bits_per_cell(LEVELS, CLASSIC),
    ):
        with pytest.raises(ModelError, match=told):
            work()


def test_a_model_that_thinks_is_asked_not_to(llama_folder: Path, tmp_path: Path) -> None:
    tokenizer = transformers.AutoTokenizer.from_pretrained(llama_folder)
    thinking = shutil.copytree(llama_folder, tmp_path / "thinking")
    tokenizer.chat_template += "{% if enable_thinking is not defined or enable_thinking %}<think>{% endif %}"
    tokenizer.save_pretrained(thinking)
    model = open_model(f"hf:{thinking}")
    plain = open_model(f"hf:{llama_folder}")
    one, other = (each.read(LEVELS[:1], CLASSIC, QUESTION)[0] for each in (model, plain))
    assert dict(one.candidates) == pytest.approx(dict(other.candidates), abs=1e-6)


def test_it_says_what_it_computes_on(gpt2_folder: Path) -> None:
    spelled = f"hf:{gpt2_folder}"
    assert open_model(spelled).remarks() == [f"{spelled} computes on cpu in float32"]
