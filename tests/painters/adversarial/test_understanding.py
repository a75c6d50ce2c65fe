"""What words ask of the built-in painter: the writer's representation of them, and the shipped adapter."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from calligram.errors import ModelError, RequestError
from calligram.nano.weights import read_weights, write_weights
from calligram.nano.writer_folder import SHIPPED_WRITER, WriterEngine, open_writer
from calligram.painters.adversarial.framing import without_frame
from calligram.painters.adversarial.kinds import COLOURS, KINDS
from calligram.painters.adversarial.representation import represent
from calligram.painters.adversarial.understanding import (
    MOST_TOKENS,
    SHIPPED_ADAPTER,
    listener,
    open_adapter,
    understand,
)


@pytest.fixture(scope="module")
def engine() -> WriterEngine:
    return WriterEngine(open_writer(), threads=1)


def test_the_representation_is_that_of_transformers(engine: WriterEngine) -> None:
    torch = pytest.importorskip("torch", reason="needs the extra train")
    transformers = pytest.importorskip("transformers", reason="needs transformers")
    config = transformers.AutoConfig.from_pretrained(SHIPPED_WRITER)
    model = transformers.LlamaForCausalLM(config).eval()
    weights = {name: torch.from_numpy(np.array(array)) for name, array in engine.folder.weights.items()}
    model.load_state_dict(weights, strict=False)
    model.tie_weights()
    ids = torch.tensor([engine.vocabulary.encode("Kind: tags\nTitle: red sailing ship\n\n")])
    words = slice(len(engine.vocabulary.encode("Kind: tags\nTitle:")), -len(engine.vocabulary.encode("\n\n")))
    with torch.no_grad():
        states = model(ids, output_hidden_states=True).hidden_states
        read = [
            layer.self_attn.v_proj(layer.input_layernorm(state))[0]
            for layer, state in zip(model.model.layers, states, strict=False)
        ]
    expected = [states[0][0, words].sum(0), read[0][words].mean(0), states[-1][0, words].mean(0), read[2][-1]]
    assert np.abs(represent(engine, ["red sailing ship"])[0] - torch.cat(expected).numpy()).max() <= 1e-3


def test_words_are_represented_the_same_beside_others(engine: WriterEngine) -> None:
    texts = ["cat", "a sailing ship at sea", "heart", "crimson", "5"]
    together = represent(engine, texts)
    assert together.shape == (5, 4 * 384)
    for place, text in enumerate(texts):
        assert np.abs(represent(engine, [text])[0] - together[place]).max() <= 1e-4


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_known_by_its_name(kind: str) -> None:
    heard = understand(f"A picture of a {kind}!")
    assert (heard.nearest, heard.colour, heard.known) == (kind, "", True)


@pytest.mark.parametrize("colour", COLOURS[:-1])
def test_each_colour_is_known_by_its_name(colour: str) -> None:
    for words in (f"a {colour} fish", f"a house in {colour}"):
        assert understand(words).colour == colour


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("a feline", "cat"),
        ("DRAW ME A KITTEN", "cat"),
        ("an automobile", "car"),
        ("5", "five"),
        (":-)", "smiley"),
    ],
)
def test_other_words_for_a_kind_are_known(words: str, kind: str) -> None:
    heard = understand(words)
    assert (heard.nearest, heard.known) == (kind, True)


@pytest.mark.parametrize("words", ["democracy", "a bicycle", "an elephant", "the number 42", "qwertz", "..."])
def test_other_words_are_not_known(words: str) -> None:
    if words == "...":
        with pytest.raises(RequestError, match="holds no word to paint: say what"):
            understand(words)
    else:
        assert not understand(words).known


def test_what_was_heard_is_told_in_a_few_words() -> None:
    heard = understand("a red cat")
    assert heard.told() == f"cat {heard.kinds.max():.2f}, red"
    assert replace(heard, colours=np.eye(len(COLOURS), dtype=np.float32)[-1]).told()[:4] == "cat "
    assert heard.words == "red cat"


def test_probabilities_are_whole() -> None:
    heard = understand("a purple toadstool")
    assert (heard.kinds.shape, heard.colours.shape) == ((len(KINDS),), (len(COLOURS),))
    assert heard.kinds.sum() == pytest.approx(1, abs=1e-5)
    assert heard.colours.sum() == pytest.approx(1, abs=1e-5)
    assert 0 <= heard.confidence <= 1 + 1e-6


def test_too_many_words_are_refused_with_their_number() -> None:
    with pytest.raises(RequestError, match=rf"tokens, but .* takes at most {MOST_TOKENS}: name one thing"):
        understand("cat " * 500)


def test_the_adapter_is_small() -> None:
    assert SHIPPED_ADAPTER.stat().st_size <= 1.5e6


def test_a_damaged_adapter_is_refused(tmp_path: Path) -> None:
    torn = tmp_path / "words.safetensors"
    torn.write_bytes(SHIPPED_ADAPTER.read_bytes()[:-7])
    with pytest.raises(ModelError, match="cannot be used"):
        open_adapter(torn)


def test_an_adapter_for_other_kinds_is_refused(tmp_path: Path) -> None:
    tensors = {name: np.array(array) for name, array in read_weights(SHIPPED_ADAPTER).items()}
    write_weights(tmp_path / "words.safetensors", tensors | {"second": tensors["second"][1:]})
    with pytest.raises(ModelError, match="no adapter for 51 kinds and 11 colours: install"):
        open_adapter(tmp_path / "words.safetensors")


def test_the_writer_is_opened_once() -> None:
    assert listener() is listener()


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("Please draw me a picture of a red cat!", "red cat"),
        ("an icon: skull", "skull"),
        ("a cat on a white background", "cat"),
        ("a symbol of love", "symbol of love"),
        ("the number V", "number v"),
        ("a :-) please", ":-)"),
        ("a picture", "a"),
        ("sign", "sign"),
        ("a t-shirt, flat design", "t-shirt"),
        ("  \n", ""),
        ("?!", ""),
    ],
)
def test_what_frames_words_is_taken_off(words: str, left: str) -> None:
    assert without_frame(words) == left
