"""``calligram assist``: one piece of work from brief to finish, in one file that can be handed on."""

import json
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from calligram.cli.labelling import LabelOptions, with_label

if TYPE_CHECKING:
    from calligram.art.work_file import Added

EXAMPLES = """
Examples:

  calligram assist new pond --brief "A quiet pond at dusk, upright, mostly dark green"

  calligram assist ideas pond -n 5 --seed 1

  calligram assist draft pond first.jpg

  calligram assist draft pond second.jpg --why "the bank was too bright"

  calligram assist next pond

  calligram assist export pond pond.html
"""

WorkName = Annotated[str, typer.Argument(help="The work: a file, a folder, or a name such as pond.")]
About = Annotated[int | None, typer.Option("--on", help="The number of the event that it is about.")]
Words = Annotated[list[str], typer.Argument(help="What is said.")]
By = Annotated[str, typer.Option("--by", help="Who says or made it.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object for all.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the door."""
    assist = typer.Typer(
        help="Keep one piece of work from brief to finish: ideas, drafts, what changed and why, decisions.",
        epilog=EXAMPLES,
        no_args_is_help=True,
    )
    commands: dict[str, Callable[..., None]] = {
        "new": new,
        "idea": idea,
        "ideas": ideas,
        "draft": draft,
        "note": note,
        "compare": compare,
        "why": why,
        "decide": decide,
        "undo": undo,
        "redo": redo,
        "next": next_,
        "show": show,
        "export": with_label(export),
        "session": with_label(session),
    }
    for name, command in commands.items():
        assist.command(name)(command)
    app.add_typer(assist, name="assist")


def new(
    work: WorkName,
    brief: Annotated[
        str, typer.Option("--brief", "-b", help="What the work is to be, in a sentence or two.")
    ],
    title: Annotated[str, typer.Option("--title", help="The work's title.")] = "",
    by: By = "you",
) -> None:
    """Begin a piece of work with its brief."""
    from calligram.art.work_file import make_work, place_of

    _tell(make_work(work, brief, title, by))
    typer.echo(f"made {place_of(work)}", err=True)


def idea(work: WorkName, words: Words, by: By = "you") -> None:
    """Keep an idea of your own."""
    _say(work, "idea", words, None, by)


def ideas(
    work: WorkName,
    words: Annotated[
        list[str] | None, typer.Argument(help="Words to begin with; the brief's first ones if none.")
    ] = None,
    count: Annotated[int, typer.Option("--count", "-n", help="How many.", min=1, max=100)] = 5,
    mood: Annotated[str, typer.Option("--mood", "-m", help="A word for the mood; the brief's if none.")] = "",
    image: Annotated[
        str | None, typer.Option("--image", "-i", help="An image that lends palette, light and format.")
    ] = None,
    seed: Annotated[
        int | None, typer.Option("--seed", help="The same seed gives the same ideas.", min=0)
    ] = None,
    model: Annotated[
        str, typer.Option("--model", help="The model that adds to each idea; none adds nothing.")
    ] = "builtin:writer",
) -> None:
    """Propose ideas from the brief, and keep them."""
    from calligram.art.assisting import propose

    _tell(propose(work, " ".join(words or []), mood=mood, image=image, count=count, seed=seed, model=model))


def draft(
    work: WorkName,
    file: Annotated[str, typer.Argument(help="An image or a text; - for standard input.")],
    name: Annotated[
        str, typer.Option("--name", help="Which piece it is a draft of, where a work has several.")
    ] = "main",
    why: Annotated[str, typer.Option("--why", "-w", help="Why it is as it is now.")] = "",
    by: By = "you",
) -> None:
    """Add a draft, an image or a text; from the second on it tells what changed."""
    from calligram.art.assisting import add_draft, say

    added = add_draft(work, file, name=name, why=why, by=by)
    _tell(added)
    if not why and added.events[-1].kind == "change" and sys.stdin.isatty() and file != "-":
        told = typer.prompt("Why? (nothing leaves it open)", default="", show_default=False)
        if told.strip():
            _tell(say(work, "why", told, added.events[-1].number, by))


def note(work: WorkName, words: Words, on: About = None, by: By = "you") -> None:
    """Keep a note on the work, or on one event of it."""
    _say(work, "note", words, on, by)


def compare(
    work: WorkName,
    first: Annotated[int | None, typer.Argument(help="The event of the earlier draft.")] = None,
    second: Annotated[int | None, typer.Argument(help="The event of the later draft.")] = None,
    as_json: Json = False,
) -> None:
    """Tell what differs between two drafts; without numbers between the last two."""
    from calligram.art.assisting import compare_drafts
    from calligram.art.work_file import load_work
    from calligram.cli.assist_showing import print_difference

    before, after, difference = compare_drafts(load_work(work), first, second)
    if as_json:
        told = {"from": before.number, "to": after.number, "differences": list(difference.lines)}
        typer.echo(json.dumps({**told, "marks": difference.marks}, ensure_ascii=False))
        return
    typer.echo(f"From draft {before.number} to draft {after.number}:")
    print_difference(difference.lines, difference.marks)


def why(work: WorkName, words: Words, on: About = None, by: By = "you") -> None:
    """Say why something was done; without --on, why the last change was made."""
    _say(work, "why", words, on, by)


def decide(work: WorkName, words: Words, on: About = None, by: By = "you") -> None:
    """Keep a decision, which may take up an idea or a draft."""
    _say(work, "decision", words, on, by)


def undo(
    work: WorkName,
    number: Annotated[int | None, typer.Argument(help="The event; the last one if none.")] = None,
) -> None:
    """Take an event back; it stays in the file, marked."""
    from calligram.art.assisting import take_back

    _tell(take_back(work, number)[0])


def redo(
    work: WorkName,
    number: Annotated[int | None, typer.Argument(help="The event; the last one taken back if none.")] = None,
) -> None:
    """Bring back an event that was taken back."""
    from calligram.art.assisting import take_back

    _tell(take_back(work, number, redo=True)[0])


def next_(
    work: WorkName,
    model: Annotated[
        str, typer.Option("--model", "-m", help="A model that follows instructions; none measures alone.")
    ] = "none",
    base_url: Annotated[str, typer.Option("--base-url", help="Address of the model's endpoint.")] = "",
    seed: Annotated[int, typer.Option("--seed", help="Seed of the model's answer.", min=0)] = 0,
    as_json: Json = False,
) -> None:
    """Tell what could be done next, each with its reason; a model's answer is kept in the work."""
    from calligram.art import work_steps
    from calligram.art.work_file import load_work
    from calligram.cli.assist_showing import print_steps

    found = load_work(work)
    steps = work_steps.next_steps(found)
    shown: list[tuple[str, list[Any]]] = [("", steps)]
    if model != "none":
        shown.append((model, work_steps.ask_and_keep(work, model, base_url, seed)))
    if as_json:
        told = [{"by": by or "measured", **vars(step)} for by, steps in shown for step in steps]
        typer.echo(json.dumps({"steps": told}, ensure_ascii=False))
        return
    for by, steps in shown:
        print_steps(steps, by)


def show(
    work: WorkName,
    pictures: Annotated[bool, typer.Option(help="Whether to show what the drafts hold.")] = True,
    as_json: Json = False,
) -> None:
    """Show the timeline of a work."""
    from calligram.art.work_file import load_work
    from calligram.cli.assist_showing import print_work

    found = load_work(work)
    if as_json:
        events = [{**event.to_json(), "undone": event.number in found.undone} for event in found.events]
        told = {"title": found.title, "brief": found.brief, "events": events, "remarks": found.remarks}
        typer.echo(json.dumps(told, ensure_ascii=False))
    else:
        print_work(found, pictures)


def export(
    work: WorkName,
    file: Annotated[str, typer.Argument(help="Where to: a file that ends in .md or .html.")],
    label: LabelOptions,
) -> None:
    """Write a work as Markdown or as one HTML page."""
    from calligram.art.work_file import load_work
    from calligram.cli.assist_session import export as write

    write(load_work(work), file, label)


def session(
    work: WorkName,
    label: LabelOptions,
    model: Annotated[
        str, typer.Option("--model", help="The model that adds to proposed ideas; none adds nothing.")
    ] = "builtin:writer",
) -> None:
    """Sit down at a work: each line that is typed or piped in is one thing that happens."""
    from calligram.cli.assist_session import run_session

    if run_session(work, model, label):
        raise typer.Exit(1)


def _say(work: str, kind: Any, words: list[str], about: int | None, by: str) -> None:
    from calligram.art.assisting import say

    _tell(say(work, kind, " ".join(words), about, by))


def _tell(added: "Added") -> None:
    from calligram.cli.assist_showing import print_added

    print_added(added)
