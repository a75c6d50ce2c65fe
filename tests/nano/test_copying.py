"""What is kept of the texts that a writer learnt from."""

from pathlib import Path

import pytest

from calligram.errors import ModelError
from calligram.nano.copying import RUN, KnownTexts, note_texts, read_known, run_hashes, words_of, write_known

TEXT = (
    "Two boats cross a wide river at dusk while the far shore fades into a band of grey mist, "
    "and a heron stands among the reeds. Two boats cross a wide river again."
)


@pytest.fixture
def known() -> KnownTexts:
    return note_texts([TEXT, "A stone bridge."])


def test_a_run_of_thirteen_words_is_found_again_whatever_its_capitals(known: KnownTexts) -> None:
    words = words_of(TEXT)[2 : 2 + RUN]
    assert known.copied("Here " + " ".join(words).upper() + ", he said") == [(1, 1 + RUN)]


def test_a_run_of_twelve_words_is_not_copied(known: KnownTexts) -> None:
    assert known.copied(" ".join(words_of(TEXT)[: RUN - 1])) == []


def test_a_longer_run_is_one_run(known: KnownTexts) -> None:
    assert known.copied(" ".join(words_of(TEXT)[1:20])) == [(0, 19)]


def test_a_run_over_two_texts_is_not_copied() -> None:
    words = words_of(TEXT)
    halves = note_texts([" ".join(words[:10]), " ".join(words[10:20])])
    assert halves.copied(" ".join(words[:20])) == []


def test_words_are_known_that_come_twice_in_small_letters(known: KnownTexts) -> None:
    assert known.knows("river")
    assert not known.knows("heron")
    assert not known.knows("two"), "it comes with a capital alone"


def test_few_runs_that_never_were_are_taken_for_known() -> None:
    many = note_texts(
        f"w{number} " * 3 + " ".join(f"v{number * 40 + place}" for place in range(40))
        for number in range(500)
    )
    strange = run_hashes([f"x{number}" for number in range(20_000)])
    assert many.runs[0].holds(strange).mean() < 0.002


def test_a_file_gives_the_same_again(known: KnownTexts, tmp_path: Path) -> None:
    write_known(tmp_path / "known.bin", known + note_texts([TEXT.upper()]))
    again = read_known(tmp_path / "known.bin")
    assert len(again.runs) == 2
    assert again.copied(TEXT) == known.copied(TEXT)
    assert again.knows("river")


@pytest.mark.parametrize(
    "content", [b"", b"calligram known texts 5 5\nabc", b"other\n", b"calligram known texts \n"]
)
def test_a_damaged_file_is_told(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "known.bin").write_bytes(content)
    with pytest.raises(ModelError, match=r"known\.bin cannot be read.*copy the whole model folder"):
        read_known(tmp_path / "known.bin")
