"""Writes LLaMA-Factory's ``dataset_info.json``."""

import json
from pathlib import PurePath
from typing import Any

from calligram.formats.base import Card


def describe(card: Card, how: dict[str, Any]) -> dict[str, bytes]:
    """Return ``dataset_info.json`` with an entry for each file of a data set.

    Args:
        card: names the data set and its files.
        how: what every entry says beside the file's name.

    Source: LLaMA-Factory, data/README.md.
    """
    entries = {
        f"{card.name}_{PurePath(name).name.split('.')[0]}": {"file_name": name, **how}
        for names in card.files.values()
        for name in names
    }
    return {"dataset_info.json": (json.dumps(entries, indent=2, ensure_ascii=False) + "\n").encode()}
