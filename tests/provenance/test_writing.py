"""Writing images: by the ending, whole or not at all, with a sidecar where one is wanted or needed."""

import json
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest
from PIL import Image
from tests.provenance.samples import EVERY, FULL, PIXELS, bytes_of, image, saved

from calligram import whole_files
from calligram.errors import ImageError, OutputError
from calligram.provenance import Label, labelled, write_image
from calligram.provenance.agreeing import check_label
from calligram.provenance.containers.png import Chunk, chunks, text
from calligram.provenance.encoding import FORMATS, encoded
from calligram.provenance.reading import read_label
from calligram.provenance.sidecar import digest_of, read_sidecar, sidecar_path
from calligram.provenance.stripping import strip

SCHEMA = {
    "type": "object",
    "required": ["calligram_label", "file", "digest", "digital_source_type", "label"],
    "additionalProperties": False,
    "properties": {
        "calligram_label": {"const": 1},
        "file": {"type": "string"},
        "digest": {
            "type": "object",
            "required": ["of", "sha256"],
            "additionalProperties": False,
            "properties": {"of": {"enum": ["pixels", "file"]}, "sha256": {"pattern": "^[0-9a-f]{64}$"}},
        },
        "digital_source_type": {"type": "string", "format": "uri"},
        "label": {
            "type": "object",
            "required": ["made"],
            "properties": {"made": {"enum": ["drawn", "composed", "edited", "rendered"]}},
        },
    },
}


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("ending", list(FORMATS))
def test_a_pillow_image_is_written_by_its_ending_with_its_label(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"cat{ending}"
    write_image(path, image(), FULL)
    if ending != ".pdf":
        with Image.open(path) as found:
            assert found.size == (48, 40)
    if ending == ".bmp":
        assert read_sidecar(path).label == FULL  # type: ignore[union-attr]
    else:
        assert read_label(path.read_bytes()) == FULL
        assert not sidecar_path(path).exists()


def test_without_a_label_no_word_is_written(tmp_path: Path) -> None:
    write_image(tmp_path / "cat.png", image(), None, sidecar=True)
    assert names(tmp_path) == ["cat.png"]
    assert strip((tmp_path / "cat.png").read_bytes()).gone == ()


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16", "F", "HSV"])
@pytest.mark.parametrize("ending", list(FORMATS))
def test_images_of_every_mode_are_encoded(mode: str, ending: str) -> None:
    made = Image.new("RGBA", (8, 6), (200, 10, 10, 128)).convert("RGB" if mode in ("CMYK", "HSV") else "RGBA")
    made = made.convert("F").convert("I;16") if mode == "I;16" else made.convert(mode)
    assert encoded(made, ending) == encoded(made, ending)


def test_what_stood_in_an_opened_image_is_not_written_on(tmp_path: Path) -> None:
    marked = labelled(bytes_of(".jpg"), ".jpg", FULL)
    (tmp_path / "in.jpg").write_bytes(marked)
    with Image.open(tmp_path / "in.jpg") as opened:
        for ending in (".png", ".jpg", ".webp", ".avif", ".tif"):
            assert strip(encoded(opened, ending)).gone == ()


def test_an_ending_that_is_not_known_names_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"cat.xyz' ends in '.xyz'.*choose one of .png, .jpg"):
        write_image(tmp_path / "cat.xyz", image(), FULL)


def test_a_sidecar_says_the_whole_label_and_keeps_its_schema(tmp_path: Path) -> None:
    path = tmp_path / "cat.png"
    assert write_image(path, image(), FULL, sidecar=True) == ("the label of cat.png is in cat.png.json",)
    told = json.loads(sidecar_path(path).read_text(encoding="utf-8"))
    jsonschema.validate(told, SCHEMA)
    assert read_sidecar(path).label == FULL  # type: ignore[union-attr]
    assert told["digest"]["of"] == "pixels"


def test_text_files_get_a_sidecar_only_where_one_is_asked_for(tmp_path: Path) -> None:
    write_image(tmp_path / "cat.txt", b"##\n", FULL)
    assert names(tmp_path) == ["cat.txt"]
    write_image(tmp_path / "cat.txt", b"##\n", FULL, sidecar=True)
    assert names(tmp_path) == ["cat.txt", "cat.txt.json"]


def test_a_signed_image_is_written_as_it_is_and_its_label_lies_beside(tmp_path: Path) -> None:
    plain = bytes_of(".png")
    content = plain[:33] + Chunk(b"caBX", b"\0\0\0\x10jumb").packed() + plain[33:]
    remarks = write_image(tmp_path / "cat.png", content, FULL)
    assert (tmp_path / "cat.png").read_bytes() == content
    assert "content credentials, which a label inside would break" in remarks[0]
    assert read_sidecar(tmp_path / "cat.png").label == FULL  # type: ignore[union-attr]
    with pytest.raises(ImageError, match="carries content credentials"):
        labelled(content, ".png", FULL)


@pytest.mark.parametrize("ending", [ending for ending in EVERY if ending != ".pdf"])
def test_the_digest_holds_whatever_is_told_of_the_image(ending: str) -> None:
    content = bytes_of(ending)
    assert digest_of(content) == digest_of(labelled(content, ending, FULL))
    assert digest_of(content).of == ("pixels" if ending in PIXELS else "file")


def test_the_digest_is_of_every_frame() -> None:
    frames = [Image.new("RGB", (12, 9), (60 * number, 20, 90)) for number in range(4)]
    more = {"save_all": True, "append_images": frames[1:]}
    whole = digest_of(saved("PNG", frames[0], **more))
    assert whole != digest_of(saved("PNG", frames[0], save_all=True, append_images=frames[2:]))
    assert whole == digest_of(
        saved("WEBP", frames[0], save_all=True, append_images=frames[1:], lossless=True)
    )


def agreement(tmp_path: Path, change: Callable[[Path], object]) -> tuple[bool, list[str]]:
    path = tmp_path / "cat.png"
    write_image(path, image(), FULL, sidecar=True)
    change(path)
    found = check_label(path)
    return found.holds, [check.sentence for check in found.checks if not check.holds]


def test_a_label_agrees_with_itself_its_sidecar_and_its_pixels(tmp_path: Path) -> None:
    assert agreement(tmp_path, lambda path: None) == (True, [])


def test_changed_pixels_are_noticed(tmp_path: Path) -> None:
    def change(path: Path) -> None:
        other = image()
        other.putpixel((0, 0), (1, 2, 3))
        path.write_bytes(labelled(encoded(other, ".png"), ".png", FULL))

    assert agreement(tmp_path, change) == (False, ["its pixels changed since the sidecar was written"])


def test_parameters_that_say_something_else_are_noticed(tmp_path: Path) -> None:
    def change(path: Path) -> None:
        content = path.read_bytes()
        found = [chunk for chunk in chunks(content)[0] if not chunk.data.startswith(b"parameters")]
        found.insert(1, text("parameters", "a dog\nSteps: 1, Seed: 2, Made: drawn"))
        path.write_bytes(content[:8] + b"".join(chunk.packed() for chunk in found))

    assert agreement(tmp_path, change) == (False, ["its parameters do not say the same as its XMP"])


def test_another_label_than_the_sidecars_is_noticed(tmp_path: Path) -> None:
    def change(path: Path) -> None:
        path.write_bytes(labelled(path.read_bytes(), ".png", Label("rendered")))

    assert agreement(tmp_path, change) == (False, ["its sidecar does not say the same as the label inside"])


def test_xmp_of_ours_that_somebody_changed_is_noticed(tmp_path: Path) -> None:
    def change(path: Path) -> None:
        content = path.read_bytes().replace(
            b"trainedAlgorithmicMedia</Iptc4", b"digitalCapture_________</Iptc4"
        )
        place = content.index(b"iTXtXML:com")
        size = int.from_bytes(content[place - 4 : place], "big")
        packed = Chunk(b"iTXt", content[place + 4 : place + 4 + size]).packed()
        path.write_bytes(content[: place - 4] + packed + content[place + size + 8 :])

    holds, sentences = agreement(tmp_path, change)
    assert not holds
    assert "its digital source type does not fit how it was made" in sentences


def test_a_file_without_a_label_does_not_agree(tmp_path: Path) -> None:
    (tmp_path / "bare.png").write_bytes(bytes_of(".png"))
    found = check_label(tmp_path / "bare.png")
    assert (found.holds, found.checks) == (False, ())


class FullDisk:
    """A stream that takes nothing, as /dev/full does."""

    def __enter__(self) -> "FullDisk":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def write(self, _: bytes) -> int:
        raise OSError(28, "No space left on device")


@pytest.mark.parametrize("sidecar", [False, True])
def test_a_full_disk_leaves_what_was_there(
    sidecar: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "cat.png"
    write_image(path, image(), FULL, sidecar=True)
    before = {name: (tmp_path / name).read_bytes() for name in names(tmp_path)}
    monkeypatch.setattr(whole_files.Path, "open", lambda *_, **__: FullDisk())
    with pytest.raises(OutputError, match=r"cat.png.*cannot be written \(No space left on device\)"):
        write_image(path, image().rotate(90), Label("rendered"), sidecar=sidecar)
    monkeypatch.undo()
    assert {name: (tmp_path / name).read_bytes() for name in names(tmp_path)} == before
