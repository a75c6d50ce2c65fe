"""The writer's folder: subwords, int8 weights, the graph, and what it must not copy.

The weights are kept as int8 with one scale for each row, and multiplied out when the folder is opened: the
graph runs on float32, the same on every processor.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from calligram.errors import ModelError
from calligram.nano.copying import KnownTexts, read_known
from calligram.nano.engine import Runner, open_session
from calligram.nano.folder import CONFIG, EMBEDDING, GRAPHS, WEIGHTS, read_json
from calligram.nano.subwords import Subwords
from calligram.nano.weights import TOGETHER, Floats, read_weights

SUBWORDS, KNOWN = "subwords.model", "known.bin"
SHIPPED_WRITER = Path(__file__).parent / "writer"
"""The folder of the writer that comes with Calligram."""


@dataclass(frozen=True)
class WriterFolder:
    """An opened writer's folder.

    Args:
        path: where it lies.
        config: ``config.json``, as ``transformers`` reads it.
        vocabulary: its subwords.
        weights: every tensor, float32, by the names of ``LlamaForCausalLM``.
        known: of the texts that it learnt from; None where that is not kept.
    """

    path: Path
    config: dict[str, Any]
    vocabulary: Subwords
    weights: dict[str, Floats]
    known: KnownTexts | None

    @property
    def parameters(self) -> int:
        """How many numbers the model has learned."""
        return sum(weight.size for weight in self.weights.values())


class WriterEngine(Runner):
    """A writer ready to run.

    Args:
        folder: an opened writer's folder.
        threads: see :class:`Runner`.
    """

    def __init__(self, folder: WriterFolder, threads: int | None = None) -> None:
        session = open_session(folder.path / GRAPHS["float32"], _for_graph(folder.weights))
        super().__init__(session, folder.config, folder.weights[EMBEDDING], threads)
        self.folder, self.vocabulary = folder, folder.vocabulary


def is_writer(path: Path) -> bool:
    """Return whether a folder holds a writer."""
    return (path / SUBWORDS).is_file()


def open_writer(path: str | Path = SHIPPED_WRITER) -> WriterFolder:
    """Return an opened writer's folder.

    Raises:
        ModelError: the folder or a file in it is missing, damaged, or does not fit the others.
    """
    path = Path(path)
    if not path.is_dir():
        raise ModelError(
            f"there is no writer in {path}: name a folder that 'calligram train writer' wrote, or install "
            "calligram again if it was the built-in one"
        )
    config, vocabulary = read_json(path / CONFIG), Subwords(path / SUBWORDS)
    weights = read_weights(path / WEIGHTS)
    wanted, found = (len(vocabulary), config.get("hidden_size")), weights.get(EMBEDDING)
    if found is None or found.shape != wanted or "max_position_embeddings" not in config:
        raise ModelError(
            f"the files in {path} do not belong together: the weights' embedding is "
            f"{'none' if found is None else found.shape}, but vocabulary and configuration want {wanted}; "
            "copy the whole folder again"
        )
    known = read_known(path / KNOWN) if (path / KNOWN).is_file() else None
    return WriterFolder(path, config, vocabulary, weights, known)


def _for_graph(weights: dict[str, Floats]) -> dict[str, Floats]:
    """Return the arrays as the graph names them: matrices without ``.weight``, those of one input joined."""
    wanted = {}
    for name, array in weights.items():
        start, _, part = name.removesuffix(".weight").rpartition(".")
        block, _, kind = start.rpartition(".")
        joined = next((each for each, parts in TOGETHER.items() if f"{kind}.{part}" in parts), None)
        if joined is None:
            wanted[name.removesuffix(".weight") if part.endswith("_proj") else name] = array
        elif f"{block}.{joined}" not in wanted:
            each = [weights[f"{block}.{one}.weight"] for one in TOGETHER[joined]]
            wanted[f"{block}.{joined}"] = np.concatenate(each)
    return {name: np.ascontiguousarray(array) for name, array in wanted.items()}
