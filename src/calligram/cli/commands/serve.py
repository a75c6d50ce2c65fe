"""``calligram serve``: one model behind an endpoint that OpenAI's clients speak to."""

import typer

from calligram.cli.options import with_options
from calligram.server.options import ServeOptions

EXAMPLES = """
Examples:

  calligram serve

  calligram serve --model hf:runs/mine --port 0

  calligram serve --host 0.0.0.0 --api-key-env CALLIGRAM_KEY
"""


def register(app: typer.Typer) -> None:
    """Add the command to the door."""
    app.command("serve", epilog=EXAMPLES)(with_options(ServeOptions)(serve))


def serve(options: ServeOptions) -> None:
    """Serve a model at /v1/chat/completions, /v1/completions and /v1/models, as OpenAI spells them.

    It reads images and text pictures in chats, draws, and tells how likely texts are. Ctrl-C stops it.
    """
    from calligram.models.base import open_model
    from calligram.server import serve as run

    run(open_model(options.model), options, typer.echo)
