"""Where the values of options come from."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from calligram.errors import OptionError
from calligram.settings import option, resolve


@dataclass(frozen=True)
class PaintOptions:
    """Options of one made-up command."""

    width: int = option(3, "cells", minimum=1, maximum=50)
    bold: bool = option(False, "bold")


@dataclass(frozen=True)
class ShopOptions:
    """Options of another, which has a field of the same name."""

    width: int = option(100, "metres", minimum=60)


@pytest.fixture(autouse=True)
def _work_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


def test_flag_comes_before_environment_before_file_before_default(monkeypatch: pytest.MonkeyPatch) -> None:
    assert resolve(PaintOptions, {}).width == 3
    Path("calligram.toml").write_text("[paint]\nwidth = 5\nbold = true\n")
    assert resolve(PaintOptions, {}) == PaintOptions(5, True)
    monkeypatch.setenv("CALLIGRAM_PAINT_WIDTH", "7")
    assert resolve(PaintOptions, {}) == PaintOptions(7, True)
    assert resolve(PaintOptions, {"width": 9}).width == 9


def test_a_value_for_one_command_leaves_another_command_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALLIGRAM_PAINT_WIDTH", "20")
    assert resolve(ShopOptions, {}).width == 100


def test_the_folder_for_caches_is_no_option(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from calligram.evaluation.options import EvaluationOptions

    monkeypatch.setenv("CALLIGRAM_CACHE", str(tmp_path))
    assert resolve(EvaluationOptions, {}).cache is True


def test_an_encoding_width_does_not_reach_training(monkeypatch: pytest.MonkeyPatch) -> None:
    from calligram.picture import EncodeOptions
    from calligram.training.nano_options import NanoOptions

    monkeypatch.setenv("CALLIGRAM_WIDTH", "20")
    monkeypatch.setenv("CALLIGRAM_ENCODE_WIDTH", "20")
    monkeypatch.setenv("CALLIGRAM_TRAIN_WIDTH", "64")
    assert (resolve(EncodeOptions, {}).width, resolve(NanoOptions, {}).width) == (20, 64)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[paint]\nwitdh = 5\n", r"calligram\.toml gives witdh in \[paint\].*no such option.*width, bold"),
        ("width = 5\n", r"calligram\.toml has 'width' outside a table"),
        ("[paint]\nwidth = 'wide'\n", r"width in \[paint\] of calligram\.toml is 'wide'"),
        ("[paint\n", "no valid TOML"),
    ],
)
def test_a_faulty_options_file_is_told_in_one_sentence(text: str, told: str) -> None:
    Path("calligram.toml").write_text(text)
    with pytest.raises(OptionError, match=told):
        resolve(PaintOptions, {})


@pytest.mark.parametrize("value", ["76.9", "true"])
def test_a_number_in_the_file_is_not_bent_to_fit(value: str) -> None:
    Path("calligram.toml").write_text(f"[paint]\nwidth = {value}\n")
    with pytest.raises(OptionError, match=r"width in \[paint\] .* must be of kind int"):
        resolve(PaintOptions, {})


def test_an_unknown_option_in_the_environment_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALLIGRAM_PAINT_WITDH", "20")
    with pytest.raises(OptionError, match=r"CALLIGRAM_PAINT_WITDH.*no such option"):
        resolve(PaintOptions, {})
