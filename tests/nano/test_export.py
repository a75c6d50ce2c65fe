"""A trained network as a folder: the same logits in transformers, in the engine and in the trainer."""

from pathlib import Path

import numpy as np
import pytest

from calligram.errors import OutputError
from calligram.nano.engine import Engine
from calligram.nano.tiny import make_config, make_state, make_vocabulary
from calligram.nano.vocabulary import END, PAD
from calligram.nano.weights import quantise_rows

onnx = pytest.importorskip("onnx", reason="writing a graph needs the extra train")

from calligram.nano.export import best_scale, export_model  # noqa: E402

WANTED = {"config.json", "model-int8.onnx", "model.onnx", "model.safetensors", "tokenizer.json"}


def some_ids(engine: Engine) -> "np.ndarray[tuple[int, int], np.dtype[np.int64]]":
    return np.random.default_rng(4).integers(len(engine.vocabulary), size=(3, 40))


def test_transformers_loads_the_folder_and_gives_the_same_logits(tiny_folder: Path) -> None:
    torch = pytest.importorskip("torch", reason="needs the extra train")
    transformers = pytest.importorskip("transformers", reason="needs the extra train")
    engine = Engine(tiny_folder)
    ids = some_ids(engine)
    model = transformers.AutoModelForCausalLM.from_pretrained(tiny_folder, dtype=torch.float32)
    with torch.inference_mode():
        theirs = model(torch.from_numpy(ids)).logits.numpy()
    assert np.abs(theirs).max() > 1
    assert np.abs(engine.logits(ids) - theirs).max() < 1e-3


def test_the_trained_network_gives_the_same_logits(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch", reason="needs the extra train")
    from calligram.nano.network import Network, Shape, export_state, llama_config, token_looks
    from calligram.picture import LAYOUTS

    vocabulary = make_vocabulary()
    shape = Shape(width=32, layers=2, heads=2, hidden=48, positions=64)
    torch.manual_seed(0)
    ramps = list(dict.fromkeys(layout.symbols for layout in LAYOUTS.values()))
    network = Network(shape, token_looks(vocabulary, ramps))
    for weight in network.parameters():  # the outputs of each part begin at nought, which would hide faults
        torch.nn.init.normal_(weight, 1.0 if weight.dim() == 1 else 0.0, 0.2)
    config = llama_config(shape, len(vocabulary), vocabulary.ids[PAD], vocabulary.ids[END])
    engine = Engine(export_model(tmp_path / "made", export_state(network), config, vocabulary))
    ids = some_ids(engine)
    with torch.inference_mode():
        table = network.table()
        ours = (network(torch.from_numpy(ids), table)[0] @ table.T).numpy()
    assert np.abs(ours).max() > 1
    assert np.abs(engine.logits(ids) - ours).max() < 1e-3


def has_vnni() -> bool:
    """Say whether the processor adds products of bytes exactly; one that is not x86 does."""
    torch = pytest.importorskip("torch", reason="needs the extra train")
    capabilities = torch.cpu.get_capabilities()
    known = [capabilities[name] for name in ("avx512_vnni", "avx_vnni") if name in capabilities]
    return any(known) or not known


def test_the_int8_graph_stays_near_the_float_one(tiny_folder: Path) -> None:
    exact, small = Engine(tiny_folder), Engine(tiny_folder, "int8")
    ids = some_ids(exact)
    wanted, found = exact.logits(ids).ravel(), small.logits(ids).ravel()
    # without VNNI onnxruntime cuts sums of two products at 16 bits, which costs random weights that much
    assert np.corrcoef(wanted, found)[0, 1] > (0.99 if has_vnni() else 0.95)
    assert not np.array_equal(wanted, found)


def test_the_float_graph_keeps_its_weights_in_the_safetensors_file(tiny_folder: Path) -> None:
    assert {file.name for file in tiny_folder.iterdir()} == WANTED
    weights = (tiny_folder / "model.safetensors").stat().st_size
    assert (tiny_folder / "model.onnx").stat().st_size < 0.1 * weights


def test_writing_twice_gives_the_same_bytes_and_leaves_nothing_beside(tmp_path: Path) -> None:
    vocabulary = make_vocabulary()
    config = make_config(len(vocabulary), vocabulary.ids[PAD], vocabulary.ids[END])
    samples = [np.arange(48).reshape(2, 24)]
    state = make_state(len(vocabulary))
    for name in ("one", "two", "one"):
        export_model(tmp_path / name, state, config, vocabulary, {"precision": "int8"}, samples)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one", "two"]
    for file in (tmp_path / "one").iterdir():
        assert file.read_bytes() == (tmp_path / "two" / file.name).read_bytes()


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    vocabulary = make_vocabulary()
    config = make_config(len(vocabulary), 0, 1)
    with pytest.raises(OutputError, match=r"the model folder .*file cannot be written"):
        export_model(tmp_path / "file", make_state(len(vocabulary)), config, vocabulary)


def test_the_int8_scale_leaves_out_what_is_rare_and_large() -> None:
    values = np.random.default_rng(0).normal(size=100_000).astype(np.float32)
    values[0] = 20.0
    assert best_scale(values) < 20.0 / 127 * 0.8


def test_each_row_has_an_int8_scale_of_its_own() -> None:
    matrix = np.array([[1.0, -0.5], [100.0, 50.0]], np.float32)
    small, steps = quantise_rows(matrix)
    assert np.allclose(small * steps[:, None], matrix, atol=0.5)
    assert np.abs(small).max(1).tolist() == [127, 127]
