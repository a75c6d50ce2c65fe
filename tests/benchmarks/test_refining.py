"""The comparison of refining: every way looks at the same briefs, and none has an unfair start."""

from pathlib import Path

import pytest
from benchmarks.refining import IMAGES, ROUNDS, WAYS, Studio, Task, measure, read_script, read_tasks
from benchmarks.refining_page import lines_of
from tests.art.refining_things import make_model, make_painter, open_talking

from calligram.art.refining_asking import REVISE
from calligram.art.refining_brief import Brief
from calligram.art.refining_wishes import Wish
from calligram.models.base import SamplingOptions, Turn

RED = (Wish("colour", "red"),)


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    script = make_model(
        tmp_path / "m.json",
        {"words": "red disc", "avoid": "", "why": "plainly"},
        when="^You choose",
    )
    (tmp_path / "m.json").write_text(
        (tmp_path / "m.json").read_text()[:-1] + ', {"say": {"wishes": []}}]', encoding="utf-8"
    )
    return Studio({"": ()}, lambda: open_talking(script), lambda image, subject: True)


def tasks(tmp_path: Path) -> list[Task]:
    painter = make_painter(
        tmp_path / "painter",
        [
            {"when": "^red disc", "paint": "red.png"},
            {"when": "lucky", "paint": ["blue.png", "red.png"]},
            {"when": "always", "paint": "red.png"},
            {"paint": "blue.png"},
        ],
    )
    words = ("a scarlet disc", "a lucky disc", "always", "never seen")
    return [Task(number, painter, Brief(each, RED)) for number, each in enumerate(words, 1)]


def test_each_way_comes_to_what_it_can(tmp_path: Path, studio: Studio) -> None:
    found = measure(tasks(tmp_path), studio)
    reached = {way: [each["reached"][way] for each in found["each"]] for way in WAYS}
    assert reached["one shot"] == [False, False, True, False]
    assert reached["best of n"] == [False, True, True, False]
    assert reached["model"] == [True, True, True, True]
    images = {way: [each["images"][way] for each in found["each"]] for way in WAYS}
    assert images["one shot"] == [1, 1, 1, 1]
    assert images["best of n"] == [ROUNDS * IMAGES, IMAGES, IMAGES, ROUNDS * IMAGES]
    assert images["model"] == [2 * IMAGES, IMAGES, IMAGES, 2 * IMAGES]
    assert found["compared"]["model with best of n"]["only_now"] == 2
    assert found["ways"]["model"]["share"] == 1


def test_the_page_tells_every_way_and_every_brief(tmp_path: Path, studio: Studio) -> None:
    told = "\n".join(lines_of(measure(tasks(tmp_path)[:2], studio)))
    assert "| one shot | 0 (0%) |" in told
    assert "| best of 16, the same words | 1 (50%) |" in told
    assert "| a scarlet disc | scripted:" in told


def test_there_are_fifty_briefs_with_wishes_and_the_script_has_words_for_each() -> None:
    found = read_tasks()
    assert len(found) == len({task.brief.words for task in found}) == 50
    assert all(task.brief.wishes for task in found)
    script = read_script()
    for task in found:
        told = REVISE.format(words=task.brief.words, avoid="", wishes="", tried="", most=60)
        first, second = (
            script.reply([Turn("user", told)], SamplingOptions(seed=0), 200).text for _ in range(2)
        )
        assert first != second
