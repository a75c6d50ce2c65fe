"""The ONNX graph of the built-in model, written node by node (needs the extra ``train``).

Inputs: ``ids`` (N, T) int64; ``asked`` (A,) int64, places in the N*T tokens; ``head`` (width, K) float32,
the embeddings of the tokens to score, one in each column; ``last`` (N,) int32 and ``total`` (1,) int32, the
length with the cache, less one and whole; and for each layer ``past_key_i`` and ``past_value_i`` (N, heads,
P, head width). Outputs: ``scores`` (A, K), and ``present_key_i``, ``present_value_i`` (N, heads, P + T, head
width).

The head is handed in because a caller needs a handful of columns where the whole vocabulary has thousands.
After the last attention only the asked places go on.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from calligram.errors import MissingExtraError

try:
    from onnx import TensorProto, helper, numpy_helper
except ImportError as fault:  # pragma: no cover
    raise MissingExtraError("onnx", "train", "writing a model's graph") from fault

OPSET, CONTRIB, IR_VERSION = 21, "com.microsoft", 10
Linear = Callable[["Graph", str, Sequence[str]], list[str]]
"""Adds products of one input with named matrices to a graph, and returns the outputs' names."""


class Graph:
    """A graph under construction."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.constants: dict[str, Any] = {}

    def add(
        self, operation: str, inputs: Sequence[str], outputs: int | Sequence[str] = 1, **attributes: Any
    ) -> list[str]:
        """Add one node and return its outputs' names; ``domain`` may be an attribute."""
        number = len(self.nodes)
        names = (
            [f"{operation}_{number}_{place}" for place in range(outputs)]
            if isinstance(outputs, int)
            else list(outputs)
        )
        self.nodes.append(
            helper.make_node(operation, list(inputs), names, name=f"{operation}_{number}", **attributes)
        )
        return names

    def constant(self, name: str, array: npt.NDArray[Any]) -> str:
        """Add an array that is kept in the graph, and return its name."""
        self.constants.setdefault(name, numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def outside(self, name: str, shape: Sequence[int], file: str, offset: int) -> str:
        """Add a float32 array that lies in another file of the same folder, and return its name."""
        tensor = TensorProto(name=name, data_type=TensorProto.FLOAT, dims=list(shape))
        tensor.data_location = TensorProto.EXTERNAL
        told = {"location": file, "offset": offset, "length": 4 * int(np.prod(shape))}
        for key, value in told.items():
            tensor.external_data.add(key=key, value=str(value))
        self.constants.setdefault(name, tensor)
        return name

    def finish(self, inputs: Sequence[Any], outputs: Sequence[Any]) -> Any:
        """Return the whole model."""
        graph = helper.make_graph(
            self.nodes, "calligram-nano", list(inputs), list(outputs), list(self.constants.values())
        )
        opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(CONTRIB, 1)]
        return helper.make_model(
            graph, opset_imports=opsets, ir_version=IR_VERSION, producer_name="calligram"
        )


def build_graph(config: Mapping[str, Any], weight: Callable[[Graph, str], str], linear: Linear) -> Any:
    """Return the ONNX model of a Llama.

    Args:
        config: ``config.json``.
        weight: adds a named weight that is no matrix (the embedding, a norm) to the graph.
        linear: adds products with named matrices.
    """
    graph = Graph()
    _rotary(graph, config)
    graph.constant("flat", np.array([-1, config["hidden_size"]]))
    epsilon, layers = config["rms_norm_eps"], config["num_hidden_layers"]
    stream = graph.add("Gather", [weight(graph, "model.embed_tokens.weight"), "ids"])[0]
    first = weight(graph, "model.layers.0.input_layernorm.weight")
    state = graph.add("SimplifiedLayerNormalization", [stream, first], axis=-1, epsilon=epsilon)[0]
    for number in range(layers):
        name = f"model.layers.{number}"
        mixed = _attend(graph, config, number, linear(graph, f"{name}.self_attn.qkv", [state])[0])
        if number == layers - 1:
            mixed, stream = (_only_asked(graph, value) for value in (mixed, stream))
        out = linear(graph, f"{name}.self_attn.o_proj", [mixed])[0]
        norm = weight(graph, f"{name}.post_attention_layernorm.weight")
        state, stream = _add_and_norm(graph, out, stream, norm, epsilon)
        fed = linear(
            graph, f"{name}.mlp.down_proj", [_gate(graph, *linear(graph, f"{name}.mlp.gate_up", [state]))]
        )
        after = f"model.layers.{number + 1}.input_layernorm" if number < layers - 1 else "model.norm"
        state, stream = _add_and_norm(graph, fed[0], stream, weight(graph, f"{after}.weight"), epsilon)
    graph.add("MatMul", [state, "head"], ["scores"])
    return graph.finish(_inputs(config), _outputs(config))


def _rotary(graph: Graph, config: Mapping[str, Any]) -> None:
    half = np.arange(0, config["head_dim"], 2, dtype=np.float32) / config["head_dim"]
    rates = (1.0 / np.float32(config["rope_theta"]) ** half).astype(np.float32)
    angles = np.outer(np.arange(config["max_position_embeddings"], dtype=np.float32), rates)
    graph.constant("cosines", np.cos(angles))
    graph.constant("sines", np.sin(angles))


def _attend(graph: Graph, config: Mapping[str, Any], number: int, packed: str) -> str:
    past = [f"past_key_{number}", f"past_value_{number}"]
    present = [f"present_key_{number}", f"present_value_{number}"]
    return graph.add(
        "GroupQueryAttention",
        [packed, "", "", *past, "last", "total", "cosines", "sines"],
        [f"attention_{number}", *present],
        domain=CONTRIB,
        do_rotary=1,
        num_heads=config["num_attention_heads"],
        kv_num_heads=config["num_key_value_heads"],
    )[0]


def _only_asked(graph: Graph, value: str) -> str:
    return graph.add("Gather", [graph.add("Reshape", [value, "flat"])[0], "asked"])[0]


def _add_and_norm(graph: Graph, one: str, other: str, norm: str, epsilon: float) -> tuple[str, str]:
    number = len(graph.nodes)
    outputs = [f"normed_{number}", "", "", f"stream_{number}"]
    graph.add(
        "SkipSimplifiedLayerNormalization", [one, other, norm], outputs, domain=CONTRIB, epsilon=epsilon
    )
    return outputs[0], outputs[3]


def _gate(graph: Graph, gate: str, up: str) -> str:
    # QuickGelu with alpha 1 is x * sigmoid(x), the network's activation, in one node
    return graph.add("Mul", [graph.add("QuickGelu", [gate], domain=CONTRIB, alpha=1.0)[0], up])[0]


def _inputs(config: Mapping[str, Any]) -> list[Any]:
    named: list[tuple[str, int, list[str | int]]] = [
        ("ids", TensorProto.INT64, ["N", "T"]),
        ("asked", TensorProto.INT64, ["A"]),
        ("head", TensorProto.FLOAT, [config["hidden_size"], "K"]),
        ("last", TensorProto.INT32, ["N"]),
        ("total", TensorProto.INT32, [1]),
    ]
    return [helper.make_tensor_value_info(*entry) for entry in named] + _cache(config, "past", "P")


def _outputs(config: Mapping[str, Any]) -> list[Any]:
    scores = helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["A", "K"])
    return [scores, *_cache(config, "present", "S")]


def _cache(config: Mapping[str, Any], when: str, length: str) -> list[Any]:
    shape = ["N", config["num_key_value_heads"], length, config["head_dim"]]
    return [
        helper.make_tensor_value_info(f"{when}_{part}_{number}", TensorProto.FLOAT, shape)
        for number in range(config["num_hidden_layers"])
        for part in ("key", "value")
    ]
