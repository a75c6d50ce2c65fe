"""Pairs in both orders."""

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from tests.art.judging import make_works, opinions, write_judge

from calligram.art.asking import AskingOptions
from calligram.art.eyes import Eyes, eyes_of
from calligram.art.judge_pairs import Comparison, bias_of, choose_pairs, compare
from calligram.art.rubric import NAMES
from calligram.models.base import Talking, open_model

OPTIONS = AskingOptions(keep=False, tries=1)


@pytest.fixture(scope="module")
def eyes(tmp_path_factory: pytest.TempPathFactory) -> tuple[Eyes, Eyes]:
    one, other = make_works(tmp_path_factory.mktemp("works"), 2)
    return eyes_of(one, png=False), eyes_of(other, png=False)


def compared(tmp_path: Path, eyes: tuple[Eyes, Eyes], *better: str) -> list[Comparison]:
    """Return what a judge says that answers so, first in the one order and then in the other."""
    judge = open_model(
        write_judge(tmp_path / "judge.json", ["none"], [opinions(b, "A:contrast") for b in better])
    )
    assert isinstance(judge, Talking)
    return list(compare(("judge", judge), ("one", "other"), eyes, OPTIONS))


def test_a_verdict_that_follows_the_work_holds_and_has_a_winner(
    tmp_path: Path, eyes: tuple[Eyes, Eyes]
) -> None:
    found = compared(tmp_path, eyes, "B", "A")
    assert [one.aspect for one in found] == list(NAMES)
    assert {one.winner for one in found} == {"other"}
    bias = bias_of("judge", found)
    assert (bias.verdicts, bias.flipped, bias.first) == (5, 0, 0.5)


def test_a_verdict_that_follows_the_place_turns_and_has_none(tmp_path: Path, eyes: tuple[Eyes, Eyes]) -> None:
    found = compared(tmp_path, eyes, "A", "A")
    assert all(one.flipped and one.winner is None for one in found)
    bias = bias_of("judge", found)
    assert (bias.flipped, bias.first) == (1, 1)


def test_neither_in_both_orders_is_steady_and_chooses_nothing(
    tmp_path: Path, eyes: tuple[Eyes, Eyes]
) -> None:
    found = compared(tmp_path, eyes, "neither", "neither")
    assert not any(one.flipped or one.winner for one in found)
    assert bias_of("judge", found).first is None


def test_evidence_is_of_the_work_whose_letter_stands_before_it(
    tmp_path: Path, eyes: tuple[Eyes, Eyes]
) -> None:
    found = compared(tmp_path, eyes, "A", "B")[0]
    assert found.forward.evidence[0].says == eyes[0].facts.text("contrast")
    # in the other order A was the second work, which is B again when the answer is turned back
    assert found.backward.evidence[0].cited == "B:contrast"
    assert found.backward.evidence[0].says == eyes[1].facts.text("contrast")


def test_evidence_without_a_letter_is_marked(tmp_path: Path, eyes: tuple[Eyes, Eyes]) -> None:
    judge = open_model(write_judge(tmp_path / "judge.json", ["none"], [opinions("A", "contrast", "B:Z9")]))
    assert isinstance(judge, Talking)
    found = next(iter(compare(("judge", judge), ("one", "other"), eyes, OPTIONS)))
    assert [evidence.exists for evidence in found.forward.evidence] == [False, False]
    assert found.forward.evidence[0].says == "names no work"


def test_no_comparison_has_no_bias() -> None:
    assert bias_of("judge", []).flipped is None


def test_all_pairs_are_taken_where_there_are_few_and_else_each_work_about_as_often() -> None:
    names = [str(number) for number in range(10)]
    assert choose_pairs(names[:4], 6, 0) == list(combinations(range(4), 2))
    pairs = choose_pairs(names, 15, 0)
    assert len(set(pairs)) == 15
    assert set(np.bincount(np.ravel(pairs))) == {3}
    assert pairs == choose_pairs(names, 15, 0) != choose_pairs(names, 15, 1)
