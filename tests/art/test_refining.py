"""The loop: rounds until the brief is met, kept and gone on with, within its budget, best by evidence."""

import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from tests.art.refining_things import FOUR, ONE, make_model, make_painter, open_talking

from calligram.art.painting import PaintOptions
from calligram.art.refining import Hands, Refined, RefineOptions, refine
from calligram.art.refining_brief import Brief, make_brief
from calligram.art.refining_looks import BuiltinReader
from calligram.art.refining_rounds import Round
from calligram.errors import InputError, ModelError, OutputError, RequestError
from calligram.models.base import open_model
from calligram.painters.base import Order, Painted, Painter, open_painter

WISHED = [
    {"when": "disc, dark|dark, a", "paint": ["night.png", "red.png"]},
    {"paint": ["deep.png", "blue.png"]},
]
"""A painter that heeds what is said plainly, or first."""


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep what is kept in a folder of the test."""
    monkeypatch.setenv("CALLIGRAM_CACHE", str(tmp_path / "cache"))


def brief() -> Brief:
    return make_brief("a dark picture of a red disc, no blue")


def hands(folder: Path, rules: Any = None, **more: Any) -> Hands:
    spelling = make_painter(folder / "painter", WISHED if rules is None else rules)
    return Hands(open_painter(spelling), spelling=spelling, **more)


def run(tmp_path: Path, rules: Any = None, options: RefineOptions = FOUR, **more: Any) -> Refined:
    return refine(brief(), hands(tmp_path, rules, **more), tmp_path / "out", ONE, options)


def test_words_are_chosen_anew_until_an_image_meets_the_brief(tmp_path: Path) -> None:
    told: list[Round] = []
    done = refine(brief(), hands(tmp_path), tmp_path / "out", ONE, FOUR, told.append)
    assert done.reached
    assert done.missing == ()
    assert done.rounds[0].attempt.words == brief().words
    assert done.best is not None
    assert done.best.settings == {"file": "night.png"}
    assert done.best.round == len(done.rounds) == len(told) > 1
    assert "meets the brief" in done.stopped


def test_the_first_image_is_what_painting_once_gives(tmp_path: Path) -> None:
    done = run(tmp_path)
    first = done.rounds[0].shots[0]
    painter = hands(tmp_path).painter
    (once,) = painter.paint(Order(brief().words, brief().avoid, seed=0))
    with Image.open(done.folder / first.file) as kept:
        assert kept.tobytes() == once.image.tobytes()


def test_no_image_is_painted_from_the_same_words_and_seed_twice(tmp_path: Path) -> None:
    done = run(tmp_path, [{"paint": "blue.png"}])
    asked = [(each.attempt.words, shot.seed) for each in done.rounds for shot in each.shots]
    assert len(set(asked)) == len(asked) == 8


def test_what_still_misses_is_said(tmp_path: Path) -> None:
    done = run(tmp_path, [{"paint": ["blue.png", "red.png"]}])
    assert not done.reached
    assert done.stopped == "all 4 rounds are done"
    assert done.best is not None
    assert done.best.settings == {"file": "red.png"}
    assert [sentence.partition(" (")[0] for sentence in done.missing] == ["missed: dark"]
    assert any("was not checked" in remark for remark in done.remarks)


def test_of_equals_the_earlier_image_is_the_best(tmp_path: Path) -> None:
    done = run(tmp_path, [{"paint": "blue.png"}])
    assert done.best is not None
    assert (done.best.round, done.best.number) == (1, 1)


def test_every_round_is_kept_with_images_looks_and_words(tmp_path: Path) -> None:
    done = run(tmp_path)
    for each in done.rounds:
        folder = done.folder / f"rounds/{each.number:02}"
        told = json.loads((folder / "round.json").read_text(encoding="utf-8"))
        assert told["words"] == each.attempt.words
        assert [image["file"] for image in told["images"]] == [shot.file for shot in each.shots]
        assert {path.name for path in folder.iterdir()} == {"1.png", "1.txt", "2.png", "2.txt", "round.json"}
        assert "What is measured on the picture" in (folder / "1.txt").read_text(encoding="utf-8")
    result = json.loads((done.folder / "result.json").read_text(encoding="utf-8"))
    assert result["reached"] is True
    assert len(result["rounds"]) == len(done.rounds)


class Counting(Painter):
    """A painter that counts, and may break."""

    name = "counting"

    def __init__(self, painter: Painter, most: int = 1000) -> None:
        self.painter, self.most, self.orders = painter, most, list[Order]()

    def paint(self, order: Order, count: int = 1) -> list[Painted]:
        if len(self.orders) >= self.most:
            raise ModelError("the painter broke: mend it")
        self.orders.append(order)
        return list(self.painter.paint(order, count))


def test_a_broken_run_goes_on_where_it_was(tmp_path: Path) -> None:
    spelling = make_painter(tmp_path / "painter", [{"paint": "blue.png"}])
    painter = open_painter(spelling)
    whole = refine(brief(), Hands(painter, spelling="x"), tmp_path / "whole", ONE, FOUR)
    breaking = Counting(painter, 3)
    with pytest.raises(ModelError, match="broke"):
        refine(brief(), Hands(breaking, spelling="x"), tmp_path / "out", ONE, FOUR)
    going = Counting(painter)
    done = refine(brief(), Hands(going, spelling="x"), tmp_path / "out", ONE, FOUR)
    assert len(going.orders) == 5
    assert done.rounds == whole.rounds
    assert done.spent.images == 8


def test_a_finished_run_paints_nothing_more_until_more_rounds_are_asked_for(tmp_path: Path) -> None:
    rules = [{"paint": "blue.png"}]
    first = run(tmp_path, rules)
    assert run(tmp_path, rules).rounds == first.rounds
    more = run(tmp_path, rules, RefineOptions(rounds=5))
    assert more.rounds[:4] == first.rounds
    assert (len(more.rounds), more.spent.images) == (5, 10)


def test_a_seed_that_was_not_given_is_kept_for_going_on(tmp_path: Path) -> None:
    open_ = PaintOptions(number=1)
    first = refine(brief(), hands(tmp_path, [{"paint": "blue.png"}]), tmp_path / "out", open_, FOUR)
    again = refine(
        brief(), hands(tmp_path, [{"paint": "blue.png"}]), tmp_path / "out", open_, RefineOptions(rounds=5)
    )
    assert again.rounds[:4] == first.rounds
    assert again.rounds[4].shots[0].seed == (first.rounds[0].shots[0].seed or 0) + 4


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (PaintOptions(number=3, seed=0), "another number"),
        (PaintOptions(number=2, seed=5), "another seed"),
        (PaintOptions(number=2, seed=0, width=80), "another width"),
    ],
)
def test_a_folder_of_another_refinement_is_left_alone(tmp_path: Path, asked: PaintOptions, told: str) -> None:
    run(tmp_path)
    with pytest.raises(InputError, match=told):
        refine(brief(), hands(tmp_path), tmp_path / "out", asked, FOUR)
    with pytest.raises(InputError, match="another words"):
        refine("a bright blue disc", hands(tmp_path), tmp_path / "out", ONE, FOUR)


@pytest.mark.parametrize(
    ("bounds", "images", "told"),
    [
        ({"most_images": 3}, 3, "most_images is 3"),
        ({"most_images": 1}, 1, "most_images is 1"),
        ({"most_seconds": 1}, None, "most_seconds is 1"),
    ],
)
def test_the_budget_stops_it_and_says_which_bound(
    tmp_path: Path, bounds: dict[str, int], images: int | None, told: str
) -> None:
    spelling = make_painter(tmp_path / "painter", [{"paint": "blue.png"}], 0.3 if images is None else 0)
    done = refine(
        brief(), Hands(open_painter(spelling)), tmp_path / "out", ONE, RefineOptions(rounds=40, **bounds)
    )
    assert told in done.stopped
    assert images is None or done.spent.images == images
    assert done.spent.images < 80
    assert done.best is not None
    assert json.loads((done.folder / "result.json").read_text(encoding="utf-8"))["stopped"] == done.stopped


def test_a_bound_that_is_raised_goes_on_in_the_middle_of_a_round(tmp_path: Path) -> None:
    rules = [{"paint": "blue.png"}]
    run(tmp_path, rules, RefineOptions(rounds=4, most_images=3))
    assert run(tmp_path, rules).rounds == run(tmp_path / "other", rules).rounds


def test_words_that_the_painter_refuses_are_replaced(tmp_path: Path) -> None:
    rules = [{"when": "^a dark picture", "refuse": "too long"}, {"paint": "night.png"}]
    done = run(tmp_path, rules)
    assert done.reached
    assert done.rounds[0].shots == ()
    assert all("too long" in fault for fault in done.rounds[0].refused.values())


def test_a_painter_that_refuses_everything_says_why(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="never; use other words"):
        run(tmp_path, [{"refuse": "never"}])


def test_a_brief_that_nothing_can_check_is_refused_before_anything_is_painted(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nothing that 'a wish' wishes can be checked"):
        refine("a wish", hands(tmp_path), tmp_path / "out", ONE, FOUR)
    assert not (tmp_path / "out/rounds").exists()


def test_a_format_that_is_missed_is_asked_for_in_pixels(tmp_path: Path) -> None:
    done = refine(
        "a red disc in an upright format",
        hands(tmp_path, [{"paint": "red.png"}]),
        tmp_path / "out",
        ONE,
        FOUR,
    )
    assert done.reached
    assert done.best is not None
    assert (done.best.width, done.best.height) == (43, 64)


def test_a_model_chooses_the_words(tmp_path: Path) -> None:
    script = make_model(
        tmp_path / "m.json",
        {"wishes": [{"kind": "colours", "value": "2", "wanted": True, "words": "red disc"}]},
        "no idea",
        {"words": brief().words, "avoid": "", "why": "the same again"},
        {"words": "disc, dark", "avoid": "blue", "why": "plainly"},
    )
    done = run(tmp_path, model=open_talking(script), name=script)
    assert done.reached
    assert [wish.kind for wish in done.brief.wishes] == ["quality", "colour", "colour", "colours"]
    assert done.rounds[1].attempt.by == script
    assert (done.rounds[1].attempt.why, done.rounds[1].attempt.avoid) == ("plainly", "blue")
    assert done.spent.requests == 4
    assert done.spent.tokens > 0


def test_a_model_that_never_answers_as_asked_stops_it_with_a_sentence_and_keeps_the_rounds(
    tmp_path: Path,
) -> None:
    script = make_model(tmp_path / "m.json", {"wishes": []}, "no")
    with pytest.raises(ModelError, match="no answer that could be used in 3 tries"):
        run(tmp_path, model=open_talking(script), name="m")
    assert (tmp_path / "out/rounds/01/round.json").is_file()
    script = make_model(tmp_path / "m.json", {"words": "disc, dark", "avoid": "", "why": "plainly"})
    assert run(tmp_path, model=open_talking(script), name="m").reached


@pytest.mark.parametrize(
    ("bounds", "told", "requests"),
    [
        ({"most_requests": 2}, "most_requests is 2", 2),
        ({"most_requests": 0}, "most_requests is 0", 0),
        ({"most_tokens": 1}, "most_tokens is 1", 1),
    ],
)
def test_requests_and_tokens_of_a_model_are_bounded(
    tmp_path: Path, bounds: dict[str, int], told: str, requests: int
) -> None:
    answers = [{"words": f"disc {number}", "avoid": "", "why": "so"} for number in range(9)]
    script = make_model(tmp_path / "m.json", {"wishes": []}, *answers)
    options = RefineOptions(rounds=9, **bounds)
    done = run(tmp_path, [{"paint": "blue.png"}], options, model=open_talking(script), name=script)
    assert told in done.stopped
    assert done.spent.requests == requests
    assert len(done.rounds) == max(1, requests)


def test_a_subject_is_read_by_the_builtin_model(tmp_path: Path) -> None:
    readers = (BuiltinReader(open_model()),)
    done = refine("the digit 7 in red", hands(tmp_path, readers=readers), tmp_path / "out", ONE, FOUR)
    assert not done.reached
    assert any(sentence.startswith("missed: digit 7 (it is read as ") for sentence in done.missing)


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(OutputError, match="cannot be made"):
        refine(brief(), hands(tmp_path), tmp_path / "file/out", ONE, FOUR)


def test_two_runs_do_not_write_one_folder_at_once(tmp_path: Path) -> None:
    from calligram.art.refining_journal import RefiningJournal

    with RefiningJournal(tmp_path / "out"), pytest.raises(OutputError, match="another process"):
        run(tmp_path)
