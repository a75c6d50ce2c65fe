"""``calligram models list``: the models that read and draw, and what each was taught."""

import json
import textwrap
from collections.abc import Mapping
from typing import Annotated, Any

import typer

EXAMPLES = """
Examples:

  calligram models list

  calligram models list --json
"""


def register(app: typer.Typer) -> None:
    """Add the command to the door."""
    models = typer.Typer(
        help="Show which models can be used, and what they were taught.", no_args_is_help=True
    )
    models.command("list", epilog=EXAMPLES)(list_models)
    app.add_typer(models, name="models")


def list_models(
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object a line for each model.")
    ] = False,
) -> None:
    """List the kinds of model by the name that --model takes, and what is known of each."""
    from calligram import registry

    told = [_look_up(name) for name in registry.members("models")]
    if as_json:
        for entry in told:
            typer.echo(json.dumps(entry, ensure_ascii=False))
    else:
        typer.echo("\n\n".join(_describe(entry) for entry in told))


def _look_up(name: str) -> dict[str, Any]:
    """Return what a kind of model says of itself, and what its model was taught where it needs no place."""
    from calligram import registry
    from calligram.errors import CalligramError
    from calligram.models.base import open_model

    module = registry.member("models", name)
    summary = " ".join((module.__doc__ or "").strip().split("\n\n")[0].replace("``", "").split())
    told: dict[str, Any] = {"name": name, "summary": summary, "spelled": module.SPELLING, "ready": True}
    try:
        return {**told, **open_model(name).describe(), "name": name}
    except CalligramError as fault:
        return {**told, "ready": False, "reason": str(fault)}


def _layout(told: Mapping[str, Any], name: str) -> str:
    """Return a layout's name, with the kinds taught in it where these are not all."""
    kinds = told["layouts"][name]
    only = " and ".join(f"{kind}s" for kind in kinds)
    return name if len(kinds) == len(told["subjects"]) else f"{name} ({only} only)"


def _describe(told: Mapping[str, Any]) -> str:
    lines = [f"{told['name']}: {told['summary']}"]
    lines.append(f"spelled {told['spelled']}")
    if "parameters" in told:
        lines.append(f"{told['parameters']:,} parameters, {told.get('tokens', 0):,} tokens")
    if "layouts" in told:
        lines.append(f"layouts: {', '.join(_layout(told, name) for name in told['layouts'])}")
    for kind, answers in told.get("subjects", {}).items():
        joined = "" if all(len(answer) == 1 for answer in answers) else ", "
        lines.append(f"{kind}s: {joined.join(answers)}")
    first = textwrap.fill(lines[0], 78, subsequent_indent="  ")
    indented = [textwrap.fill(line, 78, initial_indent="  ", subsequent_indent="    ") for line in lines[1:]]
    return "\n".join([first, *indented])
