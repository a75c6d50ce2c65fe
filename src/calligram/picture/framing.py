"""Framing: finds the ink, lifts it off its paper, and frames it as MNIST or Fashion-MNIST was made."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

INK_SIDE = 20
"""The ink's longer side in parts of the frame. Source: LeCun, Cortes, Burges, the MNIST database."""

FRAME_SIDE = 28
"""The frame's side in the same parts."""

DARK, LIGHT = 64, 191
"""Greys that count as surely paper in the corners of a small picture."""

LEAST_INK = 16.0
"""Ink must be lighter than its paper by so many greys."""

FAINT_SHARE = 0.03
"""What is fainter than this share of the ink is paper."""

STROKED = frozenset({"digit", "letter"})
LEAST_SIDE, MOST_SIDE = 17, 21
"""Pixels of 28 along the longer side of a digit or letter that stands as MNIST's do."""

THIN_STROKE, USUAL_STROKE = 1.36, 1.83
"""Width of MNIST's strokes in its own pixels, the tenth percentile and the median, as measured here."""

LARGEST_THICKENED = 0.67
"""Only ink that is scaled by less than this is made thicker, so that MNIST's own images stay as they are."""

WORKING_SIDE = 384
"""Larger images are reduced to so many pixels first."""

LEAST_SHARE = 0.02
"""Specks with less than this share of the largest piece of ink are left out."""


def frame_content(pixels: NDArray[np.uint8], columns: int) -> NDArray[np.uint8]:
    """Return the ink alone, its box scaled to 20/28 of a square frame and its centre of mass in the middle.

    Args:
        pixels: ``(H, W)``, light ink on dark paper; the paper may be uneven, as in a photograph.
        columns: cells in a row; the frame is as wide, rounded up to a multiple of 28 pixels.

    Returns:
        ``(side, side)``, paper 0. Blank paper gives a blank frame.
    """
    side = FRAME_SIDE * max(1, -(-columns // FRAME_SIDE))
    ink = lift_ink(_reduced(pixels))
    mask = _without_specks(ink > 0, ink)
    if not mask.any():
        return np.zeros((side, side), np.uint8)
    ink = np.where(mask, ink, 0)
    held_rows, held_columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    box = ink[held_rows[0] : held_rows[-1] + 1, held_columns[0] : held_columns[-1] + 1]
    ink_side = side * INK_SIDE // FRAME_SIDE
    return _centred(_scaled(_thickened(box, INK_SIDE / max(box.shape)), ink_side), side)


def fit_to_frame(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the thing alone, its box's longer side filling a frame of 28 x 28, its middle in the middle.

    Source: Xiao, Rasul, Vollgraf (2017), Fashion-MNIST, section 2: trimmed, the longest edge at 28, and laid
    in the middle of the frame. Blank paper gives a blank frame.
    """
    ink = lift_ink(pixels.astype(np.float64))
    kept = _without_specks(ink > 0, ink)
    if not kept.any():
        return np.zeros((FRAME_SIDE, FRAME_SIDE), np.uint8)
    down, across = np.flatnonzero(kept.any(axis=1)), np.flatnonzero(kept.any(axis=0))
    box = np.where(kept, ink, 0)[down[0] : down[-1] + 1, across[0] : across[-1] + 1]
    square = Image.fromarray(squared(np.rint(box).astype(np.uint8)))
    return np.asarray(square.resize((FRAME_SIDE, FRAME_SIDE), Image.Resampling.BOX))


def clean_polarity(pixels: NDArray[np.uint8]) -> str | None:
    """Return the polarity that at least three clean corners of ``(H, W)`` tell, or None where they do not."""
    corners = pixels[[0, 0, -1, -1], [0, -1, 0, -1]]
    if (corners < DARK).sum() >= 3:
        return "light-on-dark"
    return "dark-on-light" if (corners > LIGHT).sum() >= 3 else None


def stands_as_taught(pixels: NDArray[np.uint8], kind: str | None) -> bool:
    """Say whether ``(H, W)`` has 28 x 28 pixels, clean corners, and ink as large as a kind has it.

    Digits and letters have 20 pixels along their longer side, as MNIST has; other kinds any.
    """
    if pixels.shape != (FRAME_SIDE, FRAME_SIDE) or (polarity := clean_polarity(pixels)) is None:
        return False
    if kind not in STROKED:
        return True
    mask = pixels < LIGHT if polarity == "dark-on-light" else pixels > DARK
    if not mask.any():
        return True
    longest = max(int(np.ptp(np.flatnonzero(mask.any(axis=axis)))) + 1 for axis in (0, 1))
    return LEAST_SIDE <= longest <= MOST_SIDE


def squared(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return a grey image ``(H, W)`` in the middle of a black square."""
    height, width = pixels.shape
    side = max(height, width)
    top, left = (side - height) // 2, (side - width) // 2
    return np.pad(pixels, ((top, side - height - top), (left, side - width - left)))


def _reduced(pixels: NDArray[np.uint8]) -> NDArray[np.float64]:
    longest = max(pixels.shape)
    if longest > WORKING_SIDE:
        height, width = (max(1, round(side * WORKING_SIDE / longest)) for side in pixels.shape)
        pixels = np.asarray(Image.fromarray(pixels).resize((width, height), Image.Resampling.BOX))
    return pixels.astype(np.float64)


def lift_ink(greys: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return ink as 0 … 255 with the paper at 0: uneven light is taken off, and what is no more than grain.

    What lies under Otsu's threshold (1979) is paper. Its light is a plane, its grain the median deviation
    from that plane; on clean paper nothing is taken off.
    """
    if np.ptp(greys) < LEAST_INK:
        return np.zeros_like(greys)
    even = greys - _paper(greys)
    under = even <= otsu_threshold(even)
    grain = 1.4826 * float(np.median(np.abs(even[under])))
    peak = float(np.percentile(even[~under], 90)) if (~under).any() else 0.0
    if peak < max(LEAST_INK, 6 * grain):
        return np.zeros_like(even)
    floor = max(4 * grain, FAINT_SHARE * peak)
    return np.where(even > floor, np.clip(even * (255 / peak), 0, 255), 0)


def _paper(greys: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the light of the paper: one grey where most of it has that, else a plane fitted to it."""
    under = greys <= otsu_threshold(greys)
    values, counts = np.unique(greys[under], return_counts=True)
    if 2 * counts.max() > under.sum():
        return np.full_like(greys, values[counts.argmax()])
    plane = _plane(greys, under)
    for _ in range(3):
        apart = np.abs(greys - plane)
        plane = _plane(greys, under & (apart <= 3 * np.median(apart[under])))
    return plane


def otsu_threshold(greys: NDArray[np.float64]) -> float:
    """Return the grey that parts the values into two groups with the least variance within."""
    counts, ends = np.histogram(greys, bins=256)
    middles = (ends[:-1] + ends[1:]) / 2
    below = counts.cumsum()
    above = below[-1] - below
    sums = (counts * middles).cumsum()
    with np.errstate(divide="ignore", invalid="ignore"):
        between = below * above * (sums / below - (sums[-1] - sums) / above) ** 2
    return float(ends[1:][np.nanargmax(np.nan_to_num(between))])


def _plane(greys: NDArray[np.float64], where: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the plane that fits the chosen pixels best, over the whole image."""
    down, across = np.indices(greys.shape) / max(greys.shape)
    terms = np.stack([np.ones(greys.shape), down, across], axis=-1)
    chosen = terms[where]
    weights = np.linalg.pinv(chosen.T @ chosen) @ (chosen.T @ greys[where])
    return np.asarray(terms @ weights)


def _without_specks(mask: NDArray[np.bool_], ink: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return the mask without pieces of far less ink than the largest piece has."""
    labels = label_pieces(mask)
    masses = np.bincount(labels.ravel(), weights=ink.ravel())
    masses[0] = 0
    return np.asarray((masses >= LEAST_SHARE * masses.max())[labels] & mask)


def label_pieces(mask: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Return a number for each piece of touching pixels (corners touch too), 0 outside.

    >>> label_pieces(np.array([[1, 0, 1], [1, 0, 0]], bool)).tolist()
    [[1, 0, 2], [1, 0, 0]]
    """
    padded = np.pad(mask, ((0, 0), (1, 1))).astype(np.int8)
    row_of, start_of = np.nonzero(np.diff(padded, axis=1) == 1)
    end_of = np.nonzero(np.diff(padded, axis=1) == -1)[1]
    parents = list(range(len(row_of)))
    first = np.searchsorted(row_of, np.arange(mask.shape[0] + 1)).tolist()
    starts, ends = start_of.tolist(), end_of.tolist()
    for row in range(1, mask.shape[0]):
        _join(range(first[row - 1], first[row]), range(first[row], first[row + 1]), starts, ends, parents)
    roots = [_root(parents, run) for run in range(len(parents))]
    numbers = {root: number for number, root in enumerate(dict.fromkeys(roots), 1)}
    labels = np.zeros(mask.shape, np.intp)
    for run, row in enumerate(row_of.tolist()):
        labels[row, starts[run] : ends[run]] = numbers[roots[run]]
    return labels


def _join(above: range, here: range, starts: list[int], ends: list[int], parents: list[int]) -> None:
    """Join each run of a row with the runs of the row above that it touches."""
    upper, lower = above.start, here.start
    while upper < above.stop and lower < here.stop:
        if starts[upper] <= ends[lower] and starts[lower] <= ends[upper]:
            low, high = sorted((_root(parents, upper), _root(parents, lower)))
            parents[high] = low
        if ends[upper] < ends[lower]:
            upper += 1
        else:
            lower += 1


def _root(parents: list[int], run: int) -> int:
    while parents[run] != run:
        parents[run] = parents[parents[run]]
        run = parents[run]
    return run


def _thickened(box: NDArray[np.float64], scale: float) -> NDArray[np.float64]:
    """Return ink whose strokes will be as wide as MNIST's; a thin pen would fade when it is scaled down.

    Args:
        box: the ink, paper 0.
        scale: what it will be scaled by, to a side of 20; ink that is hardly scaled down is left as it is.
    """
    width = _stroke_width(box > 127) * scale
    if scale > LARGEST_THICKENED or not 0 < width < THIN_STROKE:
        return box
    reach = round((USUAL_STROKE - width) / scale / 2)
    padded = Image.fromarray(np.pad(box, reach).astype(np.uint8))
    return np.asarray(padded.filter(ImageFilter.MaxFilter(2 * reach + 1)) if reach else padded, np.float64)


def _stroke_width(mask: NDArray[np.bool_]) -> float:
    """Return about how many pixels wide the strokes of a mask are: twice its area over its outline."""
    padded = np.pad(mask, 1)
    outline = int((padded[1:] != padded[:-1]).sum()) + int((padded[:, 1:] != padded[:, :-1]).sum())
    return 2 * int(mask.sum()) / outline if outline else 0.0


def _scaled(box: NDArray[np.float64], side: int) -> NDArray[np.float64]:
    """Return the box with its longer side at ``side`` pixels, smooth edges kept."""
    longest = max(box.shape)
    height, width = (max(1, round(length * side / longest)) for length in box.shape)
    if (height, width) == box.shape:
        return box
    image = Image.fromarray(box.astype(np.float32)).resize((width, height), Image.Resampling.BICUBIC)
    return np.clip(np.asarray(image, np.float64), 0, 255)


def _centred(ink: NDArray[np.float64], side: int) -> NDArray[np.uint8]:
    """Return a square frame with the ink's centre of mass on its pixel ``side / 2``, counted from 0.

    That is half a pixel beyond the middle, and where MNIST has it.
    """
    frame = np.zeros((side * 3, side * 3), np.uint8)
    mass = max(float(ink.sum()), 1.0)
    down = float(ink.sum(axis=1) @ np.arange(ink.shape[0])) / mass
    across = float(ink.sum(axis=0) @ np.arange(ink.shape[1])) / mass
    top, left = (side + round(side / 2 - place) for place in (down, across))
    frame[top : top + ink.shape[0], left : left + ink.shape[1]] = np.rint(ink).astype(np.uint8)
    return frame[side : 2 * side, side : 2 * side].copy()
