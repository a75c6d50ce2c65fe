"""Building data sets: the same bytes always, whole files or none, nothing left after a fault."""

import io
import json
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from calligram.errors import CalligramError, ImageError, InputError, OptionError, OutputError, SourceError
from calligram.formats.base import Example, get_format
from calligram.picture import EncodeOptions, encode_batch, spell_batch
from calligram.sources.base import open_source
from calligram.training.dataset import build_dataset
from calligram.training.dataset_options import BuildOptions

PLAIN = BuildOptions(workers=1, split="all", shard_size=7)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Twenty images of two classes, 16 x 16."""
    for name, base in (("cat", 0), ("dog", 100)):
        (tmp_path / "animals" / name).mkdir(parents=True)
        for number in range(10):
            pixels = np.random.default_rng(base + number).integers(0, 256, (16, 16), dtype=np.uint8)
            Image.fromarray(pixels).save(tmp_path / "animals" / name / f"{number}.png")
    return tmp_path / "animals"


def names_in(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def examples_in(path: Path, format: str) -> list[Example]:
    with path.open("rb") as stream:
        return [record.example for record in get_format(format).read(stream) if record.example]


def test_a_named_file_has_a_manifest_beside_it_and_nothing_else(folder: Path, tmp_path: Path) -> None:
    built = build_dataset(f"folder:{folder}", tmp_path / "out" / "mine.json", PLAIN)
    assert names_in(tmp_path / "out") == ["mine.json", "mine.manifest.json"]
    assert built.files == (str(tmp_path / "out" / "mine.json"),)
    assert len(examples_in(tmp_path / "out" / "mine.json", "ascii-image")) == 20


def test_a_folder_has_a_file_for_each_split(folder: Path, tmp_path: Path) -> None:
    options = replace(PLAIN, split="train,test", format="alpaca", task="both")
    build_dataset(f"folder:{folder}", tmp_path / "out", options)
    assert names_in(tmp_path / "out") == ["dataset_info.json", "manifest.json", "test.json", "train.json"]
    both = [examples_in(tmp_path / "out" / f"{split}.json", "alpaca") for split in ("train", "test")]
    assert sum(map(len, both)) <= 40
    assert not {e.picture for e in both[0]} & {e.picture for e in both[1]}


def test_examples_are_what_the_picture_room_spells(tmp_path: Path) -> None:
    pytest.importorskip("sklearn")
    options = BuildOptions(
        workers=1, split="test[:9]", task="both", format="messages", layout="fine", shard_size=4
    )
    build_dataset("digits:", tmp_path / "out.jsonl", options)
    batch = open_source("digits:", "test[:9]").take(range(9))
    assert isinstance(batch.images, np.ndarray)
    texts = spell_batch(encode_batch(batch.images, "fine"), "fine")
    wanted = []
    for text, label in zip(texts, batch.labels, strict=True):
        wanted.append(Example("read", text, "What digit is this?", str(label)))
        wanted.append(Example("draw", text, f"Draw the digit {label}, fine.", ""))
    assert examples_in(tmp_path / "out.jsonl", "messages") == wanted


def test_question_and_request_can_be_given(folder: Path, tmp_path: Path) -> None:
    options = replace(
        PLAIN,
        task="both",
        format="text",
        question="Which animal?",
        request="{answer}, a {kind} ({layout})",
        limit=1,
    )
    build_dataset(f"folder:{folder}?kind=animal", tmp_path / "out.jsonl", options)
    text = json.loads((tmp_path / "out.jsonl").read_text().splitlines()[0])["text"]
    assert text.endswith("\nWhich animal?\ncat\n")
    other = json.loads((tmp_path / "out.jsonl").read_text().splitlines()[1])["text"]
    assert other.startswith("cat, a animal (classic)\n")


@pytest.mark.parametrize("format", ["ascii-image", "messages", "parquet"])
def test_shard_size_does_not_change_the_examples(folder: Path, tmp_path: Path, format: str) -> None:
    if format == "parquet":
        pytest.importorskip("pyarrow")
    suffix = get_format(format).SUFFIX
    options = replace(PLAIN, format=format, copies=1, shuffle=True)
    for size in (3, 100):
        build_dataset(f"folder:{folder}", tmp_path / f"{size}{suffix}", replace(options, shard_size=size))
    one, other = (examples_in(tmp_path / f"{size}{suffix}", format) for size in (3, 100))
    assert one == other
    assert len(one) == 40


def test_the_seed_decides_order_and_copies(folder: Path, tmp_path: Path) -> None:
    def build(name: str, **changes: object) -> bytes:
        path = tmp_path / name
        build_dataset(f"folder:{folder}", path, replace(PLAIN, **changes))  # type: ignore[arg-type]
        return path.read_bytes()

    assert build("a.json", shuffle=True, copies=1) == build("b.json", shuffle=True, copies=1)
    assert build("c.json", shuffle=True, seed=1) != build("d.json", shuffle=True, seed=2)
    assert build("e.json", copies=1, seed=1) != build("f.json", copies=1, seed=2)
    assert sorted(build("g.json", shuffle=True)) == sorted(build("h.json"))


def test_copies_differ_from_the_image_and_keep_its_label(folder: Path, tmp_path: Path) -> None:
    build_dataset(f"folder:{folder}", tmp_path / "out.json", replace(PLAIN, copies=3, limit=2))
    examples = examples_in(tmp_path / "out.json", "ascii-image")
    assert len(examples) == 8
    assert len({example.picture for example in examples[:4]}) == 4
    assert {example.answer for example in examples} == {"cat"}


def test_encoding_options_reach_every_picture(folder: Path, tmp_path: Path) -> None:
    encoding = EncodeOptions(width=8, symbols=" o", markup="plain", invert=True)
    build_dataset(f"folder:{folder}", tmp_path / "out.json", PLAIN, encoding)
    examples = examples_in(tmp_path / "out.json", "ascii-image")
    assert {line for example in examples for line in map(len, example.picture.splitlines())} == {8}
    assert set("".join(example.picture for example in examples)) == {" ", "o", "\n"}
    assert {example.columns for example in examples} == {8}


def test_the_manifest_tells_what_was_done(folder: Path, tmp_path: Path) -> None:
    import hashlib

    built = build_dataset(f"folder:{folder}?kind=animal", tmp_path / "out", replace(PLAIN, copies=1, seed=5))
    told = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert told == built.manifest
    split = told["splits"]["all"]
    assert (split["images"], split["examples"], split["labels"]) == (20, 40, {"cat": 20, "dog": 20})
    data = (tmp_path / "out" / "all.json").read_bytes()
    assert split["files"] == [
        {
            "name": "all.json",
            "size_bytes": len(data),
            "sha256": hashlib.sha256(data).hexdigest(),
            "examples": 40,
        }
    ]
    assert (told["options"]["seed"], told["options"]["copies"]) == (5, 1)
    assert told["versions"]["python"] == ".".join(map(str, sys.version_info[:3]))


def test_an_interrupted_build_goes_on_from_its_finished_shards(folder: Path, tmp_path: Path) -> None:
    def stop(what: str, done: int, total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build_dataset(f"folder:{folder}", tmp_path / "out" / "mine.json", PLAIN, progress=stop)
    assert not (tmp_path / "out" / "mine.json").exists()
    built = build_dataset(f"folder:{folder}", tmp_path / "out" / "mine.json", PLAIN)
    assert (built.shards, built.reused) == (3, 2)
    whole = build_dataset(f"folder:{folder}", tmp_path / "whole.json", PLAIN)
    assert whole.reused == 0
    assert (tmp_path / "out" / "mine.json").read_bytes() == (tmp_path / "whole.json").read_bytes()
    assert names_in(tmp_path / "out") == ["mine.json", "mine.manifest.json"]


def test_a_shard_is_made_again_when_its_images_or_options_change(folder: Path, tmp_path: Path) -> None:
    apart = replace(PLAIN, join=False, format="text")
    first = build_dataset(f"folder:{folder}", tmp_path / "out", apart)
    assert build_dataset(f"folder:{folder}", tmp_path / "out", apart).reused == 3
    Image.new("L", (16, 16), 200).save(folder / "cat" / "0.png")
    changed = build_dataset(f"folder:{folder}", tmp_path / "out", apart)
    assert changed.reused == 2
    assert len(set(first.files) & set(changed.files)) == 2
    assert len(list((tmp_path / "out").glob("*.jsonl"))) == 3
    assert build_dataset(f"folder:{folder}", tmp_path / "out", replace(apart, layout="fine")).reused == 0


def test_shards_kept_apart_are_whole_files(folder: Path, tmp_path: Path) -> None:
    apart = build_dataset(f"folder:{folder}", tmp_path / "apart", replace(PLAIN, join=False))
    build_dataset(f"folder:{folder}", tmp_path / "joined.json", PLAIN)
    parts = [examples_in(Path(file), "ascii-image") for file in apart.files]
    assert [e for part in parts for e in part] == examples_in(tmp_path / "joined.json", "ascii-image")


def test_an_image_that_cannot_be_read_stops_the_build_and_nothing_stays(folder: Path, tmp_path: Path) -> None:
    (folder / "dog" / "9.png").write_bytes(b"no image")
    for output, join in (("out", True), ("out", False), ("out.json", True)):
        with pytest.raises(ImageError, match=r"the image dog/9.png cannot be used.*--bad-images skip"):
            build_dataset(f"folder:{folder}", tmp_path / "new" / output, replace(PLAIN, join=join))
        assert not (tmp_path / "new").exists() or names_in(tmp_path / "new") == []


def test_images_that_cannot_be_read_are_left_out_and_told(folder: Path, tmp_path: Path) -> None:
    (folder / "dog" / "9.png").write_bytes(b"no image")
    built = build_dataset(f"folder:{folder}", tmp_path / "out.json", replace(PLAIN, bad_images="skip"))
    assert built.manifest["splits"]["all"]["skipped"] == ["dog/9.png"]
    assert built.manifest["splits"]["all"]["examples"] == 19


def test_without_a_single_image_nothing_is_built(folder: Path, tmp_path: Path) -> None:
    for path in folder.rglob("*.png"):
        path.write_bytes(b"no image")
    with pytest.raises(SourceError, match="none of the images"):
        build_dataset(f"folder:{folder}", tmp_path / "out", replace(PLAIN, bad_images="skip"))
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"format": "yaml"}, "no 'yaml' among the formats"),
        ({"engine": "horse"}, "no 'horse' among the engines"),
        ({"layout": "huge"}, "no layout 'huge'"),
        ({"task": "draw"}, "keeps no requests to draw"),
        ({"task": "paint"}, "must be one of read, draw, both"),
        ({"shard_size": 0}, "shard_size is 0"),
        ({"copies": -1}, "copies is -1"),
        ({"split": ""}, "the split is empty"),
        ({"split": "all,train"}, "several splits or separate shards need a folder"),
        ({"join": False}, "several splits or separate shards need a folder"),
        ({"request": "Draw\nit"}, "request has a line break"),
        ({"question": "What\nis it"}, "question has a line break"),
    ],
)
def test_an_impossible_option_is_refused_before_anything_is_written(
    folder: Path, tmp_path: Path, changes: dict[str, object], told: str
) -> None:
    with pytest.raises(CalligramError, match=told):
        build_dataset(f"folder:{folder}", tmp_path / "new" / "out.json", replace(PLAIN, **changes))  # type: ignore[arg-type]
    assert not (tmp_path / "new").exists()


def test_colours_are_refused(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="what a model reads has no colour"):
        build_dataset(f"folder:{folder}", tmp_path / "out", PLAIN, EncodeOptions(colors="full"))


def test_a_file_in_the_way_is_not_overwritten(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "all.json").write_text("precious")
    with pytest.raises(OutputError, match="was made by something else"):
        build_dataset(f"folder:{folder}", tmp_path / "out", PLAIN)
    assert names_in(tmp_path / "out") == ["all.json"]
    with pytest.raises(OutputError, match="is a file"):
        build_dataset(
            f"folder:{folder}", tmp_path / "out" / "all.json" / "deeper", replace(PLAIN, format="text")
        )


def test_a_folder_of_an_earlier_build_is_built_again(folder: Path, tmp_path: Path) -> None:
    build_dataset(f"folder:{folder}", tmp_path / "out", PLAIN)
    built = build_dataset(f"folder:{folder}", tmp_path / "out", replace(PLAIN, limit=3))
    assert built.manifest["splits"]["all"]["examples"] == 3


def test_a_fault_of_a_rebuild_keeps_the_earlier_build(folder: Path, tmp_path: Path) -> None:
    build_dataset(f"folder:{folder}", tmp_path / "out", PLAIN)
    before = (tmp_path / "out" / "all.json").read_bytes()
    (folder / "dog" / "9.png").write_bytes(b"no image")
    with pytest.raises(InputError):
        build_dataset(f"folder:{folder}", tmp_path / "out", PLAIN)
    assert (tmp_path / "out" / "all.json").read_bytes() == before
    assert names_in(tmp_path / "out") == ["all.json", "manifest.json"]


def test_an_object_store_can_be_written_to(folder: Path, tmp_path: Path) -> None:
    fsspec = pytest.importorskip("fsspec")
    build_dataset(f"folder:{folder}", tmp_path / "here.json", PLAIN)
    built = build_dataset(f"folder:{folder}", "memory://bucket/set", PLAIN)
    store = fsspec.filesystem("memory")
    assert built.files == ("memory://bucket/set/all.json",)
    assert store.cat("/bucket/set/all.json") == (tmp_path / "here.json").read_bytes()
    assert sorted(store.find("/bucket/set")) == ["/bucket/set/all.json", "/bucket/set/manifest.json"]
    with pytest.raises(OutputError, match="cannot be opened"):
        build_dataset(f"folder:{folder}", "nostore://bucket/set", PLAIN)


def test_ascii_image_of_all_shards_is_plain_json(folder: Path, tmp_path: Path) -> None:
    build_dataset(f"folder:{folder}", tmp_path / "out.json", PLAIN)
    text = (tmp_path / "out.json").read_text(encoding="utf-8")
    assert text == json.dumps(json.loads(text), indent=2, ensure_ascii=False) + "\n"
    assert io.StringIO(text).readline() == "[\n"


def test_copies_of_arrays_at_once_are_those_made_one_by_one(tmp_path: Path) -> None:
    pytest.importorskip("sklearn")
    options = BuildOptions(workers=1, split="test[:6]", copies=2, shard_size=4)
    build_dataset("digits:", tmp_path / "a.json", options)
    # a contrast, however small, is worked on one image at a time
    build_dataset("digits:", tmp_path / "b.json", options, EncodeOptions(contrast=1.0000001))
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()


def test_a_file_that_is_not_there_is_left_out_and_told(folder: Path, tmp_path: Path) -> None:
    names = sorted(path.relative_to(tmp_path).as_posix() for path in folder.rglob("*.png"))
    rows = "".join(f"{name},{Path(name).parent.name}\n" for name in [*names, f"{folder.name}/dog/gone.png"])
    (tmp_path / "list.csv").write_text("path,label\n" + rows)
    source = f"table:{tmp_path / 'list.csv'}"
    with pytest.raises(SourceError, match=r"gone.png cannot be read"):
        build_dataset(source, tmp_path / "out.json", PLAIN)
    built = build_dataset(source, tmp_path / "out.json", replace(PLAIN, bad_images="skip"))
    (skipped,) = built.manifest["splits"]["all"]["skipped"]
    assert "gone.png cannot be read" in skipped
    assert built.manifest["splits"]["all"]["examples"] == len(names)


@pytest.mark.parametrize("splits", ["all,all[:4]", "all[:5],all[4:]", "train,all"])
def test_splits_that_share_images_are_refused(splits: str, folder: Path, tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="have images in common"):
        build_dataset(f"folder:{folder}", tmp_path / "out", replace(PLAIN, split=splits))
    assert not (tmp_path / "out").exists()


def test_splits_apart_are_built(folder: Path, tmp_path: Path) -> None:
    built = build_dataset(f"folder:{folder}", tmp_path / "out", replace(PLAIN, split="all[:5],all[5:]"))
    assert [part["examples"] for part in built.manifest["splits"].values()] == [5, 15]
