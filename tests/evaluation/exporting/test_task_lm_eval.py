"""The EleutherAI harness runs the exported folder, and gives our own answers."""

import math
from pathlib import Path
from typing import Any

import pytest
from tests.evaluation.exporting.conftest import Export, Read, firsts, need, right

from calligram.models.base import Model, open_model
from calligram.nano.folder import SHIPPED

pytestmark = pytest.mark.filterwarnings("ignore")  # of the harness and what it loads, not of ours
lm_eval = need("lm_eval")


@pytest.fixture(scope="module")
def folder(export: Export) -> Path:
    return export("lm-eval").folder


def run(
    model: str, told: dict[str, Any], folder: Path, task: str, **more: Any
) -> tuple[list[list[float]], Any]:
    """Return each choice's log-probability for each picture, and the accuracy that the harness tells."""
    from lm_eval.tasks import TaskManager

    manager = TaskManager(include_path=str(folder), include_defaults=False)
    outcome = lm_eval.simple_evaluate(
        model, told, [task], task_manager=manager, log_samples=True, bootstrap_iters=0, **more
    )
    samples = sorted(outcome["samples"][task], key=lambda sample: sample["doc_id"])
    weights = [[float(weight) for weight, _ in sample["filtered_resps"]] for sample in samples]
    return weights, outcome["results"][task]["acc,none"]


def check(weights: list[list[float]], accuracy: float, model: Model, read: Read, folder: Path) -> None:
    """Assert that every answer is ours, and every choice as likely beside the others as with us."""
    readings = read(model)
    classes = [str(digit) for digit in range(10)]
    assert [classes[row.index(max(row))] for row in weights] == firsts(readings)
    truth = [classes[place] for place in _answers(folder)]
    assert accuracy == pytest.approx(right(firsts(readings), truth))
    for row, reading in zip(weights, readings, strict=True):
        shares = dict(reading.candidates)
        if model.name.startswith("hf"):
            ours = [math.log(shares[answer]) for answer in classes]
            gaps = [theirs - own for theirs, own in zip(row, ours, strict=True)]
            assert max(gaps) - min(gaps) < 1e-3


def _answers(folder: Path) -> list[int]:
    import json

    return [
        json.loads(line)["answer"] for line in (folder / "pictures.jsonl").read_text("utf-8").splitlines()
    ]


def make_gpt2(folder: Path) -> Path:
    from tests.models.hugging import make_gpt2

    return make_gpt2(folder)


def make_chatting(folder: Path) -> Path:
    """Return a folder with a tiny Llama over bytes whose chat template ends with a line break."""
    import torch
    import transformers
    from tests.conftest import byte_tokenizer

    tokenizer = byte_tokenizer()
    tokenizer.chat_template = (
        "{% for turn in messages %}[{{ turn.role }}]\n{{ turn.content }}\n{% endfor %}[assistant]\n"
    )
    tokenizer.save_pretrained(folder)
    shape = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 2}
    config = transformers.LlamaConfig(
        vocab_size=len(tokenizer), max_position_embeddings=2048, bos_token_id=0, eos_token_id=0, **shape
    )
    torch.manual_seed(0)
    transformers.LlamaForCausalLM(config).save_pretrained(folder)
    return folder


def test_the_served_built_in_model_gets_our_own_score(
    builtin: Model, served: str, folder: Path, read: Read
) -> None:
    told = {
        "base_url": f"{served}/completions",
        "model": "builtin",
        "tokenizer": str(SHIPPED),
        "tokenizer_backend": "huggingface",
    }
    weights, accuracy = run("local-completions", told, folder, "calligram_digit_classic", batch_size=16)
    check(weights, accuracy, builtin, read, folder)


@pytest.mark.parametrize(
    ("kind", "task", "style", "more"),
    [
        ("gpt2", "calligram_digit_classic", "", {}),
        ("chatting", "calligram_digit_classic_told", "", {"apply_chat_template": True}),
        ("chatting", "calligram_digit_classic_chat", "?style=bare", {"apply_chat_template": True}),
    ],
)
def test_a_local_model_gets_our_own_score(
    kind: str, task: str, style: str, more: dict[str, Any], folder: Path, read: Read, tmp_path: Path
) -> None:
    place = make_gpt2(tmp_path) if kind == "gpt2" else make_chatting(tmp_path)
    told = {"pretrained": str(place), "dtype": "float32", "add_bos_token": False}
    weights, accuracy = run("hf", told, folder, task, device="cpu", batch_size=8, **more)
    check(weights, accuracy, open_model(f"hf:{place}{style}"), read, folder)
