"""``calligram evaluate`` as a script meets it, with a model that another package adds."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

PLUGIN = '''
"""A model from another package: it reads by ink and draws full grids."""

import time
from dataclasses import dataclass

import numpy as np

from calligram.models.base import Model, Reading
from calligram.settings import option


@dataclass(frozen=True)
class Options:
    pause_s: float = option(0.0, "how long each batch takes")


class Ink(Model):
    def __init__(self, place, options):
        self.place, self.options = place, options

    def read(self, levels, layout, question, candidates=None, *, familiarity=True):
        time.sleep(self.options.pause_s)
        names = list(candidates or "0123456789")
        places = (levels.reshape(len(levels), -1).sum(axis=1) + len(self.place)) % len(names)
        return [Reading(names[k], 0.5, [(names[k], 0.5)], None, bool(k == 0)) for k in places]

    def draw(self, request, layout, count=1, options=None, *, prefix_levels=None, on_row=None):
        rng = np.random.default_rng(options.seed)
        return list(rng.integers(0, layout.level_count, (count, *layout.grid())).astype(np.uint8))

    def bits_per_cell(self, levels, layout, request=None):
        return np.ones(len(levels))

    def describe(self):
        return {"name": self.name}


def load(place, options):
    return Ink(place, options)
'''


@pytest.fixture(scope="module")
def plugin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install a package with one model into a folder of its own, as pip would lay it out."""
    folder = tmp_path_factory.mktemp("plugin")
    (folder / "ink_model.py").write_text(PLUGIN, encoding="utf-8")
    info = folder / "ink_model-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: ink-model\nVersion: 1.0\n", encoding="utf-8")
    (info / "entry_points.txt").write_text("[calligram.models]\nink = ink_model\n", encoding="utf-8")
    return folder


def start(plugin: Path, home: Path, *arguments: str) -> "subprocess.Popen[str]":
    code = "from calligram.cli.main import main; main()"
    environment = {**os.environ, "PYTHONPATH": str(plugin), "HOME": str(home), "OMP_NUM_THREADS": "1"}
    environment |= {"XDG_CACHE_HOME": str(home / "cache"), "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-c", code, "evaluate", *arguments]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(command, text=True, env=environment, cwd=home, encoding="utf-8", **pipes)


def run(plugin: Path, home: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    process = start(plugin, home, *arguments)
    out, err = process.communicate()
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)


def test_json_prints_one_object_with_the_agreed_keys(plugin: Path, tmp_path: Path) -> None:
    done = run(plugin, tmp_path, "ink", "digits:", "--split", "test", "--layout", "classic", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("\n") == 1
    figures = json.loads(done.stdout)
    assert figures["model"] == "ink"
    assert (figures["source"], figures["split"], figures["layout"]) == ("digits:", "test", "classic")
    low, high = figures["interval"]
    assert 0 <= low <= figures["accuracy"] <= high <= 1
    assert figures["n"] == figures["reading"]["accuracy"]["n"] > 100
    assert figures["ceiling"] is None


def test_without_json_a_person_reads_the_figures(plugin: Path, tmp_path: Path) -> None:
    done = run(plugin, tmp_path, "ink", "digits:", "--limit", "50", "--abstention", "--strange", "5")
    assert done.returncode == 0
    assert "accuracy" in done.stdout
    assert "as text pictures" in done.stdout
    assert "as whole images that are seen" in done.stdout
    assert "photographs               not given, not measured" in done.stdout
    assert "\x1b" not in done.stdout


def test_report_and_figures_are_written(plugin: Path, tmp_path: Path) -> None:
    done = run(
        plugin, tmp_path, "ink", "digits:", "--limit", "30", "--report", "r.html", "-o", "f.json", "--json"
    )
    assert done.returncode == 0
    assert json.loads((tmp_path / "f.json").read_text(encoding="utf-8")) == json.loads(done.stdout)
    assert (tmp_path / "r.html").read_text(encoding="utf-8").startswith("<!doctype html>")


def test_ceiling_and_drawing_are_measured_on_request(plugin: Path, tmp_path: Path) -> None:
    pytest.importorskip("torch")
    flags = ("--ceiling", "--drawing", "--drawings", "30", "--epochs", "2", "--train-limit", "400")
    figures = json.loads(run(plugin, tmp_path, "ink", "digits:", *flags, "--json").stdout)
    assert figures["ceiling"] > 0.3
    assert figures["drawing"]["drawn"]["well_formed"]["share"] == 1
    assert (
        figures["drawing"]["real"]["recognised"]["share"] > figures["drawing"]["drawn"]["recognised"]["share"]
    )
    kept = list((tmp_path / "cache" / "calligram" / "convnets").iterdir())
    assert len(kept) == 2


def test_several_models_print_one_object_a_line_and_stand_side_by_side(plugin: Path, tmp_path: Path) -> None:
    names = ("ink", "ink:pot")
    done = run(plugin, tmp_path, *names, "digits:", "--json", "-o", "two.json", "--report", "two.html")
    objects = [json.loads(line) for line in done.stdout.splitlines()]
    assert [figures["model"] for figures in objects] == list(names)
    assert objects[0]["accuracy"] != objects[1]["accuracy"]
    kept = (tmp_path / "two.json").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in kept] == objects
    assert "<h1>Side by side</h1>" in (tmp_path / "two.html").read_text(encoding="utf-8")
    shown = run(plugin, tmp_path, *names, "digits:", "--compare", "two.json").stdout
    head, accuracy = shown.splitlines()[1:3]
    assert head.split() == list(names)
    assert accuracy.split() == ["accuracy", *(f"{figures['accuracy']:.2%}" for figures in objects)]
    assert shown.count("within chance (p = 1.0000)") == 2


def test_robustness_is_measured_on_request(plugin: Path, tmp_path: Path) -> None:
    done = run(plugin, tmp_path, "ink", "digits:", "--limit", "12", "--suite", "robustness", "--json")
    robustness = json.loads(done.stdout)["robustness"]
    assert len(robustness["mnist_c"]["corruptions"]) == 15
    assert robustness["n"] == 12
    assert run(plugin, tmp_path, "ink", "digits:", "--limit", "12", "--json").stdout.count(
        '"robustness": null'
    )


def test_a_killed_run_goes_on_and_ends_with_the_same_figures(plugin: Path, tmp_path: Path) -> None:
    asked = ("ink:?pause_s=0.02", "digits:", "--suite", "robustness", "--limit", "20", "--batch", "10")
    asked += ("--abstention", "--strange", "4")
    done = kill_after(plugin, tmp_path, 30, *asked)
    steps = tmp_path / "killed.json.1.steps"

    resumed = run(plugin, tmp_path, *asked, "-o", "killed.json")
    assert resumed.returncode == 0
    assert f"goes on from killed.json.1.steps: {done} steps are done" in resumed.stderr
    assert not steps.exists()
    run(plugin, tmp_path, *asked, "-o", "whole.json")
    one, other = (json.loads((tmp_path / name).read_text()) for name in ("killed.json", "whole.json"))
    del one["run"]["seconds"], other["run"]["seconds"]
    assert one == other


def kill_after(plugin: Path, home: Path, lines: int, *asked: str) -> int:
    """Start a run, kill it once so many lines of its steps are written; return how many steps there are."""
    steps = home / "killed.json.1.steps"
    process = start(plugin, home, *asked, "-o", "killed.json")
    while process.poll() is None and (not steps.exists() or steps.read_bytes().count(b"\n") < lines):
        time.sleep(0.005)
    process.kill()
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    assert not (home / "killed.json").exists()
    return steps.read_bytes().count(b"\n") - 1


def test_a_run_that_was_killed_in_its_reading_does_not_go_on_with_other_pictures(
    plugin: Path, tmp_path: Path
) -> None:
    rng = np.random.default_rng(0)
    for place in range(30):
        path = tmp_path / "photos" / str(place % 3) / f"{place}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(rng.integers(0, 256, (28, 28), dtype=np.uint8)).save(path)
    asked = ("ink:?pause_s=0.1", "folder:photos?kind=digit", "--split", "all", "--batch", "1")
    done = kill_after(plugin, tmp_path, 4, *asked)
    assert done < 25
    Image.new("L", (28, 28), 9).save(path)
    resumed = run(plugin, tmp_path, *asked, "-o", "killed.json")
    assert resumed.returncode == 2
    assert "keeps the steps of a run with other pictures: delete it to begin anew" in resumed.stderr
    assert (tmp_path / "killed.json.1.steps").read_bytes().count(b"\n") - 1 == done


def test_drawing_that_was_killed_goes_on_and_ends_with_the_same_figures(plugin: Path, tmp_path: Path) -> None:
    pytest.importorskip("torch", reason="the judge needs the extra train")
    asked = ("ink:?pause_s=0.05", "digits:", "--suite", "drawing", "--drawings", "20", "--limit", "20")
    asked += ("--batch", "20", "--epochs", "1", "--train-limit", "100")
    done = kill_after(plugin, tmp_path, 6, *asked)
    drawn = (tmp_path / "killed.json.1.steps").read_text(encoding="utf-8").count('"step": "drawing ')
    assert 0 < drawn < 10
    resumed = run(plugin, tmp_path, *asked, "-o", "killed.json")
    assert resumed.returncode == 0, resumed.stderr
    assert f"{done} steps are done" in resumed.stderr
    whole = run(plugin, tmp_path, *asked, "-o", "whole.json")
    assert whole.returncode == 0
    one, other = (json.loads((tmp_path / name).read_text()) for name in ("killed.json", "whole.json"))
    del one["run"]["seconds"], other["run"]["seconds"]
    assert one["drawing"]["drawn"]["well_formed"]["n"] == 20
    assert one == other


def test_steps_of_another_question_are_not_mixed_in(plugin: Path, tmp_path: Path) -> None:
    steps = tmp_path / "f.json.1.steps"
    steps.write_text('{"run": {"model": "other"}}\n', encoding="utf-8")
    done = run(plugin, tmp_path, "ink", "digits:", "-o", "f.json")
    assert done.returncode == 2
    assert "keeps the steps of another run, which differs in model, model_options, options, see_options" in (
        done.stderr
    )


def test_a_folder_of_unseen_images_is_prepared_as_they_are_seen(plugin: Path, tmp_path: Path) -> None:
    for label in "12":
        (tmp_path / "photos" / label).mkdir(parents=True)
        for place in range(3):
            sheet = Image.new("L", (120, 90), 230)
            ImageDraw.Draw(sheet).line((40 + 5 * place, 20, 60, 75), fill=20, width=8)
            sheet.save(tmp_path / "photos" / label / f"{place}.png")
    asked = ("ink", "folder:photos?kind=digit", "--split", "all", "--json")
    figures = json.loads(run(plugin, tmp_path, *asked).stdout)
    assert figures["framing"] == {"way": "auto", "polarity": "auto", "paper": 0, "ink": 255}
    assert figures["n"] == 6
    figures = json.loads(run(plugin, tmp_path, *asked, "--framing", "fit").stdout)
    assert figures["framing"]["way"] == "fit"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("nothing", "digits:"), "there is no 'nothing' among the models"),
        (("ink", "nowhere:"), "there is no 'nowhere' among the sources"),
        (("ink", "digits:", "--layout", "none"), "there is no layout 'none'"),
        (("ink", "idx:missing"), "missing is no folder"),
        (("ink", "digits:", "--epochs", "0"), "epochs is 0, but must be from 1 to 200"),
        (("ink", "digits:", "--abstention", "--photos", "missing"), "missing is no folder"),
        (("ink", "digits:", "--report", "missing/r.html"), "cannot be written"),
        (("ink", "digits:", "--split", "train", "--ceiling"), "share pictures"),
        (("ink", "digits:", "--suite", "everything"), "is not one of 'reading', 'robustness', 'drawing'"),
        (("ink", "digits:", "--compare", "missing.json"), "missing.json is no file of figures"),
        (("ink", "digits:", "--base-url", "http://localhost"), "the model 'ink' is behind no endpoint"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_2(
    plugin: Path, tmp_path: Path, arguments: tuple[str, ...], sentence: str
) -> None:
    done = run(plugin, tmp_path, *arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert sentence in done.stderr
    assert done.stderr.startswith("calligram: ")
    assert done.stderr.count("\n") == 1
    assert not [path for path in tmp_path.iterdir() if path.name != "cache"]
