"""A tiny untrained model, for tests and for trying things out (needs the extra ``train``)."""

from pathlib import Path
from typing import Any

import numpy as np

from calligram.nano.prompts import NONE, SUBJECTS, phrases
from calligram.nano.vocabulary import END, PAD, Vocabulary, build
from calligram.nano.weights import Floats
from calligram.picture import LAYOUTS

WIDTH, LAYERS, HEADS, HIDDEN, POSITIONS = 32, 2, 2, 48, 256


def make_vocabulary() -> Vocabulary:
    """Return a vocabulary of every kind, answer and layout that has a name."""
    answers = [answer for kind in SUBJECTS.values() for answer in kind]
    ramps = list(dict.fromkeys(layout.symbols for layout in LAYOUTS.values()))
    return build(ramps, phrases(list(SUBJECTS), list(LAYOUTS)), [*answers, NONE])


def make_config(tokens: int, pad: int, end: int) -> dict[str, Any]:
    """Return the ``config.json`` of the tiny model."""
    return {
        "architectures": ["LlamaForCausalLM"],
        "model_type": "llama",
        "hidden_size": WIDTH,
        "intermediate_size": HIDDEN,
        "num_hidden_layers": LAYERS,
        "num_attention_heads": HEADS,
        "num_key_value_heads": HEADS,
        "head_dim": WIDTH // HEADS,
        "max_position_embeddings": POSITIONS,
        "vocab_size": tokens,
        "rope_parameters": {"rope_type": "default", "rope_theta": 1000.0},
        "rope_theta": 1000.0,
        "rms_norm_eps": 1e-5,
        "hidden_act": "silu",
        "attention_bias": False,
        "mlp_bias": False,
        "tie_word_embeddings": True,
        "bos_token_id": None,
        "pad_token_id": pad,
        "eos_token_id": end,
    }


def make_state(tokens: int, seed: int = 0) -> dict[str, Floats]:
    """Return random weights under the names of ``LlamaForCausalLM``."""
    shapes: dict[str, tuple[int, ...]] = {"model.embed_tokens.weight": (tokens, WIDTH)}
    for number in range(LAYERS):
        head = f"model.layers.{number}"
        shapes |= {f"{head}.self_attn.{part}_proj.weight": (WIDTH, WIDTH) for part in "qkvo"}
        shapes |= {f"{head}.mlp.{part}_proj.weight": (HIDDEN, WIDTH) for part in ("gate", "up")}
        shapes[f"{head}.mlp.down_proj.weight"] = (WIDTH, HIDDEN)
        shapes |= {f"{head}.{part}_layernorm.weight": (WIDTH,) for part in ("input", "post_attention")}
    shapes["model.norm.weight"] = (WIDTH,)
    rng = np.random.default_rng(seed)
    spread = {name: 1.0 / np.sqrt(shape[-1]) if len(shape) == 2 else 0.1 for name, shape in shapes.items()}
    return {
        name: (rng.normal(len(shape) == 1, spread[name], shape)).astype(np.float32)
        for name, shape in shapes.items()
    }


def make_model(folder: str | Path, seed: int = 0, calibration: dict[str, Any] | None = None) -> Path:
    """Write a tiny model folder with both graphs, and return its path.

    Args:
        folder: where to.
        seed: of the random weights.
        calibration: ``calibration.json``; None writes none.

    Raises:
        MissingExtraError: onnx is not installed.
    """
    from calligram.nano.export import export_model

    vocabulary = make_vocabulary()
    config = make_config(len(vocabulary), vocabulary.ids[PAD], vocabulary.ids[END])
    samples = [np.random.default_rng(seed).integers(len(vocabulary), size=(8, 24))]
    return export_model(folder, make_state(len(vocabulary), seed), config, vocabulary, calibration, samples)
