"""Fashion-MNIST: 70,000 garments, fetched once into the user's cache."""

from dataclasses import dataclass
from pathlib import Path

from calligram.settings import cache_folder, option
from calligram.sources._arrays import ArraySource
from calligram.sources._fetch import fetch_files
from calligram.sources._idx_files import read_split
from calligram.sources._known import FASHION_LICENCE, GARMENTS
from calligram.sources.base import Source

MIRRORS = (
    "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com",
    "https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion",
)
SUMS = {
    "train-images-idx3-ubyte.gz": "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
    "train-labels-idx1-ubyte.gz": "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
    "t10k-images-idx3-ubyte.gz": "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
    "t10k-labels-idx1-ubyte.gz": "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
}


@dataclass(frozen=True)
class Options:
    """Where it is fetched from."""

    mirrors: str = option("", "addresses to fetch from, spaces between; empty means the known ones")


def load(place: str, split: str, options: Options) -> Source:
    """Return Fashion-MNIST's garments.

    Args:
        place: a folder that has the four files; empty means the user's cache, filled where it has to be.
        split: ``"train"``, ``"test"`` or ``"all"``.

    Raises:
        FetchError: a file could not be fetched with the right checksum.
        SourceError: the folder lacks a file, or the split is unknown.

    Source: H. Xiao, K. Rasul and R. Vollgraf, "Fashion-MNIST", arXiv:1708.07747, 2017, MIT licence.
    """
    mirrors = options.mirrors.split() or MIRRORS
    folder = Path(place) if place else fetch_files(SUMS, mirrors, cache_folder() / "fashion")
    images, labels = read_split(folder, split)
    return ArraySource(
        f"fashion:{place}", split, images, labels.astype("int64"), GARMENTS, "garment", FASHION_LICENCE
    )
