"""``calligram catalogue``."""

import io
import json
import struct
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from tests.art.cataloguing import ANSWER, make_images, write_script
from tests.conftest import Outcome
from tests.models.endpoints import AnthropicHandler, Endpoint, OpenAIHandler, running

Command = Callable[[Sequence[str | Path]], Outcome]


@pytest.fixture(autouse=True)
def images(calligram_command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALLIGRAM_CACHE", str(tmp_path / "cache"))
    make_images(tmp_path / "images", 2)


def test_a_folder_is_catalogued_and_told_of(calligram_command: Command) -> None:
    done = calligram_command(["catalogue", "images", "-o", "out", "-m", "none"])
    assert done.code == 0
    assert done.out.startswith("out holds 2: 2 made, 0 kept, 0 failed; proposals that wait for a person: 0\n")
    assert "  out/index.html\n" in done.out
    assert "  out/iiif/ (3 files)\n" in done.out
    assert "--base-uri" in done.err


def test_only_the_forms_asked_for_are_written(calligram_command: Command, tmp_path: Path) -> None:
    calligram_command(["catalogue", "images", "-o", "out", "-m", "none", "-f", "csv,html", "-f", "jsonl"])
    written = {path.name for path in (tmp_path / "out").iterdir() if path.is_file()}
    assert written == {"journal.jsonl", "records.csv", "index.html", "records.jsonl"}


def test_given_records_are_found_by_the_file(calligram_command: Command, tmp_path: Path) -> None:
    Path("mine.csv").write_text("File;Artist;Year\nwork-01.png;Ann Example;1888\n", encoding="utf-8")
    calligram_command(
        ["catalogue", "images", "-o", "out", "-m", "none", "--given", "mine.csv", "-f", "jsonl"]
    )
    records = [
        json.loads(line) for line in Path("out/records.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    assert "creator" not in records[0]
    assert records[1]["creator"] == {"value": "Ann Example", "standing": "given", "source": "mine.csv"}
    assert records[1]["date"]["value"] == "1888"


def test_some_bad_files_give_code_1_and_all_bad_ones_2(calligram_command: Command) -> None:
    Path("bad.png").write_bytes(b"no image")
    some = calligram_command(["catalogue", "images", "bad.png", "-o", "out", "-m", "none"])
    assert (some.code, some.err.splitlines()[0].startswith("calligram: 'bad.png'")) == (1, True)
    assert calligram_command(["catalogue", "bad.png", "-o", "other", "-m", "none"]).code == 2


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["-o", "out"], "no image is given"),
        (["images", "-o", "out", "-f", "pdf"], "no form 'pdf'"),
        (["images", "-o", "out", "--base-uri", "here"], "base_uri"),
        (["images", "-o", "images/work-00.png"], "cannot be made"),
    ],
)
def test_bad_input_is_one_sentence(calligram_command: Command, words: list[str], told: str) -> None:
    done = calligram_command(["catalogue", "-m", "none", *words])
    assert done.code == 2
    assert told in done.err
    assert len(done.err.splitlines()) == 1


def test_a_review_takes_letters_from_a_pipe(
    calligram_command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = write_script(tmp_path / "script.json")
    monkeypatch.setattr("sys.stdin", io.StringIO("a\nx\ne\nmany squares\nr\n"))
    done = calligram_command(["catalogue", "images", "-o", "out", "-m", model, "--review", "--by", "Ada"])
    assert done.code == 0
    assert "1 of 12  Title: Coloured squares" in done.out
    assert "1 accepted, 1 edited, 1 rejected; 9 wait: go on with --review" in done.out
    first = json.loads(Path("out/records.jsonl").read_text(encoding="utf-8").splitlines()[0])
    assert (first["title"]["standing"], first["title"]["by"]) == ("accepted", "Ada")
    assert first["subject"]["value"] == "many squares"
    assert "style" not in first


def _bomb() -> bytes:
    """Return the head of a PNG of 60000 x 60000 pixels, with a text."""
    head = struct.pack(">IIBBBBB", 60000, 60000, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"tEXt", b"Title\0A wall"), (b"IDAT", zlib.compress(b"")), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
        for name, content in chunks
    )


def test_an_image_of_billions_of_pixels_is_told_in_a_sentence_and_the_others_go_on(
    calligram_command: Command,
) -> None:
    Path("images/bomb.png").write_bytes(_bomb())
    done = calligram_command(["catalogue", "images", "-o", "out", "-m", "none"])
    assert done.code == 1
    assert "out holds 2: 2 made, 0 kept, 1 failed" in done.out
    told = [line for line in done.err.splitlines() if "bomb.png" in line]
    assert len(told) == 1
    assert "60000 x 60000 pixels, but max_pixels is" in told[0]


@pytest.mark.parametrize("kind", ["openai", "anthropic"])
def test_a_model_behind_an_endpoint_proposes(calligram_command: Command, kind: str) -> None:
    pytest.importorskip(kind, reason="endpoints need the extra endpoints")
    handler = {"openai": OpenAIHandler, "anthropic": AnthropicHandler}[kind]
    with running(Endpoint(lambda body: json.dumps(ANSWER)), handler) as served:
        model = f"{kind}:any?retries=0&base_url={served.base_url}"
        done = calligram_command(["catalogue", "images", "-o", "out", "-m", model, "-f", "jsonl"])
        assert done.code == 0, done.err
        assert len(served.asked) == 2
    lines = Path("out/records.jsonl").read_text(encoding="utf-8").splitlines()
    subjects = [json.loads(line)["subject"] for line in lines]
    assert {(each["value"], each["standing"]) for each in subjects} == {("squares", "proposed")}
    assert all(each["source"].startswith(f"{kind}:any") for each in subjects)
