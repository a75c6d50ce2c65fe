"""A model's folder: which files it holds, opened and checked."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from calligram.errors import ModelError
from calligram.nano.vocabulary import Vocabulary
from calligram.nano.weights import find_weights, read_weight

WEIGHTS, CONFIG, TOKENIZER = "model.safetensors", "config.json", "tokenizer.json"
CALIBRATION = "calibration.json"
Precision = Literal["float32", "int8"]
GRAPHS: dict[Precision, str] = {"float32": "model.onnx", "int8": "model-int8.onnx"}
SHIPPED = Path(__file__).parent / "weights"
"""The folder of the model that comes with Calligram."""
EMBEDDING = "model.embed_tokens.weight"


@dataclass(frozen=True)
class ModelFolder:
    """An opened folder.

    Args:
        path: where it lies.
        config: ``config.json``, as ``transformers`` reads it.
        vocabulary: its tokens.
        table: the embedding of every token, which is the output matrix too, ``(tokens, width)``.
        calibration: ``calibration.json``, empty where there is none.
    """

    path: Path
    config: dict[str, Any]
    vocabulary: Vocabulary
    table: npt.NDArray[np.float32]
    calibration: dict[str, Any]

    @property
    def positions(self) -> int:
        """The longest text in tokens."""
        return int(self.config["max_position_embeddings"])

    @property
    def parameters(self) -> int:
        """How many numbers the model has learned."""
        return sum(place.size_bytes // 4 for place in find_weights(self.path / WEIGHTS).values())

    def graph(self, precision: Precision) -> Path:
        """Return the ONNX file of a precision.

        Raises:
            ModelError: the folder has none.
        """
        path = self.path / GRAPHS[precision]
        if not path.is_file():
            raise ModelError(
                f"{path} is missing: write the graphs again with calligram.nano.export.export_model, "
                "or install calligram again"
            )
        return path


def open_folder(path: str | Path = SHIPPED) -> ModelFolder:
    """Return an opened model folder; its weights are mapped, not copied.

    Args:
        path: a folder that ``calligram train nano`` wrote; by default the shipped model's.

    Raises:
        ModelError: the folder or a file in it is missing, damaged, or does not fit the others.
    """
    path = Path(path)
    if not path.is_dir():
        raise ModelError(
            f"there is no model folder {path}: name one that 'calligram train nano' wrote, "
            "or install calligram again if it was the built-in one"
        )
    config = read_json(path / CONFIG)
    places = find_weights(path / WEIGHTS)
    vocabulary = Vocabulary.load(path / TOKENIZER)
    wanted = (len(vocabulary), config.get("hidden_size"))
    if (
        EMBEDDING not in places
        or places[EMBEDDING].shape != wanted
        or "max_position_embeddings" not in config
    ):
        found = places[EMBEDDING].shape if EMBEDDING in places else "none"
        raise ModelError(
            f"the files in {path} do not belong together: the weights' embedding is {found}, but vocabulary "
            f"and configuration want {wanted}; copy the whole folder again"
        )
    calibration = read_json(path / CALIBRATION) if (path / CALIBRATION).is_file() else {}
    return ModelFolder(path, config, vocabulary, read_weight(path / WEIGHTS, places[EMBEDDING]), calibration)


def read_json(path: Path) -> dict[str, Any]:
    try:
        written = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as fault:
        raise ModelError(
            f"{path} cannot be read as JSON ({type(fault).__name__}: {fault}): "
            "copy the whole model folder again"
        ) from fault
    if not isinstance(written, dict):
        raise ModelError(f"{path} holds no JSON object: copy the whole model folder again")
    return written
