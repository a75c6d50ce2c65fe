"""What becomes of the citations of a model's sentences."""

from typing import Any, cast

from calligram.art.citing import statements_of
from calligram.art.eyes import Eyes


def test_one_region_has_one_spelling() -> None:
    entry: dict[str, Any] = {"text": "A boat.", "facts": [], "regions": ["b3 - d5", "B3–D5", "B3:D5", "a1 "]}
    (statement,) = statements_of([entry], cast(Eyes, None), english=False)
    assert statement.regions == ("B3-D5", "A1")
