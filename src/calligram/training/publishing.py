"""Hands a model or a data set on: to the hub, or into a folder that other programs load."""

import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from calligram import settings
from calligram.errors import ModelError, OptionError
from calligram.nano.folder import CONFIG, SHIPPED
from calligram.training.publishing_cards import write_card
from calligram.training.publishing_figures import read_figures
from calligram.training.publishing_licences import check_licence, licence_of
from calligram.training.publishing_options import PublishOptions
from calligram.training.publishing_things import (
    ADAPTER,
    CARD,
    GENERATION_CONFIG,
    TOKENIZER_CONFIG,
    Content,
    Thing,
    as_json,
    find_thing,
    read_object,
)
from calligram.whole_files import writing_folder

HUB_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
USUAL = "calligram-builtin"
LONGEST_NAME = 96
"""As long as a name on the hub may be."""


@dataclass(frozen=True)
class Package:
    """What is handed on.

    Args:
        thing: where it comes from.
        files: name and content, or the file that holds it; the card is among them.
        licence: the hub's name of it.
        options: how it is handed on.
    """

    thing: Thing
    files: dict[str, Content]
    licence: str
    options: PublishOptions

    @property
    def card(self) -> str:
        """The card's text."""
        card = self.files[CARD]
        assert isinstance(card, bytes)
        return card.decode()

    def sizes(self) -> dict[str, int]:
        """Return the size of each file in bytes."""
        return {
            name: len(content) if isinstance(content, bytes) else content.stat().st_size
            for name, content in sorted(self.files.items())
        }

    def write(self, folder: Path) -> None:
        """Write the files into a new or empty folder, whole or not at all.

        Raises:
            OutputError: the folder holds files, or cannot be written.
        """
        with writing_folder(folder) as place:
            for name, content in self.files.items():
                (place / name).parent.mkdir(parents=True, exist_ok=True)
                if isinstance(content, bytes):
                    (place / name).write_bytes(content)
                else:
                    shutil.copyfile(content, place / name)


def pack(spelling: str, options: PublishOptions, figures: Sequence[Path] = ()) -> Package:
    """Return what would be handed on, its card written.

    Args:
        spelling: a folder; ``builtin``, ``builtin:FOLDER`` or ``hf:FOLDER``.
        options: name, licence and the rest.
        figures: files that ``calligram evaluate -o`` wrote, for a model's card.

    Raises:
        OptionError: the name or the licence cannot be, no licence is known, or the folder holds neither.
        ModelError: a file of the model is missing or damaged.
        FormatError: a file of the data set, or of figures, is missing or damaged.
        MissingExtraError: huggingface_hub is not installed.
    """
    settings.check(options)
    name = check_name(options.to) if options.to else ""
    thing = find_thing(spelling)
    if figures and thing.kind == "dataset":
        raise OptionError("figures are of a model, but this is a data set: leave --figures out")
    licence = _licence(thing, options.licence)
    base = _base(thing, options.base_model)
    files = thing.files | _added(thing, base)
    title = name.rpartition("/")[2] or (USUAL if thing.folder == SHIPPED else thing.folder.resolve().name)
    files[CARD] = write_card(thing, title, licence, base, read_figures(figures))
    return Package(thing, files, licence, options)


def check_name(name: str) -> str:
    """Return a repository's name as it was given.

    Raises:
        OptionError: the hub takes no such name.

    Source: ``huggingface_hub.utils.validate_repo_id``.
    """
    owner, slash, last = name.partition("/")
    fits = slash and HUB_NAME.fullmatch(owner) and HUB_NAME.fullmatch(last)
    if not fits or len(name) > LONGEST_NAME or "--" in name or ".." in name or name.endswith(".git"):
        raise OptionError(
            f"to is {name!r}, but must be ORG/NAME of letters, figures, '-', '_' and '.', "
            f"at most {LONGEST_NAME} characters, without '--' or '..'"
        )
    return name


def _licence(thing: Thing, given: str) -> str:
    if given:
        return check_licence(given)
    if known := licence_of(thing.licence):
        return known
    raise OptionError(
        f"no licence is known for {str(thing.folder)!r}, and without one nobody may use it: "
        "name it with --licence, as apache-2.0 or cc-by-4.0"
    )


def _base(thing: Thing, given: str) -> str:
    """Return the hub's name of what a model was made from; adapters are of no use without."""
    if given:
        return check_name(given)
    if not thing.is_adapter or (thing.base and not Path(thing.base).is_absolute()):
        return thing.base
    raise OptionError(
        f"the adapters were made for {Path(thing.base).name or 'an unknown model'!r}, which lies in a folder "
        "of this machine: name that model on the hub with --base-model, or train with --merge"
    )


def _added(thing: Thing, base: str) -> dict[str, Content]:
    """Return files that other programs look for and that the folder lacks, or has with a place of its own."""
    if thing.is_adapter:
        told = read_object(thing.folder / ADAPTER, ModelError)
        return {ADAPTER: as_json(told | {"base_model_name_or_path": base})}
    if thing.kind == "dataset" or not thing.is_builtin:
        return {}
    config = read_object(thing.folder / CONFIG, ModelError)
    added: dict[str, dict[str, Any]] = {}
    if TOKENIZER_CONFIG not in thing.files:
        added[TOKENIZER_CONFIG] = _tokenizer_config(config)
    if GENERATION_CONFIG not in thing.files:
        ends: dict[str, Any] = {
            name: config[name] for name in ("eos_token_id", "pad_token_id") if name in config
        }
        added[GENERATION_CONFIG] = {"do_sample": True, **ends}
    return {name: as_json(told) for name, told in added.items()}


def _tokenizer_config(config: dict[str, Any]) -> dict[str, Any]:
    """Return what keeps transformers from taking the tokenizer for one of Llama's, which adds a token."""
    return {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_max_length": config["max_position_embeddings"],
        "eos_token": "</s>",
        "pad_token": "<pad>",
        "add_bos_token": False,
        "clean_up_tokenization_spaces": False,
    }
