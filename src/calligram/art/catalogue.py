"""Catalogue: a record for each image, made once, kept as soon as it stands, and written in many forms.

::

    outcome = catalogue("paintings/", "out", given="records.csv")
    outcome.records[0]["title"].standing     'given'

A further run makes only those records whose image, givens or options are others, and keeps what people
decided.
"""

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from calligram import settings
from calligram.art.asking import AskingOptions
from calligram.art.catalogue_decisions import decide
from calligram.art.catalogue_forms import check_forms, write_forms
from calligram.art.catalogue_journal import CatalogueJournal
from calligram.art.catalogue_making import Making, Places
from calligram.art.catalogue_options import CatalogueOptions
from calligram.art.facts_options import FactsOptions
from calligram.art.record import Record
from calligram.art.record_given import GivenRecords
from calligram.art.vocabulary import Vocabulary
from calligram.errors import OptionError
from calligram.models.base import Model, open_model
from calligram.picture.saving import Finish, as_it_is

__all__ = ["CatalogueOptions", "Outcome", "catalogue"]

Tell: TypeAlias = Callable[[str, int, int], None]

MAKING = 1
"""Raised when records are made in another way, so that those of earlier versions are made again."""
WRITER = "builtin:writer?drafts=1"
"""The model that proposes where none is named; several drafts of each title would take most of the time."""
NOT_FOLLOWED = ("title", "base_uri", "processes", "at_once", "keep", "tries")
"""Options from which no record follows."""


@dataclass(frozen=True)
class Outcome:
    """What became of a catalogue.

    Args:
        records: all of it, by file, with what people decided.
        made: how many were made now.
        kept: how many of the given images had a record that still holds.
        remade: how many of those made had a record that no longer held.
        faults: images and models that failed, each with a sentence.
        remarks: what a person should be told, a sentence each.
        files: what was written, as paths below the folder.
    """

    records: tuple[Record, ...]
    made: int
    kept: int
    remade: int
    faults: tuple[tuple[str, str], ...] = ()
    remarks: tuple[str, ...] = ()
    files: tuple[str, ...] = ()


def catalogue(
    images: Places,
    folder: str | os.PathLike[str],
    *,
    models: Sequence[str] = (WRITER,),
    given: str | os.PathLike[str] = "",
    aat: str | os.PathLike[str] = "",
    forms: Sequence[str] | None = None,
    options: CatalogueOptions | None = None,
    tell: Tell | None = None,
    finish: Finish = as_it_is,
) -> Outcome:
    """Make or continue a catalogue, and write it in the forms that are asked for.

    Args:
        images: image files, and folders of them; none at all writes the forms of what there is.
        folder: where the catalogue stands; it is made where there is none.
        models: spellings of the models that propose and vote; none leaves it at what is measured and given.
        given: the owner's records, CSV, JSON or JSON lines; empty for none.
        aat: terms of the owner's vocabulary, CSV or JSON lines; empty for none.
        forms: names of forms; None is all.
        options: how it is made.
        tell: told of the progress.
        finish: labels thumbnails.

    Raises:
        InputError: a file of records or terms cannot be used.
        ModelError: a model cannot be opened.
        NameInFamilyError: there is no such form or model.
        OutputError: the folder cannot be written; what was finished is kept.
        OptionError: an option is out of its range.
    """
    options = options or CatalogueOptions()
    _check(options)
    forms = check_forms(forms)
    records, vocabulary = GivenRecords(given), Vocabulary(aat)
    opened = {name: open_model(name) for name in models}
    asked = _asked(opened, aat, options)
    with CatalogueJournal(folder) as journal:
        making = Making(journal, list(opened.values()), vocabulary, records, options, asked, finish)
        making.run(images, lambda done, total: tell("cataloguing", done, total) if tell else None)
        told = decided(journal)
        files = write_forms(journal.folder, told, options, forms)
    remarks = (
        *_remarks(making, options),
        *(remark for model in opened.values() for remark in model.remarks()),
    )
    return Outcome(told, making.made, making.kept, making.remade, tuple(making.faults), remarks, tuple(files))


def decided(journal: CatalogueJournal) -> tuple[Record, ...]:
    """Return all records of a journal by file, with what people decided."""
    return tuple(decide(record, journal.decisions) for _, record in sorted(journal.records.items()))


def _check(options: CatalogueOptions) -> None:
    settings.check(options)
    if not options.base_uri.startswith(("http://", "https://")) or not options.base_uri.endswith("/"):
        raise OptionError(
            f"base_uri is {options.base_uri!r}, but must begin with http:// or https:// and end in /"
        )


def _asked(models: Mapping[str, Model], aat: str | os.PathLike[str], options: CatalogueOptions) -> str:
    """Return what all records follow from, besides their images and what is given."""
    names = [*AskingOptions.__dataclass_fields__, *FactsOptions.__dataclass_fields__, "send_images"]
    told = {
        "making": MAKING,
        "models": [[name, *_known_by(model)] for name, model in models.items()],
        "options": {name: getattr(options, name) for name in names if name not in NOT_FOLLOWED},
        "aat": hashlib.sha256(Path(aat).read_bytes()).hexdigest() if os.fspath(aat) else "",
    }
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]


def _known_by(model: Model) -> list[object]:
    told = model.describe()
    return [model.written_at(), told.get("base_url"), told.get("digest")]


def _remarks(making: Making, options: CatalogueOptions) -> Iterator[str]:
    if making.remade:
        yield f"{making.remade} records were made again, since what they follow from has changed"
    if options.base_uri == CatalogueOptions().base_uri:
        yield f"addresses in the catalogue begin with {options.base_uri}: to publish it, give --base-uri"
