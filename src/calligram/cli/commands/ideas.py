"""``calligram ideas``: prompts and concepts from words, moods, images and templates."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from calligram.art.ideas_options import IdeasOptions
from calligram.cli.options import with_options
from calligram.errors import OutputError, TemplateError

if TYPE_CHECKING:
    from calligram.art.history import KeptSet
    from calligram.art.ideas import IdeaSet

EXAMPLES = """
Examples:

  calligram ideas river --mood quiet -n 5 --seed 1

  calligram ideas "a heron" --image photo.jpg

  calligram ideas 'a {red|2::blue} boat, __light__' --model none

  calligram ideas river --template '${words} ${time}, __medium/print__, in {2$$ and $$__colour__}'

  calligram ideas --undo
"""


def register(app: typer.Typer) -> None:
    """Add the command to the door."""
    app.command("ideas", epilog=EXAMPLES)(with_options(IdeasOptions)(ideas))


def ideas(
    options: IdeasOptions,
    words: Annotated[
        list[str] | None,
        typer.Argument(help="Words to begin with, or a template such as 'a {red|blue} boat'."),
    ] = None,
    image: Annotated[
        str | None, typer.Option("--image", "-i", help="An image that lends palette, light and format.")
    ] = None,
    mood: Annotated[str, typer.Option("--mood", "-m", help="A word for the mood, as quiet.")] = "",
    template: Annotated[
        str, typer.Option("--template", "-t", help="The form of each idea; ${words} is your own words.")
    ] = "",
    history: Annotated[
        str | None,
        typer.Option("--history", help="Keep the ideas in this file. (default: .calligram/ideas.jsonl)"),
    ] = None,
    keep: Annotated[bool, typer.Option("--keep/--no-keep", help="Whether to keep the ideas.")] = True,
    again: Annotated[
        int | None, typer.Option("--again", help="Find the ideas of a set anew; --seed gives others.")
    ] = None,
    undo: Annotated[
        bool, typer.Option("--undo", help="Mark the last set as undone; nothing is deleted.")
    ] = False,
    redo: Annotated[bool, typer.Option("--redo", help="Take the last undo back.")] = False,
    list_: Annotated[bool, typer.Option("--list", help="List the sets that are kept.")] = False,
    show: Annotated[int | None, typer.Option("--show", help="Show a set as it was kept.")] = None,
    word_lists: Annotated[
        bool, typer.Option("--word-lists", help="List the word lists that templates may name.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object for all.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print the prompts alone.")] = False,
) -> None:
    """Find ideas: prompts that differ from each other, each with a way to go about it.

    Your own words stand unchanged at the start; templates, an image and a model add to them, and what each
    added is told apart. The same seed gives the same ideas.
    """
    from calligram.art import history as histories
    from calligram.cli import ideas_showing as showing

    place = Path(history) if history else histories.PLACE
    if word_lists:
        showing.print_word_lists(options.words_folder)
    elif list_:
        showing.print_history(histories.read_history(place), as_json)
    elif show is not None:
        showing.print_kept(histories.read_history(place).get(show), as_json)
    elif undo or redo:
        kept = histories.mark(place, "redo" if redo else "undo")
        typer.echo(f"set {kept.number} is {'back' if redo else 'undone'}: {showing.title_of(kept)}")
    else:
        if keep:
            histories.check_history(place)
        before = histories.read_history(place).get(again) if again is not None else None
        found = _find(words or [], mood, image, template, options, before)
        try:
            number = histories.keep(place, found) if keep else None
        except OutputError:
            # what was found is not lost with the disk that is full
            showing.print_ideas(found, None, place, as_json, quiet)
            raise
        showing.print_ideas(found, number, place, as_json, quiet)


def _find(
    words: list[str],
    mood: str,
    image: str | None,
    template: str,
    options: IdeasOptions,
    before: "KeptSet | None",
) -> "IdeaSet":
    from calligram.art.ideas import propose_ideas

    if before is not None:
        wish, seed = before.wish, options.seed
        words, mood, image, template = [wish.words], wish.mood, wish.image or None, wish.template
        options = before.options if seed is None else replace(before.options, seed=seed)
    try:
        found = propose_ideas(" ".join(words), mood=mood, image=image, template=template, options=options)
    except TemplateError as fault:
        _point_at(fault.template, fault.column)
        raise
    return found if before is None else replace(found, remarks=(*found.remarks, *_differences(before, found)))


def _point_at(template: str, column: int | None) -> None:
    """Print the line of a template with a mark under the place at fault."""
    if not template or column is None:
        return
    _, _, line = template[: column - 1].rpartition("\n")
    rest = template[column - 1 :].partition("\n")[0]
    typer.echo(f"  {line}{rest}\n  {' ' * len(line)}^", err=True)


def _differences(before: "KeptSet", found: "IdeaSet") -> list[str]:
    """Return why ideas that were found anew may differ from those that were kept."""
    remarks = []
    if before.wish.image_sha256 not in ("", found.wish.image_sha256):
        remarks.append(f"the image {found.wish.image!r} is another than it was in set {before.number}")
    if before.told.get("lists") != found.lists:
        remarks.append(f"the word lists are others than they were in set {before.number}")
    same_seed = before.options.seed == found.options.seed
    if same_seed and before.prompts != tuple(idea.prompt for idea in found.ideas):
        remarks.append(f"the ideas are others than those of set {before.number}, which stand in the history")
    return remarks
