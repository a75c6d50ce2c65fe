"""Cards: what a published model or data set says of itself, with the header that the hub reads.

Source: Hugging Face hub documentation, "Model Cards" and "Dataset Cards"; the header is written by
``huggingface_hub`` itself.
"""

from collections.abc import Sequence
from typing import Any

from calligram.errors import MissingExtraError
from calligram.training.publishing_figures import Figure, without_place
from calligram.training.publishing_things import CARD, RECORD, Thing, shown_name
from calligram.training.shards import plain_split

MEASURED = "## Measured"
TAGS = ["calligram", "ascii-art", "text-pictures"]
SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))
SAMPLE = 4000
"""So much of a first file is looked at for an example, in bytes."""


def write_card(thing: Thing, name: str, licence: str, base: str, figures: Sequence[Figure]) -> bytes:
    """Return the card.

    Args:
        thing: what is published.
        name: of the repository, without its owner.
        licence: the hub's name of it.
        base: the model on the hub that it was made from, or nothing.
        figures: measured readings, for models.

    Raises:
        MissingExtraError: huggingface_hub is not installed.
    """
    if thing.kind == "model":
        header, body = _model_header(thing, name, licence, base, figures), _model_body(thing, name, figures)
    else:
        header, body = _dataset_header(thing, name, licence), _dataset_body(thing, name)
    return f"---\n{header}\n---\n{body}\n".encode()


def _cards() -> Any:
    try:
        import huggingface_hub
    except ImportError as fault:
        raise MissingExtraError("huggingface_hub", "hf", "publishing") from fault
    return huggingface_hub


def _licence_fields(thing: Thing, licence: str) -> dict[str, Any]:
    """Return the header's fields of a licence; one without a name on the hub is told in words."""
    if licence != "other":
        return {"license": licence}
    return {"license": "other", "license_name": "as-told-in-the-card", "license_link": CARD}


def _model_header(thing: Thing, name: str, licence: str, base: str, figures: Sequence[Figure]) -> str:
    hub = _cards()
    results = [
        hub.EvalResult(
            task_type="text-generation",
            task_name="Reading text pictures",
            dataset_type=figure.source.partition("?")[0].rstrip(":").rpartition(":")[2],
            dataset_name=f"{figure.source}, layout {figure.layout}",
            dataset_config=figure.layout,
            dataset_split=figure.split,
            metric_type="accuracy",
            metric_name=f"read right, of {figure.n}",
            metric_value=figure.accuracy,
        )
        for figure in figures
    ]
    told = hub.ModelCardData(
        **_licence_fields(thing, licence),
        library_name="peft" if thing.is_adapter else "transformers",
        pipeline_tag="text-generation",
        tags=TAGS,
        base_model=base or None,
        model_name=name if results else None,
        eval_results=results or None,
    )
    return str(told.to_yaml())


def _model_body(thing: Thing, name: str, figures: Sequence[Figure]) -> str:
    parts = [
        thing.card.partition(MEASURED)[0].strip()
        or _MODEL.format(name=name, load=_loading(thing), learned=_learned(thing))
    ]
    if figures:
        rows = [
            (
                f"{figure.source}, {figure.split}",
                figure.layout,
                f"{figure.n:,}",
                f"{figure.accuracy:.2%}",
                f"{figure.interval[0]:.2%} to {figure.interval[1]:.2%}",
                f"`{figure.command}`",
            )
            for figure in figures
        ]
        head = ("pictures", "layout", "number", "read right", "95 % interval", "command")
        parts.append(f"{MEASURED}\n\n{_table(head, rows)}")
    else:
        parts.append(f"{MEASURED}\n\nNo figures were given.")
    return "\n\n".join(parts)


def _loading(thing: Thing) -> str:
    if thing.is_adapter:
        return "It is adapters: `calligram` and `peft` load them onto the model that they were made for."
    return (
        "`transformers` loads it with `AutoModelForCausalLM` and `AutoTokenizer`, Calligram as `hf:FOLDER`."
    )


def _learned(thing: Thing) -> str:
    """Return how a model came about, as far as its record tells."""
    asked, finished = thing.record.get("asked", {}), thing.record.get("finished") or {}
    if not asked:
        return f"It was not taught by Calligram; there is no `{RECORD}`."
    options = asked.get("options", {})
    lines = [
        f"- Made from: `{shown_name(str(asked.get('model', '')))}`",
        f"- Data set: `{shown_name(str(asked.get('dataset', '')))}`, {asked.get('train', 0):,} examples",
        f"- Method: {options.get('method', 'full')}, seed {options.get('seed', 0)}",
    ]
    if thing.data:
        lines.append(f"- Its images: `{without_place(str(thing.data['source']))}`, {thing.data['licence']}")
    lines += [f"- `{name}`: `{digest}`" for name, digest in asked.get("files", {}).items()]
    if finished.get("best_loss") is not None:
        best, steps = finished["best_step"], finished["steps"]
        lines.append(f"- Validation loss {finished['best_loss']:.4f}, at step {best} of {steps}")
    if finished.get("right") is not None and options.get("loss", "answer") == "answer":
        lines.append(f"- Validation answers foretold rightly: {finished['right']:.2%}")
    return "\n".join([*lines, "", f"`{RECORD}` holds every option and version."])


def _dataset_header(thing: Thing, name: str, licence: str) -> str:
    manifest, hub = thing.record, _cards()
    examples = sum(split["examples"] for split in manifest["splits"].values())
    parts = [
        {"split": plain_split(split), "path": [file["name"] for file in told["files"]]}
        for split, told in manifest["splits"].items()
    ]
    told = hub.DatasetCardData(
        **_licence_fields(thing, licence),
        pretty_name=name,
        task_categories=["text-generation", "image-to-text"],
        size_categories=[next((size for most, size in SIZES if examples < most), "n>1M")],
        tags=TAGS,
        configs=[{"config_name": "default", "data_files": parts}],
    )
    return str(told.to_yaml())


def _dataset_body(thing: Thing, name: str) -> str:
    manifest = thing.record
    rows = [
        (split, f"{told['images']:,}", f"{told['examples']:,}", len(told["labels"]), len(told["skipped"]))
        for split, told in manifest["splits"].items()
    ]
    classes = ", ".join(map(str, manifest["classes"][:100])) + (
        ", …" if len(manifest["classes"]) > 100 else ""
    )
    return _DATASET.format(
        name=name,
        source=without_place(str(manifest["source"])),
        licence=manifest["licence"],
        question=manifest["question"],
        classes=classes,
        format=manifest["options"]["format"],
        layout=manifest["options"]["layout"],
        splits=_table(("split", "images", "examples", "classes", "left out"), rows),
        sample=_sample(thing),
    )


def _sample(thing: Thing) -> str:
    """Return how the first file begins."""
    first = next(iter(thing.files.values()))
    if isinstance(first, bytes) or first.suffix == ".parquet":
        return ""
    with first.open("rb") as stream:
        start = stream.read(SAMPLE).decode("utf-8", "ignore").splitlines()[:1]
    return f"\nThe first file begins\n\n```json\n{start[0][:1000]}\n```\n" if start else ""


def _table(head: Sequence[object], rows: Sequence[Sequence[object]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


_MODEL = """# {name}

A language model over text that Calligram taught to read and draw pictures written as text. It gets a text
picture and a question, and answers; or a request, and draws.

{load}

## How it came about

{learned}"""

_DATASET = """# {name}

Pictures written as text, for language models that know nothing but text, built by `calligram dataset build`
in the format `{format}`, layout `{layout}`.

- Images: `{source}`
- Licence of the images: {licence}
- Question: {question}
- Classes: {classes}

{splits}
{sample}
`manifest.json` holds every option, and the checksum of every file."""
