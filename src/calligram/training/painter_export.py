"""The built-in painter's graphs, written node by node (needs the extra ``train``).

``painter.onnx``: ``chance`` (B, 64), ``kinds`` (B, kinds) and ``colours`` (B, colours), probabilities, become
``images`` (B, 3, 64, 64) of 0 to 1. ``eye.onnx``: ``images`` become ``kinds`` (B, kinds), probabilities.
Normalisation is folded into the convolutions before it.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from onnx import TensorProto, helper
from torch import nn

from calligram.nano.graph import Graph
from calligram.painters.adversarial.kinds import COLOURS, KINDS
from calligram.painters.adversarial.network import CHANCE, SIDE
from calligram.training.painter_judge import Judge
from calligram.training.painter_network import Painter, Rise, Scaled


def painter_graph(painter: Painter) -> bytes:
    """Return the ONNX file of a painter, which is in the mode of use."""
    graph = Graph()
    parts = [
        "chance",
        _linear(graph, "kinds", painter.kind, "kind"),
        _linear(graph, "colours", painter.colour, "colour"),
    ]
    (asked,) = graph.add("Concat", parts, axis=1)
    style = asked
    for number in (0, 2):
        (style,) = graph.add(
            "LeakyRelu", [_linear(graph, style, painter.style[number], f"style{number}")], alpha=0.2
        )
    shape = graph.constant("begin_shape", np.array([-1, painter.first, 4, 4]))
    (features,) = graph.add("Reshape", [_linear(graph, asked, painter.begin, "begin"), shape])
    for number, rise in enumerate(painter.rises):
        features = _rise(graph, features, style, rise, f"rise{number}")
    (features,) = _convolved(graph, features, painter.end, "end")
    (features,) = graph.add("DepthToSpace", [features], blocksize=2, mode="CRD")
    (features,) = graph.add("Tanh", [features])
    _to_range(graph, features, 0.5, 0.5, "images")
    inputs = [("chance", CHANCE), ("kinds", len(KINDS)), ("colours", len(COLOURS))]
    return _whole(graph, [(name, [size]) for name, size in inputs], ("images", [3, SIDE, SIDE]))


def judge_graph(judge: Judge) -> bytes:
    """Return the ONNX file of a judge, which is in the mode of use."""
    graph = Graph()
    features = _to_range(graph, "images", 2.0, -1.0)
    for number, layer in enumerate(judge.trunk):
        if isinstance(layer, nn.PixelUnshuffle):
            features = _unshuffled(graph, features)
        elif isinstance(layer, nn.MaxPool2d):
            (features,) = graph.add("MaxPool", [features], kernel_shape=[2, 2], strides=[2, 2])
        else:
            features = _folded(graph, features, layer, f"layer{number}")
    (features,) = graph.add("GlobalAveragePool", [features])
    (features,) = graph.add("Flatten", [features])
    graph.add("Softmax", [_linear(graph, features, judge.answer[1], "answer")], ["kinds"], axis=1)
    return _whole(graph, [("images", [3, SIDE, SIDE])], ("kinds", [len(KINDS)]))


def _linear(graph: Graph, given: str, layer: nn.Module, name: str) -> str:
    assert isinstance(layer, nn.Linear)
    inputs = [given, graph.constant(f"{name}_weight", _array(layer.weight))]
    if layer.bias is not None:
        inputs.append(graph.constant(f"{name}_bias", _array(layer.bias)))
    (made,) = graph.add("Gemm", inputs, transB=1)
    return made


def _rise(graph: Graph, features: str, style: str, rise: nn.Module, name: str) -> str:
    assert isinstance(rise, Rise)
    weight, shift = _normal(rise.up_scaled.norm, rise.up.weight, axis=1)
    kept = [graph.constant(f"{name}_up", weight), graph.constant(f"{name}_up_shift", shift)]
    (features,) = graph.add("ConvTranspose", [features, *kept], strides=[2, 2], pads=[1, 1, 1, 1])
    (features,) = graph.add("Relu", [_scaled(graph, features, style, rise.up_scaled, f"{name}_up_by")])
    weight, shift = _normal(rise.on_scaled.norm, rise.on.weight, axis=0)
    kept = [graph.constant(f"{name}_on", weight), graph.constant(f"{name}_on_shift", shift)]
    (more,) = graph.add("Conv", [features, *kept], pads=[1, 1, 1, 1])
    (features,) = graph.add("Add", [features, _scaled(graph, more, style, rise.on_scaled, f"{name}_on_by")])
    (features,) = graph.add("Relu", [features])
    return features


def _scaled(graph: Graph, features: str, style: str, scaled: Scaled, name: str) -> str:
    """Add what a style does to features."""
    width = scaled.by.out_features // 2
    by = _linear(graph, style, scaled.by, name)
    (by,) = graph.add("Reshape", [by, graph.constant(f"shape{2 * width}", np.array([-1, 2 * width, 1, 1]))])
    scale, shift = graph.add("Split", [by], 2, axis=1, num_outputs=2)
    (scale,) = graph.add("Add", [scale, graph.constant("one", np.ones((), np.float32))])
    (features,) = graph.add("Mul", [features, scale])
    (features,) = graph.add("Add", [features, shift])
    return features


def _folded(graph: Graph, features: str, layer: nn.Module, name: str) -> str:
    assert isinstance(layer, nn.Sequential)
    convolution, norm = layer[0], layer[1]
    assert isinstance(convolution, nn.Conv2d)
    weight, shift = _normal(norm, convolution.weight, axis=0, affine=True)
    kept = [graph.constant(f"{name}_weight", weight), graph.constant(f"{name}_shift", shift)]
    (features,) = graph.add("Conv", [features, *kept], pads=[1, 1, 1, 1])
    (features,) = graph.add("Relu", [features])
    return features


def _normal(
    norm: Any, weight: torch.Tensor, axis: int, affine: bool = False
) -> tuple[np.ndarray, np.ndarray]:
    """Return a convolution's weight and shift with the normalisation behind it folded in."""
    scale = torch.rsqrt(norm.running_var + norm.eps) * (norm.weight if affine else 1)
    shift = -norm.running_mean * scale + (norm.bias if affine else 0)
    shape = [1] * 4
    shape[axis] = -1
    return _array(weight * scale.view(shape)), _array(shift)


def _convolved(graph: Graph, features: str, layer: nn.Conv2d, name: str) -> list[str]:
    assert layer.bias is not None
    kept = [
        graph.constant(f"{name}_weight", _array(layer.weight)),
        graph.constant(f"{name}_bias", _array(layer.bias)),
    ]
    return graph.add("Conv", [features, *kept], pads=[1, 1, 1, 1])


def _unshuffled(graph: Graph, features: str) -> str:
    """Add what takes each square of two by two pixels into channels, as torch orders them."""
    split = graph.constant("split", np.array([0, 3, SIDE // 2, 2, SIDE // 2, 2]))
    (features,) = graph.add("Reshape", [features, split])
    (features,) = graph.add("Transpose", [features], perm=[0, 1, 3, 5, 2, 4])
    (features,) = graph.add(
        "Reshape", [features, graph.constant("joined", np.array([0, 12, SIDE // 2, SIDE // 2]))]
    )
    return features


def _to_range(graph: Graph, given: str, times: float, plus: float, made: str | None = None) -> str:
    (scaled,) = graph.add("Mul", [given, graph.constant("times", np.full((), times, np.float32))])
    (moved,) = graph.add(
        "Add", [scaled, graph.constant("plus", np.full((), plus, np.float32))], [made] if made else 1
    )
    return moved


def _array(tensor: torch.Tensor) -> np.ndarray:
    return tensor.detach().numpy().astype(np.float32)


def _whole(graph: Graph, inputs: Sequence[tuple[str, list[int]]], output: tuple[str, list[int]]) -> bytes:
    def told(name: str, shape: list[int]) -> Any:
        return helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch", *shape])

    model = graph.finish([told(*each) for each in inputs], [told(*output)])
    content: bytes = model.SerializeToString()
    return content
