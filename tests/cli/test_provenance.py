"""The commands of ``calligram provenance``."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from tests.conftest import Outcome

from calligram import whole_files
from calligram.provenance import Label, write_image

Command = Callable[..., Outcome]
LABEL = Label("drawn", prompt="a red cat", avoid="dogs", painter="adversarial", seed=7, creator="Ada")


@pytest.fixture
def cat(tmp_path: Path) -> Path:
    """Return an image with a label and a sidecar."""
    write_image(tmp_path / "cat.png", Image.new("RGB", (12, 9), "red"), LABEL, sidecar=True)
    return tmp_path / "cat.png"


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """Return an image without a label."""
    write_image(tmp_path / "bare.jpg", Image.new("RGB", (12, 9), "red"), None)
    return tmp_path / "bare.jpg"


def test_show_tells_the_label_in_a_table(calligram_command: Command, cat: Path) -> None:
    done = calligram_command(["provenance", "show", cat])
    assert done.code == 0
    for words in (
        "XMP of Calligram",
        "A1111 parameters",
        "sidecar of Calligram",
        "negative prompt",
        "a red cat",
    ):
        assert words in done.out


def test_show_says_plainly_that_there_is_no_label(calligram_command: Command, bare: Path) -> None:
    done = calligram_command(["provenance", "show", bare])
    assert (done.code, done.err) == (0, "")
    assert "no label: it says nothing of how it was made" in done.out


def test_show_as_json_tells_each_file_on_a_line(calligram_command: Command, cat: Path, bare: Path) -> None:
    done = calligram_command(["provenance", "show", cat, bare, "--json"])
    first, second = map(json.loads, done.out.splitlines())
    assert first["tellings"][0]["fields"]["prompt"] == "a red cat"
    assert first["sidecar"]["seed"] == 7
    assert (second["tellings"], second["parts"], second["credentials"]) == ([], [], None)


def test_show_lets_no_text_steer_the_terminal(calligram_command: Command, tmp_path: Path) -> None:
    label = Label("drawn", prompt="a \x9b31m [bold]cat[/bold] \x7f")
    write_image(tmp_path / "cat.png", Image.new("L", (4, 4)), label)
    shown = calligram_command(["provenance", "show", "cat.png"]).out
    assert "\x9b" not in shown
    assert "[bold]cat[/bold]" in shown


def test_strip_writes_beside_and_says_what_went(calligram_command: Command, cat: Path) -> None:
    before = cat.read_bytes()
    done = calligram_command(["provenance", "strip", cat])
    assert done.code == 0
    assert "removed XMP (" in done.out
    assert "text 'parameters' (" in done.out
    assert "pixels compared and unchanged" in done.out
    assert "cat.png.json still tells of its making" in done.err
    assert cat.read_bytes() == before
    assert b"red cat" not in cat.with_name("cat.stripped.png").read_bytes()


def test_strip_takes_several_files_into_a_folder(calligram_command: Command, cat: Path, bare: Path) -> None:
    done = calligram_command(["provenance", "strip", cat, bare, "-o", "out", "--json"])
    told = [json.loads(line) for line in done.out.splitlines()]
    assert [len(one["gone"]) for one in told] == [2, 0]
    assert sorted(path.name for path in Path("out").iterdir()) == ["bare.jpg", "cat.png"]


def test_strip_in_place_replaces_the_file(calligram_command: Command, cat: Path) -> None:
    assert calligram_command(["provenance", "strip", cat, "--in-place"]).code == 0
    assert b"red cat" not in cat.read_bytes()
    again = calligram_command(["provenance", "strip", cat, "--in-place"])
    assert "removed nothing, as it told nothing" in again.out


def test_a_file_at_fault_stops_no_other(calligram_command: Command, cat: Path) -> None:
    done = calligram_command(["provenance", "strip", "none.png", cat, "-o", "out"])
    assert done.code == 1
    assert "there is no file 'none.png'" in done.err
    assert Path("out/cat.png").exists()


def test_verify_wants_somebody_to_vouch(calligram_command: Command, cat: Path) -> None:
    done = calligram_command(["provenance", "verify", cat])
    assert done.code == 1
    assert "its label agrees with itself, but nobody vouches for it" in done.out
    label = calligram_command(["provenance", "verify", cat, "--label-only"])
    assert label.code == 0
    assert "everything holds" in label.out
    assert "its pixels did not change since the sidecar was written" in label.out


def test_verify_notices_another_image_under_the_sidecar(calligram_command: Command, cat: Path) -> None:
    write_image(cat, Image.new("RGB", (12, 9), "blue"), LABEL)
    done = calligram_command(["provenance", "verify", cat, "--label-only", "--json"])
    told: dict[str, Any] = json.loads(done.out)
    assert (done.code, told["holds"]) == (1, False)
    assert [check["sentence"] for check in told["label"] if not check["holds"]] == [
        "its pixels changed since the sidecar was written"
    ]


def test_verify_says_that_there_is_nothing_to_verify(calligram_command: Command, bare: Path) -> None:
    done = calligram_command(["provenance", "verify", bare])
    assert done.code == 1
    assert "there is nothing to verify" in done.out


def test_verify_takes_a_signed_image_and_notices_a_change(
    calligram_command: Command, cat: Path, tmp_path: Path
) -> None:
    pytest.importorskip("c2pa", reason="content credentials need the extra provenance")
    keys = tmp_path / "keys"
    assert calligram_command(["keys", "new", keys, "--name", "Ada Lovelace"]).code == 0
    signed = tmp_path / "signed.png"
    done = calligram_command(["sign", cat, "-o", signed, "--keys", keys])
    assert done.code == 0, done.err
    good = calligram_command(["provenance", "verify", signed, "--keys", keys])
    assert (good.code, "everything holds" in good.out) == (0, True), good.out
    assert "Ada Lovelace" in calligram_command(["provenance", "show", signed, "--keys", keys]).out
    content = bytearray(signed.read_bytes())
    content[content.index(b"Negative prompt") + 17] ^= 1
    signed.write_bytes(bytes(content))
    bad = calligram_command(["provenance", "verify", signed, "--keys", keys])
    assert bad.code == 1
    assert "it does not hold" in bad.out


@pytest.mark.parametrize("action", ["show", "strip", "verify"])
@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "there is no file 'x.png'"),
        (b"", "is empty (0 bytes)"),
        (b"#!/bin/sh\necho", "(it begins with b'#!/bin/sh\\nec')"),
        (b"\x89PNG\r\n\x1a\n\0\0", "the PNG file is damaged (its last chunk is cut off)"),
        (b"\xff\xd8\xff\xe0\xff\xff", "the JPEG file is damaged (a segment claims 65535 bytes"),
        (b"%PDF-1.7\n1 0 obj << /A (", "the PDF file is damaged"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><g>", "the XML is damaged"),
    ],
)
def test_a_file_that_cannot_be_used_gives_one_sentence(
    action: str, content: bytes | None, sentence: str, calligram_command: Command
) -> None:
    if content is not None:
        Path("x.png").write_bytes(content)
    done = calligram_command(["provenance", action, "x.png"])
    assert done.code == 2
    assert done.out == ""
    assert sentence in done.err
    assert "x.png" in done.err
    assert done.err.count("\n") == 1


def test_a_folder_is_no_image(calligram_command: Command, tmp_path: Path) -> None:
    done = calligram_command(["provenance", "show", tmp_path])
    assert (done.code, "is a folder: give a file with an image" in done.err) == (2, True)


def test_a_folder_that_takes_nothing_gives_one_sentence(
    calligram_command: Command, cat: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patched:
        patched.setattr(whole_files.Path, "replace", refuse)
        done = calligram_command(["provenance", "strip", cat])
    assert done.code == 2
    assert "cat.stripped.png' cannot be written (Permission denied): choose another place" in done.err
    assert sorted(path.name for path in cat.parent.iterdir()) == ["cat.png", "cat.png.json"]


def test_a_device_that_is_full_gives_one_sentence(calligram_command: Command, cat: Path) -> None:
    done = calligram_command(["provenance", "strip", cat, "-o", "/dev/full/cat.png"])
    assert done.code == 2
    assert "cannot be written" in done.err


def test_two_ways_out_exclude_each_other(calligram_command: Command, cat: Path) -> None:
    done = calligram_command(["provenance", "strip", cat, "--in-place", "-o", "x.png"])
    assert (done.code, "--in-place and --output exclude each other" in done.err) == (2, True)
    done = calligram_command(["provenance", "strip", cat, cat, "-o", "out"])
    assert (done.code, "several files would go to" in done.err) == (2, True)
