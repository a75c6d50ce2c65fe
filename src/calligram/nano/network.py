"""The built-in model's network while it is trained: a Llama (Touvron et al. 2023) in plain torch.

Root-mean-square norms before each part, rotary positions, gated feed-forward layers, output weights shared
with the token embedding. Two things exist in training only and are folded away by :func:`export_state`:
each token's embedding is a free row plus a sum over what its four cells show, so that rare runs of cells
start where their looks put them; and query, key, value (and gate, up) weights are stored as one matrix.
"""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import torch
import torch.nn.functional as functional
from torch import Tensor, nn

from calligram.errors import ModelError
from calligram.nano.vocabulary import CELLS_PER_TOKEN, Vocabulary
from calligram.nano.weights import TOGETHER

ROTARY_BASE = 1000.0
NORM_EPSILON = 1e-5


@dataclass(frozen=True)
class Shape:
    """The size of a network.

    Args:
        width: numbers that stand for one token inside the network; divisible by ``heads``.
        layers: how many layers follow each other.
        heads: attention heads in each layer.
        hidden: width inside the feed-forward part.
        positions: longest text in tokens.
    """

    width: int = 128
    layers: int = 6
    heads: int = 4
    hidden: int = 384
    positions: int = 256

    @property
    def head_width(self) -> int:
        """Numbers in one head."""
        return self.width // self.heads


class Norm(nn.Module):
    """Division by the root mean square (Zhang and Sennrich 2019), in float32 as ``transformers`` does it."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))

    def forward(self, x: Tensor) -> Tensor:
        wide = x.float()
        return self.weight * (wide * torch.rsqrt(wide.square().mean(-1, keepdim=True) + NORM_EPSILON))


class Attention(nn.Module):
    """Causal self-attention with rotary positions."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.heads = shape.heads
        self.qkv = nn.Linear(shape.width, 3 * shape.width, bias=False)
        self.out = nn.Linear(shape.width, shape.width, bias=False)

    def forward(self, x: Tensor, cosine: Tensor, sine: Tensor, mask: Tensor) -> Tensor:
        count, length, width = x.shape
        q, k, v = self.qkv(x).view(count, length, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        q, k = turn(q, cosine, sine), turn(k, cosine, sine)
        # written out rather than the fused kernel: with bfloat16 on a CPU it trains about twice as fast
        weights = (q @ k.transpose(-1, -2)) * (1 / math.sqrt(width // self.heads)) + mask
        mixed = torch.softmax(weights.float(), -1).to(v.dtype) @ v
        result: Tensor = self.out(mixed.transpose(1, 2).reshape(count, length, width))
        return result


class FeedForward(nn.Module):
    """The gated feed-forward part (Shazeer 2020, SwiGLU)."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.gate_up = nn.Linear(shape.width, 2 * shape.hidden, bias=False)
        self.down = nn.Linear(shape.hidden, shape.width, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        gate, up = self.gate_up(x).chunk(2, -1)
        result: Tensor = self.down(functional.silu(gate) * up)
        return result


class Layer(nn.Module):
    """One layer: attention, then feed-forward, each added to what came in."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.attention_norm = Norm(shape.width)
        self.attention = Attention(shape)
        self.feed_norm = Norm(shape.width)
        self.feed = FeedForward(shape)

    def forward(self, x: Tensor, cosine: Tensor, sine: Tensor, mask: Tensor) -> Tensor:
        x = x + self.attention(self.attention_norm(x), cosine, sine, mask)
        result: Tensor = x + self.feed(self.feed_norm(x))
        return result


class Network(nn.Module):
    """Token numbers (N, T) -> the last layer's state, normed, and that after two thirds of the layers.

    Both are (N, T, width). The first times the :meth:`table` gives the logits; training guides the second.
    """

    looks: Tensor

    def __init__(self, shape: Shape, looks: Tensor) -> None:
        super().__init__()
        self.shape = shape
        self.free = nn.Embedding(len(looks), shape.width)
        self.look = nn.Linear(looks.shape[1], shape.width, bias=False)
        self.register_buffer("looks", looks, persistent=False)
        self.layers = nn.ModuleList(Layer(shape) for _ in range(shape.layers))
        self.norm = Norm(shape.width)
        self._start()

    def _start(self) -> None:
        nn.init.normal_(self.free.weight, std=0.02)
        nn.init.normal_(self.look.weight, std=0.02)
        for layer in self.layers:
            assert isinstance(layer, Layer)
            for matrix in (layer.attention.qkv, layer.feed.gate_up):
                nn.init.normal_(matrix.weight, std=1 / math.sqrt(self.shape.width))
            for matrix in (layer.attention.out, layer.feed.down):
                nn.init.zeros_(matrix.weight)

    def table(self) -> Tensor:
        """Return the embedding of every token, (tokens, width)."""
        look: Tensor = self.look(self.looks)
        return self.free.weight + look

    def forward(self, ids: Tensor, table: Tensor) -> tuple[Tensor, Tensor]:
        cosine, sine = rotary(ids.shape[1], self.shape.head_width)
        mask = torch.full((ids.shape[1], ids.shape[1]), -1e9).triu(1)
        x = functional.embedding(ids, table)
        if torch.is_autocast_enabled("cpu"):
            cosine, sine, mask = cosine.bfloat16(), sine.bfloat16(), mask.bfloat16()
        middle = x
        for number, layer in enumerate(self.layers, 1):
            x = layer(x, cosine, sine, mask)
            if number == (2 * len(self.layers) + 2) // 3:
                middle = x
        return self.norm(x), middle


def rotary(length: int, head_width: int) -> tuple[Tensor, Tensor]:
    """Return the cosines and sines of rotary positions (Su et al. 2021), each (length, head_width)."""
    rates = ROTARY_BASE ** (-torch.arange(0, head_width, 2) / head_width)
    angles = torch.outer(torch.arange(length).float(), rates).repeat(1, 2)
    return angles.cos(), angles.sin()


def turn(x: Tensor, cosine: Tensor, sine: Tensor) -> Tensor:
    """Return queries or keys turned by their positions."""
    first, second = x.chunk(2, -1)
    return x * cosine + torch.cat((-second, first), -1) * sine


def token_looks(vocabulary: Vocabulary, ramps: list[str]) -> Tensor:
    """Return what each token's cells show, (tokens, features): 1 where a cell reaches level k, else 0."""
    width = sum(CELLS_PER_TOKEN * (len(symbols) - 1) for symbols in ramps)
    looks = np.zeros((len(vocabulary), width), np.float32)
    column = 0
    for symbols in ramps:
        levels, size = len(symbols), len(symbols) ** CELLS_PER_TOKEN
        places = levels ** np.arange(CELLS_PER_TOKEN - 1, -1, -1)
        digits = np.arange(size)[:, None] // places % levels
        reached = digits[:, :, None] >= np.arange(1, levels)
        end = column + CELLS_PER_TOKEN * (levels - 1)
        looks[vocabulary.run_ids(symbols), column:end] = reached.reshape(size, -1)
        column = end
    return torch.from_numpy(looks)


def export_state(network: Network) -> dict[str, Tensor]:
    """Return the weights under the names of ``transformers.LlamaForCausalLM``, float32."""
    state = {"model.embed_tokens.weight": network.table(), "model.norm.weight": network.norm.weight}
    state |= export_layers(network.layers)
    return {name: weight.detach().clone().contiguous() for name, weight in state.items()}


def export_layers(layers: nn.ModuleList) -> dict[str, Tensor]:
    """Return the weights of layers under the names of ``transformers.LlamaForCausalLM``.

    Args:
        layers: each with the parts that :class:`Layer` has.
    """
    state: dict[str, Tensor] = {}
    for number, layer in enumerate(layers):
        for name, weight in _parts_of(layer).items():
            told = TOGETHER.get(name, (name,))
            parts = weight.chunk(len(told))
            state |= {
                f"model.layers.{number}.{part}.weight": each for part, each in zip(told, parts, strict=True)
            }
    return state


def load_layers(layers: nn.ModuleList, state: Mapping[str, Tensor]) -> None:
    """Give layers the weights that :func:`export_layers` names."""
    with torch.no_grad():
        for number, layer in enumerate(layers):
            for name, weight in _parts_of(layer).items():
                told = TOGETHER.get(name, (name,))
                weight.copy_(torch.cat([state[f"model.layers.{number}.{part}.weight"] for part in told]))


def _parts_of(layer: Any) -> dict[str, Tensor]:
    """Return the weights of one layer by their names in a graph."""
    return {
        "self_attn.qkv": layer.attention.qkv.weight,
        "self_attn.o_proj": layer.attention.out.weight,
        "mlp.gate_up": layer.feed.gate_up.weight,
        "mlp.down_proj": layer.feed.down.weight,
        "input_layernorm": layer.attention_norm.weight,
        "post_attention_layernorm": layer.feed_norm.weight,
    }


def start_from(
    network: Network, vocabulary: Vocabulary, state: Mapping[str, Tensor], known: Vocabulary
) -> None:
    """Give a network another's weights; a token is found again by its text, a new one keeps its fresh start.

    Args:
        network: of the same shape, changed in place.
        vocabulary: its tokens.
        state: the other's weights, named as :func:`export_state` names them.
        known: the other's tokens.

    Raises:
        ModelError: the shapes differ.
    """
    places = [(new, known.ids[token]) for new, token in enumerate(vocabulary.tokens) if token in known.ids]
    here, there = (torch.tensor(side) for side in zip(*places, strict=True))
    wanted = {name: weight.shape for name, weight in export_state(network).items() if "embed" not in name}
    table = state["model.embed_tokens.weight"]
    if (
        wanted != {name: state[name].shape for name in state if "embed" not in name}
        or table.shape[1] != network.shape.width
    ):
        raise ModelError(
            "the model to start from has another width or number of layers: "
            "give --width and --layers as it has"
        )
    with torch.no_grad():
        looks = network.looks @ network.look.weight.T
        network.free.weight[here] = table[there] - looks[here]
        network.norm.weight.copy_(state["model.norm.weight"])
    load_layers(network.layers, state)


def llama_config(shape: Shape, tokens: int, pad: int, end: int) -> dict[str, object]:
    """Return the ``config.json`` that tells ``transformers`` how to rebuild the network."""
    return {
        "architectures": ["LlamaForCausalLM"],
        "model_type": "llama",
        "hidden_size": shape.width,
        "intermediate_size": shape.hidden,
        "num_hidden_layers": shape.layers,
        "num_attention_heads": shape.heads,
        "num_key_value_heads": shape.heads,
        "head_dim": shape.head_width,
        "max_position_embeddings": shape.positions,
        "vocab_size": tokens,
        "rope_parameters": {"rope_type": "default", "rope_theta": ROTARY_BASE},
        "rope_theta": ROTARY_BASE,
        "rms_norm_eps": NORM_EPSILON,
        "hidden_act": "silu",
        "attention_bias": False,
        "mlp_bias": False,
        "tie_word_embeddings": True,
        "bos_token_id": None,
        "pad_token_id": pad,
        "eos_token_id": end,
        "calligram": asdict(shape),
    }
