"""Many files at once: small plain PNGs in batches, everything else one by one; a bad file stops no other."""

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from PIL import Image

from calligram import settings
from calligram.errors import ImageError, InputError
from calligram.picture.batch import encode_batch
from calligram.picture.encoding import encode
from calligram.picture.layout import Layout, get_layout
from calligram.picture.opening import FIRST_BYTES, read_small
from calligram.picture.options import EncodeOptions
from calligram.picture.small_pngs import scan_png, unfilter
from calligram.picture.spelling import spell_batch
from calligram.picture.terminal import terminal_text

CHUNK_FILES = 4096
"""So many files are read before their pictures are made."""

USUAL_ENDINGS = frozenset({".png", ".jpg", ".jpeg", ".gif", ".bmp", ".webp", ".tif", ".tiff"})
"""Endings that need no look at all of Pillow's plugins, which takes longer than a thousand small files."""


class EncodedFile(NamedTuple):
    """What became of a file: its text, or what was wrong with it."""

    path: str
    text: str
    fault: InputError | None


def encode_files(
    paths: Iterable[str | os.PathLike[str]],
    layout: str | Layout = "classic",
    options: EncodeOptions | None = None,
) -> Iterator[EncodedFile]:
    """Yield the text picture of each file, in the order of the paths.

    Args:
        paths: image files.
        layout: a layout or its name.
        options: as for :func:`calligram.picture.encode`; plain options are quickest.

    Raises:
        OptionError: an option is out of its range.
        LayoutError: the layout is impossible.
    """
    options = options or EncodeOptions()
    settings.check(options)
    layout = options.laid_out(get_layout(layout))
    remaining = iter(paths)
    while chunk := list(islice(remaining, CHUNK_FILES)):
        yield from _encode_chunk([os.fspath(path) for path in chunk], layout, options)


def _encode_chunk(paths: list[str], layout: Layout, options: EncodeOptions) -> list[EncodedFile]:
    found: list[EncodedFile | None] = [None] * len(paths)
    groups: dict[tuple[int, int], tuple[list[int], list[bytes]]] = defaultdict(lambda: ([], []))
    quick = _is_plain(options, layout) and options.max_file_bytes >= FIRST_BYTES
    within = cache(lambda shape: _within(shape, layout, options))
    for place, path in enumerate(paths):
        content = read_small(path) if quick else None
        scanned = scan_png(content) if content else None
        if scanned and within(scanned[0]):
            places, lines = groups[scanned[0]]
            places.append(place)
            lines.append(scanned[1])
        else:
            found[place] = _encode_one(path, layout, options)
    for shape, (places, lines) in groups.items():
        try:
            texts = spell_batch(encode_batch(unfilter(lines, *shape), layout), layout)
        except ValueError:
            texts = None
        for number, place in enumerate(places):
            path = paths[place]
            found[place] = (
                EncodedFile(path, texts[number], None) if texts else _encode_one(path, layout, options)
            )
    return [encoded for encoded in found if encoded is not None]


def _is_plain(options: EncodeOptions, layout: Layout) -> bool:
    """Return whether nothing is asked for that looks at single images."""
    usual = EncodeOptions()
    names = ("colors", "invert", "polarity", "auto_levels", "contrast", "gamma", "framing", "dither", "frame")
    same = all(getattr(options, name) == getattr(usual, name) for name in names)
    return same and options.height is None and layout.ramp != "shape"


def _within(shape: tuple[int, int], layout: Layout, options: EncodeOptions) -> bool:
    height, width = shape
    rows, columns = layout.grid(height, width)
    long, short = max(height, width), min(height, width)
    return (
        rows * columns <= options.max_cells
        and height * width <= options.max_pixels
        and long <= options.max_aspect * short
    )


def _encode_one(path: str, layout: Layout, options: EncodeOptions) -> EncodedFile:
    try:
        picture = encode(path, layout, options)
    except InputError as fault:
        return EncodedFile(path, "", fault)
    text = picture.text if options.colors == "none" else terminal_text(picture, options.colors)
    return EncodedFile(path, text, None)


def find_images(path: str | os.PathLike[str]) -> list[str]:
    """Return the image files under a folder, sorted, hidden ones left out; another path comes back alone.

    Raises:
        ImageError: the folder holds no image.
    """
    if not Path(path).is_dir():
        return [os.fspath(path)]
    found = sorted(
        os.path.join(folder, name)  # noqa: PTH118 (strings, for folders of many thousand files)
        for folder, _, names in os.walk(path)
        for name in names
        if not name.startswith(".") and _is_image_ending(os.path.splitext(name)[1].lower())  # noqa: PTH122
    )
    if not found:
        raise ImageError(f"the folder {os.fspath(path)!r} holds no image: give one that does, or files")
    return found


def find_all_images(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
) -> Iterator[tuple[str, InputError | None]]:
    """Yield each file, a folder by its images; a folder without any comes back itself with its fault."""
    for path in [paths] if isinstance(paths, str | os.PathLike) else paths:
        try:
            yield from ((found, None) for found in find_images(path))
        except InputError as fault:
            yield os.fspath(path), fault


@cache
def _is_image_ending(ending: str) -> bool:
    """Return whether Pillow opens files of that ending; the usual ones are known without asking it."""
    return ending in USUAL_ENDINGS or (Image.registered_extensions().get(ending) in Image.OPEN)


def names_in_folder(paths: Sequence[str], folder: str | os.PathLike[str]) -> list[Path]:
    """Return where the text of each image goes: its own path below the common folder, ending in ``.txt``.

    Where two would share a name, as those of ``x.png`` and ``x.jpg``, all keep their own endings before it.
    """
    common = os.path.commonpath([os.path.dirname(os.path.abspath(path)) for path in paths])  # noqa: PTH100, PTH120
    below = [Path(os.path.relpath(path, common)) for path in paths]
    texts = [path.with_suffix(".txt") for path in below]
    if len(set(texts)) < len(set(below)):
        texts = [path.with_name(f"{path.name}.txt") for path in below]
    return [Path(folder) / text for text in texts]
