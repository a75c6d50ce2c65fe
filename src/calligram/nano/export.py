"""Writes a trained network as a model folder: weights, configuration, tokenizer and graphs (extra ``train``).

The float32 graph holds no weights of its own: it refers to places in ``model.safetensors``. The int8 graph
holds the layers' matrices as int8, one scale for each output; what enters them is quantised with one fixed
scale for each matrix, measured on sample texts, so that a text's scores do not depend on its neighbours in a
batch, as they would with scales found while running. Embedding and norms stay float32, in
``model.safetensors``.
"""

import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from calligram.errors import ModelError, OutputError
from calligram.nano.folder import CALIBRATION, CONFIG, GRAPHS, TOKENIZER, WEIGHTS
from calligram.nano.graph import CONTRIB, Graph, build_graph
from calligram.nano.vocabulary import Ids, Vocabulary
from calligram.nano.weights import (
    TOGETHER,
    Floats,
    Place,
    find_weights,
    quantise_rows,
    read_weight,
    write_weights,
)
from calligram.whole_files import write_whole

CLIPS = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2)
"""Shares of the largest input tried as the end of the int8 scale."""
ZERO = 128


def export_model(
    folder: str | Path,
    state: Mapping[str, Any],
    config: Mapping[str, Any],
    vocabulary: Vocabulary,
    calibration: Mapping[str, Any] | None = None,
    samples: Sequence[Ids] | None = None,
) -> Path:
    """Write a model folder, replacing files of the same names, and return its path.

    Args:
        folder: created where it does not exist.
        state: float32 weights under the names of ``LlamaForCausalLM``, arrays or torch tensors.
        config: ``config.json``.
        vocabulary: the tokens.
        calibration: ``calibration.json``; None writes none.
        samples: token texts as the model will meet them, each ``(N, T)``; with them an int8 graph is written.

    Raises:
        OutputError: the folder cannot be written; its files are then as they were.
    """
    folder = Path(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}-") as beside:
            made = Path(beside)
            write_weights(made / WEIGHTS, in_order(state, config["num_hidden_layers"]))
            (made / CONFIG).write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
            vocabulary.save(made / TOKENIZER)
            if calibration is not None:
                (made / CALIBRATION).write_text(json.dumps(calibration) + "\n", encoding="utf-8")
            write_graphs(made, samples)
            for file in sorted(made.iterdir()):
                file.replace(folder / file.name)
    except OSError as fault:
        raise OutputError(f"the model folder {folder} cannot be written ({fault}): choose another") from fault
    return folder


def write_graphs(folder: Path, samples: Sequence[Ids] | None = None) -> None:
    """Write the ONNX graphs of a folder that has weights and configuration.

    Args:
        folder: a folder with ``model.safetensors`` as :func:`export_model` orders it, and ``config.json``.
        samples: token texts, each ``(N, T)``, to measure int8 scales on; None writes the float32 graph alone.
    """
    config = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
    weights = _Weights(folder, find_weights(folder / WEIGHTS))
    _write(folder / GRAPHS["float32"], build_graph(config, weights.plain, weights.float_product))
    if samples is not None:
        scales = measure_scales(folder, samples)
        quantised = _Quantised(weights, scales)
        _write(folder / GRAPHS["int8"], build_graph(config, weights.plain, quantised.product))


def measure_scales(folder: Path, samples: Sequence[Ids]) -> dict[str, float]:
    """Return each matrix's int8 scale of its input, that of the least squared error on sample texts."""
    import onnxruntime

    config = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
    weights = _Weights(folder, find_weights(folder / WEIGHTS), watched={})
    model = build_graph(config, weights.plain, weights.float_product)
    for name in weights.watched.values():
        model.graph.output.append(type(model.graph.output[0])(name=name))
    with tempfile.NamedTemporaryFile(dir=folder, suffix=".onnx") as file:
        file.write(model.SerializeToString())
        file.flush()
        session = onnxruntime.InferenceSession(file.name, providers=["CPUExecutionProvider"])
    inputs = list(weights.watched.values())
    seen = [session.run(inputs, _feed(ids, config)) for ids in samples]
    return {
        matrix: best_scale(np.concatenate([values[place].ravel() for values in seen]))
        for place, matrix in enumerate(weights.watched)
    }


def best_scale(values: Floats) -> float:
    """Return the step of a symmetric int8 scale that makes the least squared error.

    >>> round(best_scale(np.linspace(-1.27, 1.27, 255, dtype=np.float32)), 4)
    0.01
    """
    largest = float(np.abs(values).max()) or 1.0
    steps = [clip * largest / (ZERO - 1) for clip in CLIPS]
    errors = [
        float(np.square(np.clip(np.rint(values / step), -128, 127) * step - values).mean()) for step in steps
    ]
    return steps[int(np.argmin(errors))]


@dataclass(frozen=True)
class _Weights:
    folder: Path
    places: Mapping[str, Place]
    watched: dict[str, str] = field(default_factory=dict)

    def plain(self, graph: Graph, name: str) -> str:
        place = self.places[name]
        return graph.outside(name, place.shape, WEIGHTS, place.offset)

    def parts(self, name: str) -> list[str]:
        """Return the matrices behind a name, as :data:`TOGETHER` joins them."""
        head, tail = name.rsplit(".", 2)[0], ".".join(name.rsplit(".", 2)[1:])
        return [f"{head}.{part}.weight" for part in TOGETHER.get(tail, (tail,))]

    def joined(self, graph: Graph, name: str) -> str:
        """Add neighbouring matrices as one that spans them."""
        places = [self.places[part] for part in self.parts(name)]
        for one, other in pairwise(places):
            if one.offset + one.size_bytes != other.offset:
                raise ModelError(f"the weights of {name} do not lie together: write them with export_model")
        shape = (sum(place.shape[0] for place in places), places[0].shape[1])
        return graph.outside(name, shape, WEIGHTS, places[0].offset)

    def matrix(self, name: str) -> Floats:
        """Return neighbouring matrices joined, ``(outputs, inputs)``."""
        return np.concatenate(
            [read_weight(self.folder / WEIGHTS, self.places[part]) for part in self.parts(name)]
        )

    def float_product(self, graph: Graph, name: str, inputs: Sequence[str]) -> list[str]:
        self.watched[name] = inputs[0]
        product = graph.add("FusedMatMul", [*inputs, self.joined(graph, name)], domain=CONTRIB, transB=1)
        return _split(graph, name, product[0])


@dataclass(frozen=True)
class _Quantised:
    weights: _Weights
    scales: Mapping[str, float]

    def product(self, graph: Graph, name: str, inputs: Sequence[str]) -> list[str]:
        step = graph.constant(f"{name}.input_scale", np.array(self.scales[name], np.float32))
        zero = graph.constant("zero", np.array(ZERO, np.uint8))
        small = graph.add("QuantizeLinear", [*inputs, step, zero])[0]
        matrix, steps = quantise_rows(self.weights.matrix(name))
        b = graph.constant(name, matrix.T)
        b_steps = graph.constant(f"{name}.scale", steps)
        product = graph.add("MatMulIntegerToFloat", [small, b, step, b_steps, zero], domain=CONTRIB)
        return _split(graph, name, product[0])


def _split(graph: Graph, name: str, product: str) -> list[str]:
    if not name.endswith("gate_up"):
        return [product]
    return graph.add("Split", [product], 2, axis=-1, num_outputs=2)


def in_order(state: Mapping[str, Any], layers: int) -> dict[str, Floats]:
    """Return the weights as float32 arrays, those of :data:`TOGETHER` beside each other."""
    names = ["model.embed_tokens.weight"]
    for number in range(layers):
        head = f"model.layers.{number}"
        matrices = [*TOGETHER["self_attn.qkv"], "self_attn.o_proj", *TOGETHER["mlp.gate_up"], "mlp.down_proj"]
        norms = ["input_layernorm", "post_attention_layernorm"]
        names += [f"{head}.{part}.weight" for part in (*matrices, *norms)]
    names.append("model.norm.weight")
    return {name: np.asarray(state[name], np.float32) for name in names}


def _feed(ids: Ids, config: Mapping[str, Any]) -> dict[str, npt.NDArray[Any]]:
    count, length = ids.shape
    empty = np.zeros((count, config["num_key_value_heads"], 0, config["head_dim"]), np.float32)
    feed: dict[str, npt.NDArray[Any]] = {
        f"past_{part}_{number}": empty
        for number in range(config["num_hidden_layers"])
        for part in ("key", "value")
    }
    return feed | {
        "ids": np.ascontiguousarray(ids, np.int64),
        "asked": np.arange(count * length),
        "head": np.zeros((config["hidden_size"], 1), np.float32),
        "last": np.full(count, length - 1, np.int32),
        "total": np.array([length], np.int32),
    }


def _write(path: Path, model: Any) -> None:
    write_whole(path, model.SerializeToString(deterministic=True))
