"""What can be published: a model's folder or a data set's, and which of its files are handed on."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, Literal

from calligram.errors import FormatError, ModelError, OptionError
from calligram.nano.folder import CALIBRATION, CONFIG, SHIPPED
from calligram.training.dataset_target import MANIFEST
from calligram.training.publishing_figures import without_place
from calligram.training.publishing_licences import licence_of

Kind = Literal["model", "dataset"]
Content = Path | bytes

RECORD, CARD, ADAPTER = "run.json", "README.md", "adapter_config.json"
TOKENIZER_CONFIG, GENERATION_CONFIG = "tokenizer_config.json", "generation_config.json"
WEIGHTS = ("*.safetensors", "pytorch_model*.bin")
TOKENIZERS = ("tokenizer.json", "tokenizer.model", "vocab.json", "vocab.txt", "spiece.model")
HANDED_ON = (
    *WEIGHTS,
    *TOKENIZERS,
    "*.index.json",
    "*_config.json",
    "*.jinja",
    "*.onnx",
    "LICENSE*",
    "NOTICE*",
    "added_tokens.json",
    "config.json",
    "curve.png",
    "log.jsonl",
    "merges.txt",
    "special_tokens_map.json",
    "training.json",
    CALIBRATION,
)
"""What a model's folder may hold of use to others; checkpoints, samples and boards stay."""


@dataclass(frozen=True)
class Thing:
    """A folder that can be published.

    Args:
        kind: what it holds.
        folder: where it lies.
        files: name on the hub, and its content or the file that holds it.
        licence: told in words, or nothing where none is known.
        record: of the training, or the manifest of the data set; empty where there is none.
        base: the model that adapters were made for, a name on the hub or a folder.
        card: the text of a card that lies there already, without its header.
        data: the manifest of what a model was taught on, where it is still in its place.
    """

    kind: Kind
    folder: Path
    files: dict[str, Content]
    licence: str
    record: Mapping[str, Any] = field(default_factory=dict)
    base: str = ""
    card: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_builtin(self) -> bool:
        """Whether a model has the form of the built-in one."""
        return CALIBRATION in self.files

    @property
    def is_adapter(self) -> bool:
        """Whether a model is adapters that need another model's weights."""
        return ADAPTER in self.files


def find_thing(spelling: str) -> Thing:
    """Return what a spelling names.

    Args:
        spelling: a folder; ``builtin``, ``builtin:FOLDER`` or ``hf:FOLDER``.

    Raises:
        OptionError: there is no such folder, or it holds neither model nor data set.
        ModelError: weights or tokenizer of the model are missing, or a file of it is damaged.
        FormatError: the manifest of the data set is damaged, or a file that it names is missing.
    """
    kind, colon, place = spelling.partition(":")
    folder = Path(place if colon and kind in {"builtin", "hf"} else spelling)
    if spelling == "builtin":
        folder = SHIPPED
    if not folder.is_dir():
        raise OptionError(
            f"there is no folder {str(folder)!r}: name a model's folder, or one that calligram dataset built"
        )
    if (folder / MANIFEST).is_file():
        return _dataset(folder)
    if (folder / CONFIG).is_file() or (folder / ADAPTER).is_file():
        return _model(folder)
    raise OptionError(
        f"{str(folder)!r} holds neither a model ({CONFIG} or {ADAPTER}) nor a data set ({MANIFEST}): "
        "name the folder that calligram train or calligram dataset build wrote"
    )


def _model(folder: Path) -> Thing:
    names = sorted(path.name for path in folder.iterdir() if path.is_file())
    for wanted, told in ((WEIGHTS, "weights"), (TOKENIZERS, "tokenizer")):
        if not any(fnmatch(name, pattern) for name in names for pattern in wanted):
            raise ModelError(
                f"the model in {str(folder)!r} has no {told} ({' or '.join(wanted[:2])}): "
                "wait for its training to end, or copy the whole folder again"
            )
    files: dict[str, Content] = {
        name: folder / name for name in names if any(fnmatch(name, pattern) for pattern in HANDED_ON)
    }
    header, card = _card(folder / CARD)
    record = read_object(folder / RECORD, ModelError) if (folder / RECORD).is_file() else {}
    if record:
        files[RECORD] = as_json(_without_places(record))
    base = ""
    if (folder / ADAPTER).is_file():
        base = str(read_object(folder / ADAPTER, ModelError).get("base_model_name_or_path") or "")
    licence = header.get("license", "")
    return Thing("model", folder, files, licence, record, base, card, _taught_on(record))


def _taught_on(record: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the manifest of the data set that a training's record names, if it is that very one."""
    asked = record.get("asked", {})
    path = Path(str(asked.get("dataset", ""))) / MANIFEST
    if not path.is_file():
        return {}
    manifest = read_object(path, FormatError)
    told = [file for split in manifest.get("splits", {}).values() for file in split["files"]]
    known = {file["sha256"] for file in told}
    return manifest if known & set(asked.get("files", {}).values()) else {}


def _dataset(folder: Path) -> Thing:
    manifest = read_object(folder / MANIFEST, FormatError)
    try:
        names = [file["name"] for split in manifest["splits"].values() for file in split["files"]]
        names += [name for name in manifest["companions"] if name != CARD]
        licence, source = str(manifest["licence"]), str(manifest["source"])
    except (KeyError, TypeError, AttributeError) as fault:
        raise FormatError(
            f"{folder / MANIFEST} is no manifest of a data set (no {fault}): build the data set again"
        ) from fault
    if missing := [name for name in names if not (folder / name).is_file()]:
        raise FormatError(
            f"{folder / missing[0]} is missing, but {MANIFEST} names it: build the data set again"
        )
    files: dict[str, Content] = {name: folder / name for name in names}
    files[MANIFEST] = as_json(_without_source_place(manifest, source))
    return Thing("dataset", folder, files, licence if licence_of(licence) else "", manifest)


def _without_source_place(manifest: Mapping[str, Any], source: str) -> dict[str, Any]:
    """Return a manifest without the folder that its images lay in; what was skipped tells of it too."""
    place = source.partition(":")[2].partition("?")[0].rstrip("/")

    def shortened(told: str) -> str:
        for folder in (str(Path(place).resolve()), place) if place else ():
            told = told.replace(f"{folder}/", "")
        return told

    splits = {
        name: split | {"skipped": [shortened(str(told)) for told in split.get("skipped", [])]}
        for name, split in manifest["splits"].items()
    }
    return {**manifest, "source": without_place(source), "splits": splits}


def _without_places(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return a training's record without the folders of the person who trained.

    Data set, model and validation are told by their names; of any other absolute path its name stays.
    """
    asked = dict(record.get("asked", {}))
    options = dict(asked.get("options", {}))
    for told, name in ((asked, "dataset"), (asked, "model"), (options, "valid")):
        if told.get(name):
            told[name] = shown_name(str(told[name]))
    if options:
        asked["options"] = options
    return {name: _without_paths(value) for name, value in {**record, "asked": asked}.items()}


def _without_paths(told: Any) -> Any:
    if isinstance(told, dict):
        return {_without_paths(name): _without_paths(value) for name, value in told.items()}
    if isinstance(told, list):
        return [_without_paths(value) for value in told]
    if isinstance(told, str) and (Path(told).is_absolute() or told.startswith("~")):
        return Path(told).name
    return told


def shown_name(spelling: str) -> str:
    """Return a model's or a data set's name without the folders it lies in; names on the hub stay whole.

    >>> shown_name("hf:openai-community/gpt2"), shown_name("hf:/home/me/models/mine"), shown_name("runs/ds")
    ('hf:openai-community/gpt2', 'hf:mine', 'ds')
    """
    kind, colon, place = spelling.partition(":")
    if not colon:
        return Path(spelling).name
    is_hub = place.count("/") == 1 and not place.startswith((".", "/", "~")) and not Path(place).exists()
    return spelling if is_hub else f"{kind}:{Path(place).name}"


def read_object(path: Path, error: type[ModelError] | type[FormatError]) -> dict[str, Any]:
    """Return the JSON object in a file.

    Raises:
        ModelError: or FormatError, whichever is named: the file holds none.
    """
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as fault:
        raise error(f"{path} cannot be read as JSON ({fault}): copy the whole folder again") from fault
    if not isinstance(told, dict):
        raise error(f"{path} holds no JSON object: copy the whole folder again")
    return told


def as_json(told: Mapping[str, Any]) -> bytes:
    """Return an object as a JSON file holds it."""
    return (json.dumps(told, indent=2, ensure_ascii=False) + "\n").encode()


def _card(path: Path) -> tuple[dict[str, str], str]:
    """Return the plain lines of a card's header, and the text below it."""
    text = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
    head, body = "", text
    if text.startswith("---\n") and "\n---\n" in text:
        head, _, body = text[4:].partition("\n---\n")
    pairs = (line.partition(":") for line in head.splitlines() if not line.startswith((" ", "-")))
    return {
        name.strip(): value.strip().strip("'\"") for name, _, value in pairs if value.strip()
    }, body.strip()
