"""What is handed on, what its card says, and who can load it."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

huggingface_hub = pytest.importorskip("huggingface_hub", reason="publishing needs the extra hf")

from calligram.errors import FormatError, ModelError, OptionError, OutputError  # noqa: E402
from calligram.nano.folder import SHIPPED  # noqa: E402
from calligram.training.publishing import pack  # noqa: E402
from calligram.training.publishing_options import PublishOptions  # noqa: E402

MIT = PublishOptions(licence="mit")


@pytest.fixture(scope="module")
def builtin_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The model that comes with the package, in a folder for other programs."""
    if not (SHIPPED / "model.safetensors").exists():
        pytest.skip("the built-in model's weights are not there yet")
    folder = tmp_path_factory.mktemp("handed-on") / "builtin"
    pack("builtin", PublishOptions()).write(folder)
    return folder


def header_of(card: str) -> dict[str, Any]:
    return dict(huggingface_hub.ModelCard(card).data.to_dict())


def test_only_what_others_need_of_a_model_is_handed_on(model_folder: Path) -> None:
    files = pack(str(model_folder), MIT).files
    assert set(files) == {
        "README.md",
        "config.json",
        "generation_config.json",
        "model.safetensors",
        "run.json",
        "tokenizer.json",
        "tokenizer_config.json",
    }


def test_no_folder_of_the_person_who_trained_is_handed_on(model_folder: Path) -> None:
    package = pack(str(model_folder), MIT)
    assert b"somebody" not in b"".join(part for part in package.files.values() if isinstance(part, bytes))
    assert "`hf:gpt2`" in package.card
    assert "Validation answers foretold rightly: 75.00%" in package.card


def strings_of(told: Any) -> list[str]:
    """Return every text in a JSON value, names of fields too."""
    if isinstance(told, dict):
        return [text for pair in told.items() for part in pair for text in strings_of(part)]
    if isinstance(told, list):
        return [text for part in told for text in strings_of(part)]
    return [told] if isinstance(told, str) else []


def test_no_absolute_path_survives_in_the_published_record(model_folder: Path, tmp_path: Path) -> None:
    shutil.copytree(model_folder, tmp_path / "mine")
    home = "/home/somebody"
    options = {"valid": f"{home}/held-out.jsonl", "lora_targets": "", "column": f"{home}/x", "pack": False}
    asked = {"dataset": f"{home}/digits", "model": f"hf:{home}/gpt2", "options": options, "train": 3}
    record = {"asked": asked, "finished": None, "where": {f"{home}/runs": [f"{home}/runs/1", "~/runs/2"]}}
    (tmp_path / "mine" / "run.json").write_text(json.dumps(record))
    sent = pack(str(tmp_path / "mine"), MIT).files["run.json"]
    assert isinstance(sent, bytes)
    told = json.loads(sent)
    assert not [text for text in strings_of(told) if "/" in text or "~" in text]
    assert told["asked"]["options"] == options | {"valid": "held-out.jsonl", "column": "x"}
    options["valid"] = "my own/held-out.jsonl"
    (tmp_path / "mine" / "run.json").write_text(json.dumps(record))
    assert b"my own" not in pack(str(tmp_path / "mine"), MIT).files["run.json"]  # type: ignore[operator]


def test_images_that_were_skipped_are_told_without_their_folder(dataset_folder: Path, tmp_path: Path) -> None:
    shutil.copytree(dataset_folder, tmp_path / "ours")
    told = json.loads((dataset_folder / "manifest.json").read_text("utf-8")) | {
        "source": "folder:/home/me/my cats"
    }
    told["splits"]["train"]["skipped"] = ["'/home/me/my cats/tom/1.png' is no image"]
    (tmp_path / "ours" / "manifest.json").write_text(json.dumps(told))
    sent = pack(str(tmp_path / "ours"), MIT).files["manifest.json"]
    assert isinstance(sent, bytes)
    assert json.loads(sent)["splits"]["train"]["skipped"] == ["'tom/1.png' is no image"]
    assert b"/home" not in sent


def test_whole_texts_are_not_called_answers_on_a_card(model_folder: Path, tmp_path: Path) -> None:
    shutil.copytree(model_folder, tmp_path / "mine")
    record = json.loads((model_folder / "run.json").read_text())
    record["asked"]["options"]["loss"] = "all"
    (tmp_path / "mine" / "run.json").write_text(json.dumps(record))
    assert "answers foretold rightly" not in pack(str(tmp_path / "mine"), MIT).card


def test_the_card_holds_the_figures_as_they_were_measured(model_folder: Path, tmp_path: Path) -> None:
    told = {"model": "hf:mine", "source": "idx:/home/somebody/mnist", "split": "test", "layout": "classic"}
    measured = {"n": 1000, "accuracy": 0.9, "interval": [0.88, 0.917]}
    run = {"run": {"options": {"limit": 1000, "seed": 3}}}
    (tmp_path / "figures.json").write_text(json.dumps(told | measured | run))
    card = pack(str(model_folder), MIT, [tmp_path / "figures.json"]).card
    assert "| idx:mnist, test | classic | 1,000 | 90.00% | 88.00% to 91.70% |" in card
    assert "MODEL idx:…/mnist --split test --layout classic --limit 1000 --seed 3`" in card
    assert "somebody" not in card
    (result,) = huggingface_hub.ModelCard(card).data.eval_results
    assert (result.dataset_type, result.metric_type, result.metric_value) == ("mnist", "accuracy", 0.9)
    assert header_of(card)["license"] == "mit"


def test_the_card_names_the_images_that_a_model_was_taught_on(
    model_folder: Path, dataset_folder: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "taught"
    pack(str(model_folder), MIT).write(folder)
    (folder / "README.md").unlink()
    manifest = json.loads((dataset_folder / "manifest.json").read_text("utf-8"))
    file = manifest["splits"]["train"]["files"][0]
    asked = {"dataset": str(dataset_folder), "model": "hf:me/base", "files": {"train.jsonl": file["sha256"]}}
    (folder / "run.json").write_text(json.dumps({"asked": asked, "finished": None}))
    assert "- Its images: `digits:`, Optical Recognition of Handwritten Digits" in pack(str(folder), MIT).card
    asked["files"] = {"train.jsonl": "another"}
    (folder / "run.json").write_text(json.dumps({"asked": asked, "finished": None}))
    assert "Its images" not in pack(str(folder), MIT).card


def test_publishing_what_was_published_keeps_its_card_with_new_figures(
    model_folder: Path, tmp_path: Path
) -> None:
    first = pack(str(model_folder), MIT)
    first.write(tmp_path / "mine")
    again = pack(str(tmp_path / "mine"), PublishOptions())
    assert again.card == first.card


def test_a_licence_must_be_known(model_folder: Path) -> None:
    with pytest.raises(OptionError, match=r"no licence is known for .* name it with --licence"):
        pack(str(model_folder), PublishOptions())
    with pytest.raises(OptionError, match="licence is 'free', but must be one that the hub knows"):
        pack(str(model_folder), PublishOptions(licence="free"))


def test_a_data_set_has_the_licence_of_its_images_unless_none_is_known(dataset_folder: Path) -> None:
    assert pack(str(dataset_folder), PublishOptions()).licence == "cc-by-4.0"


def test_a_data_set_of_unknown_licence_is_refused(dataset_folder: Path, tmp_path: Path) -> None:
    manifest = json.loads((dataset_folder / "manifest.json").read_text("utf-8"))
    (tmp_path / "train.jsonl").write_bytes((dataset_folder / "train.jsonl").read_bytes())
    (tmp_path / "manifest.json").write_text(json.dumps(manifest | {"licence": "unknown"}))
    with pytest.raises(OptionError, match="no licence is known"):
        pack(str(tmp_path), PublishOptions())
    (tmp_path / "train.jsonl").unlink()
    with pytest.raises(FormatError, match=r"train\.jsonl is missing"):
        pack(str(tmp_path), PublishOptions(licence="cc0-1.0"))


def test_figures_do_not_go_with_a_data_set(dataset_folder: Path, tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="figures are of a model"):
        pack(str(dataset_folder), PublishOptions(), [tmp_path / "figures.json"])


def test_a_folder_that_is_neither_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OptionError, match=r"holds neither a model .* nor a data set"):
        pack(str(tmp_path), MIT)
    with pytest.raises(OptionError, match="there is no folder"):
        pack(str(tmp_path / "nowhere"), MIT)


def test_a_training_that_has_not_ended_is_refused(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(ModelError, match=r"has no weights .* wait for its training to end"):
        pack(str(tmp_path), MIT)


def test_adapters_of_a_model_in_a_folder_need_its_name_on_the_hub(model_folder: Path, tmp_path: Path) -> None:
    for name in ("tokenizer.json", "model.safetensors"):
        (tmp_path / name).write_bytes((model_folder / name).read_bytes())
    told = {"base_model_name_or_path": str(tmp_path / "base"), "peft_type": "LORA"}
    (tmp_path / "adapter_config.json").write_text(json.dumps(told))
    with pytest.raises(OptionError, match="made for 'base', which lies in a folder"):
        pack(str(tmp_path), MIT)
    package = pack(str(tmp_path), PublishOptions(licence="mit", base_model="me/base"))
    sent = package.files["adapter_config.json"]
    assert isinstance(sent, bytes)
    assert json.loads(sent)["base_model_name_or_path"] == "me/base"
    assert header_of(package.card)["base_model"] == "me/base"


def test_a_folder_with_files_is_not_written_over(model_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("keep")
    with pytest.raises(OutputError, match="holds other things"):
        pack(str(model_folder), MIT).write(tmp_path)


def test_the_built_in_model_loads_in_transformers_and_answers_there(builtin_folder: Path) -> None:
    torch = pytest.importorskip("torch", reason="needs the extra train")
    transformers = pytest.importorskip("transformers", reason="needs the extra hf")
    from calligram import encode
    from calligram.models.base import open_model

    tokenizer = transformers.AutoTokenizer.from_pretrained(builtin_folder)
    network = transformers.AutoModelForCausalLM.from_pretrained(builtin_folder).eval()
    picture = encode(Path(__file__).parents[2] / "examples" / "three.png")
    text = f"{picture.text}What digit is this?\n"
    ids = tokenizer(text)["input_ids"]
    model: Any = open_model(f"builtin:{builtin_folder}")
    assert ids == model.cut(text)
    with torch.inference_mode():
        made = network.generate(torch.tensor([ids]), max_new_tokens=1, do_sample=False)
    assert tokenizer.decode(made[0, len(ids) :]) == "3"
    assert network.generation_config.eos_token_id == tokenizer.eos_token_id == 1


def test_the_built_in_model_has_what_the_converter_of_llama_cpp_reads(builtin_folder: Path) -> None:
    gguf = pytest.importorskip("gguf", reason="the package gguf of llama.cpp is not installed")
    from gguf.vocab import LlamaHfVocab

    config = json.loads((builtin_folder / "config.json").read_text("utf-8"))
    assert config["architectures"] == ["LlamaForCausalLM"]
    vocabulary = LlamaHfVocab(builtin_folder)
    tokens = list(vocabulary.all_tokens())
    assert len(tokens) == config["vocab_size"]
    assert tokens[2] == (b"<0x00>", -1000.0, gguf.TokenType.BYTE)
    special = gguf.SpecialVocab(builtin_folder, load_merges=False, n_vocab=len(tokens))
    assert special.special_token_ids["eos"] == 1
    names = gguf.get_tensor_name_map(gguf.MODEL_ARCH.LLAMA, config["num_hidden_layers"])
    from safetensors import safe_open

    with safe_open(builtin_folder / "model.safetensors", "np") as weights:
        unknown = [name for name in weights.keys() if not names.get_name(name, (".weight", ".bias"))]  # noqa: SIM118
    assert unknown == []
