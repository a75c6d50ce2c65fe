import json
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs the extra train")

from calligram.nano.network import (  # noqa: E402
    Network,
    Shape,
    export_state,
    llama_config,
    start_from,
    token_looks,
)
from calligram.nano.vocabulary import END, PAD, build  # noqa: E402
from calligram.nano.weights import write_weights  # noqa: E402

RAMP = " ▓█"
VOCABULARY = build([RAMP], ["What digit is this?\n"], ["5", "none"])


def make_network() -> Network:
    torch.manual_seed(0)
    network = Network(Shape(width=32, layers=2, heads=2, hidden=48), token_looks(VOCABULARY, [RAMP]))
    for weight in network.parameters():
        torch.nn.init.normal_(weight, std=0.3)
    return network


def test_transformers_gives_the_logits_of_the_training_network(tmp_path: Path) -> None:
    transformers = pytest.importorskip("transformers", reason="needs the extra train")
    network = make_network()
    config = llama_config(network.shape, len(VOCABULARY), VOCABULARY.ids[PAD], VOCABULARY.ids[END])
    (tmp_path / "config.json").write_text(json.dumps(config))
    write_weights(tmp_path / "model.safetensors", {k: v.numpy() for k, v in export_state(network).items()})
    theirs = transformers.AutoModelForCausalLM.from_pretrained(tmp_path, dtype=torch.float32)
    ids = torch.randint(0, len(VOCABULARY), (2, 40), generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        table = network.table()
        ours = network(ids, table)[0] @ table.T
        assert torch.allclose(theirs(ids).logits, ours, atol=1e-3)


def test_a_token_looks_as_its_cells_do() -> None:
    looks = token_looks(VOCABULARY, [RAMP])
    full, blank, word = (VOCABULARY.ids[token] for token in ("████", "    ", "5"))
    assert looks[full].tolist() == [1.0] * 8
    assert not looks[blank].any()
    assert not looks[word].any()
    assert looks[VOCABULARY.ids["█▓  "]].tolist() == [1, 1, 1, 0, 0, 0, 0, 0]


def test_a_place_never_sees_what_follows_it() -> None:
    network = make_network()
    ids = torch.randint(0, len(VOCABULARY), (1, 20), generator=torch.Generator().manual_seed(2))
    other = ids.clone()
    other[0, 12:] = 7
    with torch.no_grad():
        table = network.table()
        assert torch.allclose(network(ids, table)[0][0, :12], network(other, table)[0][0, :12], atol=1e-5)
        assert not np.allclose(network(ids, table)[0][0, 12:], network(other, table)[0][0, 12:])


def test_a_network_started_from_another_gives_its_logits_for_the_tokens_they_share() -> None:
    other = build([RAMP], ["What digit is this?\n", "What letter is this?\n"], ["A", "5", "none"])
    torch.manual_seed(3)
    fresh = Network(Shape(width=32, layers=2, heads=2, hidden=48), token_looks(other, [RAMP]))
    known = make_network()
    start_from(fresh, other, export_state(known), VOCABULARY)
    text = "<row:1>  ▓█</row:1>\nWhat digit is this?\n"
    with torch.no_grad():
        one = known(torch.tensor([VOCABULARY.encode(text)]), known.table())[0][0, -1]
        two = fresh(torch.tensor([other.encode(text)]), fresh.table())[0][0, -1]
        scores = [known.table()[VOCABULARY.ids["5"]] @ one, fresh.table()[other.ids["5"]] @ two]
    assert torch.allclose(one, two, atol=1e-4)
    assert torch.allclose(*scores, atol=1e-3)
