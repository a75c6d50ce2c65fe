"""Finds the members of a family by file name, and other packages' members by entry point.

A family is a package such as :mod:`calligram.sources`. Each public module in it but ``base`` is one
member, and the module's name is the member's name (``_`` reads as ``-``). Another package adds a member
with an entry point in the group ``calligram.<family>``.
"""

import pkgutil
from functools import cache
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from types import ModuleType

from calligram.errors import NameInFamilyError


def members(family: str) -> list[str]:
    """Return the sorted names of a family's members without importing any of them.

    Args:
        family: the package's last name, such as ``"sources"``.

    Raises:
        NameInFamilyError: two members have one name.

    >>> "rows" in members("picture.markups")
    True
    """
    return sorted(_places(family))


def member(family: str, name: str) -> ModuleType:
    """Import and return the module of one member.

    Args:
        family: the package's last name, such as ``"sources"``.
        name: the member's registered name.

    Raises:
        NameInFamilyError: there is no such member, there are two, or another package's cannot be loaded.
    """
    places = _places(family)
    if name not in places:
        raise NameInFamilyError(
            f"there is no {name!r} among the {family.split('.')[-1]}: "
            f"choose one of {', '.join(sorted(places))}"
        )
    place = places[name]
    return _load(family, place) if isinstance(place, EntryPoint) else import_module(place)


def _load(family: str, point: EntryPoint) -> ModuleType:
    package = point.dist.name if point.dist else point.module.partition(".")[0]
    try:
        module: ModuleType = point.load()
    except (ImportError, AttributeError) as fault:
        raise NameInFamilyError(
            f"{point.name!r} of the {family.split('.')[-1]} cannot be loaded from {point.value} ({fault}): "
            f"install again or remove the package {package}"
        ) from fault
    return module


@cache
def _places(family: str) -> dict[str, str | EntryPoint]:
    package = import_module(f"calligram.{family}")
    places: dict[str, str | EntryPoint] = {}
    for info in pkgutil.iter_modules(package.__path__):
        if info.name != "base" and not info.name.startswith("_"):
            places[info.name.replace("_", "-")] = f"calligram.{family}.{info.name}"
    for point in entry_points(group=f"calligram.{family}"):
        if point.name in places:
            raise NameInFamilyError(
                f"the name {point.name!r} is met twice among the {family}: "
                f"{places[point.name]} and {point.value}; uninstall or rename one of them"
            )
        places[point.name] = point
    return places
