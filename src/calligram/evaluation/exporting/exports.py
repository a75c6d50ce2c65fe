"""Writes a task into a folder, whole or not at all: the one function behind ``calligram export-task``."""

import json
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path

import calligram
from calligram.errors import OptionError
from calligram.evaluation.exporting import task_inspect, task_lm_eval
from calligram.evaluation.exporting.options import ExportOptions
from calligram.evaluation.exporting.records import Task, gather_task
from calligram.evaluation.framing import Prepare
from calligram.whole_files import writing_folder

MARK = "task.json"
"""What every exported folder holds; one without it is not written over."""

HARNESSES: Mapping[str, Callable[[Task, str], dict[str, str]]] = {
    "inspect": task_inspect.files,
    "lm-eval": task_lm_eval.files,
}


@dataclass(frozen=True)
class Exported:
    """What was written.

    Args:
        folder: where.
        files: their names.
        facts: what ``task.json`` holds.
    """

    folder: Path
    files: tuple[str, ...]
    facts: dict[str, object]


def export_task(
    harness: str, source: str, folder: Path, options: ExportOptions, prepare: Prepare | None = None
) -> Exported:
    """Write a folder that a harness runs as it is, and return what was written.

    Args:
        harness: ``"lm-eval"`` or ``"inspect"``.
        source: the labelled images, as ``"idx:data/mnist"``.
        folder: a new or empty one, or an earlier export, which is replaced.
        options: which pictures.
        prepare: frames one image as ``calligram see`` does; without it images are taken as they are.

    Raises:
        OptionError: there is no such harness, or the name is no identifier.
        SourceError: the source or the split cannot be read.
        OutputError: the folder holds other things, or cannot be written.
    """
    if harness not in HARNESSES:
        raise OptionError(f"there is no harness {harness!r}: choose one of {', '.join(HARNESSES)}")
    with writing_folder(folder, MARK) as place:
        task = gather_task(source, options, prepare)
        facts = {"harness": harness, **task.describe(), "calligram": calligram.__version__}
        texts = HARNESSES[harness](task, evaluating(source, options))
        texts["README.md"] = _heading(task) + texts["README.md"]
        texts[MARK] = json.dumps(facts, ensure_ascii=False, indent=1) + "\n"
        for name, text in texts.items():
            (place / name).write_text(text, encoding="utf-8", newline="\n")
        with (place / "pictures.jsonl").open("w", encoding="utf-8", newline="\n") as lines:
            for record in task.records():
                lines.write(json.dumps(record, ensure_ascii=False) + "\n")
    return Exported(folder, (*sorted(texts), "pictures.jsonl"), facts)


def evaluating(source: str, options: ExportOptions) -> str:
    """Return the command that measures the same with Calligram.

    >>> evaluating("idx:data/mnist", ExportOptions(limit=200))
    'calligram evaluate MODEL idx:data/mnist --split test --layout classic --limit 200'
    >>> evaluating("digits:", ExportOptions(bad_images="skip"))
    'calligram evaluate MODEL digits: --split test --layout classic --bad-images skip'
    """
    shown = {"split": options.split, "layout": options.layout}
    for field in fields(options):
        value = getattr(options, field.name)
        if field.name != "name" and value != field.default:
            shown[field.name.replace("_", "-")] = str(value)
    flags = " ".join(f"--{name} {shlex.quote(value)}" for name, value in shown.items())
    return f"calligram evaluate MODEL {shlex.quote(source)} {flags}"


def _heading(task: Task) -> str:
    examples = task.examples
    return f"""# {task.name}

{len(examples):,} text pictures of the source `{examples.source}`, split `{examples.split}`, layout \
`{examples.layout.name}`, and the question
"{task.question}", written by `calligram export-task`. `task.json` tells how they were made, `pictures.jsonl`
holds one picture a line: `context` and `rest` together are the prompt, `answer` is the place of the right one
among the `answers` of `task.json`. Whoever hands the folder on hands on the pictures of that source, under
its licence.

"""
