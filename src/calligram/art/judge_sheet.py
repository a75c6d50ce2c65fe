"""A contact sheet of extremes: the works lowest and highest by each measure, for the eye to check."""

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFont

from calligram.art.novelty import MEASURES, Collection, Neighbour, Work
from calligram.errors import InputError
from calligram.picture.opening import open_pixels
from calligram.picture.options import EncodeOptions

EACH = 5
"""So many of the lowest and of the highest are shown."""
SIDE_PX, INSET_PX, GAP_PX, LABEL_PX, HEAD_PX = 96, 44, 6, 150, 34
QUALITY = 82
SMALLEST = 0.0005
"""Smaller values are told as 0: they are noise of the arithmetic."""
INK, PALE, PAPER = "#1c1c1c", "#77776f", "#fcfcfa"


@dataclass(frozen=True)
class Ranking:
    """Works ordered by one measure.

    Args:
        key: the measure.
        values: each work's name and value, lowest first; works without a value are left out.
        near: for a distance, the file of each work's nearest, by the work's name.
    """

    key: str
    values: tuple[tuple[str, float], ...]
    near: Mapping[str, str]


def rank(collection: Collection) -> list[Ranking]:
    """Return the works of a collection ordered by each measured part.

    Args:
        collection: at least two works; each is compared with all the others.

    Returns:
        The facts that are numbers, then distance to the nearest by dHash and pHash in bits, then distance by
        facts to the nearest few in standard deviations, where the collection is large enough.
    """
    rows: dict[str, list[tuple[str, float]]] = {key: [] for key in MEASURES}
    near: dict[str, dict[str, str]] = {}
    for work in collection.works:
        for key in MEASURES:
            if work.facts[key] is not None:
                rows[key].append((work.name, float(work.facts[key])))
        for key, distance, nearest in _distances_of(work, collection):
            rows.setdefault(key, []).append((work.name, distance))
            near.setdefault(key, {})[work.name] = nearest.path
    ordered = {key: sorted(values, key=lambda one: (one[1], one[0])) for key, values in rows.items()}
    return [Ranking(key, tuple(values), near.get(key, {})) for key, values in ordered.items() if values]


def _distances_of(work: Work, collection: Collection) -> Iterator[tuple[str, float, Neighbour]]:
    novelty = collection.novelty_of(work)
    if novelty is not None:
        yield "nearest_dhash", novelty.by_dhash.distance, novelty.by_dhash
        yield "nearest_phash", novelty.by_phash.distance, novelty.by_phash
        if novelty.among is not None and novelty.by_facts is not None:
            yield "facts_distance", novelty.among, novelty.by_facts


def draw_sheet(collection: Collection) -> bytes:
    """Return a JPEG file with a row for each measure: its lowest works at the left, its highest at the right.

    In the rows of distances, the nearest work stands small in the corner of each.

    Args:
        collection: at least two works.

    Raises:
        InputError: there are fewer works, or an image cannot be read again.
    """
    if len(collection.works) < 2:
        raise InputError("a sheet of extremes needs two works or more: name a folder of images")
    rankings = rank(collection)
    paths = {work.name: work.path for work in collection.works}
    step = SIDE_PX + GAP_PX
    columns = [LABEL_PX + place * step + (place >= EACH) * 4 * GAP_PX for place in range(2 * EACH)]
    sheet = Image.new("RGB", (columns[-1] + step, HEAD_PX + len(rankings) * (step + 14)), PAPER)
    pen, font = ImageDraw.Draw(sheet), ImageFont.load_default(12)
    for place, head in ((0, "lowest"), (EACH, "highest")):
        pen.text((columns[place], 10), head, INK, font)
    for number, ranking in enumerate(rankings):
        top = HEAD_PX + number * (step + 14)
        pen.text((GAP_PX, top + SIDE_PX // 2 - 8), ranking.key.replace("_", " "), INK, font)
        for left, (name, value) in _shown(ranking, columns):
            small = _thumbnail(paths[name], SIDE_PX)
            sheet.paste(small, (left + (SIDE_PX - small.width) // 2, top + (SIDE_PX - small.height) // 2))
            if nearest := ranking.near.get(name):
                _inset(sheet, _thumbnail(nearest, INSET_PX), left + SIDE_PX, top + SIDE_PX)
            pen.text((left, top + SIDE_PX), _told(value), PALE, font)
    stream = io.BytesIO()
    sheet.save(stream, "JPEG", quality=QUALITY, optimize=True)
    return stream.getvalue()


def _told(value: float) -> str:
    return f"{value:.3g}" if abs(value) >= SMALLEST else "0"


def _shown(ranking: Ranking, columns: Sequence[int]) -> list[tuple[int, tuple[str, float]]]:
    """Return what stands at which column; works in the middle are left out, and none is shown twice."""
    each = min(EACH, len(ranking.values) // 2)
    low = list(zip(columns[:each], ranking.values[:each], strict=True))
    return low + list(zip(columns[EACH : EACH + each], ranking.values[-each:] if each else (), strict=True))


def _inset(sheet: Image.Image, small: Image.Image, right: int, bottom: int) -> None:
    """Put a picture with a line around it where its lower right corner is told."""
    place = (right - small.width, bottom - small.height)
    sheet.paste(PAPER, (place[0] - 2, place[1] - 2, right, bottom))
    sheet.paste(small, place)


def _thumbnail(path: str, side_px: int) -> Image.Image:
    pixels = open_pixels(path, EncodeOptions(), (side_px, side_px), colour=True)
    image = Image.fromarray(pixels)
    image.thumbnail((side_px, side_px))
    return image
