"""``calligram evaluate`` as a script meets it, with a model that another package adds."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

PLUGIN = '''
"""A model from another package: it reads by ink and draws full grids."""

import numpy as np

from calligram.models.base import Model, Reading


class Ink(Model):
    name = "ink"

    def read(self, levels, layout, question, candidates=None, *, familiarity=True):
        names = list(candidates or "0123456789")
        places = levels.reshape(len(levels), -1).sum(axis=1) % len(names)
        return [Reading(names[k], 0.5, [(names[k], 0.5)], None, bool(k == 0)) for k in places]

    def draw(self, request, layout, count=1, options=None, *, prefix_levels=None, on_row=None):
        rng = np.random.default_rng(options.seed)
        return list(rng.integers(0, layout.level_count, (count, *layout.grid())).astype(np.uint8))

    def bits_per_cell(self, levels, layout, request=None):
        return np.ones(len(levels))

    def describe(self):
        return {"name": self.name}


def load(place):
    return Ink()
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


def run(plugin: Path, home: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    code = "from calligram.cli.main import main; main()"
    environment = {**os.environ, "PYTHONPATH": str(plugin), "HOME": str(home), "OMP_NUM_THREADS": "1"}
    environment |= {"XDG_CACHE_HOME": str(home / "cache"), "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-c", code, "evaluate", *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, env=environment, cwd=home, encoding="utf-8"
    )


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
