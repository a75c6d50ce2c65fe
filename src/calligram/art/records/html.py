"""HTML: one page to look at, ``index.html``: every work with its palette, its fields and how each is known.

The page needs no network, and no script to be read; a few lines of script filter the works. Thumbnails lie
beside it.
"""

from collections.abc import Iterator
from html import escape
from importlib.resources import files
from urllib.parse import quote

from calligram.art.record import LABELS, STANDINGS, Field, Record
from calligram.art.records._statements import standing_of
from calligram.art.records.base import Catalogue

PAGE = "_page.html"
SHOWN = ("colours", "description")
"""Fields that are shown whole outside the list."""
MEANINGS = {
    "measured": "measured on the image",
    "given": "given by the owner or the file",
    "proposed": "proposed by a model, not yet accepted",
    "accepted": "accepted by a person",
}


def build(catalogue: Catalogue) -> Iterator[tuple[str, bytes]]:
    """Yield the page."""
    page = files(__package__).joinpath(PAGE).read_text(encoding="utf-8")
    waiting = sum(len(list(record.undecided())) for record in catalogue.records)
    told = {
        "title": escape(catalogue.title),
        "summary": f"{_count(len(catalogue.records), 'work')} · {_count(waiting, 'proposal')} waiting",
        "legend": "".join(
            f'<li><span class="dot {name}"></span>{name}: {MEANINGS[name]}</li>' for name in STANDINGS
        ),
        "works": "\n".join(_work(record) for record in catalogue.records),
    }
    for name, text in told.items():
        page = page.replace(f"<!-- {name} -->", text)
    yield "index.html", page.encode("utf-8", "replace")


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _work(record: Record) -> str:
    address = quote(record.file)
    searched = " ".join([*(field.text for _, field in record.ordered()), *(tag.text for tag in record.tags)])
    waiting = " waiting" if any(record.undecided()) else ""
    return f"""<article class="work{waiting}" id="{record.id}" data-words="{escape(searched.lower())}">
<a class="picture" href="{address}"><img src="thumbnails/{record.id}.jpg" alt="{escape(_alt(record))}"
 width="{record.facts["width_px"]}" height="{record.facts["height_px"]}" loading="lazy"></a>
{_palette(record)}
<div class="text">
<h2 class="{_standing(record, "title")}">{escape(record.name)}</h2>
{_by_line(record)}
{_description(record)}
<ul class="tags">{"".join(_tag(tag) for tag in record.tags)}</ul>
<details><summary>All fields</summary>
<dl>{_rows(record)}</dl>
{_notes(record)}
</details>
</div>
</article>"""


def _alt(record: Record) -> str:
    return record.text("appearance") or record.text("description") or record.name


def _palette(record: Record) -> str:
    if "colours" not in record:
        return ""
    bars = "".join(
        f'<span style="flex:{each["share"]:.4f};background:{each["hex"]}" '
        f'title="{escape(each["name"])} {100 * each["share"]:.0f} %"></span>'
        for each in record["colours"].value
    )
    return f'<div class="palette" role="img" aria-label="{escape(record.text("colours"))}">{bars}</div>'


def _standing(record: Record, name: str) -> str:
    return record[name].standing if name in record else ""


def _by_line(record: Record) -> str:
    parts = [_marked(record[name]) for name in ("creator", "date") if name in record]
    return f'<p class="by">{" · ".join(parts)}</p>' if parts else ""


def _description(record: Record) -> str:
    if "description" not in record:
        return ""
    field = record["description"]
    return f'<p class="description">{_marked(field)}</p>{_rivals(field)}'


def _marked(field: Field) -> str:
    """Return a value behind the dot that says how it is known; the words for it appear under the pointer."""
    told = escape(standing_of(field), quote=True)
    return f'<span class="dot {field.standing}" title="{told}"></span>{escape(field.text)}'


def _tag(tag: Field) -> str:
    text = escape(tag.text)
    if tag.uri:
        text = f'<a href="{escape(tag.uri, quote=True)}">{text}</a>'
    return f'<li class="{tag.standing}" title="{escape(standing_of(tag), quote=True)}">{text}</li>'


def _rows(record: Record) -> str:
    return "".join(_row(name, field) for name, field in record.ordered() if name not in SHOWN)


def _row(name: str, field: Field) -> str:
    text = escape(field.text)
    if field.uri:
        text = f'<a href="{escape(field.uri, quote=True)}">{text}</a>'
    told = [escape(standing_of(field))]
    if field.seed is not None:
        told.append(f"seed {field.seed}")
    if field.note:
        told.append(escape(field.note))
    dot = f'<span class="dot {field.standing}"></span>'
    return (
        f'<dt>{LABELS[name]}</dt><dd>{text}{_rivals(field)}<div class="how">{dot}{"; ".join(told)}</div></dd>'
    )


def _rivals(field: Field) -> str:
    """Return what others say of a field."""
    told = ((escape(rival.source), escape(rival.value)) for rival in field.rivals)
    return "".join(f'<div class="rival">{source} says: {value}</div>' for source, value in told)


def _notes(record: Record) -> str:
    if not record.notes:
        return ""
    notes = "".join(f"<li>{escape(note)}</li>" for note in record.notes)
    return f'<div class="notes"><b>Left out</b><ul>{notes}</ul></div>'
