"""The plugin, through the real command ``llm`` in a process and a home of its own."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import entry_points
from pathlib import Path

import pytest

import calligram
from calligram.nano.folder import SHIPPED

pytest.importorskip("llm", reason="the plugin is one of the command llm, of the extra llm")
if not any(point.value == "calligram.cli.llm_plugin" for point in entry_points(group="llm")):
    pytest.skip("calligram was installed before it had the plugin: install it again", allow_module_level=True)
if not (SHIPPED / "model.safetensors").exists():
    pytest.skip("the built-in model's weights are not there yet", allow_module_level=True)

EXAMPLES = Path(__file__).parents[2] / "examples"
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which ``llm`` keeps its log."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def run(home: Path, tmp_path: Path) -> Run:
    """Runs ``llm`` as a person does."""
    homes = {"LLM_USER_PATH": str(home / "llm"), "HOME": str(home), "PYTHONUTF8": "1"}

    def call(*words: object, code: int = 0) -> "subprocess.CompletedProcess[str]":
        done = subprocess.run(
            [sys.executable, "-m", "llm", *map(str, words)],
            cwd=tmp_path,
            env={**os.environ, **homes},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == code, done.stderr
        return done

    return call


def test_a_drawing_is_that_of_the_library(run: Run) -> None:
    done = run("-m", "calligram", "draw the digit 5", "-o", "seed", "1")
    assert done.stdout == calligram.draw("the digit 5", seed=1)[0].text


def test_an_attached_image_is_read_and_asked_about_again(run: Run, tmp_path: Path) -> None:
    shutil.copy(EXAMPLES / "three.png", tmp_path / "it.png")
    assert run("-m", "calligram", "-a", "it.png", "What digit is this?").stdout == "3\n"
    assert run("-c", "Which number is shown?").stdout == "3\n"


def test_a_picture_can_be_put_into_any_prompt_and_the_answer_be_of_a_schema(run: Run) -> None:
    picture = f"picture:{EXAMPLES / 'three.png'}?layout=fine"
    words = ["-f", picture, "What digit is this?", "--schema", "answer int, abstained bool"]
    assert json.loads(run("-m", "calligram", *words).stdout) == {"answer": 3, "abstained": False}


@pytest.mark.parametrize("markup", ["rows", "letters"])
def test_a_fragment_is_the_text_picture_as_its_options_say(markup: str, tmp_path: Path) -> None:
    from calligram.cli.llm_plugin import load_picture

    argument = f"{EXAMPLES / 'three.png'}?layout=fine&markup={markup}"
    options = calligram.EncodeOptions(markup=markup)
    picture = calligram.encode(EXAMPLES / "three.png", "fine", options)
    fragment = load_picture(argument)
    assert (str(fragment), fragment.source) == (picture.text, f"picture:{argument}")
    (tmp_path / "kept.txt").write_text(picture.text, encoding="utf-8")
    assert (
        calligram.decode(str(load_picture(str(tmp_path / "kept.txt")))).levels.tolist()
        == picture.levels.tolist()
    )


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["hello"], "was not taught to answer 'hello'"),
        (["draw a cat"], "not taught to draw 'a cat'"),
        (["draw a 5", "-o", "temperature", "-1"], "temperature is -1.0, but must be from 0 to 10"),
        (["draw a 5", "-o", "model", "crystal:ball"], "there is no 'crystal' among the models"),
        (["-f", "picture:nowhere.png", "What is this?"], "there is no file 'nowhere.png'"),
        (["-f", "picture:it.png?size=big", "What is this?"], "size is 'big', but must be columns x rows"),
        (
            ["-f", "picture:it.png?colour=red", "What is this?"],
            "picture: has no option 'colour'",
        ),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    words: list[str], sentence: str, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from click.testing import CliRunner
    from llm.cli import cli

    monkeypatch.chdir(tmp_path)
    shutil.copy(EXAMPLES / "three.png", tmp_path / "it.png")
    done = CliRunner().invoke(cli, ["-m", "calligram", *words], env={"LLM_USER_PATH": str(home / "llm")})
    assert done.exit_code == 1
    assert sentence in done.output
    assert done.output.startswith("Error: ")
    assert done.output.count("\n") == 1


def test_the_plugin_loads_nothing_heavy_of_its_own() -> None:
    code = "import sys, llm; before = set(sys.modules); import calligram.cli.llm_plugin\n"
    code += "print(*set(sys.modules) - before)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert "calligram.cli.llm_plugin" in loaded.split()
    assert {"numpy", "onnxruntime", "PIL", "torch"}.isdisjoint(loaded.split())
