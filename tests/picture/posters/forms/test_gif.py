"""GIF: begins with bare paper, ends with the whole poster, and takes nothing back."""

import io

import numpy as np
import pytest
from PIL import Image, ImageSequence
from tests.picture.posters.conftest import MakePoster

from calligram.picture.posters.poster import Poster


def frames_of(made: Poster) -> tuple[list[np.ndarray], list[int], int]:
    with Image.open(io.BytesIO(made.render("gif"))) as image:
        loop = image.info["loop"]
        frames = [
            (np.asarray(frame.convert("RGB")).astype(int), frame.info["duration"])
            for frame in ImageSequence.Iterator(image)
        ]
    return [frame for frame, _ in frames], [duration for _, duration in frames], loop


@pytest.mark.parametrize("order", ["rows", "light", "ink"])
def test_it_grows_from_paper_to_the_whole(small: MakePoster, order: str) -> None:
    made = small(order=order, frames=12, width_px=160, paper="white", title="Sea")
    frames, _, loop = frames_of(made)
    assert loop == 0
    assert frames[0].shape[1] == 160
    bare = np.array(made.paper)
    inked = [(np.abs(frame - bare).sum(axis=2) > 60).sum() for frame in frames]
    assert inked == sorted(inked)
    assert inked[0] == 0
    whole = np.asarray(made.image().resize(frames[0].shape[1::-1], Image.Resampling.LANCZOS)).astype(int)
    assert np.abs(frames[-1] - whole).mean() < 4


def test_rows_come_from_the_top(small: MakePoster) -> None:
    frames, _, _ = frames_of(
        small(order="rows", frames=10, width_px=160, paper="white", colour="none", invert=True)
    )
    middle = frames[len(frames) // 2]
    half = middle.shape[0] // 2
    assert (middle[:half] < 200).any()
    assert not (middle[half + half // 4 :] < 200).any()


def test_it_takes_as_long_as_asked_and_is_held(small: MakePoster) -> None:
    _, durations, _ = frames_of(small(seconds=2.0, frames=10, width_px=100))
    assert sum(durations[1:-1]) == pytest.approx(2000, rel=0.3)
    assert durations[-1] >= 2000


def test_it_is_small(small: MakePoster) -> None:
    assert len(small(frames=20, width_px=200).render("gif")) < 120_000
