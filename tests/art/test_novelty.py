"""Distances of a work from a collection, on images made for it."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from calligram.art.facts import Facts
from calligram.art.hashing import Hashes
from calligram.art.novelty import FEWEST, GROUPS, LARGEST, MEASURES, NEIGHBOURS, Collection, Work, survey
from calligram.errors import ImageError, InputError


class Told(Facts):
    """Facts that say the numbers they are made of."""

    def __init__(self, **values: float | None) -> None:
        object.__setattr__(self, "values", values)

    def __getitem__(self, key: str) -> float | None:
        return self.values.get(key, 0.0)  # type: ignore[attr-defined]


def work(name: str, text: str = "", **values: float | None) -> Work:
    hashes = Hashes("0" * 16, "0" * 16)
    return Work(name, f"/{name}", Told(**values), hashes, hashes, text)


def row(values: list[float]) -> list[Work]:
    return [work(f"w{number}", warmth=value) for number, value in enumerate(values)]


def test_distance_by_facts_is_in_standard_deviations_over_the_measures_that_differ() -> None:
    collection = Collection(row([0, 1, 2, 3, 4, 5, 6, 7]))
    novelty = collection.novelty_of(work("far", warmth=10))  # 2.8 deviations above the mean
    assert novelty is not None
    assert novelty.by_facts is not None
    deviation = np.std(range(8))
    assert (novelty.by_facts.name, novelty.by_facts.distance) == ("w7", pytest.approx(3 / deviation))
    assert novelty.among == pytest.approx(np.mean([3, 4, 5, 6, 7]) / deviation)
    assert [standing.key for standing in novelty.standings] == ["warmth"]
    assert novelty.standings[0].deviations == pytest.approx((10 - 3.5) / deviation)
    assert novelty.standings[0].above == 1


def test_the_distance_is_the_root_mean_square_over_groups_of_measures() -> None:
    rng = np.random.default_rng(0)
    values = rng.uniform(size=(12, len(MEASURES)))  # none is as much as 3 deviations away
    works = [work(f"w{number}", **dict(zip(MEASURES, own, strict=True))) for number, own in enumerate(values)]
    mean, deviation = values[1:].mean(axis=0), values[1:].std(axis=0)
    standard = (values - mean) / deviation
    squares = {key: (standard[1:, column] - standard[0, column]) ** 2 for column, key in enumerate(MEASURES)}
    groups = [np.mean([squares[key] for key in keys], axis=0) for keys in GROUPS.values()]
    expected = np.sqrt(np.mean(groups, axis=0))
    novelty = Collection(works[1:]).novelty_of(works[0])
    assert novelty is not None
    assert novelty.by_facts is not None
    assert novelty.by_facts.name == f"w{expected.argmin() + 1}"
    assert novelty.by_facts.distance == pytest.approx(expected.min())
    assert novelty.among == pytest.approx(np.sort(expected)[:NEIGHBOURS].mean())


def test_a_work_of_the_collection_is_not_compared_with_itself() -> None:
    works = row([0, 1, 2, 3, 4, 5, 6, 7, 20])
    novelty = Collection(works).novelty_of(works[-1])
    assert novelty is not None
    assert novelty.others == 8
    assert novelty.by_facts is not None
    assert novelty.by_facts.name == "w7"
    assert novelty.lonelier_than == 1
    assert Collection(works[:1]).novelty_of(works[0]) is None


def test_a_measure_that_a_work_has_not_is_passed_over() -> None:
    works = [work(f"w{number}", warmth=number, rhythm=number % 2) for number in range(8)]
    novelty = Collection(works).novelty_of(work("new", warmth=3, rhythm=None))
    assert novelty is not None
    assert novelty.by_facts is not None
    assert novelty.by_facts.distance == 0
    assert [standing.key for standing in novelty.standings] == ["warmth"]


def test_no_single_fact_counts_for_more_than_three_deviations() -> None:
    values = [0.0] * 50 + [1.0] * 50
    collection = Collection(row(values))
    far, farther = (collection.novelty_of(work("new", warmth=value)) for value in (50, 5000))
    assert far is not None
    assert farther is not None
    assert far.by_facts is not None
    assert far.by_facts == farther.by_facts
    assert far.by_facts.distance == pytest.approx(LARGEST - 1)
    assert farther.standings[0].deviations > far.standings[0].deviations > LARGEST


def test_few_works_give_no_distance_by_facts() -> None:
    novelty = Collection(row([0.0] * (FEWEST - 1))).novelty_of(work("new"))
    assert novelty is not None
    assert (novelty.by_facts, novelty.among, novelty.standings) == (None, None, ())


def test_texts_overlap_with_those_of_other_works_alone() -> None:
    works = [work("a", "A red boat on a river."), work("b", "Two hills."), work("c")]
    novelty = Collection(works).novelty_of(work("new", "There lies a red boat, on a beach."))
    assert novelty is not None
    assert novelty.overlap is not None
    assert (novelty.overlap.nearest.name, novelty.overlap.copied_words) == ("a", 5)
    assert novelty.overlap.copied == "A red boat on a"
    own = Collection(works).novelty_of(works[0])
    assert own is not None
    assert own.overlap is not None
    assert own.overlap.nearest.name == "b"
    assert Collection(works).novelty_of(works[2]).overlap is None  # type: ignore[union-attr]


def test_the_same_picture_in_another_file_is_told(tmp_path: Path) -> None:
    coarse = np.random.default_rng(0).integers(0, 256, (6, 8, 3), dtype=np.uint8)
    image = Image.fromarray(coarse.repeat(20, axis=0).repeat(20, axis=1))
    image.save(tmp_path / "one.png")
    image.resize((80, 60)).save(tmp_path / "small.jpg", quality=60)
    Image.fromarray(coarse[::-1].repeat(20, axis=0).repeat(20, axis=1)).save(tmp_path / "other.png")
    collection = Collection((survey(tmp_path / name) for name in ("small.jpg", "other.png")), str(tmp_path))
    novelty = collection.novelty_of(survey(tmp_path / "one.png"))
    assert novelty is not None
    assert novelty.copies == ("small.jpg",)
    image.transpose(Image.Transpose.FLIP_LEFT_RIGHT).save(tmp_path / "turned.png")
    turned = collection.novelty_of(survey(tmp_path / "turned.png"))
    assert turned is not None
    assert turned.copies == ("small.jpg (mirrored)",)
    shutil.copy(tmp_path / "one.png", tmp_path / "twin.png")
    twin = Collection([survey(tmp_path / "twin.png")]).novelty_of(survey(tmp_path / "one.png"))
    assert twin is not None
    assert (twin.by_dhash.distance, twin.by_phash.distance) == (0, 0)


def test_a_collection_of_nothing_is_refused() -> None:
    with pytest.raises(InputError, match="holds no image"):
        Collection([])


def test_a_file_that_is_no_image_is_refused(tmp_path: Path) -> None:
    (tmp_path / "no.png").write_bytes(b"no image at all")
    with pytest.raises(ImageError, match="no image that can be opened"):
        survey(tmp_path / "no.png")
