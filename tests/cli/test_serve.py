"""``calligram serve``: a real process, stopped and killed."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

pytest.importorskip("fastapi", reason="serving needs the extra serve")
pytest.importorskip("uvicorn", reason="serving needs the extra serve")
openai = pytest.importorskip("openai", reason="the official client is in the extra dev")

Command = Callable[[list[object]], tuple[int, str, str]]
EXAMPLES = Path(__file__).parents[2] / "examples"
DOOR = [sys.executable, "-c", "from calligram.cli.main import main; main()"]


class Running(NamedTuple):
    """A server's process, and where it is reached."""

    process: subprocess.Popen[str]
    url: str


@pytest.fixture
def running(tiny_model: str, tmp_path: Path) -> Iterator[Running]:
    """A server in a process of its own, as a person starts one."""
    process = subprocess.Popen(
        [*DOOR, "serve", "--port", "0", "--model", tiny_model],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "HOME": str(tmp_path)},
    )
    with process:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith(f"{tiny_model} is served at http://127.0.0.1:"), line
        yield Running(process, line.split(" at ")[1].split()[0])
        process.kill()


def draw(client: Any, model: str) -> Iterator[Any]:
    """Begin a long drawing."""
    stream: Iterator[Any] = client.chat.completions.create(
        model=model,
        messages=[{"role": "user", "content": "draw the digit 5, full"}],
        n=128,
        seed=1,
        stream=True,
    )
    return stream


def speak(client: Any, model: str) -> Iterator[Any]:
    """Begin a long text."""
    stream: Iterator[Any] = client.completions.create(
        model=model, prompt="5", n=128, seed=1, max_tokens=200, stream=True
    )
    return stream


STOPPED = "the server was stopped before the answer was whole"


@pytest.mark.skipif(sys.platform == "win32", reason="needs signals")
@pytest.mark.parametrize(
    ("begin", "sign", "code", "told"),
    [
        (draw, signal.SIGINT, 0, STOPPED),
        (speak, signal.SIGINT, 0, STOPPED),
        (draw, signal.SIGKILL, -signal.SIGKILL, "Connection error"),
    ],
    ids=["drawing and stopped", "speaking and stopped", "drawing and killed"],
)
def test_a_server_that_goes_away_mid_stream_leaves_a_clear_error(
    begin: Callable[[Any, str], Iterator[Any]],
    sign: signal.Signals,
    code: int,
    told: str,
    running: Running,
    tiny_model: str,
) -> None:
    with openai.OpenAI(base_url=running.url, api_key="none", max_retries=0) as client:
        stream = begin(client, tiny_model)
        next(stream)
        running.process.send_signal(sign)
        with pytest.raises(openai.APIError, match=told):
            list(stream)
    assert running.process.wait(20) == code
    assert running.process.stderr is not None
    assert running.process.stderr.read() == ""


@pytest.mark.skipif(sys.platform == "win32", reason="needs signals")
def test_our_own_client_of_a_killed_server_is_told_in_one_sentence(
    running: Running,
    tiny_model: str,
    calligram_command: Command,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from calligram.errors import EndpointError
    from calligram.models.base import SamplingOptions, open_model
    from calligram.picture import get_layout

    monkeypatch.setenv("CALLIGRAM_CACHE", str(tmp_path / "cache"))
    model = open_model(f"openai:{tiny_model}?retries=0&concurrency=1", running.url)
    told: list[int] = []

    def kill_once(number: int, row: int, levels: Any) -> None:
        told.append(number)
        running.process.send_signal(signal.SIGKILL)

    with pytest.raises(EndpointError, match=r"cannot be reached, or broke off .* the same command goes on"):
        model.draw("the digit 5", get_layout("full"), 30, SamplingOptions(seed=1), on_row=kill_once)
    assert running.process.wait(20) == -signal.SIGKILL
    assert set(told) < set(range(30))
    for command in (["see", EXAMPLES / "three.png"], ["draw", "the digit 5", "--seed", "99"]):
        words = [*command, "--model", f"openai:{tiny_model}?retries=0", "--base-url", running.url]
        code, out, err = calligram_command(words)
        assert (code, out, err.count("\n")) == (2, "", 1)
        assert f"the endpoint {running.url} of openai:{tiny_model} cannot be reached" in err


def test_a_port_in_use_is_one_sentence_and_code_2(tiny_model: str, calligram_command: Command) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, out, err = calligram_command(["serve", "--model", tiny_model, "--port", port])
    assert (code, out) == (2, "")
    assert err == (
        f"calligram: port {port} of 127.0.0.1 is in use already: "
        "choose another with --port, or --port 0 for a free one\n"
    )


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--port", "70000"], "port is 70000, but must be from 0 to 65535"),
        (["--host", "300.1.1.1"], "host is '300.1.1.1'"),
        (["--host", "nowhere.invalid"], "host is 'nowhere.invalid'"),
        (["--host", "a..b"], "host is 'a..b'"),
        (["--layout", "coarse"], "there is no layout 'coarse'"),
        (["--api-key-env", "NO_SUCH_KEY"], "api_key_env names 'NO_SUCH_KEY'"),
        (["--max-request-bytes", "0"], "max_request_bytes is 0"),
        (["--model", "crystal:ball"], "there is no 'crystal' among the models"),
    ],
)
def test_bad_input_gives_one_sentence_and_code_2(
    words: list[object], sentence: str, tiny_model: str, calligram_command: Command
) -> None:
    code, out, err = calligram_command(["serve", "--model", tiny_model, *words])
    assert (code, out) == (2, "")
    assert sentence in err
    assert err.count("\n") == 1


@pytest.mark.parametrize("package", ["fastapi", "uvicorn"])
def test_a_missing_extra_is_named_with_its_command(package: str, tiny_model: str, tmp_path: Path) -> None:
    code = f"import sys; sys.modules[{package!r}] = None\nfrom calligram.cli.main import main; main()"
    words = [sys.executable, "-c", code, "serve", "--port", "0", "--model", tiny_model]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 2
    assert done.stderr == (
        f"calligram: serving a model needs the package {package!r}, which is not installed: "
        "run pip install 'calligram[serve]'\n"
    )
