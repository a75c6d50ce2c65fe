"""The file of a piece of work: events only added, other writers noticed, nothing lost when killed."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from calligram.art import work_file
from calligram.art.work import Work, read_work, shorten
from calligram.art.work_file import add_events, load_work, make_work, place_of
from calligram.errors import FormatError, InputError, OutputError


@pytest.fixture
def place(tmp_path: Path) -> Path:
    make_work(tmp_path / "pond", "A quiet pond.", "The Pond")
    return tmp_path / "pond.calligram.json"


def note(text: str) -> tuple[str, dict[str, str], str]:
    return "note", {"text": text}, "you"


def test_a_work_comes_back_from_its_bytes_as_it_was(place: Path) -> None:
    add_events(place, [note("one"), ("undo", {"of": 2}, "you")], {"ab": {"form": "text", "text": "ü"}})
    work = load_work(place)
    assert read_work(work.to_bytes(), "x") == work
    assert (work.title, work.brief, work.undone) == ("The Pond", "A quiet pond.", {2})
    assert work.things["ab"]["text"] == "ü"
    assert json.loads(place.read_bytes())["calligram_work"] == 1


def test_names_of_works_stand_for_files(tmp_path: Path) -> None:
    assert place_of("pond") == Path("pond.calligram.json")
    assert place_of("a/my.pond") == Path("a/my.pond.calligram.json")
    assert place_of("x.json") == Path("x.json")
    assert place_of(tmp_path) == tmp_path / "work.calligram.json"


def test_a_work_is_never_written_over_by_a_new_one(place: Path) -> None:
    before = place.read_bytes()
    with pytest.raises(OutputError, match="is there already"):
        make_work(place, "Another.")
    assert place.read_bytes() == before


def test_a_brief_may_not_be_empty_and_the_folder_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="brief is empty"):
        make_work(tmp_path / "x", "  ")
    with pytest.raises(OutputError, match="no folder"):
        make_work(tmp_path / "none" / "x", "A pond.")


def test_an_event_that_was_changed_by_hand_is_told_and_nothing_is_refused(place: Path) -> None:
    add_events(place, [note("one"), note("two")])
    place.write_text(place.read_text().replace('"one"', '"uno"'))
    work = load_work(place)
    assert work.remarks == ("event 2 was changed after it was written",)
    assert add_events(place, [note("three")]).events[0].number == 4
    assert load_work(place).remarks == work.remarks


def test_another_writer_is_noticed_and_both_keep_what_they_wrote(place: Path) -> None:
    known = len(load_work(place).events)
    add_events(place, [note("theirs")])
    added = add_events(place, [note("mine")], known=known)
    assert [event.text for event in added.arrived] == ["theirs"]
    assert [event.text for event in load_work(place).standing("note")] == ["theirs", "mine"]


EVENT = {"number": 1, "at": "", "kind": "note", "by": "", "told": {"of": 4}}
WRITER = """
import sys
from calligram.art.work_file import add_events
for number in range(int(sys.argv[3])):
    add_events(sys.argv[1], [("note", {"text": f"{sys.argv[2]}{number}"}, "you")])
"""


def writer(place: Path, name: str, times: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", WRITER, str(place), name, str(times)])


def test_two_programs_that_write_at_once_lose_nothing(place: Path) -> None:
    pytest.importorskip("fcntl", reason="this system has no locks of that kind")
    both = [writer(place, name, 15) for name in ("a", "b")]
    assert [program.wait(60) for program in both] == [0, 0]
    work = load_work(place)
    texts = [event.text for event in work.standing("note")]
    assert sorted(texts) == sorted(f"{name}{number}" for name in "ab" for number in range(15))
    assert work.remarks == ()


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system cannot kill so")
def test_a_killed_writer_leaves_a_whole_file(place: Path) -> None:
    program = writer(place, "a", 10_000)
    until = time.monotonic() + 30
    while len(load_work(place).events) < 5 and time.monotonic() < until:
        time.sleep(0.01)
    os.kill(program.pid, signal.SIGKILL)
    program.wait(30)
    work = load_work(place)
    assert len(work.events) >= 5
    assert work.remarks == ()
    assert add_events(place, [note("after")]).events[0].number == len(work.events) + 1


def test_a_writer_that_is_kept_waiting_gives_up_with_a_sentence(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fcntl = pytest.importorskip("fcntl", reason="this system has no locks of that kind")
    monkeypatch.setattr(work_file, "WAIT_S", 0.1)
    handle = os.open(place.parent, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        with pytest.raises(OutputError, match="held by another program"):
            add_events(place, [note("x")])
    finally:
        os.close(handle)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full disk to try")
def test_a_full_disk_leaves_the_file_as_it_was(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = place.read_bytes()
    real = Path.open

    def full(self: Path, *given: object, **named: object) -> object:
        return real(
            Path("/dev/full") if self.suffix == ".part" else self, "wb" if self.suffix == ".part" else "rb"
        )

    monkeypatch.setattr(Path, "open", full)
    with pytest.raises(OutputError, match="cannot be written"):
        add_events(place, [note("x")])
    monkeypatch.undo()
    assert place.read_bytes() == before
    assert [path.name for path in place.parent.iterdir()] == [place.name]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("{", "breaks off in line 1"),
        ("[]", "no piece of work"),
        ('{"a": 1}', "make one with calligram assist new"),
        ('{"calligram_work": 2}', "use a newer Calligram"),
        ('{"calligram_work": 1}', "cannot|that can be read"),
        (json.dumps({"calligram_work": 1, "events": [EVENT | {"number": 2}]}), "1 says it is 2"),
        (json.dumps({"calligram_work": 1, "events": [EVENT | {"kind": "undo"}]}), "not before it"),
        (json.dumps({"calligram_work": 1, "events": [EVENT | {"kind": "undo", "told": {}}]}), "say 'of'"),
        (json.dumps({"calligram_work": 1, "events": [EVENT | {"kind": "draft"}]}), "1, a draft, .* 'thing'"),
        (json.dumps({"calligram_work": 1, "events": [EVENT | {"kind": "change"}]}), "1, a change, .* 'from'"),
        (json.dumps({"calligram_work": 1, "events": [EVENT | {"kind": "ideas"}]}), "1, an ideas, .* 'ideas'"),
    ],
)
def test_a_file_that_is_no_work_is_said(tmp_path: Path, content: str, told: str) -> None:
    (tmp_path / "x.json").write_text(content)
    with pytest.raises(FormatError, match=told):
        load_work(tmp_path / "x.json")


def test_a_work_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="calligram assist new"):
        load_work(tmp_path / "none")


def test_an_event_of_a_newer_kind_is_kept(place: Path) -> None:
    told = json.loads(place.read_text())
    told["events"].append({**told["events"][0], "number": 2, "kind": "song", "before": ""})
    place.write_text(json.dumps(told))
    assert add_events(place, [note("x")]).work.events[1].kind == "song"


def test_the_last_event_can_be_undone_but_never_the_first_brief() -> None:
    work = Work().add("brief", {"text": "b"}, "t")
    with pytest.raises(InputError, match="nothing to undo"):
        work.last()
    work = work.add("note", {"text": "n"}, "t")
    assert work.last().number == 2
    work = work.add("undo", {"of": 2}, "t")
    assert work.last(undone=True).number == 2
    assert work.standing("note") == []


def test_texts_are_cut_between_words() -> None:
    assert shorten("one two three", 99) == "one two three"
    assert shorten("one two three", 9) == "one two …"
