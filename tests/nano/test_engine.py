"""The engine: scores, cache, drawing and writing."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from calligram.errors import ModelError, OptionError
from calligram.nano.engine import Engine
from calligram.nano.folder import Precision
from calligram.nano.generation import Sketch, draw, write
from calligram.nano.grammar import DrawingGrammar, Levels
from calligram.nano.sampling import SamplingOptions, log_softmax
from calligram.nano.scoring import reading_ids, weigh_both, weigh_pictures
from calligram.picture import get_layout

CLASSIC = get_layout("classic")
PROMPT = "Draw this digit, classic:\n5\n"
QUESTION = "What digit is this?\n"


@pytest.fixture(scope="module")
def engine(tiny_folder: Path) -> Engine:
    return Engine(tiny_folder, threads=1)


@pytest.fixture(scope="module")
def sketch(engine: Engine) -> Sketch:
    return Sketch(PROMPT, DrawingGrammar(engine.vocabulary, CLASSIC.symbols, 11, 20))


def pictures(count: int, seed: int = 0) -> Levels:
    return np.random.default_rng(seed).integers(3, size=(count, 11, 20)).astype(np.uint8)


def test_the_cache_gives_what_the_whole_text_gives(engine: Engine) -> None:
    ids = np.random.default_rng(0).integers(len(engine.vocabulary), size=(3, 12))
    head = engine.head()
    scores, cache = engine.run(ids[:, :9], head)
    for place in range(9, 12):
        scores, cache = engine.run(ids[:, place : place + 1], head, cache)
    assert cache.length == 12
    assert np.abs(scores - engine.logits(ids)[:, -1]).max() < 1e-4


@pytest.mark.parametrize("precision", ["float32", "int8"])
def test_scores_are_the_same_to_the_last_bit_in_any_batch_and_on_any_threads(
    tiny_folder: Path, precision: Precision
) -> None:
    one, three = Engine(tiny_folder, precision, threads=1), Engine(tiny_folder, precision, threads=3)
    ids = reading_ids(one, pictures(70), CLASSIC.symbols, QUESTION)
    tokens = np.array([one.vocabulary.ids[str(digit)] for digit in range(10)])
    whole = one.score(ids, tokens)
    alone = np.concatenate([one.score(ids[place : place + 1], tokens) for place in range(70)])
    assert np.array_equal(whole, alone)
    assert np.array_equal(whole, three.score(ids, tokens))
    assert np.allclose(whole, one.logits(ids)[:, -1, tokens], atol=1e-4)


def test_bits_per_cell_agree_with_the_whole_vocabulary_restricted_to_runs(
    engine: Engine, sketch: Sketch
) -> None:
    levels, grammar = pictures(3), sketch.grammar
    ids = engine.vocabulary.picture_ids(levels, CLASSIC.symbols)
    before = engine.vocabulary.encode(PROMPT)
    logits = engine.logits(np.concatenate([np.tile(before, (3, 1)), ids], axis=1))[:, len(before) :]
    choices = grammar.choices(levels).reshape(3, -1)
    logs = log_softmax(logits[:, grammar.before_runs()][:, :, grammar.runs].astype(np.float64))
    wanted = -np.take_along_axis(logs, choices[:, :, None], 2).sum((1, 2)) / np.log(2) / 220
    assert np.allclose(weigh_pictures(engine, levels, grammar, PROMPT), wanted, atol=1e-5)


def test_weighing_both_gives_what_each_gives_alone(engine: Engine, sketch: Sketch) -> None:
    levels, tokens = pictures(40), np.arange(300, 310)
    ids = reading_ids(engine, levels, CLASSIC.symbols, QUESTION)
    scores, bits = weigh_both(engine, ids, tokens, sketch.grammar)
    assert np.allclose(scores, engine.score(ids, tokens), atol=1e-4)
    assert np.allclose(bits, weigh_pictures(engine, levels, sketch.grammar), atol=1e-5)


def test_a_drawing_follows_from_its_seed_however_many_are_made(engine: Engine, sketch: Sketch) -> None:
    many = draw(engine, sketch, 5, SamplingOptions(seed=10))
    for number in (0, 3):
        alone = draw(engine, sketch, 1, SamplingOptions(seed=10 + number))[0]
        assert np.array_equal(many[number], alone)
    assert not np.array_equal(many[0], many[1])


@pytest.mark.parametrize(
    "options",
    [
        SamplingOptions(seed=1, temperature=0),
        SamplingOptions(seed=1, temperature=3.0, top_k=5, top_p=0.9, min_p=0.01, repetition_penalty=1.3),
        SamplingOptions(beams=3),
        SamplingOptions(beams=2, guidance=3.0),
    ],
)
def test_every_drawing_has_its_exact_shape(engine: Engine, sketch: Sketch, options: SamplingOptions) -> None:
    for drawing in draw(engine, sketch, 2, options):
        assert drawing.shape == (11, 20)
        assert drawing.dtype == np.uint8
        assert drawing.max() < 3


def test_greedy_drawing_takes_the_likeliest_run_each_time(engine: Engine, sketch: Sketch) -> None:
    drawing = draw(engine, sketch, 1, SamplingOptions(temperature=0))[0]
    ids = np.concatenate(
        [engine.vocabulary.encode(PROMPT), engine.vocabulary.picture_ids(drawing[None], CLASSIC.symbols)[0]]
    )
    places = sketch.grammar.before_runs() + len(engine.vocabulary.encode(PROMPT))
    best = engine.logits(ids[None])[0, places][:, sketch.grammar.runs].argmax(1)
    assert np.array_equal(best, sketch.grammar.choices(drawing[None]).ravel())


def test_guidance_goes_further_the_way_the_request_points(engine: Engine, sketch: Sketch) -> None:
    drawing = draw(engine, sketch, 1, SamplingOptions(temperature=0, guidance=2.5))[0]
    plain = engine.vocabulary.picture_ids(drawing[None], CLASSIC.symbols)[0]
    prompt, places = engine.vocabulary.encode(PROMPT), sketch.grammar.before_runs()
    unasked = engine.logits(plain[None])[0, places][:, sketch.grammar.runs]
    asked = engine.logits(np.concatenate([prompt, plain])[None])[0, places + len(prompt)]
    guided = unasked + 2.5 * (asked[:, sketch.grammar.runs] - unasked)
    assert np.array_equal(guided.argmax(1), sketch.grammar.choices(drawing[None]).ravel())
    assert not np.array_equal(drawing, draw(engine, sketch, 1, SamplingOptions(temperature=0))[0])


def test_beams_find_nothing_less_likely_than_greedy_and_rank_what_they_find(
    engine: Engine, sketch: Sketch
) -> None:
    greedy = draw(engine, sketch, 1, SamplingOptions(temperature=0))
    found = draw(engine, sketch, 4, SamplingOptions(beams=4))
    bits = weigh_pictures(engine, np.stack([*greedy, *found]), sketch.grammar, PROMPT)
    assert bits[1] <= bits[0] + 1e-9
    assert list(bits[1:]) == sorted(bits[1:])


def test_more_drawings_than_beams_are_refused(engine: Engine, sketch: Sketch) -> None:
    with pytest.raises(OptionError, match="3 drawings are wanted of 2 beams"):
        draw(engine, sketch, 3, SamplingOptions(beams=2))


def test_given_rows_stay_and_the_rest_is_drawn(engine: Engine, sketch: Sketch) -> None:
    given = pictures(1)[0, :6]
    half = Sketch(PROMPT, sketch.grammar, given)
    for options in (
        SamplingOptions(seed=0),
        SamplingOptions(beams=2),
        SamplingOptions(repetition_penalty=2.0),
    ):
        drawing = draw(engine, half, 1, options)[0]
        assert np.array_equal(drawing[:6], given)
        assert drawing.shape == (11, 20)


@pytest.mark.parametrize("options", [SamplingOptions(seed=3), SamplingOptions(beams=2)])
def test_rows_are_told_in_order_as_they_stand(
    engine: Engine, sketch: Sketch, options: SamplingOptions
) -> None:
    told: dict[int, list[Levels]] = {0: [], 1: []}

    def listen(number: int, row: int, levels: Levels) -> None:
        assert row == len(told[number])
        told[number].append(levels)

    given = Sketch(PROMPT, sketch.grammar, pictures(1)[0, :2])
    drawings = draw(engine, given, 2, options, listen)
    assert all(np.array_equal(np.stack(told[number]), drawings[number]) for number in (0, 1))


def test_plain_text_goes_on_the_likeliest_way_each_time_the_same(engine: Engine) -> None:
    made = write(engine, "Once", most_tokens=6)
    assert made == write(engine, "Once", most_tokens=6)
    ids = engine.vocabulary.encode("Once")
    for _ in range(6):
        ids.append(int(engine.logits(np.array([ids]))[0, -1].argmax()))
    assert made == engine.vocabulary.decode(ids[len(engine.vocabulary.encode("Once")) :])


def test_writing_follows_from_its_seed(engine: Engine) -> None:
    made = [write(engine, "", SamplingOptions(seed=seed), most_tokens=3) for seed in (1, 1, 2)]
    assert made[0] == made[1] != made[2]


def test_a_text_that_is_too_long_is_refused(engine: Engine) -> None:
    with pytest.raises(ModelError, match=r"the text has 300 tokens, but the model reads at most 256"):
        engine.logits(np.zeros((1, 300), np.int64))


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"there is no model folder .*nowhere"):
        Engine(tmp_path / "nowhere")


@pytest.mark.parametrize(
    "name", ["model.safetensors", "config.json", "tokenizer.json", "model.onnx", "calibration.json"]
)
@pytest.mark.parametrize("damage", [b"", b"{]", None])
def test_each_missing_or_damaged_file_is_one_sentence(
    tiny_folder: Path, tmp_path: Path, name: str, damage: bytes | None
) -> None:
    folder = Path(shutil.copytree(tiny_folder, tmp_path / "copy"))
    (folder / name).unlink(missing_ok=True)
    if damage is None and name == "calibration.json":
        pytest.skip("a folder without calibration is allowed")
    if damage is not None:
        (folder / name).write_bytes(damage)
    with pytest.raises(ModelError, match=name) as raised:
        Engine(folder)
    assert "\n" not in str(raised.value)


def test_files_that_do_not_belong_together_are_refused(tiny_folder: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(tiny_folder, tmp_path / "copy"))
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(config | {"hidden_size": 64}))
    with pytest.raises(ModelError, match="do not belong together"):
        Engine(folder)
