"""Judging from beginning to end, with scripted judges."""

import json
from pathlib import Path
from typing import Any

import pytest
from tests.art.judging import make_works, opinions, verdict, write_judge

from calligram.art.judge import NO_JUDGE, Judgement, judge
from calligram.art.judge_json import to_json
from calligram.art.judge_limits import LIMITS
from calligram.art.judge_options import JudgeOptions
from calligram.art.judge_report import draw_report
from calligram.art.rubric import ASPECTS, HIGHEST, LOWEST, NAMES
from calligram.errors import InputError, ModelError, OptionError
from calligram.models.base import Model, Reply, SamplingOptions, Talking, Turn, open_model

FRESH = JudgeOptions(keep=False)


@pytest.fixture
def works(tmp_path: Path) -> list[Path]:
    return make_works(tmp_path / "works", 3)


def test_without_a_judge_the_measured_part_stands_alone_and_says_so(works: list[Path]) -> None:
    found = judge(works[0], works[0].parent)
    assert found.remarks == (NO_JUDGE,)
    assert (found.judges, found.works[0].verdicts, found.agreement) == ((), (), {})
    assert found.works[0].novelty is not None
    assert found.works[0].novelty.others == 2
    assert found.collection is not None
    assert len(found.collection.works) == 3


def test_a_model_that_follows_no_instructions_judges_nothing_and_a_remark_says_so(
    tmp_path: Path, works: list[Path]
) -> None:
    silent = write_judge(tmp_path / "judge.json", [verdict(3)]) + "?talks=no"
    found = judge(works[0], judges=[silent])
    assert found.works[0].verdicts == ()
    assert found.faults == ()
    assert len(found.remarks) == 1
    assert "gave no judgement, since it follows no instructions" in found.remarks[0]


def test_the_builtin_reader_judges_nothing(works: list[Path]) -> None:
    assert "builtin gave no judgement" in judge(works[0], judges=["builtin"]).remarks[0]


def test_each_aspect_is_asked_by_itself_and_evidence_is_checked(tmp_path: Path, works: list[Path]) -> None:
    answers = [
        verdict(4, "contrast", "A1-B2", "the soul of it"),
        verdict(2, "the soul of it"),
        verdict(0),
        verdict(5, "warmth"),
        verdict(1, "contrast: 99"),
    ]
    found = judge(works[0], judges=[write_judge(tmp_path / "judge.json", answers)], options=FRESH)
    verdicts = found.works[0].verdicts
    assert [one.aspect for one in verdicts] == list(NAMES)
    assert [one.level for one in verdicts] == [4, 2, None, 5, 1]
    assert [one.grounded for one in verdicts] == [True, False, False, True, False]
    assert [evidence.exists for evidence in verdicts[0].evidence] == [True, True, False]
    assert verdicts[0].evidence[0].says == found.works[0].work.facts.text("contrast")


def test_an_answer_that_cannot_be_used_is_asked_for_again(tmp_path: Path, works: list[Path]) -> None:
    answers: list[Any] = ["It is fine.", verdict(9, "contrast"), verdict(3, "contrast")]
    found = judge(works[0], judges=[write_judge(tmp_path / "judge.json", answers)], options=FRESH)
    assert (found.works[0].verdicts[0].tries, found.works[0].verdicts[0].level) == (3, 3)


def test_nonsense_is_told_for_that_aspect_and_the_others_go_on(tmp_path: Path, works: list[Path]) -> None:
    answers: list[Any] = ["No.", "No!", "No?", verdict(3, "contrast")]
    found = judge(works[0], judges=[write_judge(tmp_path / "judge.json", answers)], options=FRESH)
    assert [one.aspect for one in found.works[0].verdicts] == list(NAMES[1:])
    assert len(found.faults) == 1
    assert "creativity" in found.faults[0][0]
    assert "no answer that could be used in 3 tries" in found.faults[0][1]


def test_agreement_leaves_out_verdicts_that_rest_on_nothing(tmp_path: Path, works: list[Path]) -> None:
    levels = [1, 3, 5]
    sure = [verdict(level, "contrast") for level in levels for _ in NAMES]
    same = write_judge(tmp_path / "one.json", sure)
    groundless = [
        verdict(level, "contrast" if name != "emotion" else "an aura") for level in levels for name in NAMES
    ]
    other = write_judge(tmp_path / "two.json", groundless)
    found = judge(works, judges=[same, other], options=FRESH)
    assert found.agreement["creativity"]["alpha"] == 1
    assert found.agreement["creativity"]["things"] == 3
    assert found.agreement["emotion"]["alpha"] is None
    assert set(found.agreement) == set(NAMES)


def test_pairs_are_asked_in_both_orders_and_the_bias_is_told(tmp_path: Path, works: list[Path]) -> None:
    name = write_judge(tmp_path / "judge.json", [verdict(3, "contrast")], [opinions("A", "A:contrast")])
    found = judge(works, judges=[name], pairs=True, options=FRESH)
    assert len(found.comparisons) == 3 * len(NAMES)
    (bias,) = found.biases
    assert (bias.flipped, bias.first) == (1, 1)
    assert all(one.winner is None for one in found.comparisons)


def test_pairs_of_a_single_work_are_none_and_a_remark_says_so(tmp_path: Path, works: list[Path]) -> None:
    name = write_judge(tmp_path / "judge.json", [verdict(3, "contrast")])
    found = judge(works[0], judges=[name], pairs=True, options=FRESH)
    assert found.comparisons == ()
    assert "pairs need two works" in found.remarks[0]


def test_a_bad_file_stops_no_other(tmp_path: Path, works: list[Path]) -> None:
    bad = tmp_path / "bad.png"
    bad.write_text("no image")
    found = judge([bad, works[0]])
    assert [Path(one.work.path).name for one in found.works] == ["work-0.png"]
    assert "no image that can be opened" in found.faults[0][1]
    with pytest.raises(InputError, match="no image that can be opened"):
        judge(bad)


def test_a_collection_without_images_is_refused(tmp_path: Path, works: list[Path]) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match=r"collection cannot be used: the folder .* holds no image"):
        judge(works[0], tmp_path / "empty")
    with pytest.raises(InputError, match="collection cannot be used: there is no file"):
        judge(works[0], tmp_path / "nowhere")


def test_a_judge_that_is_not_there_is_refused_before_anything_is_measured(works: list[Path]) -> None:
    with pytest.raises(ModelError, match="cannot be read"):
        judge(works[0], judges=["scripted:nowhere.json"])
    with pytest.raises(OptionError, match="tries"):
        judge(works[0], options=JudgeOptions(tries=0))


class Listening(Talking, Model):
    """Keeps what it is asked."""

    name = "listening"

    def __init__(self, sees: bool = False) -> None:
        self.asked: list[Turn] = []
        self.sees = sees

    @property
    def takes_images(self) -> bool:
        return self.sees

    def reply(self, turns: Any, options: SamplingOptions, most_tokens: int, schema: Any = None) -> Reply:
        self.asked.append(turns[-1])
        return Reply(json.dumps(verdict(3, "contrast")))

    def read(self, *arguments: Any, **options: Any) -> Any:
        raise NotImplementedError

    draw = bits_per_cell = describe = read


def test_a_judge_is_given_facts_picture_and_anchors_and_its_place_for_two_aspects(tmp_path: Path) -> None:
    works = make_works(tmp_path / "works", 10)
    model = Listening()
    judge(works[0], works[0].parent, [model], options=FRESH)
    for aspect, turn in zip(ASPECTS, model.asked, strict=True):
        assert all(anchor in turn.text for anchor in aspect.anchors)
        assert "What is measured on the picture:" in turn.text
        assert (" 1 |" in turn.text, turn.images) == (True, ())
        placed = "Beside a collection of 9 works:" in turn.text
        assert placed == (aspect.name in {"creativity", "originality"})
        assert works[0].name not in turn.text


@pytest.mark.parametrize(("sees", "show", "given"), [(True, True, 1), (True, False, 0), (False, True, 0)])
def test_the_image_is_given_only_when_asked_to_judges_that_take_one(
    works: list[Path], sees: bool, show: bool, given: int
) -> None:
    model = Listening(sees)
    judge(works[0], judges=[model], options=JudgeOptions(keep=False, show_images=show))
    assert {len(turn.images) for turn in model.asked} == {given}
    if given:
        assert model.asked[0].images[0].startswith(b"\x89PNG")


@pytest.fixture
def full(tmp_path: Path, works: list[Path]) -> Judgement:
    one = write_judge(
        tmp_path / "one.json",
        [verdict(4, "contrast", "the <b>aura</b>"), verdict(2)],
        [opinions("A", "A:contrast")],
    )
    two = write_judge(tmp_path / "two.json", [verdict(3, "contrast")], [opinions("neither")])
    return judge(works, works[0].parent, [one, two], True, options=FRESH)


def numbers_of(told: Any, key: str = "") -> list[str]:
    """Return all keys of a JSON value."""
    if isinstance(told, dict):
        return [*told, *(name for value in told.values() for name in numbers_of(value))]
    return [name for value in told for name in numbers_of(value)] if isinstance(told, list) else []


def test_the_json_holds_all_and_no_total(full: Judgement) -> None:
    told = json.loads(json.dumps(to_json(full), allow_nan=False))
    assert len(told["works"]) == 3
    assert len(told["works"][0]["verdicts"]) == 10
    assert len(told["pairs"]) == 2 * 3 * 5
    assert told["works"][0]["verdicts"][0]["evidence"][1]["exists"] is False
    assert {aspect["name"] for aspect in told["rubric"]} == set(NAMES)
    assert not {"score", "total", "overall", "mean", "average", "rating"} & set(numbers_of(told))


def test_the_report_tells_verdicts_limits_and_marks_and_escapes_what_judges_say(full: Judgement) -> None:
    page = draw_report(full)
    assert "✗ the &lt;b&gt;aura&lt;/b&gt;: no such fact" in page
    assert "<b>aura</b>" not in page
    assert all(limit.source.split(",")[0] in page for limit in LIMITS)
    assert page.count("data:image/jpeg;base64,") == 3 * 3
    assert "there is no score of a work" in page
    assert "http" not in page


def test_the_rubric_anchors_every_level_in_words_of_its_own() -> None:
    assert len(ASPECTS) == 5
    anchors = [anchor for aspect in ASPECTS for anchor in aspect.anchors]
    assert len(set(anchors)) == 5 * (HIGHEST - LOWEST + 1)


def test_facts_beside_an_aspect_are_facts_that_there_are(works: list[Path]) -> None:
    from calligram.art.facts import measure_facts

    facts = measure_facts(works[0])
    assert all(facts.text(key) for aspect in ASPECTS for key in aspect.facts)


def test_answers_are_kept_so_that_the_same_judgement_asks_nothing(
    tmp_path: Path, works: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CALLIGRAM_CACHE", str(tmp_path / "cache"))
    name = write_judge(tmp_path / "judge.json", [verdict(3, "contrast")])
    first, again = open_model(name), open_model(name)
    one = judge(works[0], judges=[first])
    other = judge(works[0], judges=[again])
    assert to_json(one)["works"] == to_json(other)["works"]
    assert (first.describe()["said"], again.describe()["said"]) == (5, 0)
