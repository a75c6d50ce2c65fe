"""Token boundaries in pixels and on a page."""

import io

import numpy as np
from PIL import Image

from calligram.evaluation.tokens.boundaries import TINTS, Panel, make_panel
from calligram.evaluation.tokens.drawing import paint_png, write_html
from calligram.evaluation.tokens.splitting import Split


def panel() -> Panel:
    """Return two lines: a glyph cut in two, and a token that goes over the end of a line."""
    return make_panel("two lines", "a▓ \nbb", Split((7, 8, 9, 9), ((0, 2), (1, 2), (2, 5), (5, 6))))


def test_a_page_has_one_tile_for_each_piece() -> None:
    page = write_html([panel()], "a caption & more")
    assert page.count('class="t2" title="2 tokens"') == 1
    assert "a caption &amp; more" in page
    assert page.count("<i class=") == 5


def test_a_png_shows_each_token_in_its_shade() -> None:
    image = np.asarray(Image.open(io.BytesIO(paint_png([panel(), panel()], "caption"))).convert("RGB"))
    # without the legend, which shows every shade
    upper = image[: image.shape[0] * 2 // 3].reshape(-1, 3)
    for tint, least in zip(TINTS, (1500, 600, 100), strict=True):
        assert (upper == np.frombuffer(bytes.fromhex(tint.paper[1:]), np.uint8)).all(axis=1).sum() > least


def test_a_wider_text_makes_a_wider_png() -> None:
    wide = make_panel("wide", "x" * 120, Split(tuple(range(120)), tuple((n, n + 1) for n in range(120))))
    sizes = [Image.open(io.BytesIO(paint_png([each], "caption"))).width for each in (panel(), wide)]
    assert sizes[1] > 120 * 10 > sizes[0]
