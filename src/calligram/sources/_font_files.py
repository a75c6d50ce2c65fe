"""Finds the font files that can write the Latin letters, and which of them look alike."""

import hashlib
import os
import struct
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFont

from calligram.errors import SourceError

SUFFIXES = {".ttf", ".otf", ".ttc"}
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
# two faces whose letters differ by less than this mean grey value (0 to 255) are one design
ALIKE = 20.0
# a face whose letters correlate less than this with plain ones, on average, holds signs instead;
# of 231 faces at hand dingbats came to -0.02 and a keyboard face to -0.04, the wildest italic to 0.17
LEAST_LIKENESS = 0.08
_SIGN_WORDS = ("dingbat", "symbol", "emoji", "icon", "wingding", "webding", "awesome", "barcode", "music")
_SHEET_SIZE = 24
_UNASSIGNED = "\U0010fffe"


@dataclass(frozen=True)
class Face:
    """One font file that has every letter.

    Args:
        path: the file.
        family: the family's name as the file says it.
        sheet: its 52 letters, each ``24 x 24`` grey, as one uint8 vector; for comparing faces. It stays
            behind when a face is sent to another process.
        checksum: of the file, hex.
    """

    path: Path
    family: str
    sheet: NDArray[np.uint8]
    checksum: str

    def __getstate__(self) -> dict[str, Any]:
        return vars(self) | {"sheet": np.zeros(0, np.uint8)}


def system_folders() -> list[Path]:
    """Return the folders where this kind of system keeps its fonts, whether they are there or not."""
    home = Path.home()
    if sys.platform == "darwin":
        return [Path("/System/Library/Fonts"), Path("/Library/Fonts"), home / "Library/Fonts"]
    if sys.platform == "win32":
        local = Path(os.environ.get("LOCALAPPDATA", home)) / "Microsoft/Windows/Fonts"
        return [Path(os.environ.get("WINDIR", "C:/Windows")) / "Fonts", local]
    shared = os.environ.get("XDG_DATA_DIRS", "/usr/local/share:/usr/share").split(":")
    return [Path(place) / "fonts" for place in shared if place] + [
        home / ".local/share/fonts",
        home / ".fonts",
    ]


def find_faces(place: str) -> list[Face]:
    """Return the faces in a folder (or, for an empty place, in the system's) that have all 52 letters.

    Files that cannot be opened, lack a letter, hold signs at the letters' places, or repeat another
    file's letters are left out. The order depends on family and file name alone.

    Raises:
        SourceError: the place is no folder or font file, or nothing usable is in it.
    """
    folders = [Path(place)] if place else system_folders()
    if place and not folders[0].exists():
        raise SourceError(f"{place} does not exist, but the source fonts needs a folder of font files")
    paths = sorted({path for folder in folders for path in _font_paths(folder)})
    faces: dict[bytes, Face] = {}
    for path in paths:
        face = open_face(path)
        if face:
            faces.setdefault(face.sheet.tobytes(), face)
    if not faces:
        where = place or "the system's font folders"
        raise SourceError(
            f"no font file with all letters A-Z and a-z is in {where}: give a folder that has some"
        )
    return sorted(faces.values(), key=lambda face: (face.family, face.path.name))


def _font_paths(folder: Path) -> list[Path]:
    if folder.is_file():
        return [folder]
    return [path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES and path.is_file()]


def open_face(path: Path) -> Face | None:
    """Return a file's face, or None where it cannot write all 52 letters."""
    try:
        data = path.read_bytes()
        font = ImageFont.truetype(path, _SHEET_SIZE)
        family, style = font.getname()
    except (OSError, ValueError):
        return None
    told = f"{family} {style} {path.stem}".lower()
    if any(word in told for word in _SIGN_WORDS) or _is_sign_font(data):
        return None
    sheet = _sheet(font)
    if sheet is None or _likeness(sheet) < LEAST_LIKENESS:
        return None
    return Face(path, family or path.stem, sheet, hashlib.blake2b(data, digest_size=16).hexdigest())


def _is_sign_font(data: bytes) -> bool:
    """Return whether a font's only character map is of the kind "symbol" (OpenType, table cmap, 3 and 0)."""
    start = struct.unpack(">I", data[12:16])[0] if data[:4] == b"ttcf" else 0
    count = struct.unpack(">H", data[start + 4 : start + 6])[0]
    for number in range(count):
        tag, _, offset, _ = struct.unpack(">4sIII", data[start + 12 + 16 * number : start + 28 + 16 * number])
        if tag == b"cmap":
            maps = struct.unpack(">H", data[offset + 2 : offset + 4])[0]
            pairs = struct.iter_unpack(">HHI", data[offset + 4 : offset + 4 + 8 * maps])
            kinds = {(platform, encoding) for platform, encoding, _ in pairs}
            return (3, 0) in kinds and not kinds & {(3, 1), (3, 10), (0, 3), (0, 4)}
    return False


def _sheet(font: ImageFont.FreeTypeFont) -> NDArray[np.uint8] | None:
    letters: list[NDArray[np.uint8]] = []
    try:
        missing = _drawn(font, _UNASSIGNED)
        for letter in ALPHABET:
            drawn = _drawn(font, letter)
            if not drawn.any() or np.array_equal(drawn, missing):
                return None
            letters.append(drawn)
    except (OSError, ValueError):
        return None
    # a face of capitals only would give its small letters a wrong label
    if sum(np.array_equal(letters[place], letters[place + 26]) for place in range(26)) > 3:
        return None
    return np.concatenate([drawn.ravel() for drawn in letters])


def _likeness(sheet: NDArray[np.uint8]) -> float:
    """Return the mean correlation of 52 letters with those of the plain face that Pillow carries."""
    theirs, plain = _standardised(sheet), _plain_letters()
    return float((theirs * plain).sum(axis=1).mean())


@cache
def _plain_letters() -> NDArray[np.float64]:
    sheet = _sheet(ImageFont.load_default(_SHEET_SIZE))  # type: ignore[arg-type]
    assert sheet is not None
    return _standardised(sheet)


def _standardised(sheet: NDArray[np.uint8]) -> NDArray[np.float64]:
    letters = sheet.reshape(len(ALPHABET), -1).astype(np.float64)
    letters -= letters.mean(axis=1, keepdims=True)
    made: NDArray[np.float64] = letters / np.maximum(np.linalg.norm(letters, axis=1, keepdims=True), 1e-9)
    return made


def _drawn(font: ImageFont.FreeTypeFont, letter: str) -> NDArray[np.uint8]:
    """Return a letter stretched to fill a square of 24 x 24, all 0 where it has no ink."""
    mask, _ = font.getmask2(letter, "L")
    if not all(mask.size):
        return np.zeros((_SHEET_SIZE, _SHEET_SIZE), np.uint8)
    image = Image.frombytes("L", mask.size, bytes(mask))
    box = image.getbbox()
    if box is None:
        return np.zeros((_SHEET_SIZE, _SHEET_SIZE), np.uint8)
    return np.asarray(image.crop(box).resize((_SHEET_SIZE, _SHEET_SIZE), Image.Resampling.BILINEAR))


def group_faces(faces: list[Face]) -> list[list[int]]:
    """Return the places of the faces in groups, so that faces of one family or of one design are together.

    Two families can hold one design (Liberation Sans and Arimo); were they parted, a test split would
    hold letters that the training split has shown.
    """
    leader = list(range(len(faces)))

    def first(place: int) -> int:
        while leader[place] != place:
            place = leader[place]
        return place

    sheets = np.stack([face.sheet for face in faces])
    for one in range(len(faces)):
        for other, distance in enumerate(_distances(sheets[one + 1 :], sheets[one]), start=one + 1):
            if distance < ALIKE or faces[one].family == faces[other].family:
                a, b = sorted((first(one), first(other)))
                leader[b] = a
    groups: dict[int, list[int]] = {}
    for place in range(len(faces)):
        groups.setdefault(first(place), []).append(place)
    return list(groups.values())


def _distances(sheets: NDArray[np.uint8], sheet: NDArray[np.uint8]) -> NDArray[np.float64]:
    # larger less smaller stays in one byte, four times as fast as a signed difference
    gaps = np.maximum(sheets, sheet) - np.minimum(sheets, sheet)
    means: NDArray[np.float64] = gaps.mean(axis=1, dtype=np.float64)
    return means
