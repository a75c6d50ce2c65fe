"""Images to text: Calligram beside Pillow's plain path, jp2a, chafa, chafa.py and ascii-magic."""

import shutil
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from benchmarks.racing import Contender, Figures, Mark, Task, race, run_quietly
from benchmarks.samples import Samples

PLAIN = "Pillow, plain"
SYMBOLS = np.array(list(" ▓█"))


def measure_encoding(samples: Samples, rounds: int = 5) -> Figures:
    """Return the times of encoding small PNG files, decoded arrays and one large JPEG.

    Args:
        samples: the pictures.
        rounds: how often each contender runs.
    """
    small = _race_small(samples, rounds)
    decoded = _race_decoded(samples, rounds)
    large = _race_large(samples, rounds)
    tasks = [small, decoded, large]
    return {
        "title": "Encoding",
        "about": (
            "Processor time to text, of all threads and processes. Command-line peers get all files in one "
            "call and their start is counted; libraries, ours too, run in a warm interpreter, chafa.py and "
            "ascii-magic in one of their own, for chafa's threads slow down whatever runs beside them."
        ),
        "tasks": [task.to_figures() for task in tasks],
        "marks": [mark.to_figures() for mark in _marks(small, decoded, large)],
    }


def _marks(small: Task, decoded: Task, large: Task) -> list[Mark]:
    faster = small.ratio("ascii-magic", "Calligram")
    return [
        Mark("decoded batches to text, over Pillow's plain path", decoded.ratio(BATCH_TEXT, PLAIN), 0.05),
        Mark("small PNG files, over jp2a", small.ratio("Calligram", "jp2a"), 1.0),
        Mark("4000 x 3000 JPEG, over jp2a", large.ratio("Calligram", "jp2a"), 0.6),
        Mark("times as fast as ascii-magic, small PNG files", faster, 25, "at least"),
    ]


BATCH_LEVELS = "Calligram, batch to levels"
BATCH_TEXT = "Calligram, batch to text"


def _race_small(samples: Samples, rounds: int) -> Task:
    from calligram.picture import encode

    paths = samples.small
    contenders = [
        Contender(PLAIN, lambda: [encode_plainly(path, 20, 11) for path in paths]),
        Contender("Calligram", lambda: _encode_files(paths, "classic")),
        Contender("Calligram, a call a file", lambda: [encode(path, "classic").text for path in paths]),
        *_peers(paths, 20, 11),
    ]
    return race("PNG files of 28 x 28 to 20 x 11", contenders, len(paths), PLAIN, rounds)


def _race_decoded(samples: Samples, rounds: int) -> Task:
    from calligram.picture import encode_batch, get_layout, spell_batch

    paths, layout = samples.small, get_layout("classic")
    pictures = np.stack([_open_grey(path) for path in paths])
    contenders = [
        Contender(PLAIN, lambda: [encode_plainly(path, 20, 11) for path in paths], note="opens the files"),
        Contender(BATCH_LEVELS, lambda: encode_batch(pictures, layout)),
        Contender(BATCH_TEXT, lambda: spell_batch(encode_batch(pictures, layout), layout)),
    ]
    return race("Decoded pictures of 28 x 28 to 20 x 11", contenders, len(paths), PLAIN, rounds)


def _race_large(samples: Samples, rounds: int) -> Task:
    from calligram.picture import Layout

    wide = Layout("wide", columns=120, rows=45, ramp="classic")
    contenders = [
        Contender(PLAIN, lambda: encode_plainly(samples.jpeg, 120, 45)),
        Contender("Calligram", lambda: _encode_files([samples.jpeg], wide)),
        *_peers([samples.jpeg], 120, 45),
    ]
    width, height = samples.jpeg_size
    return race(f"One JPEG of {width} x {height} to 120 x 45", contenders, 1, PLAIN, rounds)


def encode_plainly(path: Path, columns: int, rows: int) -> str:
    """Return a picture as text the way most scripts do it: open, grey, BOX resize, numpy lookup, join."""
    with Image.open(path) as image:
        grey = np.asarray(image.convert("L").resize((columns, rows), Image.Resampling.BOX))
    return "\n".join("".join(line) for line in SYMBOLS[grey.astype(np.uint16) * len(SYMBOLS) // 256])


def _open_grey(path: Path) -> np.ndarray[Any, Any]:
    with Image.open(path) as image:
        return np.asarray(image.convert("L"))


def _encode_files(paths: Sequence[Path], layout: Any) -> list[str]:
    from calligram.picture.files import encode_files

    return [encoded.text for encoded in encode_files(paths, layout)]


def _peers(paths: Sequence[Path], columns: int, rows: int) -> list[Contender]:
    size = f"{columns}x{rows}"
    chafa = ["chafa", "--format=symbols", "--colors=none", "--symbols=ascii", "--stretch", f"--size={size}"]
    return [
        _command("jp2a", ["jp2a", f"--size={size}", *map(str, paths)]),
        _command("chafa", [*chafa, *map(str, paths)]),
        _library("chafa.py", "chafa", lambda: [_encode_with_chafa(path, columns, rows) for path in paths]),
        _library("ascii-magic", "ascii_magic", lambda: [_encode_with_magic(path, columns) for path in paths]),
    ]


def _command(name: str, command: Sequence[str]) -> Contender:
    if shutil.which(command[0]) is None:
        return Contender(name, None, absent=f"the command {command[0]} is not installed")
    return Contender(name, lambda: run_quietly(command))


def _library(name: str, package: str, run: Callable[[], object]) -> Contender:
    if find_spec(package) is None:
        return Contender(name, None, absent=f"the package {name} is not installed")
    return Contender(name, run, apart=True)


def _encode_with_chafa(path: Path, columns: int, rows: int) -> bytes:
    chafa = import_module("chafa")
    config = chafa.CanvasConfig()
    config.width, config.height = columns, rows
    config.canvas_mode = chafa.CanvasMode.CHAFA_CANVAS_MODE_FGBG
    canvas = chafa.Canvas(config)
    with Image.open(path) as image:
        colour = image.convert("RGB")
    pixels = colour.tobytes()
    kind = chafa.PixelType.CHAFA_PIXEL_RGB8
    canvas.draw_all_pixels(kind, pixels, colour.width, colour.height, colour.width * 3)
    text: bytes = canvas.print()
    return text


def _encode_with_magic(path: Path, columns: int) -> str:
    text: str = (
        import_module("ascii_magic").AsciiArt.from_image(str(path)).to_ascii(columns=columns, monochrome=True)
    )
    return text
