"""A folder with one subfolder for each class, here or in an object store."""

from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from calligram.errors import SourceError
from calligram.settings import option
from calligram.sources._files import SUFFIXES, FileSource, Item, open_store
from calligram.sources.base import Source

SPLIT_NAMES = {"train": "train", "training": "train", "test": "test", "testing": "test"}
SPLIT_NAMES |= {"valid": "valid", "val": "valid", "validation": "valid"}


@dataclass(frozen=True)
class Options:
    """What the images show."""

    kind: str = option("picture", "what an image shows, in one word, as animal")
    question: str = option("", "the question whose answer is the class; empty means What KIND is this?")


def load(place: str, split: str, options: Options) -> Source:
    """Return the images of ``place/CLASS/…``, or of ``place/SPLIT/CLASS/…`` where it is so divided.

    Files are taken in the order of their paths. A folder without splits of its own is parted by the
    images' content: a tenth valid, a tenth test, the rest train.

    Args:
        place: a folder, or an address such as ``s3://bucket/folder``.
        split: ``"train"``, ``"valid"``, ``"test"`` or ``"all"``.

    Raises:
        SourceError: the folder does not exist or holds no image in a subfolder.
    """
    paths = _list_store(place) if "://" in place else _list_folder(place)
    own_splits = all(parts[0].lower() in SPLIT_NAMES and len(parts) > 2 for parts in paths.values())
    items = [_item(path, parts, own_splits) for path, parts in paths.items()]
    return FileSource(f"folder:{place}", split, items, options.kind, options.question)


def _item(path: str, parts: tuple[str, ...], own_splits: bool) -> Item:
    split, label = (SPLIT_NAMES[parts[0].lower()], parts[1]) if own_splits else (None, parts[0])
    return Item(path, label, split, "/".join(parts))


def _list_folder(place: str) -> dict[str, tuple[str, ...]]:
    root = Path(place)
    if not place or not root.is_dir():
        raise SourceError(f"{place or 'nothing'} is no folder, but the source folder needs one")
    found = (path for path in sorted(root.rglob("*")) if path.suffix.lower() in SUFFIXES and path.is_file())
    return _checked({str(path): path.relative_to(root).parts for path in found}, place)


def _list_store(place: str) -> dict[str, tuple[str, ...]]:
    filesystem, root = open_store(place)
    try:
        names = sorted(filesystem.find(root))
    except OSError as fault:
        raise SourceError(f"{place} cannot be listed: {fault}") from fault
    found = (PurePosixPath(name) for name in names if PurePosixPath(name).suffix.lower() in SUFFIXES)
    base = PurePosixPath(root)
    return _checked({filesystem.unstrip_protocol(str(p)): p.relative_to(base).parts for p in found}, place)


def _checked(paths: dict[str, tuple[str, ...]], place: str) -> dict[str, tuple[str, ...]]:
    inside = {path: parts for path, parts in paths.items() if len(parts) > 1}
    if not inside:
        raise SourceError(
            f"{place} holds no images in subfolders: the source folder needs one subfolder a class"
        )
    return inside
