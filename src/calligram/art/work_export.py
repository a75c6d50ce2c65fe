"""A piece of work as Markdown or as one HTML page that stands by itself, with its drafts to be seen."""

import base64
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

from calligram.art.work import Event, Work, shorten, tell_event, why_of
from calligram.art.work_comparing import Mark, compare_texts
from calligram.errors import ImageError
from calligram.picture.saving import Finish, Origin, as_it_is

STYLE = """
:root { color-scheme: light dark; --ink: #1c1c1c; --paper: #fcfcfa; --line: #d6d6d0; --soft: #6b6b64;
  --fill: #f1f0ea; --new: #2c6e49; --gone: #a8421c; --dot: #4a7a9c; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8e8e4; --paper: #16181a; --line: #3c4044;
  --soft: #a3a39c; --fill: #1f2225; --new: #7fc79b; --gone: #e8956c; --dot: #6fa3c7; } }
body { font: 16px/1.55 system-ui, sans-serif; color: var(--ink); background: var(--paper);
  max-width: 52rem; margin: 2.5rem auto; padding: 0 1.2rem; }
h1 { font-size: 1.7rem; margin-bottom: .3rem; text-wrap: balance; }
.brief { font-size: 1.1rem; border-left: 3px solid var(--dot); padding-left: .9rem; }
.soft { color: var(--soft); font-size: .82rem; }
ol.time { list-style: none; padding: 0 0 0 1.5rem; margin: 2rem 0; border-left: 2px solid var(--line); }
ol.time > li { position: relative; margin: 0 0 1.7rem; }
ol.time > li::before { content: ""; position: absolute; left: calc(-1.5rem - 6px); top: .5rem; width: 9px;
  height: 9px; border-radius: 50%; background: var(--dot); border: 1px solid var(--paper); }
li.undone > .body { opacity: .5; text-decoration: line-through; }
.kind { font-weight: 650; } .head { display: flex; gap: .7rem; flex-wrap: wrap; align-items: baseline; }
img { max-width: 320px; max-height: 320px; border: 1px solid var(--line); display: block; }
.draft { display: flex; gap: 1.2rem; flex-wrap: wrap; align-items: flex-start; margin-top: .4rem; }
.draft > div { flex: 1 1 16rem; min-width: 0; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; background: var(--fill); padding: .7rem .9rem;
  font: inherit; margin: .4rem 0; }
ins { color: var(--new); } del { color: var(--gone); }
ul, ol { padding-left: 1.2rem; } ul { margin: .3rem 0; } details { margin: .3rem 0; }
summary { cursor: pointer; }
.why { background: var(--fill); padding: .3rem .8rem; margin: .4rem 0; } .remark { color: var(--gone); }
"""

HEADS = {
    "brief": "Brief",
    "idea": "Idea",
    "ideas": "Ideas",
    "draft": "Draft",
    "note": "Note",
    "change": "Change",
    "why": "Why",
    "decision": "Decision",
    "model": "Asked a model",
    "undo": "Taken back",
    "redo": "Back again",
}


def to_html(work: Work, finish: Finish = as_it_is) -> str:
    """Return a work as one page, nothing of which is fetched from elsewhere.

    Args:
        work: what it tells.
        finish: labels the small pictures of its drafts.
    """
    items = "".join(_item(work, event, finish) for event in work.events)
    head = f'<meta charset="utf-8"><title>{escape(work.title)}</title><style>{STYLE}</style>'
    head += '<meta name="viewport" content="width=device-width">'
    remarks = "".join(f'<p class="remark">{escape(remark)}.</p>' for remark in work.remarks)
    parts = [
        f"<h1>{escape(work.title)}</h1>",
        f'<p class="soft">{escape(summary(work))}</p>',
        f'<p class="brief">{escape(work.brief)}</p>',
        remarks,
        f'<ol class="time">{items}</ol>',
    ]
    return f'<!doctype html><html lang="en"><head>{head}</head><body>{"".join(parts)}</body></html>\n'


def summary(work: Work) -> str:
    """Return how much there is of what, and from when to when."""
    counts = {kind: len(work.standing(kind)) for kind in ("draft", "note", "decision")}
    told = ", ".join(f"{count} {kind}{'' if count == 1 else 's'}" for kind, count in counts.items() if count)
    first, last = work.events[0].at[:10], work.events[-1].at[:10]
    when = first if first == last else f"{first} to {last}"
    return "; ".join(filter(None, (when, told, f"{len(work.events)} events")))


def _item(work: Work, event: Event, finish: Finish) -> str:
    undone = event.number in work.undone
    kind = HEADS.get(event.kind, event.kind)
    by = "" if event.by == "you" else f" by {event.by}"
    when = event.at[:16].replace("T", " ")
    head = (
        f'<span class="kind">{escape(kind)}</span><span class="soft">{event.number} · {when} UTC{escape(by)}'
    )
    head += f"{' · taken back' if undone else ''}</span>"
    body = f'<div class="body">{_body(work, event, finish)}</div>'
    mark = ' class="undone"' if undone else ""
    return f'<li{mark} id="e{event.number}"><div class="head">{head}</div>{body}</li>'


def _body(work: Work, event: Event, finish: Finish) -> str:
    if event.kind == "draft":
        return _draft(work, event, finish)
    if event.kind == "change":
        return _change(work, event)
    if event.kind == "ideas":
        return "<ol>" + "".join(f"<li>{_idea(idea)}</li>" for idea in event.told["ideas"]) + "</ol>"
    if event.kind == "model":
        steps = (event.told.get("answer") or {}).get("steps", [])
        listed = "".join(f"<li>{escape(step['do'])}: {escape(step['because'])}</li>" for step in steps)
        return f"<p>{escape(tell_event(event))}</p>" + (f"<ul>{listed}</ul>" if listed else "")
    return f"<p>{escape(tell_event(event))}</p>"


def _idea(idea: Mapping[str, Any]) -> str:
    parts = idea.get("parts") or [{"text": idea["prompt"], "from": "you"}]
    prompt = "".join(
        f"<b>{escape(part['text'])}</b>" if part["from"] == "you" else escape(part["text"]) for part in parts
    )
    return f'{prompt}<br><span class="soft">{escape(idea.get("concept", ""))}</span>'


def _draft(work: Work, event: Event, finish: Finish) -> str:
    thing = work.things.get(event.told["thing"], {})
    about = f'<p class="soft">{escape(tell_event(event))} · {event.told["thing"][:12]}</p>'
    if thing.get("form") == "image":
        image = f'<img alt="" src="data:image/jpeg;base64,{_thumbnail(thing, finish)}">'
        facts = "".join(f"<li>{escape(line)}</li>" for line in thing.get("lines", ()))
        shown = f"{about}<details><summary>Facts</summary><ul>{facts}</ul></details>"
        return f'<div class="draft">{image}<div>{shown}</div></div>'
    return about + f"<pre>{escape(str(thing.get('text', 'its content is not in the file')))}</pre>"


def _thumbnail(thing: Mapping[str, Any], finish: Finish) -> str:
    """Return the small picture of a draft in base64; one that is damaged stays as it is."""
    try:
        content = base64.b64decode(thing["thumbnail"], validate=True)
        origin = Origin(str(thing.get("name", "")), generated=bool(thing.get("generated")))
        return base64.b64encode(finish(content, origin)).decode("ascii")
    except (ValueError, ImageError):
        return escape(thing["thumbnail"])


def _change(work: Work, event: Event) -> str:
    told = event.told
    lines = told["differences"] or ["nothing that is measured differs"]
    listed = "".join(f"<li>{escape(line)}</li>" for line in lines)
    parts = [f"<p>From draft {told['from']} to draft {told['to']}:</p><ul>{listed}</ul>"]
    marks = marks_of(work, event)
    if marks:
        parts.append(f"<pre>{''.join(_marked(*mark) for mark in marks)}</pre>")
    if why := why_of(work, event):
        parts.append(f'<p class="why">Why: {escape(why)}</p>')
    return "".join(parts)


def marks_of(work: Work, event: Event) -> Sequence[tuple[Mark, str]]:
    """Return what stayed, went and came between the two texts of a change; empty for images."""
    before, after = (
        work.things.get(work.events[number - 1].told.get("thing", ""), {}).get("text")
        for number in (event.told["from"], event.told["to"])
    )
    return () if before is None or after is None else compare_texts(before, after).marks


def _marked(mark: Mark, text: str) -> str:
    tag = {"gone": "del", "new": "ins"}.get(mark)
    return f"<{tag}>{escape(text)}</{tag}>" if tag else escape(text)


def to_markdown(work: Work) -> str:
    """Return a work as Markdown; images are told by their facts, and named by file and hash."""
    lines = [f"# {work.title}", "", f"*{summary(work)}*", "", f"> {work.brief}", ""]
    lines += [f"**{remark}.**" for remark in work.remarks]
    for event in work.events:
        lines += [*_section(work, event), ""]
    return "\n".join(lines).rstrip() + "\n"


def _section(work: Work, event: Event) -> Iterator[str]:
    undone = " (taken back)" if event.number in work.undone else ""
    by = "" if event.by == "you" else f", by {event.by}"
    kind = HEADS.get(event.kind, event.kind)
    yield f"## {event.number}. {kind}{undone}"
    yield ""
    yield f"*{event.at[:16].replace('T', ' ')} UTC{by}*"
    yield ""
    if event.kind == "ideas":
        for number, idea in enumerate(event.told["ideas"], 1):
            yield f"{number}. {idea['prompt']}  \n   *{idea.get('concept', '')}*"
    elif event.kind == "draft":
        yield from _draft_lines(work, event)
    elif event.kind == "change":
        yield f"From draft {event.told['from']} to draft {event.told['to']}:"
        yield ""
        yield from (f"- {line}" for line in event.told["differences"] or ["nothing that is measured differs"])
        if why := why_of(work, event):
            yield from ("", f"Why: {why}")
    else:
        yield tell_event(event)


def _draft_lines(work: Work, event: Event) -> Iterator[str]:
    thing = work.things.get(event.told["thing"], {})
    yield f"{shorten(tell_event(event), 200)} (`{event.told['thing'][:12]}`)"
    yield ""
    if thing.get("form") == "image":
        yield from ("```text", *thing.get("text_picture", ()), "```", "")
        yield from (f"- {line}" for line in thing.get("lines", ()))
    else:
        yield from (f"> {line}" for line in str(thing.get("text", "")).splitlines())
