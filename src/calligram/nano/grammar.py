"""The drawing grammar: which tokens may stand where, so that a drawing always has its exact rows and columns.

A drawing is one start token, then for each row a fixed number of runs and one row end. Start and row ends
leave no choice; at every other place exactly the ramp's runs are allowed. So the grammar is one column mask
over the vocabulary, the same at every free place, and costs nothing: only the masked-in columns of the
output matrix are ever multiplied.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from calligram.errors import ModelError
from calligram.nano.vocabulary import CELLS_PER_TOKEN, MOST_ROWS, Ids, Vocabulary

Levels = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class DrawingGrammar:
    """The places of one drawing in the markup ``rows``.

    Args:
        vocabulary: the model's tokens.
        symbols: the ramp.
        rows: rows of every drawing.
        columns: columns of every drawing, a multiple of four.

    Raises:
        ModelError: the vocabulary cannot spell such a drawing.
    """

    vocabulary: Vocabulary
    symbols: str
    rows: int
    columns: int

    def __post_init__(self) -> None:
        if self.columns % CELLS_PER_TOKEN or not 1 <= self.rows <= MOST_ROWS or self.columns < 1:
            raise ModelError(
                f"the model spells pictures of columns in fours and at most {MOST_ROWS} rows, "
                f"not {self.columns}x{self.rows}"
            )

    @cached_property
    def runs(self) -> Ids:
        """The tokens allowed at every free place, ``(levels**4,)``."""
        return self.vocabulary.run_ids(self.symbols)

    @property
    def runs_per_row(self) -> int:
        """Free places in one row."""
        return self.columns // CELLS_PER_TOKEN

    @property
    def free_places(self) -> int:
        """Free places in the whole drawing."""
        return self.rows * self.runs_per_row

    @property
    def length(self) -> int:
        """Tokens of the whole drawing."""
        return 1 + self.rows * (self.runs_per_row + 1)

    def opening(self, given: Levels | None) -> Ids:
        """Return the tokens before the first free place, ``(tokens,)``: the start and the rows already given.

        Args:
            given: the first rows, ``(given rows, columns)``, or None.

        Raises:
            ModelError: the given rows do not fit, or leave nothing to draw.
        """
        start = [self.vocabulary.ids["<row:1>"]]
        if given is None or len(given) == 0:
            return np.array(start)
        if given.shape[1:] != (self.columns,) or len(given) >= self.rows:
            raise ModelError(
                f"the rows to continue are {given.shape[-1]}x{len(given)}, but must have {self.columns} "
                f"columns and fewer than {self.rows} rows"
            )
        ids: Ids = self.vocabulary.picture_ids(given[None], self.symbols)[0]
        ids[-1] = self.row_ends[len(given) - 1]
        return ids

    @cached_property
    def row_ends(self) -> Ids:
        """The token that closes each row, ``(rows,)``."""
        return self.vocabulary.row_ends(self.rows)

    def before_runs(self) -> Ids:
        """Return the places of the tokens before each run, the start token being 0, ``(free places,)``."""
        rows = np.arange(self.rows)[:, None] * (self.runs_per_row + 1)
        return (rows + np.arange(self.runs_per_row)).ravel()

    def forced(self, place: int) -> int | None:
        """Return the row end behind the free place of that number, or None where a run follows."""
        row, within = divmod(place + 1, self.runs_per_row)
        return None if within else int(self.row_ends[row - 1])

    def levels(self, choices: Ids) -> Levels:
        """Return the cells of chosen runs, ``(..., 4 * runs)``; a choice is a place in :attr:`runs`."""
        size = len(self.symbols)
        places = size ** np.arange(CELLS_PER_TOKEN - 1, -1, -1)
        cells = choices[..., None] // places % size
        return cells.reshape(*choices.shape[:-1], -1).astype(np.uint8)

    def choices(self, levels: Levels) -> Ids:
        """Return the runs of whole drawings as places in :attr:`runs`, ``(N, rows, runs per row)``."""
        weights = len(self.symbols) ** np.arange(CELLS_PER_TOKEN - 1, -1, -1)
        chosen: Ids = levels.reshape(*levels.shape[:2], -1, CELLS_PER_TOKEN).astype(np.int64) @ weights
        return chosen
