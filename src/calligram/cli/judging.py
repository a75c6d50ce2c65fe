"""A judgement at a terminal: tables and sentences."""

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from calligram.art.judge import Judged, Judgement, measured_beside
from calligram.art.judge_limits import LIMITS, MEASURED, NO_TOTAL
from calligram.art.judge_told import told_alpha, told_bias, told_evidence, told_level, told_novelty, wins
from calligram.art.judge_verdicts import Verdict
from calligram.art.rubric import ASPECTS, NAMES

MOST_NAME = 28
"""Characters of a judge's or a work's name in a table."""


def print_judgement(judgement: Judgement) -> None:
    """Print all that was found, and what is known about such judgements."""
    console = Console(highlight=False, soft_wrap=False)
    for judged in judgement.works:
        _print_work(console, judged, judgement.judges)
    _print_agreement(console, judgement)
    _print_pairs(console, judgement)
    console.print(Rule("what is known of such judgements", align="left", style="dim"))
    for remark in judgement.remarks:
        console.print(Text(remark))
    known = [NO_TOTAL, MEASURED] if judgement.collection else [NO_TOTAL]
    if judgement.judges:
        known += [f"{limit.name}: {limit.text}" for limit in LIMITS]
    for sentence in known:
        console.print(Padding(Text(sentence, style="dim"), (0, 0, 0, 2)))


def _print_work(console: Console, judged: Judged, judges: Sequence[str]) -> None:
    console.print(Rule(Text(judged.work.name, style="bold"), align="left"))
    if judged.novelty:
        console.print(_table((), told_novelty(judged.novelty)))
        console.print()
    if judges:
        _print_verdicts(console, judged, judges)
    else:
        rows = ([aspect.name, "; ".join(measured_beside(aspect, judged))] for aspect in ASPECTS)
        console.print(_table(["aspect", "what is measured that bears on it"], rows))
    console.print()


def _print_verdicts(console: Console, judged: Judged, judges: Sequence[str]) -> None:
    """Print the levels of all judges, and then the reasons by aspect."""
    rows = []
    for aspect in ASPECTS:
        levels = {verdict.judge: verdict for verdict in judged.of(aspect.name)}
        rows.append([aspect.name, *(told_level(levels.get(judge)) for judge in judges)])
    console.print(_table(["aspect", *map(_shorten, judges)], rows))
    for aspect in ASPECTS:
        console.print(Text(f"\n{aspect.name}", style="bold"))
        beside = "; ".join(measured_beside(aspect, judged))
        console.print(Padding(Text(f"measured: {beside}", style="dim"), (0, 0, 0, 2)))
        for verdict in judged.of(aspect.name):
            _print_reason(console, verdict)


def _print_reason(console: Console, verdict: Verdict) -> None:
    told = Text(f"{_shorten(verdict.judge)}, {told_level(verdict)}: {verdict.reason}")
    console.print(Padding(told, (0, 0, 0, 2)))
    for evidence in verdict.evidence:
        line = Text(told_evidence(evidence), style="dim" if evidence.exists else "red")
        console.print(Padding(line, (0, 0, 0, 4)))
    if not verdict.evidence:
        console.print(Padding(Text("✗ no evidence cited", style="red"), (0, 0, 0, 4)))


def _shorten(name: str) -> str:
    """Return a name, its end alone where it is long."""
    return name if len(name) <= MOST_NAME else "…" + name[1 - MOST_NAME :]


def _print_agreement(console: Console, judgement: Judgement) -> None:
    if judgement.agreement:
        console.print(Rule("agreement of the judges (Krippendorff's alpha)", align="left"))
        console.print(_table((), ((name, told_alpha(found)) for name, found in judgement.agreement.items())))


def _print_pairs(console: Console, judgement: Judgement) -> None:
    if not judgement.comparisons:
        return
    console.print(Rule("pairs, in both orders", align="left"))
    for bias in judgement.biases:
        console.print(Text(told_bias(bias)))
    console.print(
        _table(["won, of those that held", *NAMES], ([_shorten(name), *row] for name, row in wins(judgement)))
    )
    if judgement.pair_agreement:
        rows = ([name, told_alpha(found)] for name, found in judgement.pair_agreement.items())
        console.print(_table(["agreement on the pairs", ""], rows))


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    listed = [list(row) for row in rows]
    width = len(head) or len(listed[0])
    table = Table(show_header=bool(head), box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for place in range(width):
        name = head[place] if head else ""
        table.add_column(Text(name), no_wrap=place == 0, overflow="fold")
    for row in listed:
        table.add_row(*map(Text, row))
    return table
