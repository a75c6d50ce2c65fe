"""The contact sheet of extremes."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from calligram.art.judge_sheet import EACH, draw_sheet, rank
from calligram.art.novelty import MEASURES, Collection, survey
from calligram.errors import InputError


def greys(tmp_path: Path, count: int) -> Collection:
    for number in range(count):
        Image.fromarray(np.full((40, 30), 20 * number + 10, np.uint8)).save(tmp_path / f"{number:02}.png")
    return Collection(map(survey, sorted(tmp_path.glob("*.png"))), str(tmp_path))


def test_works_are_ranked_by_each_measure_lowest_first(tmp_path: Path) -> None:
    rankings = {ranking.key: ranking.values for ranking in rank(greys(tmp_path, 10))}
    assert [Path(name).stem for name, _ in rankings["lightness"]] == [f"{number:02}" for number in range(10)]
    assert set(rankings) - set(MEASURES) == {"nearest_dhash", "nearest_phash", "facts_distance"}


def test_the_sheet_shows_the_lightest_work_at_the_right_of_its_row(tmp_path: Path) -> None:
    collection = greys(tmp_path, 2 * EACH)
    sheet = np.asarray(Image.open(io.BytesIO(draw_sheet(collection))).convert("L"), int)
    rows = [ranking.key for ranking in rank(collection)]
    height = (sheet.shape[0] - 34) // len(rows)
    middle = sheet[34 + rows.index("lightness") * height + 48]
    assert abs(int(middle[150 + 48]) - 10) < 6
    assert abs(int(middle[-102 + 48]) - 190) < 6
    assert np.all(np.diff([middle[150 + place * 102 + 48] for place in range(EACH)]) > 10)


def test_a_sheet_of_one_work_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="two works or more"):
        draw_sheet(greys(tmp_path, 1))
