import io

import numpy as np
from PIL import Image

from calligram.training.text_curve import SIZE, draw_curve


def colours(png: bytes) -> tuple[np.ndarray, np.ndarray]:
    pixels = np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(int)
    red = (pixels[..., 0] - pixels[..., 1] > 80) & (pixels[..., 2] < 120)
    blue = (pixels[..., 2] - pixels[..., 0] > 30) & (pixels[..., 0] > 100)
    return red[50:480], blue[50:480]


def test_the_curve_falls_where_the_losses_fall() -> None:
    rows = [{"step": step, "loss": 4.0 / step} for step in range(1, 60)]
    rows += [{"step": step, "eval_loss": 8.0 / step} for step in (10, 30, 50)]
    png = draw_curve(rows)
    assert Image.open(io.BytesIO(png)).size == SIZE
    for marked in colours(png):
        heights = [np.flatnonzero(marked[:, across]).mean() for across in range(300, 780, 60)]
        assert (np.diff(heights) > 0).all(), "further down is a smaller loss"


def test_a_curve_without_validation_or_without_anything_is_still_a_picture() -> None:
    red, blue = colours(draw_curve([{"step": 1, "loss": 2.0}, {"step": 2, "loss": 1.0}]))
    assert blue.any()
    assert not red.any()
    assert Image.open(io.BytesIO(draw_curve([]))).size == SIZE
