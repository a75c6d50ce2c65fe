"""The door: versions, help, usage errors, pipes, completion."""

import errno
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from calligram import __version__, registry
from calligram.cli.main import reader_left

Command = Callable[[list[object]], tuple[int, str, str]]
DOOR = [sys.executable, "-c", "from calligram.cli.main import main; main()"]


def test_the_version_is_told(calligram_command: Command) -> None:
    assert calligram_command(["--version"]) == (0, f"calligram {__version__}\n", "")


@pytest.mark.parametrize("words", [[], ["--help"], ["-h"]])
def test_the_help_names_every_command(words: list[object], calligram_command: Command) -> None:
    code, out, _ = calligram_command(words)
    assert code == 0
    for name in registry.members("cli.commands"):
        assert name in out


@pytest.mark.parametrize("name", registry.members("cli.commands"))
def test_every_command_has_help(name: str, calligram_command: Command) -> None:
    code, out, _ = calligram_command([name, "--help"])
    assert code == 0
    assert f"calligram {name}" in out


@pytest.mark.parametrize("name", ["see", "draw", "demo"])
def test_the_help_has_examples(name: str, calligram_command: Command) -> None:
    out = calligram_command([name, "--help"])[1]
    assert out.count(f"calligram {name}") > 1


@pytest.mark.parametrize("words", [["paint"], ["see", "--colour"], ["--loud"], ["see"]])
def test_a_usage_error_is_one_sentence_with_the_next_step(
    words: list[object], calligram_command: Command
) -> None:
    code, out, err = calligram_command(words)
    assert (code, out) == (2, "")
    assert err.startswith("calligram: ")
    assert "--help'" in err
    assert err.count("\n") == 1


def test_options_taken_over_stand_under_their_own_heading(calligram_command: Command) -> None:
    out = calligram_command(["draw", "--help"])[1]
    assert "Sampling" in out
    assert out.index("--layout") < out.index("--temperature")


def test_a_pipe_that_closes_early_is_no_error() -> None:
    process = subprocess.Popen([*DOOR, "--help"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    with process.stderr:
        assert process.stderr.read() == b""
    assert process.wait() == 0


def stop_after(fault: Exception) -> None:
    """Stop with code 1 while a fault is handled, as Typer and rich do."""
    try:
        raise fault
    except (OSError, ValueError):
        sys.exit(1)


@pytest.mark.parametrize(
    ("fault", "left"),
    [
        (BrokenPipeError(errno.EPIPE, "gone"), True),
        (OSError(errno.ENOSPC, "full"), False),
        (ValueError(), False),
    ],
)
def test_only_a_broken_pipe_makes_a_stop_with_code_1_a_success(fault: Exception, left: bool) -> None:
    with pytest.raises(SystemExit) as stopped:
        stop_after(fault)
    assert reader_left(stopped.value) == left
    assert not reader_left(SystemExit(1))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_one_sentence() -> None:
    with open("/dev/full", "wb") as full:  # noqa: PTH123
        done = subprocess.run([*DOOR, "--help"], stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith(b"calligram: the system refused (No space left")
    assert done.stderr.count(b"\n") == 1


def test_names_of_commands_are_completed() -> None:
    told = {"_CALLIGRAM_COMPLETE": "complete_bash", "COMP_WORDS": "calligram d", "COMP_CWORD": "1"}
    done = subprocess.run(DOOR, env={**os.environ, **told}, capture_output=True, text=True, check=False)
    assert {"demo", "draw"} <= set(done.stdout.split())
    assert "see" not in done.stdout.split()


def test_names_of_options_are_completed() -> None:
    told = {"_CALLIGRAM_COMPLETE": "complete_bash", "COMP_WORDS": "calligram see --fr", "COMP_CWORD": "2"}
    done = subprocess.run(DOOR, env={**os.environ, **told}, capture_output=True, text=True, check=False)
    assert {"--frame", "--framing"} <= set(done.stdout.split())


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_every_shell_gets_its_completion_script(shell: str) -> None:
    told = {"_CALLIGRAM_COMPLETE": f"source_{shell}"}
    done = subprocess.run(DOOR, env={**os.environ, **told}, capture_output=True, text=True, check=False)
    assert "_CALLIGRAM_COMPLETE" in done.stdout
