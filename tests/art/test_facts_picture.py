"""The one picture that shows the facts."""

import io

import numpy as np
import pytest
from PIL import Image

from calligram.art.facts import measure_view
from calligram.art.facts_maps import mirror_map, salience_map, weight_map
from calligram.art.facts_picture import show_facts, to_png
from calligram.art.views import open_view


def spot(colour: tuple[int, int, int] = (230, 30, 30)) -> np.ndarray:
    """Return a spot in the upper right of a grey ground."""
    image = np.full((120, 160, 3), 120, np.uint8)
    image[15:35, 120:140] = colour
    return image


@pytest.mark.parametrize("shape", [(120, 160), (400, 90), (20, 700), (1, 1)])
def test_the_page_has_its_width_whatever_shape_the_image_has(shape: tuple[int, int]) -> None:
    view = open_view(np.full((*shape, 3), (40, 90, 200), np.uint8))
    page = show_facts(view, measure_view(view), "a title " * 40)
    assert page.width == 1480
    assert 500 < page.height < 1600
    assert Image.open(io.BytesIO(to_png(page))).size == page.size


def test_the_palette_is_painted_in_its_colours_by_their_shares() -> None:
    view = open_view(spot())
    facts = measure_view(view)
    page = np.asarray(show_facts(view, facts))
    wide = [(np.abs(page.astype(int) - _rgb(colour["hex"])).max(axis=-1) == 0) for colour in facts["palette"]]
    column = slice(1000, 1441)  # right of the panels
    runs = [int(found[:, column].sum(axis=1).max()) for found in wide]
    assert runs[0] > 0.9 * 440
    assert runs[1] == pytest.approx(440 * facts["palette"][1]["share"], abs=30)


def test_what_stands_out_is_light_on_the_map() -> None:
    shown = np.asarray(salience_map(open_view(spot()), (160, 120)).convert("L"), float)
    assert shown[18:32, 123:137].min() > shown[60:, :80].max() + 50


def test_the_centre_of_weight_is_marked_where_it_is() -> None:
    view = open_view(spot())
    facts = measure_view(view)
    shown = np.asarray(weight_map(view, facts, (320, 240)).convert("L"))
    x, y = round(facts["centre_x"] * 320), round(facts["centre_y"] * 240)
    assert shown[y - 1 : y + 2, x - 1 : x + 2].max() > 240


def test_a_mirrored_image_has_no_red_on_its_map_and_another_has() -> None:
    half = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8).repeat(2, 0).repeat(2, 1)
    mirrored, other = open_view(np.concatenate([half, half[:, ::-1]], 1)), open_view(spot((255, 255, 255)))
    shown, spotted = (
        np.asarray(mirror_map(view, measure_view(view), (160, 120)), int) for view in (mirrored, other)
    )
    assert _redness(shown) < 5
    assert _redness(spotted) > 50


def _redness(image: np.ndarray) -> int:
    return int((image[..., 0] - image[..., 2]).max())


def _rgb(spelled: str) -> np.ndarray:
    return np.array(list(bytes.fromhex(spelled[1:])))
