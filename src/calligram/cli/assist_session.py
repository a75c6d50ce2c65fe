"""A session at one piece of work: a line is one thing that happens, typed by a person or piped in."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import typer

from calligram.art import assisting
from calligram.art.work import Work
from calligram.art.work_file import Added, load_work, make_work, place_of
from calligram.cli import assist_showing as showing
from calligram.cli.labelling import LabelOptions
from calligram.errors import CalligramError, InputError

HELP = """\
  idea TEXT        keep an idea           ideas [N]        have some proposed
  draft FILE       add an image or text   text TEXT        add a text as it stands
  note TEXT        keep a note            why TEXT         say why the last change was made
  compare [A B]    what differs           decide TEXT      keep a decision
  undo, redo       nothing is deleted     next             what could be done now
  show             the whole timeline     export FILE      .md or .html
  quit             everything is kept     a line that begins with none of these is a note"""


class Session:
    """One sitting.

    Args:
        path: the work's file.
        model: the model that proposes ideas, or ``none``.
        label: what exported pages say of the pictures in them.
    """

    def __init__(self, path: Path, model: str, label: LabelOptions) -> None:
        self.path, self.model, self.label = path, model, label
        self.known = len(load_work(path).events)
        self.failed = 0
        self.doing: dict[str, Callable[[str], None]] = {
            "idea": lambda rest: self._say("idea", rest),
            "ideas": self._ideas,
            "draft": self._draft,
            "text": self._text,
            "note": lambda rest: self._say("note", rest),
            "why": lambda rest: self._say("why", rest),
            "decide": lambda rest: self._say("decision", rest),
            "compare": self._compare,
            "undo": lambda _: self._take_back(False),
            "redo": lambda _: self._take_back(True),
            "next": lambda _: self._next(),
            "show": lambda _: showing.print_work(self.work),
            "export": self._export,
            "help": lambda _: typer.echo(HELP),
        }

    @property
    def work(self) -> Work:
        """The work as it is in the file now."""
        return load_work(self.path)

    def run(self, lines: Iterator[str]) -> int:
        """Do what each line says, and return how many lines failed."""
        typer.echo(f"{self.work.title} ({self.path}); help lists what can be said")
        self._next()
        for line in lines:
            word, _, rest = line.strip().partition(" ")
            if word in ("quit", "exit"):
                break
            if word:
                self._do(word, rest.strip(), line.strip())
        return self.failed

    def _do(self, word: str, rest: str, line: str) -> None:
        try:
            if word in self.doing:
                self.doing[word](rest)
            else:
                self._say("note", line)
        except CalligramError as fault:
            self.failed += 1
            typer.echo(f"calligram: {fault}", err=True)

    def _added(self, added: Added) -> None:
        showing.print_added(added)
        self.known = len(added.work.events)

    def _say(self, kind: str, text: str) -> None:
        self._added(assisting.say(self.path, kind, text, known=self.known))  # type: ignore[arg-type]

    def _ideas(self, rest: str) -> None:
        count = int(rest) if rest.isdigit() else 3
        self._added(assisting.propose(self.path, count=count, model=self.model, known=self.known))

    def _draft(self, file: str) -> None:
        if not file:
            raise InputError("the draft has no file: write draft FILE, or text and the words themselves")
        self._keep(assisting.add_draft(self.path, file, known=self.known))

    def _text(self, text: str) -> None:
        from calligram.art.work_drafts import text_draft

        self._keep(assisting.add_draft(self.path, text_draft(text), known=self.known))

    def _keep(self, added: Added) -> None:
        self._added(added)
        if any(event.kind == "change" for event in added.events) and sys.stdin.isatty():
            why = input("why? (nothing leaves it open) ").strip()
            if why:
                self._say("why", why)

    def _compare(self, rest: str) -> None:
        numbers = [int(word) for word in rest.split() if word.isdigit()]
        first, second = numbers if len(numbers) == 2 else (None, None)
        before, after, difference = assisting.compare_drafts(self.work, first, second)
        typer.echo(f"From draft {before.number} to draft {after.number}:")
        showing.print_difference(difference.lines, difference.marks)

    def _take_back(self, redo: bool) -> None:
        self._added(assisting.take_back(self.path, redo=redo, known=self.known)[0])

    def _next(self) -> None:
        from calligram.art.work_steps import next_steps

        showing.print_steps(next_steps(self.work))

    def _export(self, file: str) -> None:
        export(self.work, file, self.label)


def export(work: Work, file: str, label: LabelOptions) -> None:
    """Write a work as the file's ending says, Markdown or HTML.

    Raises:
        InputError: it is neither.
        OutputError: the file cannot be written.
    """
    from calligram.art.work_export import to_html, to_markdown
    from calligram.cli.labelling import finishing, told_settings
    from calligram.whole_files import write_whole

    ending = Path(file).suffix.lower()
    if ending == ".md":
        page = to_markdown(work)
    elif ending in (".html", ".htm"):
        page = to_html(work, finishing(label, settings=told_settings("assist export")))
    else:
        raise InputError(f"{file!r} ends in neither .md nor .html: name a file of one of these forms")
    write_whole(file, page.encode("utf-8", "surrogatepass"))
    typer.echo(f"wrote {file}", err=True)


def run_session(work: str, model: str, label: LabelOptions) -> int:
    """Sit down at a work, made from the first line where there is none yet; return how many lines failed."""
    path = place_of(work)
    lines = _lines()
    if not path.exists():
        typer.echo(f"{path} is not there yet. What is it to be? The brief, in a sentence:")
        brief = next(lines, "").strip()
        showing.print_added(make_work(path, brief.removeprefix("brief ")))
    return Session(path, model, label).run(lines)


def _lines() -> Iterator[str]:
    """Yield what is typed or piped in, until it ends."""
    prompt = "> " if sys.stdin.isatty() else ""
    while True:
        try:
            yield input(prompt)
        except EOFError:
            return
