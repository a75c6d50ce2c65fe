"""``calligram train``: teach a model."""

from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from calligram import settings
from calligram.cli.labelling import LabelOptions, with_label
from calligram.cli.options import with_options
from calligram.training.nano_options import NanoOptions
from calligram.training.painter_options import PainterTraining
from calligram.training.text_options import TextOptions
from calligram.training.writer_options import WriterTraining

CURVE = "losses of a training over its steps"
FILES = "text"
"""The command meant where the first word is none: ``calligram train DATASET``."""


class _Teachers(TyperGroup):
    """Takes a first word that is no command for the data set of :data:`FILES`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args and args[0] not in {*self.commands, "-h", "--help"}:
            args = [FILES, *args]
        return super().parse_args(ctx, args)


def register(app: typer.Typer) -> None:
    """Add ``calligram train``."""
    group = typer.Typer(
        help="Teach a model: 'calligram train DATASET --model hf:… -o RUN', 'calligram train writer TEXTS' "
        "'calligram train nano' or 'calligram train painter'.",
        no_args_is_help=True,
        cls=_Teachers,
    )
    app.add_typer(group, name="train")
    group.command(FILES)(with_label(with_options(TextOptions)(text)))
    group.command("nano")(with_options(NanoOptions)(nano))
    group.command("writer")(with_options(WriterTraining)(writer))
    group.command("painter")(with_options(PainterTraining)(painter))


def text(
    dataset: Annotated[
        str, typer.Argument(help="Training file, folder of them, or plain texts: .txt, CSV, JSON lines.")
    ],
    options: TextOptions,
    label: LabelOptions,
    model: Annotated[
        str,
        typer.Option("--model", "-m", help="hf:FOLDER, hf:ORG/NAME or builtin:writer."),
    ],
    output: Annotated[Path, typer.Option("--output", "-o", help="Run folder.")] = Path("my-model"),
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Tell tokens, steps, memory and time, and stop.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")] = False,
) -> None:
    """Teach a Hugging Face model or the writer; the word 'text' may be left out.

    An interrupted training goes on where it was when the same command is given again.

    Examples:

      calligram dataset build digits: --task both --format messages --split train,valid -o digits

      calligram train digits --model hf:Qwen/Qwen2.5-0.5B --method lora --dry-run

      calligram train digits --model hf:Qwen/Qwen2.5-0.5B --method lora --merge -o my-model
    """
    from calligram.cli.labelling import finishing, told_settings
    from calligram.cli.progress import progress
    from calligram.training.text_course import world
    from calligram.training.text_rehearsal import rehearse
    from calligram.training.text_run import teach

    if model.partition(":")[0] == "builtin":
        _teach_writer(Path(dataset), _writer_options(model, options, dry_run), output, quiet)
        return
    first = world()[0] == 0
    quiet = quiet or not first
    with progress(quiet) as tell:
        if dry_run:
            lines = rehearse(dataset, model, options, output, tell).lines()
        else:
            finish = finishing(label, description=CURVE, settings=told_settings("train"))
            say = lambda line: None if quiet else typer.echo(line, err=True)  # noqa: E731
            lines = teach(dataset, model, options, output, tell, say, finish).lines()
    for line in lines if first else []:
        typer.echo(line)


def nano(
    sources: Annotated[list[str], typer.Argument(help="Labelled images: digits: or idx:DIR or folder:DIR.")],
    options: NanoOptions,
    output: Annotated[Path, typer.Option("--output", "-o", help="Model folder.")] = Path("my-model"),
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")] = False,
) -> None:
    """Train the built-in language model on labelled images, to read and to draw them.

    An interrupted training goes on where it was when the same command is given again.

    Examples:

      calligram train nano digits: --steps 400 -o my-model

      calligram see --model builtin:my-model --layout classic picture.png
    """
    from calligram.cli.progress import training_progress
    from calligram.training.nano_run import train_model

    with training_progress(options.steps, quiet) as tell:
        card = train_model(
            sources, options, output, tell, lambda line: None if quiet else typer.echo(line, err=True)
        )
    for line in card.lines():
        typer.echo(line)


def writer(
    texts: Annotated[
        Path, typer.Argument(help="Folder of texts, or one file: .txt, .md, .csv, .tsv, .jsonl.")
    ],
    options: WriterTraining,
    output: Annotated[Path, typer.Option("--output", "-o", help="Writer's folder.")] = Path("my-writer"),
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")] = False,
) -> None:
    """Teach the built-in writer your own texts, so that it writes in their voice.

    An interrupted training goes on where it was when the same command is given again.

    Examples:

      calligram train writer my-texts -o my-writer

      calligram describe "An evening by the sea" --model builtin:my-writer
    """
    _teach_writer(texts, options, output, quiet)


def painter(
    options: PainterTraining,
    output: Annotated[Path, typer.Option("--output", "-o", help="Painter's folder.")] = Path("my-painter"),
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")] = False,
) -> None:
    """Train the adversarial painter anew on digits, garments, emoji and icons.

    An interrupted training goes on where it was when the same command is given again.

    Example:

      calligram train painter --digits mnist --garments fashion-mnist --emoji noto.zip --icons icons.jsonl.gz
    """
    from calligram.training.painter import train_painter

    say = lambda line: None if quiet else typer.echo(line, err=True)  # noqa: E731
    for line in train_painter(options, output, say):
        typer.echo(line)


CARRIED = ("steps", "epochs", "rate", "valid_share", "seed")
"""Options of any model's teaching that the writer has too."""


def _writer_options(model: str, options: TextOptions, dry_run: bool) -> WriterTraining:
    """Return what is asked of any model as the writer's own options.

    Raises:
        OptionError: something is asked for that the writer does not have, or no writer is named.
    """
    from calligram.errors import OptionError

    place = model.partition(":")[2]
    told, usual = vars(options), vars(type(options)())
    strange = [name for name in told if name not in CARRIED and told[name] != usual[name]]
    strange += ["dry_run"] * dry_run
    if strange:
        flags = ", ".join(f"--{name.replace('_', '-')}" for name in strange)
        raise OptionError(
            f"{model} is taught without {flags}: leave out, or see 'calligram train writer --help'"
        )
    if place in ("", "none"):
        raise OptionError(f"the model {model} is no writer: write builtin:writer, or builtin:FOLDER of one")
    carried = {name: told[name] for name in CARRIED}
    return settings.resolve(WriterTraining, {"start": "builtin" if place == "writer" else place, **carried})


def _teach_writer(texts: Path, options: WriterTraining, output: Path, quiet: bool) -> None:
    from calligram.cli.progress import progress
    from calligram.training.writer import teach_writer

    say = lambda line: None if quiet else typer.echo(line, err=True)  # noqa: E731
    with progress(quiet) as tell:
        taught = teach_writer(texts, options, output, tell or (lambda *told: None), say)
    for line in taught.lines():
        typer.echo(line)
