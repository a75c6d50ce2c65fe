"""The forms of a catalogue: which there are, and how their files are written."""

from collections.abc import Sequence
from pathlib import Path

from calligram import registry
from calligram.art.catalogue_options import CatalogueOptions
from calligram.art.record import Record
from calligram.art.records.base import Catalogue, Form
from calligram.errors import NameInFamilyError
from calligram.whole_files import make_folder, write_whole

FAMILY = "art.records"


def form_names() -> list[str]:
    """Return the names of all forms, sorted."""
    return registry.members(FAMILY)


def check_forms(forms: Sequence[str] | None) -> list[str]:
    """Return the names of forms, each once; None is all.

    Raises:
        NameInFamilyError: there is no such form.
    """
    names = list(dict.fromkeys(forms)) if forms is not None else form_names()
    for name in names:
        if name not in form_names():
            raise NameInFamilyError(f"there is no form {name!r}: choose among {', '.join(form_names())}")
    return names


def write_forms(
    folder: Path, records: Sequence[Record], options: CatalogueOptions, forms: Sequence[str]
) -> list[str]:
    """Write records in some forms, each file whole or not at all, and return their paths below the folder.

    Raises:
        OutputError: a file cannot be written.
    """
    told = Catalogue(options.title, options.base_uri, tuple(records))
    written = []
    for name in forms:
        form: Form = registry.member(FAMILY, name).build
        for path, content in form(told):
            place = folder / path
            make_folder(place.parent)
            write_whole(place, content)
            written.append(path)
    return written
