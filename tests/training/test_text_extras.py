"""Each extra that an error names must hold the package that is missing."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from calligram.evaluation.tokens.opening import EXTRAS

ROOT = Path(__file__).parents[2]
DISTRIBUTIONS = {
    "c2pa": "c2pa-python",
    "fontTools": "fonttools",
    "huggingface_hub": "huggingface-hub",
    "resvg_py": "resvg-py",
    "sklearn": "scikit-learn",
}
"""Names of packages that are not those of their imports."""


def named_extras() -> Iterator[tuple[str, str, str]]:
    """Yield the file, package and extra of every error that names both in words."""
    for path in sorted((ROOT / "src").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and getattr(node.func, "id", "") == "MissingExtraError"):
                continue
            package, extra = node.args[:2]
            if isinstance(package, ast.BoolOp):  # the package that Python names, or else …
                package = package.values[-1]
            if isinstance(package, ast.Constant) and isinstance(extra, ast.Constant):
                yield path.name, str(package.value), str(extra.value)


def test_every_extra_that_is_named_brings_the_package() -> None:
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    brought = {
        extra: {re.split(r"[^A-Za-z0-9_.-]", line)[0] for line in lines}
        for extra, lines in told["project"]["optional-dependencies"].items()
    }
    named = [*named_extras(), *(("opening.py", package, extra) for package, extra in EXTRAS.items())]
    assert len(named) > 15
    wrong = [
        (file, package, extra)
        for file, package, extra in named
        if DISTRIBUTIONS.get(package, package) not in brought.get(extra, set())
    ]
    assert not wrong
