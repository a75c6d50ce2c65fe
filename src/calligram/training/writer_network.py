"""The writer's network while it is trained: the reader's parts, with fused attention and dropout."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as functional
from torch import Tensor, nn

from calligram.nano.network import FeedForward, Norm, Shape, export_layers, load_layers, rotary, turn


class Attention(nn.Module):
    """Causal self-attention with rotary positions, by torch's fused kernel."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.heads = shape.heads
        self.qkv = nn.Linear(shape.width, 3 * shape.width, bias=False)
        self.out = nn.Linear(shape.width, shape.width, bias=False)

    def forward(self, x: Tensor, cosine: Tensor, sine: Tensor) -> Tensor:
        count, length, width = x.shape
        q, k, v = self.qkv(x).view(count, length, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        q, k = turn(q, cosine, sine).to(v.dtype), turn(k, cosine, sine).to(v.dtype)
        mixed = functional.scaled_dot_product_attention(q, k, v, is_causal=True)
        result: Tensor = self.out(mixed.transpose(1, 2).reshape(count, length, width))
        return result


class Layer(nn.Module):
    """One layer: attention, then feed-forward, each added to what came in."""

    def __init__(self, shape: Shape, dropout: float) -> None:
        super().__init__()
        self.attention_norm, self.attention = Norm(shape.width), Attention(shape)
        self.feed_norm, self.feed = Norm(shape.width), FeedForward(shape)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor, cosine: Tensor, sine: Tensor) -> Tensor:
        x = x + self.dropout(self.attention(self.attention_norm(x), cosine, sine))
        result: Tensor = x + self.dropout(self.feed(self.feed_norm(x)))
        return result


class WriterNetwork(nn.Module):
    """Token numbers (N, T) -> the scores of every token after each, (N, T, tokens)."""

    cosine: Tensor
    sine: Tensor

    def __init__(self, shape: Shape, tokens: int, dropout: float = 0.0) -> None:
        super().__init__()
        self.shape = shape
        self.table = nn.Embedding(tokens, shape.width)
        self.layers = nn.ModuleList(Layer(shape, dropout) for _ in range(shape.layers))
        self.norm, self.dropout = Norm(shape.width), nn.Dropout(dropout)
        cosine, sine = rotary(shape.positions, shape.head_width)
        self.register_buffer("cosine", cosine, persistent=False)
        self.register_buffer("sine", sine, persistent=False)
        self._start()

    def _start(self) -> None:
        nn.init.normal_(self.table.weight, std=0.02)
        for layer in self.layers:
            assert isinstance(layer, Layer)
            for matrix in (layer.attention.qkv, layer.feed.gate_up):
                nn.init.normal_(matrix.weight, std=self.shape.width**-0.5)
            for matrix in (layer.attention.out, layer.feed.down):
                nn.init.zeros_(matrix.weight)

    def forward(self, ids: Tensor) -> Tensor:
        length = ids.shape[1]
        x = self.dropout(self.table(ids))
        for layer in self.layers:
            x = layer(x, self.cosine[:length], self.sine[:length])
        result: Tensor = functional.linear(self.norm(x), self.table.weight)
        return result


def matrices(network: WriterNetwork) -> list[nn.Parameter]:
    """Return the weights between layers, which Muon trains."""
    return [weight for weight in network.layers.parameters() if weight.ndim == 2]


def others(network: WriterNetwork) -> list[nn.Parameter]:
    """Return the embedding and the norms, which AdamW trains."""
    inside = {id(weight) for weight in matrices(network)}
    return [weight for weight in network.parameters() if id(weight) not in inside]


def export_state(network: WriterNetwork) -> dict[str, Tensor]:
    """Return the weights under the names of ``transformers.LlamaForCausalLM``, float32."""
    state = {"model.embed_tokens.weight": network.table.weight, "model.norm.weight": network.norm.weight}
    state |= export_layers(network.layers)
    return {name: weight.detach().float().cpu().clone().contiguous() for name, weight in state.items()}


def load_weights(network: WriterNetwork, state: Mapping[str, npt.NDArray[np.float32]]) -> None:
    """Give a network the weights of an opened writer.

    Args:
        network: of the same shape, changed in place.
        state: named as :func:`export_state` names them.
    """
    given = {name: torch.from_numpy(np.array(array)) for name, array in state.items()}
    with torch.no_grad():
        network.table.weight.copy_(given["model.embed_tokens.weight"])
        network.norm.weight.copy_(given["model.norm.weight"])
    load_layers(network.layers, given)
