"""A judgement as one HTML page that stands by itself."""

import base64
import io
from collections.abc import Iterable, Iterator, Sequence
from html import escape

from PIL import Image

from calligram.art.judge import Judged, Judgement, measured_beside
from calligram.art.judge_limits import AGREEMENT, EVIDENCE, LIMITS, MEASURED, NO_TOTAL
from calligram.art.judge_told import told_alpha, told_bias, told_evidence, told_level, told_novelty, wins
from calligram.art.judge_verdicts import Verdict
from calligram.art.novelty import Novelty
from calligram.art.rubric import ASPECTS, NAMES, Aspect
from calligram.picture.opening import open_pixels
from calligram.picture.options import EncodeOptions
from calligram.picture.saving import Finish, Origin, as_it_is

SIDE_PX, NEAR_PX = 280, 110

STYLE = """
:root { color-scheme: light dark; --ink: #1c1c1c; --paper: #fcfcfa; --line: #d6d6d0; --soft: #6b6b64;
  --warn: #a8421c; --fill: #f1f0ea; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8e8e4; --paper: #16181a; --line: #3c4044;
  --soft: #a3a39c; --warn: #e8956c; --fill: #1f2225; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper);
  max-width: 64rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; } h2 { margin-top: 2.4rem; border-top: 1px solid var(--line); padding-top: 1rem;
  font-size: 1.2rem; overflow-wrap: anywhere; } h3 { font-size: 1rem; margin: 1.2rem 0 .3rem; }
.work { display: flex; gap: 1.4rem; flex-wrap: wrap; align-items: flex-start; }
.work img { max-width: 280px; max-height: 280px; border: 1px solid var(--line); }
.near { display: flex; gap: .8rem; margin-top: .6rem; } figure { margin: 0; }
figcaption { color: var(--soft); font-size: 12px; }
.work > div { flex: 1 1 24rem; min-width: 0; }
table { border-collapse: collapse; width: 100%; } .scroll { overflow-x: auto; }
th, td { text-align: left; vertical-align: top; padding: .25rem .8rem .25rem 0;
  border-bottom: 1px solid var(--line); }
td { overflow-wrap: anywhere; } th { font-weight: 600; white-space: nowrap; }
.soft, .soft td { color: var(--soft); font-size: 13px; } .none { color: var(--warn); }
.remark { background: var(--fill); border-left: 3px solid var(--warn); padding: .5rem .8rem; }
details { margin: .4rem 0; } summary { cursor: pointer; }
ol.rubric { font-size: 13px; margin: .2rem 0 .8rem; }
"""


def draw_report(judgement: Judgement, finish: Finish = as_it_is) -> str:
    """Return the page.

    Args:
        judgement: what it tells.
        finish: labels the small pictures in it.

    Raises:
        InputError: an image cannot be read again.
    """
    parts = [
        "<h1>A judgement</h1>",
        f"<p>{escape(_opening(judgement))} {escape(NO_TOTAL)}</p>",
        *(f'<p class="remark">{escape(remark)}</p>' for remark in judgement.remarks),
        *_faults(judgement),
        *(_work(judged, judgement.judges, finish) for judged in judgement.works),
        *_agreement(judgement),
        *_pairs(judgement),
        *_known(bool(judgement.judges)),
        _rubric() if judgement.judges else "",
    ]
    head = f'<meta charset="utf-8"><title>A judgement</title><style>{STYLE}</style>'
    head += '<meta name="viewport" content="width=device-width">'
    return f'<!doctype html><html lang="en"><head>{head}</head><body>{"".join(parts)}</body></html>\n'


def _opening(judgement: Judgement) -> str:
    works = f"{len(judgement.works)} work{'s' if len(judgement.works) != 1 else ''}"
    collection = judgement.collection
    beside = f", beside the {len(collection.works)} of {collection.name}" if collection else ""
    judges = f"; judged by {', '.join(judgement.judges)}" if judgement.judges else ""
    return f"{works} measured{beside}{judges}."


def _faults(judgement: Judgement) -> Iterator[str]:
    if judgement.faults:
        told = "".join(f"<li>{escape(of)}: {escape(fault)}</li>" for of, fault in judgement.faults)
        yield f'<div class="remark">Not everything could be done:<ul>{told}</ul></div>'


def _work(judged: Judged, judges: Sequence[str], finish: Finish) -> str:
    picture = f'<img alt="" src="{_thumbnail(judged.work.path, finish)}">'
    novelty = (
        "<h3>Beside the collection</h3>" + _table((), told_novelty(judged.novelty)) if judged.novelty else ""
    )
    rows = [
        [aspect.name, *(told_level(_by(judged, judge, aspect)) for judge in judges), _beside(aspect, judged)]
        for aspect in ASPECTS
    ]
    aspects = "<h3>Aspects</h3>" + _table(["", *judges, "measured beside it"], rows)
    reasons = "".join(_reason(verdict) for aspect in ASPECTS for verdict in judged.of(aspect.name))
    if reasons:
        reasons = f"<details open><summary>Reasons and evidence</summary>{reasons}</details>"
    name = escape(judged.work.name)
    near = _neighbours(judged.novelty, finish) if judged.novelty else ""
    return f'<h2>{name}</h2><div class="work">{picture}<div>{novelty}{near}</div></div>{aspects}{reasons}'


def _neighbours(novelty: Novelty, finish: Finish) -> str:
    """Return the nearest works as small pictures, so that an eye can say how near they are."""
    found = {"dHash": novelty.by_dhash, "pHash": novelty.by_phash, "facts": novelty.by_facts}
    small = {name: _thumbnail(near.path, finish, NEAR_PX) for name, near in found.items() if near is not None}
    shown = (
        f'<figure><img alt="" src="{address}"><figcaption>{name}</figcaption></figure>'
        for name, address in small.items()
    )
    return f'<div class="near">{"".join(shown)}</div>'


def _by(judged: Judged, judge: str, aspect: Aspect) -> Verdict | None:
    return next((verdict for verdict in judged.of(aspect.name) if verdict.judge == judge), None)


def _beside(aspect: Aspect, judged: Judged) -> str:
    return "; ".join(line.rstrip(".") for line in measured_beside(aspect, judged))


def _reason(verdict: Verdict) -> str:
    cited = [
        f'<span class="{"soft" if evidence.exists else "none"}">{escape(told_evidence(evidence))}</span>'
        for evidence in verdict.evidence
    ] or ['<span class="none">no evidence cited</span>']
    head = f"<b>{escape(verdict.aspect)}</b>, {escape(verdict.judge)}: {escape(told_level(verdict))}"
    return f"<p>{head}<br>{escape(verdict.reason)}<br>{'; '.join(cited)}</p>"


def _agreement(judgement: Judgement) -> Iterator[str]:
    if judgement.agreement:
        yield "<h2>Agreement among the judges</h2>"
        yield _table((), ((name, told_alpha(figures)) for name, figures in judgement.agreement.items()))
        yield f'<p class="soft">{escape(AGREEMENT)}</p>'


def _pairs(judgement: Judgement) -> Iterator[str]:
    if not judgement.comparisons:
        return
    yield "<h2>Pairs, in both orders</h2>"
    yield from (f"<p>{escape(told_bias(bias))}</p>" for bias in judgement.biases)
    yield _table(["better in both orders", *NAMES], ([name, *row] for name, row in wins(judgement)))
    yield '<p class="soft">Wins among the verdicts of all judges that did not turn with the order.</p>'
    if judgement.pair_agreement:
        yield "<h3>Agreement on the pairs</h3>"
        yield _table((), ((name, told_alpha(figures)) for name, figures in judgement.pair_agreement.items()))


def _known(judged: bool) -> Iterator[str]:
    yield "<h2>What is known about such judgements</h2>"
    yield f"<p>{escape(MEASURED)}</p>"
    if judged:
        yield f"<p>{escape(EVIDENCE)}</p>"
        rows = ([limit.name, limit.text, limit.here, limit.source] for limit in LIMITS)
        yield _table(["", "what is known", "what is done here", "source"], rows)


def _rubric() -> str:
    told = "".join(
        f"<h3>{escape(aspect.name)}: {escape(aspect.question)}</h3>"
        f'<ol class="rubric">{"".join(f"<li>{escape(anchor)}</li>" for anchor in aspect.anchors)}</ol>'
        for aspect in ASPECTS
    )
    return f"<h2>The rubric</h2>{told}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    top = f"<tr>{''.join(f'<th>{escape(cell)}</th>' for cell in head)}</tr>" if head else ""
    body = "".join(
        f"<tr><th>{escape(row[0])}</th>{''.join(f'<td>{escape(cell)}</td>' for cell in row[1:])}</tr>"
        for row in rows
    )
    return f'<div class="scroll"><table>{top}{body}</table></div>'


def _thumbnail(path: str, finish: Finish, side_px: int = SIDE_PX) -> str:
    image = Image.fromarray(open_pixels(path, EncodeOptions(), (side_px, side_px), colour=True))
    image.thumbnail((side_px, side_px))
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=80)
    content = finish(stream.getvalue(), Origin(path))
    return "data:image/jpeg;base64," + base64.b64encode(content).decode("ascii")
