"""Catalogues: made, stopped, gone on with, and made again where something changed."""

import errno
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PIL import Image
from tests.art.cataloguing import ANSWER, make_images, write_script
from tests.full_disk import run_on_full_disk

from calligram.art.catalogue import CatalogueOptions, Outcome, catalogue
from calligram.art.catalogue_journal import NAME, CatalogueJournal
from calligram.art.record import GIVEN_ONLY
from calligram.errors import FormatError, InputError, NameInFamilyError, OptionError, OutputError

NONE: tuple[str, ...] = ()


@pytest.fixture(autouse=True)
def own_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CALLIGRAM_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def images(tmp_path: Path) -> Path:
    make_images(tmp_path / "images", 3)
    return tmp_path / "images"


def counts(outcome: Outcome) -> tuple[int, int, int]:
    return outcome.made, outcome.kept, outcome.remade


def test_every_image_gets_a_record_in_every_form(images: Path, tmp_path: Path) -> None:
    outcome = catalogue(images, tmp_path / "out", models=NONE)
    assert [record.id for record in outcome.records] == ["work-00", "work-01", "work-02"]
    forms = ["catalogue.jsonld", "dublin-core.xml", "iiif", "index.html"]
    forms += ["linked-art", "records.csv", "records.jsonl"]
    assert {path.partition("/")[0] for path in outcome.files} == set(forms)
    assert all((tmp_path / "out" / path).is_file() for path in outcome.files)
    assert (tmp_path / "out/thumbnails/work-01.jpg").is_file()


def test_a_second_run_makes_nothing_again(images: Path, tmp_path: Path) -> None:
    first = catalogue(images, tmp_path / "out", models=NONE)
    before = (tmp_path / "out/records.jsonl").read_bytes()
    second = catalogue(images, tmp_path / "out", models=NONE)
    assert (counts(first), counts(second)) == ((3, 0, 0), (0, 3, 0))
    assert (tmp_path / "out/records.jsonl").read_bytes() == before


def test_a_changed_image_is_noticed(images: Path, tmp_path: Path) -> None:
    catalogue(images, tmp_path / "out", models=NONE)
    Image.new("RGB", (30, 20), "red").save(images / "work-01.png")
    outcome = catalogue(images, tmp_path / "out", models=NONE)
    assert counts(outcome) == (1, 2, 1)
    assert outcome.records[1]["image_size"].text == "30 x 20 pixels"
    assert len(outcome.records) == 3


def test_changed_givens_and_options_are_noticed(images: Path, tmp_path: Path) -> None:
    catalogue(images, tmp_path / "out", models=NONE)
    (images / "work-02.png.json").write_text('{"creator": "Ann Example"}', encoding="utf-8")
    assert counts(catalogue(images, tmp_path / "out", models=NONE)) == (1, 2, 1)
    options = CatalogueOptions(longest_px=64)
    assert counts(catalogue(images, tmp_path / "out", models=NONE, options=options)) == (3, 0, 3)
    other = CatalogueOptions(longest_px=64, title="Another title")
    assert counts(catalogue(images, tmp_path / "out", models=NONE, options=other)) == (0, 3, 0)


def test_a_catalogue_among_its_images_does_not_catalogue_itself(images: Path) -> None:
    catalogue(images, images / "out", models=NONE)
    assert len(catalogue(images, images / "out", models=NONE).records) == 3


def test_images_of_one_name_get_ids_of_their_own(tmp_path: Path) -> None:
    make_images(tmp_path / "a", 1)
    make_images(tmp_path / "b", 1)
    records = catalogue([tmp_path / "a", tmp_path / "b"], tmp_path / "out", models=NONE).records
    assert {record.id for record in records} == {"work-00", "work-00-2"}


def test_a_bad_image_is_told_and_the_others_go_on(images: Path, tmp_path: Path) -> None:
    (images / "bad.png").write_bytes(b"\x89PNG\r\n\x1a\n and nothing more")
    outcome = catalogue([images, tmp_path / "missing.png"], tmp_path / "out", models=NONE)
    assert len(outcome.records) == 3
    assert [Path(file).name for file, _ in outcome.faults] == ["bad.png", "missing.png"]


def test_many_images_are_measured_in_processes_as_in_one(tmp_path: Path) -> None:
    make_images(tmp_path / "images", 13)
    many = catalogue(tmp_path / "images", tmp_path / "many", models=NONE)
    one = catalogue(tmp_path / "images", tmp_path / "one", models=NONE, options=CatalogueOptions(processes=1))
    assert many.records == one.records


def test_a_run_killed_and_gone_on_with_loses_and_doubles_nothing(tmp_path: Path) -> None:
    make_images(tmp_path / "images", 40, cell=60)
    words = ["catalogue", "images", "-o", "out", "-m", "none", "--processes", "1", "-f", "jsonl"]
    code = f"from calligram.cli.main import run; run({words})"
    run = subprocess.Popen([sys.executable, "-c", code], cwd=tmp_path)
    journal = tmp_path / "out" / NAME
    for _ in range(2000):
        if journal.exists() and journal.read_bytes().count(b"\n") > 3:
            break
        time.sleep(0.01)
    run.send_signal(signal.SIGKILL)
    assert run.wait() == -signal.SIGKILL
    done = journal.read_bytes().count(b"\n") - 1
    assert 0 < done < 40
    with journal.open("ab") as stream:
        stream.write(b'{"record": {"file": "half')
    outcome = catalogue(tmp_path / "images", tmp_path / "out", models=NONE)
    assert counts(outcome) == (40 - done, done, 0)
    whole = catalogue(tmp_path / "images", tmp_path / "whole", models=NONE)
    assert outcome.records == whole.records
    lines = [json.loads(line) for line in journal.read_bytes().splitlines()]
    assert len(lines) == 41


def test_several_models_vote_and_disagreements_are_in_the_page(images: Path, tmp_path: Path) -> None:
    models = [
        write_script(tmp_path / "a.json"),
        write_script(tmp_path / "b.json", {**ANSWER, "title": "Bright grid", "artist": "Ann Example"}),
        write_script(tmp_path / "c.json", {**ANSWER, "title": "Bright grid"}),
    ]
    outcome = catalogue(images / "work-00.png", tmp_path / "out", models=models)
    (record,) = outcome.records
    assert record["title"].value == "Bright grid"
    assert record["title"].confidence == pytest.approx(2 / 3)
    assert not GIVEN_ONLY & record.fields.keys()
    page = (tmp_path / "out/index.html").read_text(encoding="utf-8")
    assert f"{models[0]} says: Coloured squares" in page
    assert "only a given source may say it" in page


def test_a_model_that_answers_nonsense_costs_its_proposal_and_is_asked_again(
    images: Path, tmp_path: Path
) -> None:
    model = write_script(tmp_path / "script.json", "nonsense")
    outcome = catalogue(images / "work-00.png", tmp_path / "out", models=[model])
    assert len(outcome.faults) == 1
    assert outcome.records[0]["title"].standing == "measured"
    write_script(tmp_path / "script.json", ANSWER)
    again = catalogue(images / "work-00.png", tmp_path / "out", models=[model])
    assert (again.faults, again.records[0]["title"].value) == ((), "Coloured squares")


def test_the_built_in_writer_proposes_and_nothing_of_it_is_given(images: Path, tmp_path: Path) -> None:
    records = catalogue(images, tmp_path / "out").records
    proposed = [field for record in records for _, field in record.undecided()]
    assert {field.source for field in proposed} == {"builtin:writer"}
    assert all(not GIVEN_ONLY & record.fields.keys() for record in records)


def test_a_folder_that_cannot_be_written_is_refused(images: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(OutputError, match="cannot be made"):
        catalogue(images, tmp_path / "file" / "out", models=NONE)


def test_a_full_disk_keeps_what_was_finished_and_nothing_half_written(images: Path, tmp_path: Path) -> None:
    words = ["catalogue", "images", "-o", "out", "-m", "none"]
    run_on_full_disk(words, tmp_path)
    assert not list((tmp_path / "out").rglob("*.part"))
    assert not (tmp_path / "out/index.html").exists()
    lines = (tmp_path / "out" / NAME).read_bytes().splitlines(keepends=True)
    assert all(line.endswith(b"\n") and json.loads(line) for line in lines)
    assert len(lines) > 1
    assert len(catalogue(images, tmp_path / "out", models=NONE).records) == 3


def test_two_runs_do_not_write_one_catalogue_at_once(images: Path, tmp_path: Path) -> None:
    with CatalogueJournal(tmp_path / "out"), pytest.raises(OutputError, match="another process"):
        catalogue(images, tmp_path / "out", models=NONE)


def test_a_file_that_is_no_journal_is_left_alone(images: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / NAME).write_text('{"some": "other file"}\n', encoding="utf-8")
    with pytest.raises(FormatError, match="no journal of a catalogue"):
        catalogue(images, tmp_path / "out", models=NONE)
    assert (tmp_path / "out" / NAME).read_text(encoding="utf-8") == '{"some": "other file"}\n'


def test_what_cannot_be_is_refused_before_anything_is_written(images: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    with pytest.raises(NameInFamilyError, match="no form 'pdf'"):
        catalogue(images, out, models=NONE, forms=["pdf"])
    with pytest.raises(OptionError, match="base_uri"):
        catalogue(images, out, models=NONE, options=CatalogueOptions(base_uri="museum.example"))
    with pytest.raises(InputError, match="cannot be read"):
        catalogue(images, out, models=NONE, given=tmp_path / "none.csv")
    with pytest.raises(InputError, match="cannot be read"):
        catalogue(images, out, models=NONE, aat=tmp_path / "none.csv")
    assert not out.exists()


def test_a_catalogue_given_to_another_passes_on_no_proposal(images: Path, tmp_path: Path) -> None:
    model = write_script(tmp_path / "script.json")
    catalogue(images, tmp_path / "first", models=[model])
    for form in ("records.jsonl", "records.csv"):
        given = tmp_path / "first" / form
        records = catalogue(images, tmp_path / f"second-{form}", models=NONE, given=given).records
        standings = {
            field.standing for record in records for field in (*record.fields.values(), *record.tags)
        }
        assert standings == {"measured"}


@pytest.mark.skipif(os.environ.get("CALLIGRAM_SLOW") is None, reason="takes a minute: set CALLIGRAM_SLOW")
def test_the_paintings_are_catalogued_in_three_minutes(tmp_path: Path) -> None:
    paintings = Path(__file__).parents[2] / "../shared/data/art/paintings"
    if not paintings.is_dir():
        pytest.skip("the paintings are not here")
    start = time.monotonic()
    outcome = catalogue(paintings, tmp_path / "out")
    assert len(outcome.records) == 267
    assert not outcome.faults
    assert time.monotonic() - start < 180


def test_a_file_system_without_locks_is_written_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(handle: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("calligram.art.journal_file._lock", refuse)
    with CatalogueJournal(tmp_path / "out") as journal:
        assert journal.path.is_file()
