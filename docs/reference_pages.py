"""Writes the reference: one page for each room of the package, and one for the command line."""

import inspect
import os
import pkgutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import calligram

PACKAGE = Path(calligram.__file__).parent
PUBLIC = """# The library

These are the public names; all of them can be imported from `calligram`.

"""
COMMAND = """# The command line

Every page of help, as the command itself prints it.
"""


def write_pages(folder: Path) -> None:
    """Write all pages into a folder, and leave those alone that would not change.

    Args:
        folder: made where it does not exist.
    """
    folder.mkdir(parents=True, exist_ok=True)
    pages = {"library.md": _library(), "command-line.md": _command_line()}
    for room in _rooms():
        pages[f"{room}.md"] = _room(room)
    for old in folder.glob("*.md"):
        if old.name not in pages:
            old.unlink()
    for name, text in pages.items():
        page = folder / name
        if not page.exists() or page.read_text(encoding="utf-8") != text:
            page.write_text(text, encoding="utf-8")


def _library() -> str:
    parts = [PUBLIC]
    for name in calligram.__all__:
        value = getattr(calligram, name)
        if inspect.isclass(value) or inspect.isfunction(value):
            kind = "class" if inspect.isclass(value) else "function"
            home = f"{value.__module__}.{value.__name__}"
            parts.append(_directive(f"auto{kind}", home, ":no-index:"))
    return "\n".join(parts)


def _rooms() -> list[str]:
    return sorted(info.name for info in pkgutil.iter_modules([str(PACKAGE)]))


def _room(room: str) -> str:
    modules = [f"calligram.{room}", *_modules(PACKAGE / room, f"calligram.{room}")]
    parts = [f"# calligram.{room}\n"]
    for module in modules:
        if module != modules[0]:
            parts.append(f"## {module.removeprefix('calligram.')}\n")
        parts.append(_directive("automodule", module))
    return "\n".join(parts)


def _modules(folder: Path, package: str) -> Iterator[str]:
    for info in pkgutil.iter_modules([str(folder)]):
        name = f"{package}.{info.name}"
        if not info.name.startswith("_"):
            yield name
            if info.ispkg:
                yield from _modules(folder / info.name, name)


def _directive(name: str, target: str, *options: str) -> str:
    body = "\n".join([f".. {name}:: {target}", *(f"   {option}" for option in options)])
    return f"```{{eval-rst}}\n{body}\n```\n"


def _command_line() -> str:
    parts = [COMMAND]
    for words in _commands():
        said = _help(words)
        parts.append(f"## {' '.join(['calligram', *words])}\n\n```text\n{said}```\n")
    return "\n".join(parts)


def _commands() -> Iterator[list[str]]:
    yield []
    for info in pkgutil.iter_modules([str(PACKAGE / "cli" / "commands")]):
        yield [info.name]
        yield from ([info.name, inner] for inner in _inner_commands(info.name))


def _inner_commands(name: str) -> list[str]:
    import typer.main

    from calligram.cli.main import build_app

    command = typer.main.get_command(build_app(name))
    inner = getattr(command, "commands", {}).get(name)
    return list(getattr(inner, "commands", {}))


def _help(words: list[str]) -> str:
    code = f"from calligram.cli.main import run; run({[*words, '--help']!r})"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=_plain()
    )
    return "".join(f"{line.rstrip()}\n" for line in done.stdout.strip("\n").splitlines())


def _plain() -> dict[str, str]:
    return {**os.environ, "COLUMNS": "100", "NO_COLOR": "1", "TERM": "dumb", "PYTHONIOENCODING": "utf-8"}
