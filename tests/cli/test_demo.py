"""``calligram demo``."""

from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

from PIL import Image

from calligram.cli.commands.demo import SAMPLES

Command = Callable[[list[object]], tuple[int, str, str]]


def test_it_reads_draws_and_writes_an_image(
    tiny_model: str, calligram_command: Command, tmp_path: Path
) -> None:
    code, out, err = calligram_command(["demo", "--model", tiny_model])
    assert (code, err) == (0, "")
    for words in (*[f"{name}.png" for name in SAMPLES], '"the digit 5"', "It goes on", "Try next"):
        assert words in out
    assert "calligram-demo.png" in out
    assert [path.name for path in tmp_path.iterdir()] == ["calligram-demo.png"]
    with Image.open(tmp_path / "calligram-demo.png") as image:
        assert image.width > 300


def test_every_line_fits_80_columns_and_a_pipe_gets_no_colour(
    tiny_model: str, calligram_command: Command
) -> None:
    for layout in ("classic", "fine"):
        _, out, _ = calligram_command(["demo", "--model", tiny_model, "--layout", layout])
        assert max(map(len, out.splitlines())) <= 80
        assert "\033" not in out


def test_an_output_that_cannot_be_written_gives_one_sentence(
    tiny_model: str, calligram_command: Command, tmp_path: Path
) -> None:
    code, _, err = calligram_command(["demo", "--model", tiny_model, "-o", "nowhere/demo.png"])
    assert code == 2
    assert err.startswith("calligram: 'nowhere/demo.png' cannot be written")
    assert not list(tmp_path.iterdir())


def test_the_samples_are_small_and_all_there() -> None:
    folder = files("calligram") / "samples"
    sizes = [len((folder / f"{name}.png").read_bytes()) for name in SAMPLES]
    assert sum(sizes) < 100_000
