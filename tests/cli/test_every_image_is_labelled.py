"""Every image that any command writes carries its label, and none of it with ``--no-metadata``.

The commands are found in the door itself: a new one fails here until :data:`ROWS` says what it writes.
"""

import base64
import io
import json
import re
import shlex
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import typer.main
from PIL import Image

from calligram.cli.main import build_app
from calligram.picture import encode
from calligram.provenance import Label, write_image
from calligram.provenance.reading import find, read_label
from calligram.provenance.sidecar import read_sidecar

Command = Callable[[Sequence[object]], Any]

SWITCH = "--no-metadata"


@dataclass(frozen=True)
class Row:
    """What one command writes, and how it is made to.

    Args:
        calls: what stands behind the command's name, so that it writes each kind of image that it can; names
            in braces are filled in.
        made: what labels of its images may say; empty where it writes no image.
        before: command lines that have to run first.
        images: how many images are written at least.
        why: why it writes no image, has no switch, or is not run.
        needs: modules without which it cannot run.
    """

    calls: tuple[str, ...] = ()
    made: frozenset[str] = frozenset()
    before: tuple[str, ...] = ()
    images: int = 0
    why: str = ""
    needs: tuple[str, ...] = ()


def writes(images: int, *calls: str, made: str, before: Sequence[str] = (), needs: Sequence[str] = ()) -> Row:
    return Row(calls, frozenset(made.split()), tuple(before), images, needs=tuple(needs))


def silent(why: str, *calls: str, before: Sequence[str] = (), needs: Sequence[str] = ()) -> Row:
    return Row(calls, before=tuple(before), why=why, needs=tuple(needs))


NEW = "assist new pond --brief dark"
DRAFTS = (NEW, "assist draft pond works/a.png", "assist draft pond works/b.png")
TOLD = "keeps texts, measures and a small copy of the draft in its own JSON file, which is no image"
TEXT = "answers in words"
WEIGHTS = "writes weights and figures"
FEW = "--steps 2 --check-every 1 --batch 4 --samples 0 --valid-share 0.3 --precision float32 --device cpu -q"

ROWS = {
    "assist new": silent(TOLD, "pond --brief dark"),
    "assist idea": silent(TOLD, "pond a boat", before=[NEW]),
    "assist ideas": silent(TOLD, "pond --model none", before=[NEW]),
    "assist draft": silent(TOLD, "pond works/a.png", before=[NEW]),
    "assist note": silent(TOLD, "pond calm", before=[NEW]),
    "assist compare": silent(TOLD, "pond", before=DRAFTS),
    "assist why": silent(TOLD, "pond calmer", before=DRAFTS),
    "assist decide": silent(TOLD, "pond first", before=[NEW]),
    "assist undo": silent(TOLD, "pond", before=DRAFTS),
    "assist redo": silent(TOLD, "pond", before=[*DRAFTS, "assist undo pond"]),
    "assist next": silent(TOLD, "pond", before=[NEW]),
    "assist show": silent(TOLD, "pond", before=DRAFTS),
    "assist export": writes(2, "pond pond.html", made="rendered composed", before=DRAFTS),
    "assist session": writes(2, "pond --model none", made="rendered composed", before=DRAFTS),
    "catalogue": writes(2, "works -o catalogue -m none -q", made="rendered composed"),
    "critique": silent(TEXT, "works/a.png --model none"),
    "dataset build": silent("writes pictures as text", "folder:works-in --split all -o out -q"),
    "dataset check": silent(TEXT, "out", before=["dataset build folder:works-in --split all -o out -q"]),
    "dataset show": silent(TEXT, "out", before=["dataset build folder:works-in --split all -o out -q"]),
    "decode": writes(3, "five.txt -o 5.png", "five.txt -o 5.svg", "five.txt -o 5.html", made="rendered"),
    "demo": writes(1, "--model {model} -o demo.png", made="composed"),
    "describe": silent(TEXT, "river --model scripted:says.json?talks=no -n 1 -q"),
    "draw": writes(
        6,
        *(f"'the digit 5' --seed 1 --model {{model}} -o {name}" for name in ("5.png", "5.svg", "5.html")),
        *(
            f"'the digit 5' -n 2 --seed 1 --model {{model}} -o {name}"
            for name in ("5.jpg", "5.webp", "5.gif")
        ),
        "'the digit 5' -n 2 --seed 1 --model {model} -o 5.bmp",
        "'the digit 5' --seed 1 --model {model} --complete half.txt -o rest.png",
        made="drawn composed edited",
    ),
    "encode": writes(
        4,
        "works/a.png -o a.png",
        "works/a.png -o a.svg",
        "works/a.png -o a.html",
        "works/b.png --colors full -o b.png",
        made="rendered composed",
    ),
    "evaluate": writes(
        1, "{model} digits: --limit 12 --report r.html -q", made="rendered", needs=["sklearn"]
    ),
    "export-task": silent(
        "writes pictures as text", "inspect digits: --limit 2 -o task -q", needs=["sklearn"]
    ),
    "facts": writes(2, "works --picture facts", made="rendered composed"),
    "ideas": silent(TEXT, "river --model none --no-keep"),
    "judge": writes(3, "works --sheet sheet.jpg --report r.html -q", made="rendered composed"),
    "keys new": silent("writes keys", "keys", needs=["cryptography"]),
    "keys show": silent("tells of keys", "keys", before=["keys new keys"], needs=["cryptography"]),
    "models list": silent(TEXT, ""),
    "paint": writes(
        3,
        "'a red square' --painter scripted:script.json -n 2 -o out",
        "'a red square' --painter scripted:script.json -o one.jpg",
        "'a red square' --painter scripted:script.json --refine 2 -o loop",
        "'the digit 5' --painter nano?layout=classic --width 64 --height 64 --seed 1 -o five.webp",
        made="rendered drawn",
    ),
    "poster": writes(
        6,
        "works/a.png --columns 8 -o a.png -o a.svg -o a.pdf -o a.gif -q",
        "five.txt -o 5.png -q",
        "works/b.png --columns 8 -o b.png -q",
        made="rendered composed",
    ),
    "provenance show": silent(TEXT, "works/a.png"),
    "provenance strip": silent("takes every label away, which is its purpose"),
    "provenance verify": silent(TEXT),
    "publish": silent("hands on the files that are there", "{folder} --to-folder out --licence mit"),
    "see": silent(TEXT, "works/a.png --model {model} -q"),
    "serve": silent("answers in text; it runs until it is stopped"),
    "sign": silent("signs what is there, label and all; tests/provenance/test_signing.py"),
    "tokens": writes(
        2, "{folder}/tokenizer.json --limit 1 -o t.png -q", "builtin --limit 1 -o t.html -q", made="rendered"
    ),
    "train text": writes(
        1,
        f"lines.jsonl --model hf:{{language}} --method full {FEW} -o run",
        made="rendered",
        needs=["torch", "transformers", "accelerate"],
    ),
    "train nano": silent(WEIGHTS + "; tests/cli/test_train.py"),
    "train writer": silent(WEIGHTS + "; tests/training/test_writer.py"),
    "train painter": silent(WEIGHTS + "; tests/training"),
}


def leaves(command: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every command of the door that does something, and how it is called."""
    inner = getattr(command, "commands", None)
    if inner is None:
        yield name, command
        return
    for word, each in sorted(inner.items()):
        yield from leaves(each, f"{name} {word}".strip())


DOOR = dict(leaves(typer.main.get_command(build_app())))


def test_every_command_says_what_it_writes() -> None:
    unknown = sorted(DOOR.keys() - ROWS.keys())
    assert not unknown, (
        f"{', '.join(unknown)}: add a row to ROWS that says how to make it write an image (and register it "
        "through calligram.cli.labelling.with_label), or why it writes none"
    )
    assert not ROWS.keys() - DOOR.keys(), "rows of commands that there are no more"


@pytest.mark.parametrize("name", DOOR)
def test_commands_that_write_images_and_no_others_take_the_switch(name: str) -> None:
    switches = [flag for param in DOOR[name].params for flag in param.secondary_opts]
    assert (SWITCH in switches) == bool(ROWS[name].made)


@pytest.fixture
def place(calligram_command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An own cache and home, and small inputs; ``works/b.png`` says that a model drew it."""
    monkeypatch.setenv("CALLIGRAM_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    for name in ("works", "works-in/0", "works-in/1"):
        (tmp_path / name).mkdir(parents=True)
    for number, name in enumerate(("works/a.png", "works-in/0/0.png", "works-in/1/1.png")):
        grid = np.random.default_rng(number).integers(0, 256, (6, 7, 3), dtype=np.uint8)
        Image.fromarray(grid.repeat(6, axis=0).repeat(6, axis=1)).save(tmp_path / name)
    write_image(tmp_path / "works/b.png", Image.new("RGB", (40, 30), "red"), Label("drawn", prompt="red"))
    picture = encode(tmp_path / "works/a.png", "classic")
    (tmp_path / "five.txt").write_text(picture.text, encoding="utf-8")
    (tmp_path / "half.txt").write_text("".join(picture.text.splitlines(True)[:4]), encoding="utf-8")
    (tmp_path / "script.json").write_text(json.dumps([{"paint": ["works/a.png"]}]), encoding="utf-8")
    (tmp_path / "says.json").write_text('[{"say": " a boat."}]', encoding="utf-8")
    lines = [{"prompt": f"{number}?\n", "completion": f"{number % 2}\n"} for number in range(12)]
    (tmp_path / "lines.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    return tmp_path


@pytest.fixture
def run_row(
    place: Path, calligram_command: Command, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., dict[str, bytes]]:
    """Return a function that runs a command's row, and gives all images that it wrote, by name."""

    def run(name: str, *flags: str) -> dict[str, bytes]:
        row = ROWS[name]
        for module in row.needs:
            pytest.importorskip(module, reason=f"calligram {name} needs an extra")
        for line in row.before:
            assert calligram_command(shlex.split(line)).code == 0
        before = {path: path.read_bytes() for path in place.rglob("*") if path.is_file()}
        for line in row.calls:
            monkeypatch.setattr("sys.stdin", io.StringIO("export pond.html\n"))
            done = calligram_command([*name.split(), *shlex.split(_filled(line, request)), *flags])
            assert done.code == 0, done.err
        written = [path for path in sorted(place.rglob("*")) if path.is_file() and "cache" not in path.parts]
        new = [path for path in written if path.read_bytes() != before.get(path)]
        return {key: image for path in new for key, image in images_in(path, place)}

    return run


def _filled(line: str, request: pytest.FixtureRequest) -> str:
    """Return a command line with the models in it that it names."""
    told = {}
    if "{model}" in line or "{folder}" in line:
        told["model"] = request.getfixturevalue("tiny_model")
        told["folder"] = told["model"].partition(":")[2]
    if "{language}" in line:
        told["language"] = str(request.getfixturevalue("language_model")("gpt2"))
    return line.format(**told)


DATA = re.compile(rb"data:image/[a-z+]+;base64,([A-Za-z0-9+/=]+)")
STARTS = (
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"RIFF",
    b"BM",
    b"II*\0",
    b"MM\0*",
    b"%PDF",
    b"<svg",
)


def images_in(path: Path, folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield a file where it is an image by how it begins, or a page that is one or holds some."""
    content, name = path.read_bytes(), path.relative_to(folder).as_posix()
    if content.startswith(STARTS) or content[4:8] == b"ftyp":
        yield name, content
    elif content[:9].lower() == b"<!doctype" and path.name != "index.html":
        inner = list(DATA.finditer(content))
        yield from ((f"{name} {number}", base64.b64decode(found[1])) for number, found in enumerate(inner))
        if not inner:
            yield name, content


def packet_in(content: bytes) -> bytes:
    """Return the label as a plain search finds it, by Pillow where it opens the file, else in its bytes."""
    if content.startswith((b"\x89PNG", b"\xff\xd8", b"RIFF")):
        told = Image.open(io.BytesIO(content)).info
        packet = told.get("xmp", told.get("XML:com.adobe.xmp", b""))
        return packet if isinstance(packet, bytes) else packet.encode()
    return content


@pytest.mark.parametrize("name", [name for name, row in ROWS.items() if row.made])
def test_every_image_carries_its_label(name: str, run_row: Any, place: Path) -> None:
    row, images = ROWS[name], run_row(name)
    assert len(images) >= row.images
    made = set()
    for file, content in images.items():
        if content.startswith(b"BM"):
            beside = read_sidecar(place / file)
            assert beside is not None, f"{file} has no label beside it"
            made.add(beside.label.made)
            continue
        label = read_label(content)
        assert label is not None, f"{file} has no label"
        assert b"calligram:Made" in packet_in(content), f"only our own reader finds the label of {file}"
        assert b"DigitalSourceType" in packet_in(content)
        assert str(label.settings["command"]).split()[:2] == ["calligram", name.split()[0]]
        assert str(place).encode() not in content, f"{file} tells of a private folder"
        made.add(label.made)
    assert made == row.made


@pytest.mark.parametrize("name", [name for name, row in ROWS.items() if row.made])
def test_without_metadata_nothing_of_it_is_found(name: str, run_row: Any, place: Path) -> None:
    images = run_row(name, SWITCH)
    assert len(images) >= ROWS[name].images
    for file, content in images.items():
        for telling in (b"calligram", b"xmpmeta", b"DigitalSourceType", b"parameters", b"Comment"):
            assert telling not in content, f"{file} holds {telling!r}"
        assert find(content).parts == (), f"{file} still tells of its making"
    assert not list(place.rglob("*.bmp.json"))


@pytest.mark.parametrize("name", [name for name, row in ROWS.items() if not row.made and row.calls])
def test_commands_that_say_so_write_no_image(name: str, run_row: Any) -> None:
    assert run_row(name) == {}
