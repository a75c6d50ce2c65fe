"""Help with a piece of work: drafts and what they changed, reasons, and next steps from the work itself."""

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from calligram.art import assisting
from calligram.art.assisting import (
    add_draft,
    beginning_of,
    compare_drafts,
    mood_of,
    propose,
    say,
    take_back,
)
from calligram.art.work import why_of
from calligram.art.work_comparing import compare_facts, compare_texts
from calligram.art.work_drafts import text_draft
from calligram.art.work_export import to_html, to_markdown
from calligram.art.work_file import Added, add_events, load_work, make_work
from calligram.art.work_steps import ask_and_keep, next_steps
from calligram.art.work_wishes import read_wishes
from calligram.errors import ImageError, InputError, ModelError
from calligram.picture.saving import Origin

XMP = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<r:Description xmlns:i="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"><i:DigitalSourceType>'
    "http://cv.iptc.org/newscodes/digitalsourcetype/compositeSynthetic</i:DigitalSourceType>"
    "</r:Description></r:RDF></x:xmpmeta>"
)
BRIEF = "A quiet pond at dusk, dark and upright, mostly green, without red."


@pytest.fixture
def pond(tmp_path: Path) -> Path:
    make_work(tmp_path / "pond", BRIEF, "The Pond")
    return tmp_path / "pond.calligram.json"


def picture(path: Path, colour: tuple[int, int, int], size: tuple[int, int] = (200, 300)) -> Path:
    pixels = np.zeros((size[1], size[0], 3), np.uint8)
    pixels[:] = colour
    pixels[size[1] // 3 : size[1] // 2] = [value // 2 for value in colour]
    Image.fromarray(pixels).save(path)
    return path


def steps_of(pond: Path) -> dict[str, str]:
    return {step.do: step.because for step in next_steps(load_work(pond))}


def test_drafts_are_known_by_their_content_and_numbered_by_version(pond: Path, tmp_path: Path) -> None:
    first = add_draft(pond, picture(tmp_path / "a.png", (20, 60, 30)))
    with pytest.raises(InputError, match="draft 2 again, to the last byte"):
        add_draft(pond, tmp_path / "a.png")
    second = add_draft(pond, picture(tmp_path / "b.png", (200, 210, 250), (300, 200)), why="too dark")
    assert [event.told["version"] for event in (first.events[0], second.events[0])] == [1, 2]
    change = second.events[1]
    assert change.told["why"] == "too dark"
    assert "light or dark: from dark to light" in change.told["differences"]
    assert "orientation: from portrait to landscape" in change.told["differences"]


def test_a_draft_keeps_a_small_picture_facts_and_a_text_picture(pond: Path, tmp_path: Path) -> None:
    add_draft(pond, picture(tmp_path / "a.png", (20, 60, 30), (900, 1200)))
    (thing,) = load_work(pond).things.values()
    import base64

    small = Image.open(io.BytesIO(base64.b64decode(thing["thumbnail"])))
    assert max(small.size) == 320
    assert thing["facts"]["orientation"] == "portrait"
    assert len({len(row) for row in thing["text_picture"]}) == 1
    assert pond.stat().st_size < 60_000


def test_texts_are_drafts_too_and_are_compared_word_by_word(pond: Path, tmp_path: Path) -> None:
    for name, text in {"a.txt": "A slow river.\n", "b.txt": "A slow, wide river."}.items():
        (tmp_path / name).write_text(text)
        add_draft(pond, tmp_path / name, name="label")
    before, after, difference = compare_drafts(load_work(pond))
    assert (before.number, after.number) == (2, 3)
    assert difference.marks == (("same", "A slow"), ("new", ", wide"), ("same", " river."))


@pytest.mark.parametrize("content", [b"\x00\xff\xfe\x80", b"", b"   \n"])
def test_what_is_neither_image_nor_text_is_refused(pond: Path, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x").write_bytes(content)
    before = pond.read_bytes()
    with pytest.raises(InputError):
        add_draft(pond, tmp_path / "x")
    assert pond.read_bytes() == before


def test_a_damaged_image_is_refused(pond: Path, tmp_path: Path) -> None:
    content = picture(tmp_path / "a.png", (20, 60, 30)).read_bytes()
    (tmp_path / "b.png").write_bytes(content[: len(content) // 2])
    with pytest.raises(ImageError, match="damaged"):
        add_draft(pond, tmp_path / "b.png")


def test_facts_that_hardly_differ_are_not_told() -> None:
    one = {"lightness": 50, "contrast": 0.2, "main_colour": "grey", "palette": [{"name": "grey", "share": 1}]}
    assert list(compare_facts(one, one | {"lightness": 51})) == []
    told = list(compare_facts(one, one | {"contrast": 0.1, "palette": [{"name": "red", "share": 0.5}]}))
    assert told == [
        "contrast fell from 0.20 to 0.10 of at most 0.5",
        "colours that came: red (50%)",
        "colours that went: grey (100%)",
    ]


def test_the_marks_of_two_texts_give_both_back() -> None:
    before, after = "One, two — three.\nFour", "One two, three!\nfour five"
    marks = compare_texts(before, after).marks
    assert "".join(text for mark, text in marks if mark != "new") == before
    assert "".join(text for mark, text in marks if mark != "gone") == after
    assert compare_texts(before, before).lines == ()


@pytest.mark.parametrize(
    ("brief", "facts", "unmet"),
    [
        ("a dark pond", {"light_or_dark": "dark"}, []),
        ("a dark pond", {"light_or_dark": "light"}, ["dark"]),
        ("not dark at all", {"light_or_dark": "dark"}, ["not dark"]),
        ("warm, upright", {"temperature": "cool", "orientation": "portrait"}, ["warm"]),
        ("no red", {"palette": [{"name": "dark red", "share": 0.3}]}, ["not red"]),
        ("red", {"palette": [{"name": "dark red", "share": 0.05}]}, ["red"]),
        ("muted", {"colourfulness": 80.0}, ["muted"]),
        ("stark", {"contrast": 0.1}, ["stark"]),
        ("a pond with lilies", {"light_or_dark": "light"}, []),
    ],
)
def test_a_brief_is_held_against_what_is_measured(
    brief: str, facts: dict[str, object], unmet: list[str]
) -> None:
    assert [wished.word for wished in read_wishes(brief, facts) if not wished.met] == unmet


def test_the_first_step_is_to_find_ideas_and_the_second_to_draft(pond: Path) -> None:
    assert list(steps_of(pond)) == ["find ideas"]
    say(pond, "idea", "seen from below")
    assert list(steps_of(pond)) == ["choose an idea", "make a first draft"]
    say(pond, "decision", "this one", 2)
    assert list(steps_of(pond)) == ["make a first draft"]


def test_steps_say_where_a_draft_leaves_the_brief_and_which_one_had_it(pond: Path, tmp_path: Path) -> None:
    add_draft(pond, picture(tmp_path / "a.png", (20, 60, 30)))
    assert "darken it" not in steps_of(pond)
    add_draft(pond, picture(tmp_path / "b.png", (240, 180, 190)))
    steps = steps_of(pond)
    assert "draft 2 had it" in steps["darken it"]
    assert "the brief says 'green'" in steps["bring green in"]
    assert "the change from draft 2 to 3 has no reason yet" in steps["say why"]


def test_a_reason_given_later_belongs_to_the_last_change(pond: Path, tmp_path: Path) -> None:
    for number, colour in enumerate([(20, 60, 30), (20, 61, 90)]):
        add_draft(pond, picture(tmp_path / f"{number}.png", colour))
    added = say(pond, "why", "for the evening")
    assert added.events[0].told["of"] == 4
    assert why_of(added.work, added.work.get(4)) == "for the evening"
    assert "say why" not in steps_of(pond)


def test_an_undone_draft_counts_for_nothing_but_stays(pond: Path, tmp_path: Path) -> None:
    for number, colour in enumerate([(20, 60, 30), (240, 180, 190)]):
        add_draft(pond, picture(tmp_path / f"{number}.png", colour))
    take_back(pond, 3)
    assert "darken it" not in steps_of(pond)
    assert len(load_work(pond).things) == 2
    with pytest.raises(InputError, match="taken back already"):
        take_back(pond, 3)
    take_back(pond, 3, redo=True)
    assert "darken it" in steps_of(pond)


def test_what_was_never_said_cannot_be_spoken_of(pond: Path) -> None:
    with pytest.raises(InputError, match="no event 9"):
        say(pond, "note", "x", 9)
    with pytest.raises(InputError, match="note is empty"):
        say(pond, "note", " ")
    with pytest.raises(InputError, match="no change yet"):
        say(pond, "why", "x")
    with pytest.raises(InputError, match="no draft yet"):
        compare_drafts(load_work(pond))
    with pytest.raises(InputError, match="cannot be taken back"):
        take_back(pond, 1)


def test_ideas_begin_with_the_brief_and_follow_its_mood(pond: Path) -> None:
    assert (beginning_of(BRIEF), mood_of(BRIEF), mood_of("a pond")) == ("A quiet pond at dusk", "quiet", "")
    told = propose(pond, count=2, seed=1, model="none").events[0].told
    assert all(idea["prompt"].startswith("A quiet pond at dusk") for idea in told["ideas"])
    assert told["options"]["seed"] == 1


def script(tmp_path: Path, *say: object) -> str:
    (tmp_path / "script.json").write_text(json.dumps([{"say": list(say)}]), encoding="utf-8")
    return f"scripted:{tmp_path / 'script.json'}"


def test_a_model_proposes_steps_that_rest_on_events_and_its_answer_is_kept(
    pond: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CALLIGRAM_CACHE", str(tmp_path / "cache"))
    wrong = {"steps": [{"do": "Draw.", "because": "of it", "events": [7]}]}
    right = {"steps": [{"do": "Draw.", "because": "of it", "events": [1]}]}
    (step,) = ask_and_keep(pond, script(tmp_path, wrong, right), seed=3)
    assert (step.do, step.events) == ("Draw.", (1,))
    kept = load_work(pond).get(2, "model")
    assert (kept.told["seed"], kept.told["tries"], kept.told["answer"]) == (4, 2, right)


def test_a_model_that_follows_no_instructions_cannot_propose_steps(pond: Path) -> None:
    with pytest.raises(ModelError, match="follows no instructions"):
        ask_and_keep(pond, "builtin:writer")


def test_exports_tell_all_and_hold_no_markup_of_the_user(pond: Path, tmp_path: Path) -> None:
    say(pond, "note", "<script>alert(1)</script> & more")
    add_draft(pond, picture(tmp_path / "a.png", (20, 60, 30)))
    (tmp_path / "t.txt").write_text("A <b>pond</b>.")
    add_draft(pond, tmp_path / "t.txt", name="label")
    take_back(pond)
    work = load_work(pond)
    page, text = to_html(work), to_markdown(work)
    assert "<script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; more" in page
    assert page.count("data:image/jpeg;base64,") == 1
    assert "http" not in page
    for event in work.events:
        assert f"## {event.number}. " in text
        assert f'id="e{event.number}"' in page
    assert "taken back" in page
    assert "A &lt;b&gt;pond&lt;/b&gt;." in page


def test_pictures_in_a_page_are_finished_with_what_their_drafts_said(pond: Path, tmp_path: Path) -> None:
    add_draft(pond, picture(tmp_path / "a.png", (20, 60, 30)))
    red = Image.new("RGB", (9, 9), "red")
    told = PngInfo()
    told.add_itxt("XML:com.adobe.xmp", XMP)
    red.save(tmp_path / "drawn.png", pnginfo=told)
    add_draft(pond, tmp_path / "drawn.png")
    origins: list[Origin] = []

    def finish(content: bytes, origin: Origin) -> bytes:
        assert content.startswith(b"\xff\xd8")
        origins.append(origin)
        return b"finished"

    page = to_html(load_work(pond), finish)
    assert origins == [Origin("a.png"), Origin("drawn.png", generated=True)]
    assert page.count("data:image/jpeg;base64,ZmluaXNoZWQ=") == 2


def test_a_damaged_picture_in_a_work_stops_no_export(pond: Path, tmp_path: Path) -> None:
    add_draft(pond, picture(tmp_path / "a.png", (20, 60, 30)))
    told = json.loads(pond.read_text(encoding="utf-8"))
    for thing in told["things"].values():
        thing["thumbnail"] = "no <base64>"
    pond.write_text(json.dumps(told), encoding="utf-8")
    assert "base64,no &lt;base64&gt;" in to_html(load_work(pond), lambda content, origin: content)


def without_contents(pond: Path) -> None:
    told = json.loads(pond.read_text(encoding="utf-8"))
    pond.write_text(json.dumps(told | {"things": {}}), encoding="utf-8")


def test_a_draft_after_one_without_content_is_added_and_says_it_was_not_compared(pond: Path) -> None:
    add_draft(pond, text_draft("One river."))
    without_contents(pond)
    change = add_draft(pond, text_draft("Two rivers."), why="more").events[1].told
    assert change["differences"] == ["not compared, because the content of event 2 is not in the file"]
    assert (change["from"], change["to"], change["why"]) == (2, 3, "more")


def test_a_draft_without_content_can_be_added_again(pond: Path) -> None:
    add_draft(pond, text_draft("One river."))
    without_contents(pond)
    assert load_work(pond).remarks
    assert add_draft(pond, text_draft("One river.")).events[1].told["differences"] == []
    assert load_work(pond).remarks == ()


def test_numbers_are_those_of_the_work_under_the_lock(pond: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another writer adds a draft after this one has read the work and before it holds the lock."""
    add_draft(pond, text_draft("One river."))

    def late(*given: Any, **named: Any) -> Added:
        monkeypatch.undo()
        add_draft(pond, text_draft("Two rivers."))
        return add_events(*given, **named)

    monkeypatch.setattr(assisting, "add_events", late)
    draft, change = add_draft(pond, text_draft("Three rivers.")).events
    assert (draft.told["version"], change.told["from"], change.told["to"]) == (3, 3, draft.number)
