"""``calligram judge``: what it prints and writes, and how it fails."""

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from tests.art.judging import make_works, opinions, verdict, write_judge
from tests.models.endpoints import AnthropicHandler, Endpoint, OpenAIHandler, running

from calligram.art.rubric import NAMES

Command = Callable[[Sequence[Any]], Any]


@pytest.fixture(autouse=True)
def no_keys(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CALLIGRAM_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("COLUMNS", "120")


@pytest.fixture
def works(tmp_path: Path) -> list[Path]:
    return make_works(tmp_path / "works", 10)


def answer(body: dict[str, Any]) -> str:
    """Answer as a judge that follows the rubric."""
    told = json.dumps(body.get("messages") or body["prompt"])
    return json.dumps(
        opinions("A", "A:contrast") if "You compare two works" in told else verdict(4, "contrast")
    )


@pytest.fixture(
    params=[("openai", OpenAIHandler), ("anthropic", AnthropicHandler)], ids=["openai", "anthropic"]
)
def endpoint(request: pytest.FixtureRequest) -> Iterator[tuple[str, Endpoint]]:
    kind, handler = request.param
    pytest.importorskip(kind, reason="endpoints need the extra endpoints")
    with running(Endpoint(answer), handler) as served:
        yield f"{kind}:any?retries=0&base_url={served.base_url}", served


def test_the_measured_part_is_printed_offline_with_a_sentence_on_judges(
    calligram_command: Command, works: list[Path]
) -> None:
    done = calligram_command(["judge", works[0], "--against", works[0].parent])
    assert done.code == 0, done.err
    for told in ("nearest by dHash", "most unusual in", "No model judged", "never added up"):
        assert told in done.out
    assert all(name in done.out for name in NAMES)


def test_a_served_model_judges_and_compares(
    calligram_command: Command, works: list[Path], endpoint: tuple[str, Endpoint]
) -> None:
    name, served = endpoint
    done = calligram_command(["judge", *works[:2], "--judge", name, "--pairs", "--json"])
    assert done.code == 0, done.err
    told = json.loads(done.out)
    assert [one["level"] for one in told["works"][0]["verdicts"]] == [4] * 5
    assert all(one["grounded"] for work in told["works"] for one in work["verdicts"])
    assert told["bias"][0]["flipped"] == 1
    assert len(served.asked) == 2 * 5 + 2


def test_a_cut_connection_is_told_once_and_the_measured_part_stands(
    calligram_command: Command, works: list[Path], endpoint: tuple[str, Endpoint]
) -> None:
    name, served = endpoint
    served.failures += [500] * 9
    done = calligram_command(["judge", *works[:2], "--judge", name])
    assert done.code == 1
    assert len(done.err.strip().splitlines()) == 1
    assert "gave no judgement" in done.err
    assert "bears on it" in done.out or "measured:" in done.out
    assert len(served.failures) == 8


def test_report_and_sheet_are_written_and_quiet_prints_nothing(
    calligram_command: Command, works: list[Path], tmp_path: Path
) -> None:
    folder = works[0].parent
    done = calligram_command(
        ["judge", folder, "--against", folder, "--report", "out.html", "--sheet", "out.jpg", "--quiet"]
    )
    assert (done.code, done.out) == (0, ""), done.err
    assert (tmp_path / "out.html").read_text(encoding="utf-8").count('<div class="work">') == 10
    with Image.open(tmp_path / "out.jpg") as sheet:
        assert (sheet.format, sheet.width) == ("JPEG", 1194)


@pytest.mark.parametrize("flag", ["--report", "--sheet"])
def test_a_place_that_cannot_be_written_is_told_before_anything_is_measured(
    calligram_command: Command, works: list[Path], flag: str
) -> None:
    done = calligram_command(["judge", works[0], flag, "nowhere/out"])
    assert (done.code, done.out) == (2, "")
    assert "cannot be written" in done.err


def test_a_bad_image_gives_exit_code_1_and_none_at_all_2(
    calligram_command: Command, works: list[Path], tmp_path: Path
) -> None:
    (tmp_path / "bad.png").write_text("no image")
    done = calligram_command(["judge", "bad.png", works[0]])
    assert done.code == 1
    assert done.err.count("\n") == 1
    assert "bad.png" in done.err
    done = calligram_command(["judge", "bad.png"])
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)


def test_two_judges_stand_side_by_side_with_their_agreement(
    calligram_command: Command, works: list[Path], tmp_path: Path
) -> None:
    one = write_judge(tmp_path / "one.json", [verdict(4, "contrast")])
    two = write_judge(tmp_path / "two.json", [verdict(2, "an aura")])
    done = calligram_command(["judge", works[0], "-j", one, "-j", two])
    assert done.code == 0, done.err
    assert "Krippendorff" in done.out
    assert "✗ an aura: no such fact" in done.out
    assert "2 ?" in done.out
    assert "Position bias" in done.out


def test_records_bring_the_overlap_of_texts(
    calligram_command: Command, works: list[Path], tmp_path: Path
) -> None:
    texts = {"work-0.png": "A red boat lies on a river.", "work-1.png": "There a red boat lies on a beach."}
    records = [{"file": name, "description": text} for name, text in texts.items()]
    (tmp_path / "records.json").write_text(json.dumps(records))
    done = calligram_command(["judge", works[0], "-a", works[0].parent, "--records", "records.json"])
    assert done.code == 0, done.err
    assert '6 words: "a red boat lies on a"' in done.out
    assert "work-1.png" in done.out
