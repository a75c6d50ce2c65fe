"""``calligram evaluate`` over real connections, one of which breaks."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.models.endpoints import AnthropicHandler, Endpoint, OpenAIHandler
from tests.models.endpoints import running as running_endpoint

pytest.importorskip("openai", reason="endpoints need the extra endpoints")
pytest.importorskip("anthropic", reason="endpoints need the extra endpoints")

DOOR = [sys.executable, "-c", "from calligram.cli.main import main; main()"]
ASKED = ("digits:", "--split", "test", "--layout", "classic", "--limit", "40", "--json")


def evaluate(home: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run the command in a home of its own, with no key in sight."""
    hidden = {"OPENAI_API_KEY", "OPENAI_BASE_URL", "ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL"}
    environment = {name: value for name, value in os.environ.items() if name not in hidden}
    environment |= {"HOME": str(home), "XDG_CACHE_HOME": str(home / "cache"), "OMP_NUM_THREADS": "1"}
    command = [*DOOR, "evaluate", *arguments]
    return subprocess.run(command, text=True, capture_output=True, env=environment, cwd=home, check=False)


@contextmanager
def served(model: str, home: Path) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """Serve a model in a process of its own; give the process and the address."""
    pytest.importorskip("uvicorn", reason="serving needs the extra serve")
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "text": True}
    environment = {**os.environ, "HOME": str(home), "OMP_NUM_THREADS": "1"}
    with subprocess.Popen(
        [*DOOR, "serve", "--port", "0", "--model", model], cwd=home, env=environment, **pipes
    ) as process:
        assert process.stdout is not None
        yield process, process.stdout.readline().split(" at ")[1].split()[0]
        process.kill()


@pytest.mark.parametrize("api", ["chat", "completions"])
def test_the_served_builtin_model_gets_the_figures_of_the_builtin_model(tmp_path: Path, api: str) -> None:
    with served("builtin", tmp_path) as (_, url):
        name = f"openai:builtin?api={api}"
        over = evaluate(tmp_path, name, *ASKED, "--base-url", url)
    here = evaluate(tmp_path, "builtin", *ASKED)
    assert (over.returncode, here.returncode) == (0, 0), over.stderr + here.stderr
    one, other = json.loads(over.stdout), json.loads(here.stdout)
    assert one["n"] == 40
    assert one["accuracy"] == other["accuracy"] > 0.5
    assert one["outcomes"] == other["outcomes"]


@pytest.mark.parametrize(
    ("kind", "handler"),
    [("openai", OpenAIHandler), ("anthropic", AnthropicHandler)],
    ids=["openai", "anthropic"],
)
def test_an_endpoint_that_answers_in_words_is_measured(
    tmp_path: Path, kind: str, handler: type[OpenAIHandler] | type[AnthropicHandler]
) -> None:
    with running_endpoint(Endpoint(lambda body: "It looks like the digit seven."), handler) as endpoint:
        done = evaluate(tmp_path, f"{kind}:any", *ASKED, "--open-answers", "--base-url", endpoint.base_url)
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    sevens = next(row for row in figures["reading"]["per_class"]["classes"] if row["class"] == "7")
    assert sevens["recall"] == 1
    assert figures["accuracy"] == pytest.approx(sevens["n"] / 40)


def test_an_address_goes_to_the_models_that_are_behind_an_endpoint(tmp_path: Path) -> None:
    with running_endpoint(Endpoint(lambda body: "7"), OpenAIHandler) as endpoint:
        done = evaluate(tmp_path, "builtin", "openai:any", *ASKED, "--base-url", endpoint.base_url)
    assert done.returncode == 0, done.stderr
    here, far = (json.loads(line) for line in done.stdout.splitlines())
    assert (here["model"], far["model"]) == ("builtin", "openai:any")
    assert here["accuracy"] > 0.5
    assert here["run"]["options"]["base_url"] == ""
    assert far["run"]["options"]["base_url"] == endpoint.base_url
    done = evaluate(tmp_path, "builtin", "scripted:s.json", *ASKED, "--base-url", "http://127.0.0.1:1")
    assert done.returncode == 2
    assert "the model 'builtin' or 'scripted:s.json' is behind no endpoint" in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="needs signals")
def test_a_server_that_is_killed_leaves_a_sentence_and_a_run_that_goes_on(
    tmp_path: Path, tiny_model: str
) -> None:
    asked = ("digits:", "--limit", "60", "--layout", "classic", "--batch", "5", "-o", "far.json")
    steps, name = tmp_path / "far.json.1.steps", f"openai:{tiny_model}?retries=1&cache=no&concurrency=1"
    with served(tiny_model, tmp_path) as (process, url):

        def kill_in_the_middle() -> None:
            while process.poll() is None:
                if steps.exists() and steps.read_bytes().count(b"\n") >= 4:
                    process.send_signal(signal.SIGKILL)
                    return

        watcher = threading.Thread(target=kill_in_the_middle, daemon=True)
        watcher.start()
        broken = evaluate(tmp_path, name, *asked, "--base-url", url)
        watcher.join(timeout=10)
    assert broken.returncode == 2
    assert "Traceback" not in broken.stderr
    assert "cannot be reached" in broken.stderr or "broke off" in broken.stderr, broken.stderr
    assert not (tmp_path / "far.json").exists()
    port = url.rsplit(":", 1)[1].split("/")[0]
    done = steps.read_bytes().count(b"\n") - 1
    assert 0 < done < 12
    with served_again(tiny_model, tmp_path, port):
        resumed = evaluate(tmp_path, name, *asked, "--base-url", url)
        whole = evaluate(tmp_path, name, *asked[:-1], "whole.json", "--base-url", url)
    assert (resumed.returncode, whole.returncode) == (0, 0), resumed.stderr + whole.stderr
    assert f"{done} steps are done" in resumed.stderr
    one, other = (json.loads((tmp_path / file).read_text()) for file in ("far.json", "whole.json"))
    for figures in (one, other):
        del figures["run"]["seconds"]
    assert one["outcomes"] == other["outcomes"]
    assert one["reading"] == other["reading"]


@contextmanager
def served_again(model: str, home: Path, port: str) -> Iterator[None]:
    """Serve a model at the port of before."""
    command = [*DOOR, "serve", "--port", port, "--model", model]
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "text": True}
    with subprocess.Popen(command, cwd=home, env={**os.environ, "HOME": str(home)}, **pipes) as process:
        assert process.stdout is not None
        assert "is served at" in process.stdout.readline()
        yield
        process.kill()
