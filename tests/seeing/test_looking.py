"""From pictures to what a model says of them."""

import io
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import calligram
from calligram.errors import ImageError, LayoutError, ModelError, OptionError, PictureError, RequestError
from calligram.models.base import open_model
from calligram.picture import Layout, TextPicture, encode, get_layout
from calligram.seeing import SeeOptions, see, see_files


@pytest.fixture
def pixels() -> np.ndarray:
    made = np.zeros((28, 28), np.uint8)
    made[4:24, 12:16] = 255
    return made


@pytest.fixture
def png(pixels: np.ndarray, tmp_path: Path) -> Path:
    path = tmp_path / "one.png"
    Image.fromarray(pixels).save(path)
    return path


def test_file_bytes_image_array_and_text_are_read_alike(
    png: Path, pixels: np.ndarray, tiny_model: str, tmp_path: Path
) -> None:
    picture = encode(pixels, "fine")
    text = tmp_path / "one.txt"
    text.write_text(picture.text, encoding="utf-8")
    inputs = [png, str(png), png.read_bytes(), Image.open(png), pixels, picture, picture.text, text]
    readings = [see(given, "digit", model=tiny_model) for given in inputs]
    assert all(reading == readings[0] for reading in readings)


def test_the_answer_is_the_first_candidate_or_none(pixels: np.ndarray, tiny_model: str) -> None:
    reading = calligram.see(pixels, "which number?", model=tiny_model)
    assert {answer for answer, _ in reading.candidates} == set("0123456789")
    assert reading.answer in (None, reading.candidates[0][0])


def test_a_text_picture_keeps_its_own_layout(pixels: np.ndarray, tiny_model: str) -> None:
    classic = encode(pixels, "classic")
    assert see(classic, layout="fine", model=tiny_model) == see(classic, model=tiny_model)


def test_standard_input_may_be_an_image_or_a_text_picture(
    png: Path, pixels: np.ndarray, tiny_model: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = see(png, "digit", model=tiny_model)
    for content in (png.read_bytes(), encode(pixels, "fine").text.encode()):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
        assert see("-", "digit", model=tiny_model) == expected


@pytest.mark.parametrize(
    ("given", "ask", "kind"),
    [
        ("nowhere.png", None, ImageError),
        (b"", None, ImageError),
        (b"no image", None, ImageError),
        ("<row:1>damaged\n", None, PictureError),
        (np.zeros((28, 28), np.uint8), "Is it a cat?", RequestError),
    ],
)
def test_what_cannot_be_read_is_refused(
    given: str, ask: str | None, kind: type[Exception], tiny_model: str
) -> None:
    with pytest.raises(kind):
        see(given, ask, model=tiny_model)


def test_an_unknown_layout_model_or_option_is_refused(pixels: np.ndarray, tiny_model: str) -> None:
    with pytest.raises(LayoutError, match="classic, fine, full"):
        see(pixels, layout="coarse", model=tiny_model)
    with pytest.raises(ModelError, match="no model folder"):
        see(pixels, model="builtin:nowhere")
    with pytest.raises(OptionError, match="framing"):
        see(pixels, model=tiny_model, options=SeeOptions(framing="round"))  # type: ignore[arg-type]


def test_a_text_picture_of_a_foreign_layout_is_refused(tiny_model: str) -> None:
    layout = get_layout("classic")
    with pytest.raises(ModelError):
        see(TextPicture(np.zeros((40, 30), np.uint8), layout), model=tiny_model)


def test_one_bad_file_stops_no_other(png: Path, tmp_path: Path, tiny_model: str) -> None:
    bad = tmp_path / "bad.png"
    bad.write_bytes(b"\x89PNG\r\n\x1a\nand no more")
    sights = list(see_files([png, bad, "nowhere.png", png], options=SeeOptions(model=tiny_model, batch=2)))
    assert [sight.reading is not None for sight in sights] == [True, False, False, True]
    assert sights[0].reading == sights[3].reading
    assert "bad.png" in str(sights[1].fault)
    assert "nowhere.png" in str(sights[2].fault)


@pytest.mark.parametrize("why", [False, True])
def test_a_text_picture_of_no_taught_layout_stops_no_other_file(
    why: bool, png: Path, tmp_path: Path, tiny_model: str
) -> None:
    odd = tmp_path / "odd.txt"
    odd.write_text(encode(np.zeros((20, 30), np.uint8), Layout("odd", columns=30)).text, encoding="utf-8")
    sights = list(see_files([odd, png], options=SeeOptions(model=tiny_model), why=why))
    assert [sight.reading is not None for sight in sights] == [False, True]
    assert str(sights[0].fault).startswith(f"{str(odd)!r}: the model was not taught the layout")


def test_a_damaged_text_picture_is_named_with_its_place(tmp_path: Path, tiny_model: str) -> None:
    bad = tmp_path / "bad.txt"
    bad.write_text("<row:1>  </row:1>\n<row:2> </row:2>\n", encoding="utf-8")
    (sight,) = see_files([bad], options=SeeOptions(model=tiny_model))
    assert str(sight.fault).startswith(f"{str(bad)!r}: row 2, column 2 ends after 1 cells")


def test_files_are_seen_by_a_model_that_is_open_already(png: Path, tiny_model: str) -> None:
    (sight,) = see_files([png], "digit", SeeOptions(model="builtin:nowhere"), model=open_model(tiny_model))
    assert sight.reading == see(png, "digit", model=tiny_model)


def test_a_folder_gives_its_images_in_order_and_an_empty_one_its_fault(
    pixels: np.ndarray, tmp_path: Path, tiny_model: str
) -> None:
    (tmp_path / "scans" / "deep").mkdir(parents=True)
    (tmp_path / "empty").mkdir()
    for name in ("b.png", "a.png", "deep/c.png"):
        Image.fromarray(pixels).save(tmp_path / "scans" / name)
    (tmp_path / "scans" / "notes.md").write_text("no image")
    sights = list(see_files([tmp_path / "scans", tmp_path / "empty"], options=SeeOptions(model=tiny_model)))
    assert [Path(sight.file).name for sight in sights] == ["a.png", "b.png", "c.png", "empty"]
    assert "holds no image" in str(sights[-1].fault)


def test_many_files_are_read_as_one_by_one(pixels: np.ndarray, tmp_path: Path, tiny_model: str) -> None:
    for number in range(5):
        Image.fromarray(np.roll(pixels, number, axis=1)).save(tmp_path / f"{number}.png")
    sights = list(see_files([tmp_path], "digit", SeeOptions(model=tiny_model, batch=3)))
    for number, sight in enumerate(sights):
        alone = see(tmp_path / f"{number}.png", "digit", model=tiny_model)
        assert sight.reading is not None
        assert sight.reading.confidence == pytest.approx(alone.confidence, abs=1e-4)


def test_why_tells_how_much_each_cell_carried(png: Path, tiny_model: str) -> None:
    (sight,) = see_files([png], "digit", SeeOptions(model=tiny_model), why=True)
    assert sight.carried is not None
    assert sight.picture is not None
    assert sight.carried.shape == sight.picture.levels.shape
    assert 0 <= sight.carried.min() <= sight.carried.max() <= 1
