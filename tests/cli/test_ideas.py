"""``calligram ideas``: what is printed, kept, undone and found again."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.models.endpoints import AnthropicHandler, Endpoint, OpenAIHandler, running

Command = Callable[..., tuple[int, str, str]]


def test_ideas_are_printed_and_kept(calligram_command: Command) -> None:
    code, out, _ = calligram_command(["ideas", "river", "-n", 2, "--seed", 1, "--model", "none"])
    assert code == 0
    assert "1 river" in out
    assert "distinct-2" in out
    assert "kept as set 1 in .calligram/ideas.jsonl, seed 1" in out
    assert len(Path(".calligram/ideas.jsonl").read_text().splitlines()) == 1


def test_the_builtin_writer_is_the_default_and_is_told_apart(calligram_command: Command) -> None:
    code, out, _ = calligram_command(["ideas", "river", "-n", 1, "--seed", 1])
    assert code == 0
    assert "added by builtin:writer: " in out


def test_prompts_alone_can_be_piped(calligram_command: Command) -> None:
    _, out, _ = calligram_command(["ideas", "a {b|c}", "--model", "none", "-q", "--no-keep"])
    assert sorted(out.splitlines()) == ["a b", "a c"]
    assert not Path(".calligram").exists()


def test_json_holds_template_prompt_choices_and_seed(calligram_command: Command) -> None:
    words = ["ideas", "a {b|c}", "--model", "none", "--json", "--seed", 4, "-n", 1]
    told = json.loads(calligram_command(words).out)  # type: ignore[attr-defined]
    (idea,) = told["ideas"]
    assert told["wish"]["words"] == "a {b|c}"
    assert idea["prompt"] == f"a {idea['choices'][0]['took']}"
    assert idea["parts"] == [{"text": idea["prompt"], "from": "you"}]
    assert told["options"]["seed"] == idea["seed"] == 4


def test_undo_redo_list_show_and_again_work_on_what_is_kept(calligram_command: Command) -> None:
    for words in ("river", "mill"):
        calligram_command(["ideas", words, "-n", 2, "--seed", 3, "--model", "none"])
    assert calligram_command(["ideas", "--undo"])[1] == "set 2 is undone: mill\n"
    listed = calligram_command(["ideas", "--list"])[1].splitlines()
    assert ["undone" in line for line in listed] == [False, False, True]
    assert calligram_command(["ideas", "--redo"])[1] == "set 2 is back: mill\n"
    shown = calligram_command(["ideas", "--show", 1, "--json"])[1]
    prompts = [idea["prompt"] for idea in json.loads(shown)["ideas"]]
    code, out, err = calligram_command(["ideas", "--again", 1, "-q"])
    assert (code, out.splitlines(), err) == (0, prompts, "")
    other = calligram_command(["ideas", "--again", 1, "-q", "--seed", 9])[1]
    assert other.splitlines() != prompts
    sets = [
        json.loads(line)["set"] for line in calligram_command(["ideas", "--list", "--json"])[1].splitlines()
    ]
    assert sets == [1, 2, 3, 4]


def test_a_set_found_again_from_other_lists_says_so(calligram_command: Command, tmp_path: Path) -> None:
    lists = tmp_path / "lists"
    lists.mkdir()
    (lists / "ship.txt").write_text("cog\nbarge\n")
    calligram_command(["ideas", "a __ship__", "--words", lists, "--model", "none"])
    (lists / "ship.txt").write_text("raft\n")
    _, out, err = calligram_command(["ideas", "--again", 1, "-q"])
    assert out == "a raft\n"
    assert "the word lists are others" in err
    assert "the ideas are others than those of set 1, which stand in the history" in err


def test_a_fault_in_a_template_is_pointed_at(calligram_command: Command) -> None:
    code, out, err = calligram_command(["ideas", "a {red|blue boat"])
    assert (code, out) == (2, "")
    line, mark, sentence = err.splitlines()
    assert (line, mark) == ("  a {red|blue boat", "    ^")
    assert sentence.startswith("calligram: the template, column 3: '{' is never closed: write '}'")


def test_word_lists_are_listed(calligram_command: Command) -> None:
    out = calligram_command(["ideas", "--word-lists"])[1]
    assert "__light/calm__" in out
    assert "__medium/oil__" in out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["ideas"], "want a beginning"),
        (["ideas", "river", "--image", "none.png", "--model", "none"], "no file 'none.png'"),
        (["ideas", "river", "-n", "0"], "count"),
        (["ideas", "river", "--model", "nonsense"], "no 'nonsense' among the models"),
        (["ideas", "river", "--words", "none", "--model", "none"], "no folder 'none'"),
        (["ideas", "--again", "4"], "no set 4"),
        (["ideas", "--undo"], "nothing to undo"),
        (["ideas", "river", "--history", "."], "cannot be written"),
        (["ideas", "river", "--history", "file/ideas.jsonl"], "cannot be written"),
    ],
)
def test_bad_input_gives_one_sentence(calligram_command: Command, words: list[str], told: str) -> None:
    Path("file").write_text("")
    code, out, err = calligram_command(words)
    assert (code, out) == (2, "")
    assert told in err
    assert [path.name for path in Path().iterdir()] == ["file"]
    assert len(err.splitlines()) == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full disk to try")
def test_ideas_that_a_full_disk_cannot_keep_are_printed_all_the_same(calligram_command: Command) -> None:
    code, out, err = calligram_command(
        ["ideas", "a {b|b}", "--model", "none", "-q", "--history", "/dev/full"]
    )
    assert (code, out) == (2, "a b\n")
    assert "the history '/dev/full' cannot be written (No space left on device)" in err


def answer(body: dict[str, Any]) -> str:
    """Say the prompt again at first, and only when told of that add to it."""
    again = "says the prompt again" in str(body["messages"][-1]["content"])
    added = "two swans" if again else "It is: river, a poster"
    return json.dumps({"ideas": [{"number": 1, "added": added, "concept": "Look twice."}]})


@pytest.mark.parametrize("kind", ["openai", "anthropic"])
def test_models_behind_endpoints_add_to_ideas(
    calligram_command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    pytest.importorskip(kind, reason="endpoints need the extra endpoints")
    monkeypatch.setenv("CALLIGRAM_CACHE", str(tmp_path / "cache"))
    handler = {"openai": OpenAIHandler, "anthropic": AnthropicHandler}[kind]
    with running(Endpoint(answer), handler) as served:
        asked = ["--model", f"{kind}:any?retries=0", "--base-url", served.base_url, "--seed", 1, "-n", 1]
        words = ["ideas", "river", "--template", "a poster", *asked, "-q"]
        code, out, err = calligram_command(words)
        assert (code, out, err) == (0, "river, a poster, two swans\n", "")
        assert len(served.asked) == 2
        assert calligram_command(words)[1] == out
        assert len(served.asked) == 2


@pytest.mark.parametrize("kind", ["openai", "anthropic"])
def test_an_endpoint_that_cannot_be_reached_is_one_sentence_and_nothing_is_kept(
    calligram_command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    pytest.importorskip(kind, reason="endpoints need the extra endpoints")
    monkeypatch.setenv("CALLIGRAM_CACHE", str(tmp_path / "cache"))
    asked = ["--model", f"{kind}:any?retries=0", "--base-url", "http://127.0.0.1:9"]
    code, out, err = calligram_command(["ideas", "river", *asked])
    assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert "cannot be reached" in err
    assert not Path(".calligram").exists()
