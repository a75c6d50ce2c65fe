"""Whether an image's own file says that a model made it."""

import json
from pathlib import Path

import pytest
from PIL import Image, PngImagePlugin

from calligram.provenance import Label, write_image
from calligram.provenance.generated import is_generated

RED = Image.new("RGB", (12, 9), "red")


@pytest.mark.parametrize("ending", ["png", "jpg", "webp", "avif", "tif", "gif", "pdf"])
@pytest.mark.parametrize(
    ("made", "generated"), [("drawn", True), ("composed", True), ("edited", True), ("rendered", False)]
)
def test_our_label_is_believed_in_every_format(
    ending: str, made: str, generated: bool, tmp_path: Path
) -> None:
    path = tmp_path / f"red.{ending}"
    write_image(path, RED, Label(made, prompt="red"))  # type: ignore[arg-type]
    assert is_generated(path) is generated


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("parameters", "a cat\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1, Size: 8x8"),
        ("Comment", json.dumps({"prompt": "a cat", "steps": 28, "sampler": "k_euler", "seed": 1})),
    ],
)
def test_tools_that_tell_no_source_type_are_known_by_what_they_tell(
    key: str, text: str, tmp_path: Path
) -> None:
    told = PngImagePlugin.PngInfo()
    told.add_text(key, text)
    if key == "Comment":
        told.add_text("Software", "NovelAI")
    RED.save(tmp_path / "cat.png", pnginfo=told)
    assert is_generated(tmp_path / "cat.png")


def test_a_sidecar_counts_where_the_format_carries_no_label(tmp_path: Path) -> None:
    write_image(tmp_path / "red.bmp", RED, Label("drawn"))
    assert is_generated(tmp_path / "red.bmp")
    (tmp_path / "red.bmp.json").write_text("{}")
    assert not is_generated(tmp_path / "red.bmp"), "another tool's file of that name says nothing"


def test_credentials_are_looked_through(tmp_path: Path) -> None:
    RED.save(tmp_path / "red.png")
    content = (tmp_path / "red.png").read_bytes()
    store = b"jumbc2pa/digitalsourcetype/trainedAlgorithmicMedia".ljust(64, b"\0")
    chunk = len(store).to_bytes(4, "big") + b"caBX" + store + b"\0\0\0\0"
    (tmp_path / "signed.png").write_bytes(content[:33] + chunk + content[33:])
    assert is_generated(tmp_path / "signed.png")


def test_what_says_nothing_or_cannot_be_read_is_not_called_generated(tmp_path: Path) -> None:
    RED.save(tmp_path / "red.png")
    (tmp_path / "words.txt").write_text("trainedAlgorithmicMedia")
    (tmp_path / "torn.png").write_bytes((tmp_path / "red.png").read_bytes()[:40])
    for name in ("red.png", "words.txt", "torn.png", "none.png", "."):
        assert not is_generated(tmp_path / name)
    assert not is_generated("-")
