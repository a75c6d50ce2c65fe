"""Finding a pipeline: its folder on this disk or on the hub, and what is known of it before it is loaded."""

import json
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from calligram.errors import ModelError
from calligram.painters._diffusers_faults import first_line
from calligram.painters._diffusers_options import Options

INDEX = "model_index.json"
LIBRARIES = ("diffusers", "transformers")
"""Whose classes a pipeline may name as its parts, beside those of single pipelines within ``diffusers``.

The library that is named would be imported, so that any other could run code that nobody looked at.
"""

COMMIT = re.compile(r"[0-9a-f]{40}")
WAIT_S = 30
"""Seconds that the hub may take to say what a name stands for."""


@dataclass(frozen=True)
class Found:
    """A pipeline that was found.

    Args:
        folder: where its files are.
        name: as a label tells it: its name on the hub, or its folder's without the path.
        version: the hub's commit, where known, else empty.
        licence: as its card tells it, or empty.
        remarks: what a person should be told of how it was found.
    """

    folder: Path
    name: str
    version: str = ""
    licence: str = ""
    remarks: tuple[str, ...] = ()


def find_pipeline(diffusers: Any, name: str, place: str, options: Options) -> Found:
    """Return where a pipeline's files are; what is missing of one of the hub is fetched.

    Args:
        diffusers: the module.
        name: the painter's, for messages.
        place: a folder, or ``ORG/NAME`` of the hub.
        options: revision, variant, whether to stay offline, and which weights are read.

    Raises:
        ModelError: there is none, it is no pipeline, it needs code of its own, or the hub cannot be reached.
    """
    folder = Path(place).expanduser()
    if folder.is_dir():
        check_index(diffusers, name, folder / INDEX)
        version = folder.name if COMMIT.fullmatch(folder.name) else ""
        return Found(folder, folder.resolve().name, version, _licence(folder / "README.md"))
    if folder.is_file():
        raise ModelError(
            f"{name} is a single file, and a pipeline is a folder: write it as one with diffusers, by "
            "DiffusionPipeline.from_single_file and save_pretrained"
        )
    if place.startswith((".", "~", os.sep)) or place.count("/") > 1 or "\\" in place:
        raise ModelError(
            f"there is no folder {place!r}: check the path, or write diffusers:ORG/NAME of the hub"
        )
    return _from_hub(diffusers, name, place, options)


def check_index(diffusers: Any, name: str, path: Path) -> None:
    """Raise ModelError where a folder's index names no pipeline, or code that diffusers does not have."""
    try:
        index = json.loads(path.read_text(encoding="utf-8"))
        kind = index["_class_name"]
    except FileNotFoundError as fault:
        raise ModelError(
            f"{name} is no pipeline of diffusers, since it has no {INDEX}: give a folder that "
            "save_pretrained wrote, or the name of a pipeline on the hub"
        ) from fault
    except (OSError, ValueError, KeyError, TypeError) as fault:
        raise ModelError(f"the {INDEX} of {name} is damaged ({first_line(fault)}): fetch it again") from fault
    foreign = [part for part in index.values() if _is_foreign(diffusers, part)]
    if not isinstance(kind, str) or foreign:
        raise ModelError(
            f"{name} needs code that is not part of diffusers or transformers "
            f"({'/'.join(map(str, foreign[0] if foreign else kind))}), which is never run: choose another "
            "pipeline"
        )
    if not hasattr(diffusers, kind):
        raise ModelError(
            f"{name} is a {kind}, which diffusers {diffusers.__version__} does not know: update it by "
            "pip install -U diffusers"
        )


def _is_foreign(diffusers: Any, part: Any) -> bool:
    """Return whether an entry of an index is a part whose class is in neither library."""
    if not isinstance(part, list) or len(part) != 2 or part[0] is None or part[0] in LIBRARIES:
        return False
    own = Path(diffusers.__file__).parent / "pipelines"
    return not (str(part[0]).isidentifier() and (own / str(part[0])).is_dir())


def _from_hub(diffusers: Any, name: str, place: str, options: Options) -> Found:
    info, fault = (None, None) if options.offline else _ask_hub(name, place, options.revision)
    revision = options.revision or None
    try:
        check_index(diffusers, name, Path(_index_of(place, revision, info is None)))
        folder = diffusers.DiffusionPipeline.download(
            place,
            revision=revision,
            variant=options.variant or None,
            use_safetensors=options.safetensors,
            local_files_only=info is None,
        )
    except ModelError:
        raise
    except Exception as missing:  # the hub's client raises many classes
        raise _not_there(name, place, missing, fault, options.offline) from missing
    told = (
        f"the hub could not be asked ({first_line(fault)}), so its copy on this disk was taken"
        if fault
        else ""
    )
    version = Path(folder).name if COMMIT.fullmatch(Path(folder).name) else ""
    licence = _licence(_card_of(place, revision, info is None))
    return Found(Path(folder), place, version, licence, (told,) if told else ())


def _index_of(place: str, revision: str | None, local: bool) -> str:
    from huggingface_hub import hf_hub_download

    return str(hf_hub_download(place, INDEX, revision=revision, local_files_only=local))


def _card_of(place: str, revision: str | None, local: bool) -> Path | None:
    """Return the card of a repository, which tells the licence, where it can be had."""
    from huggingface_hub import hf_hub_download

    try:
        return Path(hf_hub_download(place, "README.md", revision=revision, local_files_only=local))
    except Exception:  # the pipeline itself is here already
        return None


def _ask_hub(name: str, place: str, revision: str) -> tuple[Any, Exception | None]:
    """Return what the hub knows of a name, or what kept it from answering.

    Raises:
        ModelError: the hub answers that there is no such pipeline, or that it is closed.
    """
    from huggingface_hub import errors, model_info

    try:
        return model_info(place, revision=revision or None, timeout=WAIT_S), None
    except errors.GatedRepoError as fault:
        raise ModelError(
            f"{name} is open to those alone who accepted its terms: accept them at its page on the hub, and "
            "log in with 'hf auth login'"
        ) from fault
    except errors.RevisionNotFoundError as fault:
        raise ModelError(f"{name} has no revision {revision!r} on the hub: check it") from fault
    except (errors.RepositoryNotFoundError, errors.HFValidationError) as fault:
        raise ModelError(
            f"there is no folder {place!r} here and no such pipeline on the hub: check the name, or log in "
            "with 'hf auth login' if it is private"
        ) from fault
    except Exception as fault:  # no connection, a proxy's answer, or the hub's own fault
        return None, fault


def _not_there(
    name: str, place: str, missing: Exception, unreached: Exception | None, offline: bool
) -> ModelError:
    """Return the fault of a pipeline of the hub that could not be had."""
    if unreached:
        return ModelError(
            f"the hub cannot be reached ({first_line(unreached)}), and no whole copy of {place} is on this "
            "disk: check the connection, or give a folder"
        )
    if offline:
        return ModelError(
            f"there is no folder {place!r} and no whole copy of that pipeline on this disk, and offline is "
            "yes: leave offline out to fetch it"
        )
    if type(missing).__name__ in {"EntryNotFoundError", "RemoteEntryNotFoundError"}:
        return ModelError(
            f"{name} is no pipeline of diffusers, since its repository has no {INDEX}: choose one that has "
            "the library diffusers on its page"
        )
    return ModelError(
        f"{name} cannot be fetched ({first_line(missing)}): check variant and revision, or try again"
    )


def _licence(card: Path | None) -> str:
    """Return the licence that the head of a card names, or nothing."""
    try:
        head = card.read_text(encoding="utf-8")[:4000] if card else ""
    except (OSError, ValueError):
        return ""
    found = (
        re.search(r"^license:[ \t]*([\w.+-]+)[ \t]*$", head, re.MULTILINE) if head.startswith("---") else None
    )
    return found.group(1) if found else ""
