"""Labels at the door: what is told, what is withheld, and where it is decided."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from calligram.cli.labelling import (
    LabelOptions,
    finishing,
    rendered,
    told_model,
    told_settings,
    write_labelled,
)
from calligram.drawing import DrawOptions
from calligram.errors import OptionError
from calligram.picture.saving import Origin
from calligram.provenance import Label, write_image
from calligram.provenance.reading import read_label

Command = Callable[[Sequence[object]], Any]


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """An image that says nothing of itself, in a folder whose name is nobody's business."""
    place = tmp_path / "private" / "photo.png"
    place.parent.mkdir()
    Image.new("RGB", (30, 20), "teal").save(place)
    return place


def label_in(path: str | Path) -> Label:
    label = read_label(Path(path).read_bytes())
    assert label is not None
    return label


def test_a_drawing_tells_all_that_makes_it_again(tiny_model: str, calligram_command: Command) -> None:
    words = ["draw", "the digit 5", "--model", tiny_model, "--seed", 7, "--temperature", 0.8, "-q"]
    assert calligram_command([*words, "--tries", 1, "-o", "5.png"]).code == 0
    label = label_in("5.png")
    assert (label.made, label.prompt, label.seed, label.model) == ("drawn", "the digit 5", 7, "builtin:tiny")
    assert label.model_version.startswith("weights ")
    assert label.settings == {
        "command": "calligram draw",
        "layout": "classic",
        "temperature": 0.8,
        "tries": 1,
    }
    again = ["draw", label.prompt, "--seed", label.seed, "--tries", 1, "--temperature", 0.8]
    calligram_command([*again, "--model", tiny_model, "-q", "-o", "again.png"])
    assert Path("again.png").read_bytes() == Path("5.png").read_bytes()


def test_a_fresh_seed_is_told_too(tiny_model: str, calligram_command: Command) -> None:
    words = ["draw", "a bag", "-n", 2, "--model", tiny_model, "--no-until-read", "-q"]
    calligram_command([*words, "-o", "bags.png"])
    seed = label_in("bags.png").seed
    calligram_command([*words, "--seed", seed, "-o", "again.png"])
    assert Path("again.png").read_bytes() == Path("bags.png").read_bytes()


def test_private_leaves_out_words_and_names_of_files(
    tiny_model: str, calligram_command: Command, photo: Path
) -> None:
    calligram_command(
        ["draw", "the digit 5", "--model", tiny_model, "--seed", 1, "--tries", 1, "-o", "5.png", "--private"]
    )
    label = label_in("5.png")
    assert (label.made, label.prompt, label.seed) == ("drawn", "", 1)
    assert b"the digit" not in Path("5.png").read_bytes()
    calligram_command(["encode", photo, "-o", "p.svg", "--private"])
    assert label_in("p.svg").sources == ("withheld",)
    assert "photo" not in Path("p.svg").read_text(encoding="utf-8")


def test_only_the_name_of_a_source_is_told_and_never_its_folder(
    calligram_command: Command, photo: Path
) -> None:
    calligram_command(["encode", photo, "-o", "p.png", "--width", 9])
    label = label_in("p.png")
    assert (label.made, label.sources) == ("rendered", ("photo.png",))
    assert label.settings == {"command": "calligram encode", "layout": "classic", "width": 9}
    assert b"private" not in Path("p.png").read_bytes()


def test_environment_and_options_file_decide_for_every_command(
    calligram_command: Command, photo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("calligram.toml").write_text(
        '[label]\ncreator = "Ada"\nrights = "© Ada"\nmining = "DMI-PROHIBITED-AIMLTRAINING"\n',
        encoding="utf-8",
    )
    calligram_command(["facts", photo, "--picture", "f.png"])
    label = label_in("f.png")
    assert (label.creator, label.rights, label.mining) == ("Ada", "© Ada", "DMI-PROHIBITED-AIMLTRAINING")
    monkeypatch.setenv("CALLIGRAM_LABEL_METADATA", "no")
    calligram_command(["facts", photo, "--picture", "f.png"])
    assert read_label(Path("f.png").read_bytes()) is None
    calligram_command(["facts", photo, "--picture", "f.png", "--metadata"])
    assert label_in("f.png").creator == "Ada"


def test_an_unknown_term_of_mining_is_one_sentence_before_anything_is_made(
    calligram_command: Command, photo: Path
) -> None:
    done = calligram_command(["encode", photo, "-o", "p.png", "--mining", "never"])
    assert (done.code, done.err.count("\n")) == (2, 1)
    assert "mining is 'never', but must be one of DMI-UNSPECIFIED" in done.err
    assert not Path("p.png").exists()
    with pytest.raises(OptionError, match="never"):
        LabelOptions(mining="never")


def test_what_is_made_from_a_generated_image_says_so(calligram_command: Command, photo: Path) -> None:
    write_image("cat.png", Image.new("RGB", (30, 20), "red"), Label("drawn", prompt="a cat"))
    calligram_command(["encode", "cat.png", "-o", "cat.svg"])
    assert label_in("cat.svg").made == "composed"
    calligram_command(["facts", photo, "cat.png", "--picture", "facts"])
    made = {path.name: label_in(path).made for path in Path().rglob("*.facts.png")}
    assert made == {"cat.facts.png": "composed", "photo.facts.png": "rendered"}


def test_a_completed_drawing_is_edited_and_names_what_was_given(
    tiny_model: str, calligram_command: Command
) -> None:
    text = calligram_command(["draw", "the digit 5", "--model", tiny_model, "--seed", 1, "-q"]).out
    Path("half.txt").write_text("".join(text.splitlines(True)[:4]), encoding="utf-8")
    calligram_command(
        ["draw", "the digit 5", "--complete", "half.txt", "--model", tiny_model, "--seed", 1, "-o", "5.png"]
    )
    label = label_in("5.png")
    assert (label.made, label.sources) == ("edited", ("half.txt",))


def test_texts_stay_as_they_were(tiny_model: str, calligram_command: Command, photo: Path) -> None:
    for ending in (".txt", ".ans"):
        calligram_command(["encode", photo, "-o", f"with{ending}"])
        calligram_command(["encode", photo, "-o", f"without{ending}", "--no-metadata"])
        assert Path(f"with{ending}").read_bytes() == Path(f"without{ending}").read_bytes()


def test_the_same_command_writes_the_same_bytes(calligram_command: Command, photo: Path) -> None:
    for name in ("one.png", "two.png"):
        calligram_command(["facts", photo, "--picture", name])
    assert Path("one.png").read_bytes() == Path("two.png").read_bytes()


def test_a_format_that_carries_no_label_gets_it_beside_and_says_so(
    tiny_model: str, calligram_command: Command
) -> None:
    words = ["draw", "a bag", "-n", 2, "--seed", 1, "--model", tiny_model, "-q", "-o", "bags.bmp"]
    assert calligram_command(words).err == "the label of bags.bmp is in bags.bmp.json\n"
    assert json.loads(Path("bags.bmp.json").read_text(encoding="utf-8"))["label"]["prompt"] == "a bag"


def test_many_sources_are_named_up_to_a_number() -> None:
    label = rendered([f"works/{number}.jpg" for number in range(30)])
    assert len(label.sources) == 25
    assert label.sources[0] == "0.jpg"
    assert label.sources[-1] == "and 6 more"


def test_an_image_made_in_the_midst_of_work_is_labelled_by_its_origin(tmp_path: Path) -> None:
    Image.new("RGB", (8, 8)).save(tmp_path / "bare.png")
    content = (tmp_path / "bare.png").read_bytes()
    settings = told_settings("evaluate")
    finish = finishing(LabelOptions(), settings=settings)
    drawn = read_label(finish(content, Origin(model="builtin:/home/me/mine", words="7")))
    assert drawn == Label("drawn", model="builtin:mine", prompt="7", settings=settings)
    taken = read_label(finish(content, Origin("idx:/data/mnist")))
    assert taken == Label("rendered", sources=("mnist",), settings=settings)
    assert read_label(finish(content, Origin("a.jpg", generated=True))) == Label(
        "composed", sources=("a.jpg",), settings=settings
    )
    assert finishing(LabelOptions(metadata=False))(content, Origin()) == content


def test_settings_leave_out_what_is_usual_and_what_is_told_elsewhere() -> None:
    options = DrawOptions(model="builtin:/home/me/mine", temperature=0.5, seed=3)
    told = told_settings("draw", options, "model", "seed", layout="classic", number=None)
    assert told == {"command": "calligram draw", "temperature": 0.5, "layout": "classic"}


def test_a_models_version_follows_from_its_weights(tiny_model: str) -> None:
    name, version = told_model(tiny_model)
    assert name == "builtin:tiny"
    assert version == told_model(tiny_model)[1] != told_model("builtin")[1]
    assert told_model("openai:gpt-5", "http://127.0.0.1:1/v1") == ("openai:gpt-5", "")


def test_credentials_that_came_with_an_image_stay(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Image.new("RGB", (8, 8)).save(tmp_path / "bare.png")
    content = (tmp_path / "bare.png").read_bytes()
    signed = content[:33] + b"\0\0\0\4caBXjumb\0\0\0\0" + content[33:]
    write_labelled(tmp_path / "out.png", signed, Label("drawn"), LabelOptions(metadata=False))
    assert (tmp_path / "out.png").read_bytes() == signed
    assert "keeps the content credentials" in capsys.readouterr().err
    write_labelled(tmp_path / "out.png", signed, Label("drawn"), LabelOptions())
    assert (tmp_path / "out.png").read_bytes() == signed
    assert (tmp_path / "out.png.json").exists()


def test_the_flags_stand_under_their_own_heading(calligram_command: Command) -> None:
    out = calligram_command(["encode", "--help"]).out
    assert out.index("─ Label ") < out.index("--no-metadata")
    assert out.index("--output") < out.index("─ Label ")
