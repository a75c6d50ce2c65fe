"""What may be seen: images, and text pictures in any markup, each read once."""

import os
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from calligram.errors import ImageError, InputError, LimitError
from calligram.picture import LAYOUTS, Limits, TextPicture, encode, get_layout
from calligram.seeing import SeeOptions, see_files
from calligram.seeing.inputs import read_picture, settle

PIXELS = np.random.default_rng(0).integers(0, 256, (28, 28)).astype(np.uint8)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("markup", ["rows", "plain", "numbered", "letters"])
@pytest.mark.parametrize("header", [False, True])
def test_every_markup_of_a_named_layout_is_read_as_that_layout(
    layout: str, markup: str, header: bool, tmp_path: Path
) -> None:
    spelled = encode(PIXELS, replace(get_layout(layout), name="custom", markup=markup, header=header))
    (tmp_path / "picture.txt").write_text(spelled.text, encoding="utf-8", newline="\n")
    assert settle(tmp_path / "picture.txt", Limits()) == encode(PIXELS, layout)


def test_another_ramp_of_the_same_shape_keeps_its_own_layout() -> None:
    picture = read_picture(28 * "@" + "\n" + 13 * (28 * "%" + "\n"), Limits())
    assert picture.layout.name == "custom"


def test_an_image_comes_back_as_its_bytes(tmp_path: Path) -> None:
    for name in ("grey.png", "grey.gif", "grey.bmp"):
        Image.fromarray(PIXELS).save(tmp_path / name)
        assert settle(tmp_path / name, Limits()) == (tmp_path / name).read_bytes()
    readable = b"P2 2 2 9\n1 2 3 4\n"
    assert settle(readable, Limits()) == readable


@pytest.mark.parametrize("content", [b"no image", b"Dear Sir or Madam,\n\nhow do you do?\n"])
def test_a_text_that_is_neither_is_refused_in_one_sentence(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_bytes(content)
    with pytest.raises(ImageError, match=r"letter\.txt' is no image .*, and no text picture \("):
        settle(tmp_path / "letter.txt", Limits())


def test_the_limits_given_are_those_of_the_text_too() -> None:
    with pytest.raises(LimitError, match="max_cells"):
        settle(encode(PIXELS).text, Limits(max_cells=10))


@pytest.mark.parametrize("given", ["a\0b.png", None, 5, np.array(["text"])])
def test_what_is_no_picture_at_all_is_refused(given: object, tiny_model: str) -> None:
    from calligram.seeing import see

    with pytest.raises(InputError):
        see(given, model=tiny_model)  # type: ignore[arg-type]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
@pytest.mark.parametrize("kind", ["image", "text"])
def test_a_pipe_is_read_once(kind: str, tmp_path: Path, tiny_model: str) -> None:
    picture = encode(PIXELS, "fine")
    Image.fromarray(PIXELS).save(tmp_path / "grey.png")
    content = picture.text.encode() if kind == "text" else (tmp_path / "grey.png").read_bytes()
    os.mkfifo(tmp_path / "pipe")
    writer = threading.Thread(target=(tmp_path / "pipe").write_bytes, args=(content,), daemon=True)
    writer.start()
    (sight,) = see_files([tmp_path / "pipe"], options=SeeOptions(model=tiny_model))
    writer.join(10)
    assert isinstance(sight.picture, TextPicture)
    assert sight.picture.levels.shape == (14, 28)
