"""The plan of the house: what may import what, and how light the doorstep is."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

import calligram

PACKAGE = Path(calligram.__file__).parent
FLOORS = [
    {"errors"},
    {"devices", "registry", "settings", "whole_files"},
    {"picture", "endpoints"},
    {"nano"},
    {"models", "sources", "formats", "painters", "metrics"},
    {"seeing", "drawing", "training", "evaluation", "art", "provenance", "gallery"},
    {"server"},
    {"cli"},  # the command line opens the other door
]
FAMILIES = FLOORS[4]
MODULES = sorted(path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py"))
HEAVY = ("torch", "transformers", "onnxruntime", "daft", "datasets", "pyarrow", "sklearn", "scipy", "openai")
HEAVY += ("fastapi", "uvicorn", "llm", "diffusers", "c2pa", "cryptography")


def floor_of(room: str) -> int:
    return next(floor for floor, rooms in enumerate(FLOORS) if room in rooms)


def imports_of(module: str) -> Iterator[list[str]]:
    """Yield what a module imports of the package, at its top or inside functions, as parts of the path."""
    for node in ast.walk(ast.parse((PACKAGE / module).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} imports relatively in line {node.lineno}"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        yield from (name.split(".")[1:] for name in names if name.split(".")[0] == "calligram")


def test_every_room_stands_on_a_floor() -> None:
    rooms = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists()}
    assert rooms <= set().union(*FLOORS)


@pytest.mark.parametrize("module", [module for module in MODULES if module != "__init__.py"])
def test_imports_run_downward(module: str) -> None:
    room = module.split("/")[0].removesuffix(".py")
    for name in (parts[0] for parts in imports_of(module) if parts):
        if name in {"__version__", room}:
            continue
        assert floor_of(name) < floor_of(room), f"{module} imports calligram.{name}"


@pytest.mark.parametrize("module", [module for module in MODULES if module.split("/")[0] in FAMILIES])
def test_members_of_a_family_never_import_each_other(module: str) -> None:
    family, *rest = module.removesuffix(".py").split("/")
    for inner in (parts[1:] for parts in imports_of(module) if parts[:1] == [family] and parts[1:]):
        shared = inner[0] == "base" or inner[0].startswith("_") or inner[0] == rest[0]
        assert shared, f"{module} imports calligram.{family}.{inner[0]}"


INNER_FAMILIES = [
    "picture/markups",
    "picture/renderers",
    "picture/posters/forms",
    "training/engines",
    "art/records",
    "cli/commands",
    "provenance/containers",
    "provenance/layouts",
]


@pytest.mark.parametrize("family", INNER_FAMILIES)
def test_members_of_a_family_inside_a_room_never_import_each_other(family: str) -> None:
    place = family.split("/")
    for module in (module for module in MODULES if module.startswith(f"{family}/")):
        own = module.removesuffix(".py").rpartition("/")[2]
        for inner in (parts[2:] for parts in imports_of(module) if parts[:2] == place and parts[2:]):
            shared = inner[0] in {"base", own} or inner[0].startswith("_")
            assert shared, f"{module} imports calligram.{'.'.join(place)}.{inner[0]}"


def loaded_after(statement: str) -> set[str]:
    code = f"import sys; {statement}; print(*sys.modules, file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    return {name.split(".")[0] for name in done.stderr.split()}


def test_importing_the_package_loads_nothing_heavy() -> None:
    assert loaded_after("import calligram").isdisjoint({*HEAVY, "numpy", "PIL", "typer", "rich"})


def test_the_help_loads_nothing_heavy() -> None:
    helping = "from calligram.cli.main import run; assert run(['--help']) == 0"
    assert loaded_after(helping).isdisjoint(HEAVY)


def test_public_names_are_sorted_and_listed_once() -> None:
    assert len(set(calligram.__all__)) == len(calligram.__all__)
    assert set(calligram.__dir__()) == set(calligram.__all__)


@pytest.mark.parametrize("name", calligram.__all__)
def test_every_public_name_can_be_imported(name: str) -> None:
    assert getattr(calligram, name) is not None


def test_every_error_is_a_public_name() -> None:
    errors = vars(import_module("calligram.errors"))
    assert {name for name, value in errors.items() if isinstance(value, type)} <= set(calligram.__all__)


def test_an_unknown_name_is_refused_with_the_known_ones() -> None:
    with pytest.raises(AttributeError, match=r"'sculpt'.*decode, .*draw, encode"):
        calligram.sculpt  # noqa: B018
