"""A folder of idx files, as MNIST and its family come."""

from dataclasses import dataclass
from pathlib import Path

from calligram.settings import option
from calligram.sources._arrays import ArraySource
from calligram.sources._idx_files import read_split
from calligram.sources._known import CLASSES, FASHION_LICENCE, MNIST_LICENCE
from calligram.sources.base import Source


@dataclass(frozen=True)
class Options:
    """What the numbers in the label file mean."""

    kind: str = option("", "what an image shows: digit, garment, …; empty means told from the folder's name")
    classes: str = option("", "names of the classes in order, commas between; empty means as the kind has")


def load(place: str, split: str, options: Options) -> Source:
    """Return the images of a folder of idx files.

    Args:
        place: the folder, with such files as ``train-images-idx3-ubyte.gz``, packed or not.
        split: ``"train"``, ``"test"``, ``"valid"`` or ``"all"``.
        options: a folder whose name has ``fashion`` in it holds garments, any other digits, unless given.

    Raises:
        SourceError: a file is missing or damaged, or there are more labels than classes.
    """
    folder = Path(place)
    images, labels = read_split(folder, split)
    kind = options.kind or _told_kind(folder)
    given = [name.strip() for name in options.classes.split(",") if name.strip()]
    classes = given or CLASSES.get(kind) or [str(number) for number in range(int(labels.max()) + 1)]
    return ArraySource(f"idx:{place}", split, images, labels.astype("int64"), classes, kind, _licence(folder))


def _told_kind(folder: Path) -> str:
    return "garment" if "fashion" in folder.resolve().name.lower() else "digit"


def _licence(folder: Path) -> str:
    name = folder.resolve().name.lower()
    return {"mnist": MNIST_LICENCE, "fashion-mnist": FASHION_LICENCE}.get(name, "unknown")
