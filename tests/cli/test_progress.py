"""Progress on standard error."""

import sys

import pytest

from calligram.cli.progress import progress, training_progress


class Terminal:
    """Standard error as a terminal, which keeps what it is given."""

    encoding = "utf-8"

    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str) -> int:
        self.text += text
        return len(text)

    def flush(self) -> None:
        """Do nothing."""

    def isatty(self) -> bool:
        return True


def look_at_terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Return a terminal that is standard error; not a fixture, since pytest sets its own before a test."""
    made = Terminal()
    monkeypatch.setattr(sys, "stderr", made)
    return made


def test_a_training_that_ends_between_two_tellings_ends_its_line(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = look_at_terminal(monkeypatch)
    with training_progress(50) as tell:
        for step in (20, 40):
            tell(step, "loss 1.0")
    assert terminal.text.endswith("\n")
    assert terminal.text.count("\n") == 1
    assert "step 40 of 50  loss 1.0" in terminal.text


def test_without_a_terminal_the_last_line_is_told_once(capsys: pytest.CaptureFixture[str]) -> None:
    with training_progress(420) as tell:
        for step in range(20, 421, 20):
            tell(step, "loss 1.0")
    told = capsys.readouterr().err.splitlines()
    assert [line.split("  ")[0] for line in told] == [f"step {step} of 420" for step in (200, 400, 420)]


def test_each_thing_has_its_own_bar_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = look_at_terminal(monkeypatch)
    with progress() as tell:
        assert tell is not None
        tell("reading", 1, 2)
        tell("drawing", 3, 4)
    assert "reading" in terminal.text
    assert "drawing" in terminal.text


def test_nothing_is_shown_where_nobody_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = look_at_terminal(monkeypatch)
    with progress(quiet=True) as tell:
        assert tell is None
    assert terminal.text == ""
