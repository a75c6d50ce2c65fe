"""The built-in model behind the interface of all models."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from calligram.errors import ModelError, OptionError, RequestError
from calligram.models.base import Levels, SamplingOptions, open_model
from calligram.models.builtin import Builtin, KnownPictures, calibrate
from calligram.nano.calibration import Calibration, write_calibration
from calligram.picture import Layout, get_layout

CLASSIC = get_layout("classic")
QUESTION = "What digit is this?"


@pytest.fixture(scope="module")
def model(tiny_folder: Path) -> Builtin:
    return Builtin(str(tiny_folder), threads=1)


def pictures(count: int, seed: int = 0) -> Levels:
    return np.random.default_rng(seed).integers(3, size=(count, 11, 20)).astype(np.uint8)


def calibrated(tiny_folder: Path, folder: Path, made: Calibration) -> Builtin:
    written: dict[str, object] = {}
    write_calibration(written, "classic", "digit", made)
    shutil.copytree(tiny_folder, folder)
    (folder / "calibration.json").write_text(json.dumps(written))
    return Builtin(str(folder), threads=1)


def test_a_folder_is_opened_by_its_spelling(tiny_folder: Path) -> None:
    assert open_model(f"builtin:{tiny_folder}").name == f"builtin:{tiny_folder}"


def test_a_reading_lists_every_digit_the_likeliest_first(model: Builtin) -> None:
    for reading in model.read(pictures(3), CLASSIC, QUESTION):
        assert sorted(answer for answer, _ in reading.candidates) == list("0123456789")
        shares = [share for _, share in reading.candidates]
        assert shares == sorted(shares, reverse=True)
        assert 0.5 < sum(shares) < 1  # the rest says that nothing of the kind is shown
        assert reading.confidence == shares[0]


def test_the_open_question_weighs_every_answer(model: Builtin) -> None:
    assert len(model.read(pictures(1), CLASSIC, "What is this?")[0].candidates) == 10 + 10 + 52


def test_candidates_may_be_narrowed(model: Builtin) -> None:
    reading = model.read(pictures(1), CLASSIC, QUESTION, ["3", "8"])[0]
    assert sorted(answer for answer, _ in reading.candidates) == ["3", "8"]


def test_no_pictures_give_no_readings(model: Builtin) -> None:
    assert model.read(pictures(0), CLASSIC, QUESTION) == []
    assert model.bits_per_cell(pictures(0), CLASSIC).shape == (0,)


def test_a_temperature_makes_confidence_milder_and_keeps_the_order(
    model: Builtin, tiny_folder: Path, tmp_path: Path
) -> None:
    mild = calibrated(tiny_folder, tmp_path / "mild", Calibration(temperature=3.0))
    before, after = (one.read(pictures(1), CLASSIC, QUESTION)[0] for one in (model, mild))
    assert [answer for answer, _ in before.candidates] == [answer for answer, _ in after.candidates]
    assert after.confidence < before.confidence


def test_known_pictures_are_familiar_and_others_are_abstained_from(
    model: Builtin, tiny_folder: Path, tmp_path: Path
) -> None:
    both = pictures(2)
    known, strange = model.bits_per_cell(both, CLASSIC)
    width = abs(known - strange) / 2
    made = Calibration(
        least_familiarity=0.02,
        most_none=1.0,
        bits={answer: [known - width, known, known + width] for answer in "0123456789"},
    )
    strict = calibrated(tiny_folder, tmp_path / "strict", made)
    usual, unusual = strict.read(both, CLASSIC, QUESTION)
    assert usual.familiarity == pytest.approx(1.0, abs=0.01)
    assert not usual.abstained
    assert (unusual.familiarity, unusual.abstained, unusual.answer) == (0.0, True, None)
    assert strict.read(both, CLASSIC, QUESTION, familiarity=False)[1].familiarity is None


def test_an_answer_without_known_pictures_has_no_familiarity(tiny_folder: Path, tmp_path: Path) -> None:
    made = Calibration(least_familiarity=0.5, most_none=1.0, bits={"elsewhere": [1.0, 2.0]})
    reading = calibrated(tiny_folder, tmp_path / "other", made).read(pictures(1), CLASSIC, QUESTION)[0]
    assert (reading.familiarity, reading.abstained) == (None, False)


def test_low_confidence_makes_it_abstain(tiny_folder: Path, tmp_path: Path) -> None:
    strict = calibrated(tiny_folder, tmp_path / "strict", Calibration(least_confidence=0.999))
    reading = strict.read(pictures(1), CLASSIC, QUESTION)[0]
    assert reading.abstained
    assert reading.answer is None
    assert reading.candidates


@pytest.mark.parametrize("name", ["classic", "fine", "full"])
def test_drawings_have_the_layouts_shape(model: Builtin, name: str) -> None:
    layout = get_layout(name)
    drawings = model.draw("the digit 5", layout, 2, SamplingOptions(seed=1))
    assert [drawing.shape for drawing in drawings] == [layout.grid()] * 2
    again = model.draw(("digit", "5"), layout, 1, SamplingOptions(seed=2))
    assert np.array_equal(again[0], drawings[1])


def test_the_request_changes_how_likely_a_picture_is(model: Builtin) -> None:
    levels = pictures(2)
    plain = model.bits_per_cell(levels, CLASSIC)
    five, boot = (model.bits_per_cell(levels, CLASSIC, asked) for asked in ("the digit 5", "ankle boot"))
    assert not np.allclose(plain, five)
    assert not np.allclose(five, boot)


def test_why_shades_every_cell_from_nought_to_one(model: Builtin) -> None:
    shades = model.why(pictures(1)[0], CLASSIC, QUESTION)
    assert shades.shape == (11, 20)
    assert (shades.min(), shades.max()) == pytest.approx((0, 1), abs=0.3)


def test_why_finds_the_run_whose_loss_hurts_the_answer_most(model: Builtin) -> None:
    levels = pictures(1)[0]
    shades = model.why(levels, CLASSIC, QUESTION)
    row, column = np.unravel_index(shades.argmax(), shades.shape)
    base = model.score(levels[None], CLASSIC, QUESTION, familiarity=False)
    answer = int(base.shares[0].argmax())

    def fall(row: int, column: int) -> float:
        hidden = np.stack([levels, levels])
        hidden[:, row, column // 4 * 4 : column // 4 * 4 + 4] = np.array([[0], [2]])
        shares = model.score(hidden, CLASSIC, QUESTION, familiarity=False).shares[:, answer]
        return float(np.maximum(np.log(base.shares[0, answer] / shares), 0).mean())

    falls = [fall(y, x) for y in range(11) for x in range(0, 20, 4)]
    assert fall(int(row), int(column)) == pytest.approx(max(falls))


def test_it_writes_plain_text_too(model: Builtin) -> None:
    spoken = list(model.speak("Once", SamplingOptions(temperature=0), 4, top=2))
    assert 1 <= len(spoken) <= 4
    assert spoken[0].top[0] == (spoken[0].text, spoken[0].logprob)


def test_it_tells_what_it_was_taught(model: Builtin) -> None:
    told = model.describe()
    assert list(told["layouts"]) == ["classic", "fine", "full"]
    assert list(json.loads(json.dumps(told))["subjects"]) == ["digit", "garment", "letter"]


def test_questions_requests_and_layouts_that_were_not_taught_are_refused(model: Builtin) -> None:
    with pytest.raises(RequestError, match="was not taught the question"):
        model.read(pictures(1), CLASSIC, "Who painted this?")
    with pytest.raises(RequestError, match="was not taught to draw"):
        model.draw("a cat", CLASSIC)
    wide = Layout("wide", columns=40)
    with pytest.raises(ModelError, match="was not taught the layout 'wide'"):
        model.read(np.zeros((1, 22, 40), np.uint8), wide, QUESTION)
    with pytest.raises(OptionError, match="temperature is -1"):
        model.draw("5", CLASSIC, 1, SamplingOptions(temperature=-1))


def test_a_kind_is_refused_in_a_layout_that_it_was_not_taught_in(tiny_folder: Path, tmp_path: Path) -> None:
    shutil.copytree(tiny_folder, tmp_path / "some")
    config = json.loads((tmp_path / "some" / "config.json").read_text())
    config["calligram"] = {"layouts": {"classic": ["digit", "garment", "letter"], "full": ["digit"]}}
    (tmp_path / "some" / "config.json").write_text(json.dumps(config))
    some, full = Builtin(str(tmp_path / "some"), threads=1), get_layout("full")
    with pytest.raises(ModelError, match=r"not taught letters in the layout 'full'.*: use classic"):
        some.draw("capital q", full)
    with pytest.raises(ModelError, match="was not taught the layout 'fine'"):
        some.draw("the digit 5", get_layout("fine"))
    reading = some.read(np.zeros((1, 28, 28), np.uint8), full, "What is this?")[0]
    assert {answer for answer, _ in reading.candidates} == set("0123456789")


def test_a_layout_of_another_name_but_the_same_grid_is_the_one_taught(model: Builtin) -> None:
    mine = Layout("mine", columns=20, resampler="box")
    reading = model.read(pictures(1), mine, QUESTION)[0]
    assert reading == model.read(pictures(1), CLASSIC, QUESTION)[0]


def test_a_missing_folder_is_one_clear_sentence(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"there is no model folder .*nowhere"):
        open_model(f"builtin:{tmp_path / 'nowhere'}")


def test_a_calibration_keeps_the_known_and_turns_the_strange_away(
    model: Builtin, tiny_folder: Path, tmp_path: Path
) -> None:
    levels = pictures(120)
    answers = [reading.candidates[0][0] for reading in model.read(levels, CLASSIC, QUESTION)]
    blank = np.zeros((5, 11, 20), np.uint8)
    made = calibrate(model, KnownPictures(levels, CLASSIC, QUESTION, answers), [blank], allowed=0.05)
    assert made.temperature < 1  # every answer was right, so the model may be surer
    strict = calibrated(tiny_folder, tmp_path / "strict", made)
    kept = [not reading.abstained for reading in strict.read(levels, CLASSIC, QUESTION)]
    assert np.mean(kept) >= 0.95
