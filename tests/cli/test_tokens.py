"""``calligram tokens`` as a person and as a script meet it."""

import contextlib
import json
import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest
from PIL import Image

from calligram.nano.folder import SHIPPED, TOKENIZER
from calligram.nano.vocabulary import Vocabulary


class Outcome(NamedTuple):
    code: int
    out: str
    err: str


Command = Callable[[Sequence[str]], Outcome]


def test_a_person_reads_every_ramp_and_one_recommendation(calligram_command: Command) -> None:
    done = calligram_command(["tokens", "builtin", "--price", "2"])
    assert (done.code, done.err) == (0, "")
    assert "\x1b" not in done.out
    lines = done.out.splitlines()
    assert max(map(len, lines)) <= 80
    assert sum(line.startswith("Recommended: ") for line in lines) == 1
    for name in ("classic rows", "a-c letters", "012 plain", "braille", "sextant", "shape"):
        assert any(line.strip().startswith(name) for line in lines), name
    row = next(line for line in lines if line.strip().startswith("classic rows"))
    # 67 tokens for 220 cells in a context of 256, at two dollars a million
    assert row.split()[2:] == ["67", "0.30", "0", "%", "100", "%", "0", "%", "3", "189", "0.13"]


def test_json_gives_the_tokens_that_the_vocabulary_gives(calligram_command: Command) -> None:
    done = calligram_command(["tokens", "builtin", "--pictures", "digits:", "--limit", "5", "--json"])
    assert (done.code, done.err) == (0, "")
    found = json.loads(done.out)
    assert (found["pictures"], found["context"], found["price"]) == (5, 256, None)
    assert found["size"] == len(Vocabulary.load(SHIPPED / TOKENIZER))
    ours = next(each for each in found["spellings"] if each["ramp"] == "classic" and each["markup"] == "rows")
    assert (ours["tokens"], ours["most"], ours["tokens_per_cell"]) == (67, 67, 67 / 220)
    assert (ours["fits"], ours["left"], ours["returned"], ours["loss"]) == (3, 189, 1, "")
    wanted = found["recommended"]
    assert any(
        (each["ramp"], each["markup"], each["header"]) == (wanted["ramp"], wanted["markup"], wanted["header"])
        for each in found["spellings"]
    )


def test_a_context_is_said_to_be_known_given_or_assumed(calligram_command: Command) -> None:
    pytest.importorskip("tokenizers", reason="needs the extra tokens")
    Path("model").mkdir()
    shutil.copy(SHIPPED / TOKENIZER, "model/tokenizer.json")
    expected = {(): (8192, "assumed"), ("--context", "4000"): (4000, "given")}
    for words, (context, told) in expected.items():
        assert f"; context {context:,} ({told})" in calligram_command(["tokens", "model", *words]).out
        found = json.loads(calligram_command(["tokens", "model", "--json", *words]).out)
        assert (found["context"], found["context_from"]) == (context, told)
    Path("model/config.json").write_text('{"text_config": {"max_position_embeddings": 777}}', "utf-8")
    assert "; context 777 (known)" in calligram_command(["tokens", "model"]).out


def test_a_name_on_the_hub_has_no_context_in_the_working_folder(tmp_path: Path) -> None:
    from calligram.evaluation.tokens.inspection import known_context

    (tmp_path / "config.json").write_text('{"n_positions": 7}', "utf-8")
    (tmp_path / "tokenizer.json").touch()
    with contextlib.chdir(tmp_path):
        assert known_context("hf:gpt2") is None
        assert known_context("hf:.") == known_context("tokenizer.json") == 7


def test_one_token_for_every_cell_is_named_beside_what_is_cheapest(calligram_command: Command) -> None:
    tokenizers = pytest.importorskip("tokenizers", reason="needs the extra tokens")
    words = ["?", *"0123456789abc▓█ \n<>/row:|", *(" " * count for count in range(2, 21))]
    made = tokenizers.Tokenizer(
        tokenizers.models.WordLevel({word: n for n, word in enumerate(words)}, unk_token="?")
    )
    made.pre_tokenizer = tokenizers.pre_tokenizers.Split(tokenizers.Regex(" +|[^ ]"), "isolated")
    made.decoder = tokenizers.decoders.Fuse()
    made.save("tokenizer.json")
    out = calligram_command(["tokens", "tokenizer.json"]).out
    found = json.loads(calligram_command(["tokens", "tokenizer.json", "--json"]).out)
    assert (found["recommended"]["ramp"], found["recommended"]["markup"]) == ("classic", "plain")
    other = found["alternative"]
    assert other["ramp"] in ("012", "abc")
    assert other["tokens"] > found["recommended"]["tokens"]
    assert f"\n{found['recommended']['command']}\n" in out
    assert f"\nWhere every cell has to be a token of its own: {other['ramp']} plain, " in out
    assert out.endswith(f"\n{other['command']}\n")


def test_boundaries_are_written_as_a_png_and_as_a_page(calligram_command: Command) -> None:
    for name in ("boundaries.png", "boundaries.html"):
        assert calligram_command(["tokens", "builtin", "-o", name]).code == 0
    with Image.open("boundaries.png") as image:
        assert image.width > 700
    page = Path("boundaries.html").read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert "classic rows: 67 tokens" in page


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["nowhere.json"], "there is no file or folder 'nowhere.json'"),
        (["."], "the folder . holds no tokenizer"),
        (["notes.txt"], "notes.txt is no tokenizer of a known kind"),
        (["builtin:nowhere"], "is no vocabulary of a built-in model"),
        (["builtin", "--price", "-1"], "price is -1.0, but must be at least 0"),
        (["builtin", "--limit", "0"], "limit is 0, but must be at least 1"),
        (["builtin", "--context", "8"], "context is 8, but even the shortest spelling (classic plain)"),
        (["builtin", "--layout", "none"], "there is no layout 'none'"),
        (["builtin", "--pictures", "nowhere:"], "there is no 'nowhere' among the sources"),
        (["builtin", "-o", "boundaries.jpg"], "'boundaries.jpg' ends in '.jpg'"),
        (["builtin", "-o", "missing/boundaries.png"], "cannot be written"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_2(
    words: list[str], sentence: str, calligram_command: Command
) -> None:
    Path("notes.txt").write_text("a picture", encoding="utf-8")
    done = calligram_command(["tokens", *words])
    assert (done.code, done.out) == (2, "")
    assert sentence in done.err
    assert done.err.count("\n") == 1


def test_a_missing_package_is_named_with_what_installs_it(
    calligram_command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "tokenizers", None)  # what Python does for a package that is not there
    Path("tokenizer.json").write_bytes(b'{"model": {}}')
    done = calligram_command(["tokens", "tokenizer.json"])
    assert done.code == 2
    assert "pip install 'calligram[tokens]'" in done.err
