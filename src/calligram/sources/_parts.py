"""Parts of sources without splits of their own: chosen by content, so equal images stay together."""

import hashlib

from calligram.errors import SourceError

PARTS = ("train", "valid", "test")


def part_of(content: bytes) -> str:
    """Return the split that an image belongs to: one tenth valid, one tenth test, the rest train.

    It follows from the content alone, so a copy of an image can never be in another split, and images
    that are added later move none.

    >>> part_of(b"an image")
    'train'
    """
    tenth = int.from_bytes(hashlib.blake2b(content, digest_size=8).digest(), "big") % 10
    return {0: "test", 1: "valid"}.get(tenth, "train")


def check_part(split: str, name: str) -> None:
    """Raise SourceError where a split is not one that a source without own splits can have."""
    if split not in (*PARTS, "all"):
        raise SourceError(f"the split is {split!r}, but {name} has {', '.join(PARTS)} or all")
