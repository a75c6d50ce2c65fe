"""Racing contenders and holding their figures against marks."""

import subprocess
import sys
import time

import pytest
from benchmarks.processes import spend
from benchmarks.racing import Contender, Mark, race, run_quietly


def work(loops: int) -> None:
    sum(number * number for number in range(loops))


def test_the_ratio_follows_the_work_done() -> None:
    contenders = [Contender("base", lambda: work(100_000)), Contender("tenfold", lambda: work(1_000_000))]
    task = race("squares", contenders, units=10, base="base", rounds=3)
    rows = {row["name"]: row for row in task.to_figures()["rows"]}
    assert rows["base"]["ratio"] == 1
    assert 4 < rows["tenfold"]["ratio"] < 25
    assert rows["base"]["rounds"] == 3


def test_a_sleeper_takes_wall_time_and_no_processor_time() -> None:
    task = race("sleep", [Contender("sleeper", lambda: time.sleep(0.05))], 1, "sleeper", rounds=1, warm=False)
    row = task.rows[0]
    assert row["wall_ms"] >= 50
    assert row["cpu_ms"] < 25


def test_the_time_of_child_processes_counts() -> None:
    code = "sum(n * n for n in range(2_000_000))"
    child = Contender("child", lambda: run_quietly([sys.executable, "-c", code]))
    assert race("child", [child], 1, "child", rounds=1, warm=False).rows[0]["cpu_ms"] > 20


def test_an_absent_contender_is_listed_with_its_reason_and_no_figure() -> None:
    contenders = [Contender("here", lambda: work(10)), Contender("away", None, absent="not installed")]
    task = race("any", contenders, 1, "here", rounds=1)
    away = task.to_figures()["rows"][1]
    assert (away["absent"], away["ratio"]) == ("not installed", None)
    assert task.ratio("here", "away") is None


def test_a_failing_command_is_an_error_with_what_it_said() -> None:
    with pytest.raises(subprocess.CalledProcessError) as caught:
        run_quietly([sys.executable, "-c", "raise SystemExit('no such luck')"])
    assert b"no such luck" in caught.value.stderr


@pytest.mark.parametrize(
    ("value", "kind", "reached"),
    [(0.5, "at most", True), (1.5, "at most", False), (1.5, "at least", True), (None, "at least", None)],
)
def test_a_mark_is_reached_or_not_or_not_measured(
    value: float | None, kind: str, reached: bool | None
) -> None:
    assert Mark("any", value, 1.0, kind).to_figures()["reached"] is reached


def test_the_memory_of_a_command_and_of_its_children_is_told() -> None:
    hold = "import time; held = b'x' * (60 << 20); time.sleep(0.4)"
    alone = spend([sys.executable, "-c", hold])
    twice = (
        f"import subprocess, sys; p = subprocess.Popen([sys.executable, '-c', {hold!r}]); {hold}; p.wait()"
    )
    both = spend([sys.executable, "-c", twice])
    assert 60 < alone.memory_mib < 110
    assert alone.wall_s > 0.4
    if both.memory_kind == "tree":
        assert both.memory_mib > 120


def test_a_command_that_fails_is_not_timed() -> None:
    with pytest.raises(subprocess.CalledProcessError) as caught:
        spend([sys.executable, "-c", "raise SystemExit('broken')"])
    assert b"broken" in caught.value.stderr


def test_a_contender_run_apart_leaves_nothing_behind_and_its_time_counts() -> None:
    left: list[int] = []
    apart = Contender("apart", lambda: (left.append(1), work(1_000_000)), apart=True)
    row = race("any", [apart], 1, "apart", rounds=2).rows[0]
    assert (left, row["rounds"]) == ([], 2)
    assert row["cpu_ms"] > 10
