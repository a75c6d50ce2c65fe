"""Writes a trained writer as a folder (extra ``train``): int8 weights, graph, subwords, known passages."""

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from calligram.errors import OutputError
from calligram.nano.copying import KnownTexts, write_known
from calligram.nano.export import in_order
from calligram.nano.folder import CONFIG, GRAPHS, WEIGHTS
from calligram.nano.graph import CONTRIB, Graph, build_graph
from calligram.nano.weights import TOGETHER, Floats, Small, quantise_rows, write_weights
from calligram.nano.writer_folder import KNOWN, SUBWORDS

BLANK = "weights"
"""The name of the file that the graph's weights are said to lie in; they are handed in instead."""


def export_writer(
    folder: str | Path,
    state: Mapping[str, Any],
    config: Mapping[str, Any],
    subwords: bytes,
    known: KnownTexts | None = None,
) -> Path:
    """Write a writer's folder, replacing files of the same names, and return its path.

    Args:
        folder: created where it does not exist.
        state: float32 weights under the names of ``LlamaForCausalLM``, arrays or torch tensors.
        config: ``config.json``.
        subwords: the SentencePiece model.
        known: of the texts that it learnt from.

    Raises:
        OutputError: the folder cannot be written; its files are then as they were.
    """
    folder = Path(folder)
    arrays = in_order(state, config["num_hidden_layers"])
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}-") as beside:
            made = Path(beside)
            write_weights(made / WEIGHTS, quantise(arrays))
            (made / CONFIG).write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
            (made / SUBWORDS).write_bytes(subwords)
            graph = writer_graph(config, arrays)
            (made / GRAPHS["float32"]).write_bytes(graph.SerializeToString(deterministic=True))
            if known is not None:
                write_known(made / KNOWN, known)
            for file in sorted(made.iterdir()):
                file.replace(folder / file.name)
    except OSError as fault:
        raise OutputError(f"the model folder {folder} cannot be written ({fault}): choose another") from fault
    return folder


def quantise(arrays: Mapping[str, Floats]) -> dict[str, Floats | Small]:
    """Return matrices as int8 with their scales, and the rest as it was."""
    written: dict[str, Floats | Small] = {}
    for name, array in arrays.items():
        if array.ndim == 2:
            written[name], written[f"{name}.scale"] = quantise_rows(array)
        else:
            written[name] = array
    return written


def writer_graph(config: Mapping[str, Any], arrays: Mapping[str, Floats]) -> Any:
    """Return the ONNX model of a writer, whose weights are all handed in when it is opened."""

    def plain(graph: Graph, name: str) -> str:
        return graph.outside(name, arrays[name].shape, BLANK, 0)

    def product(graph: Graph, name: str, inputs: Any) -> list[str]:
        head, kind, part = name.rsplit(".", 2)
        parts = [
            arrays[f"{head}.{each}.weight"] for each in TOGETHER.get(f"{kind}.{part}", (f"{kind}.{part}",))
        ]
        shape = (sum(len(each) for each in parts), parts[0].shape[1])
        weight = graph.outside(name, shape, BLANK, 0)
        made = graph.add("FusedMatMul", [*inputs, weight], domain=CONTRIB, transB=1)
        return graph.add("Split", made, 2, axis=-1, num_outputs=2) if part == "gate_up" else made

    return build_graph(config, plain, product)
