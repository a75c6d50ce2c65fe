"""MNIST: 70,000 handwritten digits, fetched once into the user's cache."""

from dataclasses import dataclass
from pathlib import Path

from calligram.settings import cache_folder, option
from calligram.sources._arrays import ArraySource
from calligram.sources._fetch import fetch_files
from calligram.sources._idx_files import read_split
from calligram.sources._known import DIGITS, MNIST_LICENCE
from calligram.sources.base import Source

MIRRORS = (
    "https://ossci-datasets.s3.amazonaws.com/mnist",
    "https://storage.googleapis.com/cvdf-datasets/mnist",
)
SUMS = {
    "train-images-idx3-ubyte.gz": "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
    "train-labels-idx1-ubyte.gz": "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
    "t10k-images-idx3-ubyte.gz": "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
    "t10k-labels-idx1-ubyte.gz": "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
}


@dataclass(frozen=True)
class Options:
    """Where it is fetched from."""

    mirrors: str = option("", "addresses to fetch from, spaces between; empty means the known ones")


def load(place: str, split: str, options: Options) -> Source:
    """Return MNIST's digits.

    Args:
        place: a folder that has the four files; empty means the user's cache, filled where it has to be.
        split: ``"train"``, ``"test"`` or ``"all"``.

    Raises:
        FetchError: a file could not be fetched with the right checksum.
        SourceError: the folder lacks a file, or the split is unknown.

    Source: Y. LeCun, C. Cortes and C. Burges, "The MNIST database of handwritten digits".
    """
    mirrors = options.mirrors.split() or MIRRORS
    folder = Path(place) if place else fetch_files(SUMS, mirrors, cache_folder() / "mnist")
    images, labels = read_split(folder, split)
    return ArraySource(
        f"mnist:{place}", split, images, labels.astype("int64"), DIGITS, "digit", MNIST_LICENCE
    )
