"""``calligram assist``: one piece of work by single commands, and in a session that is piped in."""

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from tests.models.endpoints import AnthropicHandler, Endpoint, OpenAIHandler, running

Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def pond(calligram_command: Command) -> Command:
    calligram_command(
        ["assist", "new", "pond", "--brief", "A quiet dark pond, upright", "--title", "The Pond"]
    )
    return calligram_command


def image(name: str, colour: str, size: tuple[int, int] = (60, 90)) -> str:
    Image.new("RGB", size, colour).save(name)
    return name


def test_a_work_goes_from_brief_to_page(pond: Command) -> None:
    Path("a.txt").write_text("A slow river.")
    Path("b.txt").write_text("A wide river.")
    assert pond(["assist", "ideas", "pond", "-n", 2, "--seed", 1, "--model", "none"])[0] == 0
    assert (
        pond(["assist", "decide", "pond", "the", "first", "--on", 2])[1]
        == "3 Decision the first (on event 2)\n"
    )
    assert pond(["assist", "draft", "pond", "a.txt"])[0] == 0
    out = pond(["assist", "draft", "pond", "b.txt", "--why", "rhythm"])[1]
    assert "- 1 word went, 1 came, of 3" in out
    assert "why: rhythm" in out
    assert "A [-slow-]{+wide+} river." in pond(["assist", "compare", "pond"])[1]
    assert pond(["assist", "undo", "pond"])[1] == "7 Taken back event 5 is taken back\n"
    out = pond(["assist", "show", "pond"])[1]
    assert out.splitlines()[0].strip() == "The Pond"
    assert "Draft (undone) main, version 2" in " ".join(out.split())
    assert "Change (undone) from draft 4 to 5" in " ".join(out.split())
    assert pond(["assist", "export", "pond", "pond.html"])[0] == 0
    assert pond(["assist", "export", "pond", "pond.md"])[0] == 0
    assert Path("pond.html").read_text().startswith("<!doctype html>")
    assert Path("pond.md").read_text().startswith("# The Pond")


def test_next_steps_come_from_what_is_measured(pond: Command) -> None:
    pond(["assist", "draft", "pond", image("a.png", "#f0f0ff")])
    out = " ".join(pond(["assist", "next", "pond"])[1].split())
    assert "darken it because the brief says 'dark', but draft 2 is not so" in out
    told = json.loads(pond(["assist", "next", "pond", "--json"])[1])
    assert told["steps"][0]["by"] == "measured"
    assert told["steps"][0]["events"] == [2]


def test_next_steps_of_a_model_stand_beside_them(
    pond: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CALLIGRAM_CACHE", str(tmp_path / "cache"))
    steps = {"steps": [{"do": "Look again.", "because": "it is late", "events": [1]}]}
    Path("s.json").write_text(json.dumps([{"say": steps}]))
    out = pond(["assist", "next", "pond", "--model", "scripted:s.json"])[1]
    assert "Next, by scripted:s.json:" in out
    assert "Look again.  because it is late" in out


def test_show_as_json_holds_the_events(pond: Command) -> None:
    pond(["assist", "note", "pond", "too", "bright", "--on", 1, "--by", "Ada"])
    told = json.loads(pond(["assist", "show", "pond", "--json"])[1])
    assert told["title"] == "The Pond"
    assert [event["by"] for event in told["events"]] == ["you", "Ada"]
    assert told["events"][1]["told"] == {"text": "too bright", "on": 1}


def piped(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(text))


def test_a_session_takes_its_lines_from_a_pipe(
    calligram_command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    image("a.png", "#102030")
    image("b.png", "#e0e0ff")
    lines = [
        "A quiet dark pond.",
        "ideas 2",
        "draft a.png",
        "draft b.png",
        "why for the dawn",
        "text A pond.",
    ]
    lines += [
        "the sky is too heavy",
        "decide b it is",
        "undo",
        "compare 3 4",
        "next",
        "export pond.md",
        "quit",
    ]
    piped(monkeypatch, "\n".join([*lines, "note never read"]))
    code, out, err = calligram_command(["assist", "session", "pond", "--model", "none"])
    assert (code, err) == (0, "wrote pond.md\n")
    assert "light or dark: from dark to light" in out
    told = json.loads(Path("pond.calligram.json").read_text())["events"]
    kinds = [
        "brief",
        "ideas",
        "draft",
        "draft",
        "change",
        "why",
        "draft",
        "change",
        "note",
        "decision",
        "undo",
    ]
    assert [event["kind"] for event in told] == kinds
    assert told[5]["told"] == {"text": "for the dawn", "of": 5}
    assert "never read" not in Path("pond.calligram.json").read_text()


def test_a_session_goes_on_after_a_fault_and_says_so_at_its_end(
    pond: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    piped(monkeypatch, "draft none.png\nexport pond.doc\nnote still here\n")
    code, out, err = pond(["assist", "session", "pond", "--model", "none"])
    assert code == 1
    assert "no file 'none.png'" in err
    assert "ends in neither .md nor .html" in err
    assert "still here" in out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["assist", "show", "none"], "make it with calligram assist new"),
        (["assist", "new", "pond", "--brief", "x"], "is there already"),
        (["assist", "new", "x", "--brief", " "], "the brief is empty"),
        (["assist", "draft", "pond", "none.png"], "no file 'none.png'"),
        (["assist", "compare", "pond"], "no draft yet"),
        (["assist", "note", "pond", "x", "--on", "7"], "no event 7"),
        (["assist", "undo", "pond"], "nothing to undo"),
        (["assist", "next", "pond", "--model", "builtin"], "follows no instructions"),
        (["assist", "export", "pond", "pond.doc"], "neither .md nor .html"),
        (["assist", "export", "pond", "none/pond.md"], "cannot be written"),
    ],
)
def test_bad_input_gives_one_sentence_and_changes_nothing(pond: Command, words: list[str], told: str) -> None:
    before = Path("pond.calligram.json").read_bytes()
    code, out, err = pond(words)
    assert (code, out) == (2, "")
    assert told in err
    assert len(err.splitlines()) == 1
    assert Path("pond.calligram.json").read_bytes() == before


@pytest.mark.parametrize("kind", ["openai", "anthropic"])
def test_models_behind_endpoints_propose_steps(
    pond: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    pytest.importorskip(kind, reason="endpoints need the extra endpoints")
    monkeypatch.setenv("CALLIGRAM_CACHE", str(tmp_path / "cache"))
    steps = {"steps": [{"do": "Look again.", "because": "it is late", "events": [1]}]}
    handler = {"openai": OpenAIHandler, "anthropic": AnthropicHandler}[kind]
    with running(Endpoint(lambda body: f"```json\n{json.dumps(steps)}\n```"), handler) as served:
        asked = ["--model", f"{kind}:any?retries=0", "--base-url", served.base_url]
        code, out, err = pond(["assist", "next", "pond", *asked])
        assert (code, err) == (0, "")
        assert "Look again.  because it is late" in out
        assert "A quiet dark pond, upright" in str(served.asked[0]["messages"])
    assert "Asked a model" in pond(["assist", "show", "pond"])[1]
