"""What becomes of files that an endpoint signed, and how files are named."""

import io
from pathlib import Path

import pytest
from PIL import Image

from calligram.cli.labelling import LabelOptions
from calligram.cli.painting import label_of, name_of, slug, write_painted
from calligram.painters.base import Order, Painted
from calligram.provenance.credentials import is_signed
from calligram.provenance.reading import read_label

SIGNED = Path(__file__).parents[1] / "provenance/files/expired.png"
ORDER = Order("a cat", seed=3)


def painted() -> Painted:
    content = SIGNED.read_bytes()
    return Painted(Image.open(io.BytesIO(content)), None, "gpt-image-2", content=content)


def test_a_signed_file_is_written_as_it_came_with_its_label_beside_it(tmp_path: Path) -> None:
    made = label_of(painted(), ORDER, "openai:gpt-image-2")
    write_painted(tmp_path / "cat.png", painted(), made, LabelOptions())
    assert (tmp_path / "cat.png").read_bytes() == SIGNED.read_bytes()
    assert '"a cat"' in (tmp_path / "cat.png.json").read_text(encoding="utf-8")


def test_another_format_loses_the_signature_and_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = label_of(painted(), ORDER, "openai:gpt-image-2")
    write_painted(tmp_path / "cat.webp", painted(), made, LabelOptions())
    content = (tmp_path / "cat.webp").read_bytes()
    assert not is_signed(content)
    assert read_label(content) == made
    assert "end its name in .png to keep them" in capsys.readouterr().err


def test_without_metadata_nothing_of_the_signature_stays(tmp_path: Path) -> None:
    made = label_of(painted(), ORDER, "openai:gpt-image-2")
    write_painted(tmp_path / "cat.png", painted(), made, LabelOptions(metadata=False))
    assert not is_signed((tmp_path / "cat.png").read_bytes())
    assert [path.name for path in tmp_path.iterdir()] == ["cat.png"]


def test_names_tell_words_and_seed_or_place() -> None:
    plain = Image.new("L", (2, 2))
    assert name_of(Painted(plain, 7), "A Red, red cat!", 1) == "a-red-red-cat-7.png"
    assert name_of(Painted(plain), "a cat", 2) == "a-cat-2.png"
    assert name_of(painted(), "a cat", 2) == "a-cat-2.png"
    assert slug("!?") == "painted"
    assert len(slug("word " * 99)) <= 40
