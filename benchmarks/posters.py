"""Posters of one photograph: Calligram beside ascii-magic, and beside what most scripts do with Pillow."""

import io
import statistics
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from PIL import Image, ImageDraw

from benchmarks.processes import spend
from benchmarks.racing import Contender, Figures, Mark, Task, calligram, race
from benchmarks.samples import Samples

COLUMNS = 200
PLAIN = "Pillow, letter after letter"
OURS = "Calligram"
RAMP = " .:-=+*#%@"
MOST_S = 2.0
"""What a poster of 200 columns on A3 at 300 dpi may take, the start of Python included."""

ENDINGS = ("png", "svg")


def measure_posters(samples: Samples, rounds: int = 5) -> Figures:
    """Return the times of posters of one large JPEG, in a warm interpreter and as whole commands.

    Args:
        samples: the pictures.
        rounds: how often each contender runs.
    """
    tasks = [_race_posters(samples, rounds), _race_packing(samples, rounds)]
    marks = [
        Mark(
            f"calligram poster of {COLUMNS} columns as {ending.upper()}, seconds",
            _command_s(samples, ending, rounds),
            MOST_S,
        )
        for ending in ENDINGS
    ]
    ratio = tasks[0].ratio("ascii-magic", OURS)
    marks.append(Mark("times as fast as ascii-magic, posters as PNG", ratio, 1, "at least"))
    return {
        "title": "Posters",
        "about": (
            f"{COLUMNS} coloured characters across, from one JPEG to a PNG of an A3 sheet at 300 dpi; "
            "Pillow's and ascii-magic's images are as many pixels wide as the picture on that sheet. "
            "Those two take characters by brightness alone; Calligram by measured ink and its place too, in "
            "three weights. The second table packs the pixels of one finished sheet as PNG."
        ),
        "tasks": [task.to_figures() for task in tasks],
        "marks": [mark.to_figures() for mark in marks],
    }


def _command_s(samples: Samples, ending: str, rounds: int) -> float:
    output = samples.folder / f"poster.{ending}"
    command = calligram("poster", samples.jpeg, "-o", output, "--columns", COLUMNS, "-q")
    return statistics.median(spend(command).wall_s for _ in range(rounds))


def _race_posters(samples: Samples, rounds: int) -> Task:
    from calligram.picture.posters.making import make_poster
    from calligram.picture.posters.options import PosterOptions

    path, options = samples.jpeg, PosterOptions(columns=COLUMNS)
    block = make_poster(path, options).picture
    width = block.case.width * COLUMNS
    contenders = [
        Contender(PLAIN, lambda: set_plainly(path, COLUMNS, width)),
        Contender(OURS, lambda: make_poster(path, options).render("png")),
        _package("ascii-magic", "ascii_magic", lambda: _set_by_ascii_magic(path, samples.folder, width)),
    ]
    return race(f"One JPEG of {samples.jpeg_size[0]} x {samples.jpeg_size[1]}", contenders, 1, PLAIN, rounds)


def _race_packing(samples: Samples, rounds: int) -> Task:
    from calligram.picture.posters.forms.png import pack
    from calligram.picture.posters.making import make_poster
    from calligram.picture.posters.options import PosterOptions
    from calligram.picture.posters.pixels import paint

    made = make_poster(samples.jpeg, PosterOptions(columns=COLUMNS))
    pixels = paint(made)
    image, base = Image.fromarray(pixels), "Pillow, compress_level 2"

    def by_pillow() -> bytes:
        content = io.BytesIO()
        image.save(content, "PNG", compress_level=2)
        return content.getvalue()

    ours = len(pack(pixels, made.sheet.dpi))
    contenders = [
        Contender(base, by_pillow, note=f"{len(by_pillow()) / 1e6:.1f} MB"),
        Contender(OURS, lambda: pack(pixels, made.sheet.dpi), note=f"{ours / 1e6:.1f} MB"),
    ]
    return race(f"PNG of {image.width} x {image.height} pixels", contenders, 1, base, rounds)


def set_plainly(path: Path, columns: int, width: int) -> bytes:
    """Return a PNG as most scripts make one: shrink, take characters by brightness, draw each in its place.

    Args:
        path: the image.
        columns: characters across.
        width: of the PNG in pixels.
    """
    from PIL import ImageFont

    with Image.open(path) as opened:
        image = opened.convert("RGB")
    cell = width / columns
    font = ImageFont.load_default(cell * 1.4)
    rows = max(1, round(columns * image.height / image.width * 0.55))
    small = image.resize((columns, rows))
    grey = small.convert("L")
    page = Image.new("RGB", (width, round(rows * cell / 0.55)), "black")
    pen = ImageDraw.Draw(page)
    for row in range(rows):
        for column in range(columns):
            level = grey.getpixel((column, row)) * len(RAMP) // 256  # type: ignore[operator]
            place = (column * cell, row * cell / 0.55)
            pen.text(place, RAMP[level], fill=small.getpixel((column, row)), font=font)  # type: ignore[arg-type]
    content = io.BytesIO()
    page.save(content, "PNG")
    return content.getvalue()


def _set_by_ascii_magic(path: Path, folder: Path, width: int) -> None:
    art = import_module("ascii_magic").AsciiArt.from_image(str(path))
    art.to_image_file(str(folder / "magic.png"), width=width, columns=COLUMNS, full_color=True)


def _package(name: str, module: str, run: Callable[[], object]) -> Contender:
    if find_spec(module) is None:
        return Contender(name, None, absent=f"the package {name} is not installed")
    return Contender(name, run, apart=True)
