"""Leaves out the doctests of modules whose extra is not installed, and says so."""

from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

from calligram.errors import MissingExtraError

SOURCE = Path(__file__).parent / "src"
OPTIONAL = {
    "daft",
    "accelerate",
    "anthropic",
    "datasets",
    "diffusers",
    "fastapi",
    "fsspec",
    "llm",
    "onnx",
    "openai",
    "peft",
    "pyarrow",
    "pydantic",
    "sentencepiece",
    "sklearn",
    "starlette",
    "tiktoken",
    "tokenizers",
    "torch",
    "transformers",
    "uvicorn",
}
_left_out: dict[str, str] = {}


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Leave a module of the package out where it needs a package that is not installed."""
    if collection_path.suffix != ".py" or not collection_path.is_relative_to(SOURCE):
        return None
    parts = collection_path.relative_to(SOURCE).with_suffix("").parts
    missing = find_missing(".".join(parts))
    if missing:
        _left_out[".".join(parts)] = missing
    return True if missing else None


@cache
def find_missing(module: str) -> str | None:
    """Return the optional package that a module cannot do without and that is not installed, or None."""
    try:
        import_module(module)
    except MissingExtraError as fault:
        return fault.package
    except ModuleNotFoundError as fault:
        package = (fault.name or "").split(".")[0]
        if package not in OPTIONAL:
            raise
        return package
    return None


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell which doctests were left out, and why."""
    for module, package in sorted(_left_out.items()):
        terminalreporter.write_line(f"LEFT OUT {module}: its doctests need {package}, which is not installed")
