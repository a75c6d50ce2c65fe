"""Parquet with a data set card, as the Hugging Face hub shows and trainers stream it.

Columns: ``task``, ``prompt``, ``completion`` (both with their final line break, as TRL trains on),
``picture``, ``request``, ``answer``, ``columns``.
"""

import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, BinaryIO

from calligram.errors import FormatError, MissingExtraError
from calligram.formats._card import write_card
from calligram.formats._fields import fault, texts_of
from calligram.formats.base import Card, Example, Record, Task

SUFFIX = ".parquet"
MARK = b"PAR1"
TASKS: tuple[Task, ...] = ("read", "draw")
TEXTS = ("task", "prompt", "completion", "picture", "request", "answer")


def write_part(examples: Sequence[Example]) -> bytes:
    """Return a whole file of one row group with these examples."""
    arrow, parquet = _arrow()
    columns = {name: [getattr(example, name) for example in examples] for name in TEXTS}
    fields = [(name, arrow.string()) for name in TEXTS] + [("columns", arrow.int32())]
    table = arrow.table(columns | {"columns": [e.columns for e in examples]}, schema=arrow.schema(fields))
    made = io.BytesIO()
    parquet.write_table(table, made, compression="zstd")
    return made.getvalue()


def join_parts(parts: Iterable[bytes], stream: BinaryIO, trailing_comma: bool = False) -> None:
    """Write one file with a row group for each part."""
    arrow, parquet = _arrow()
    writer = None
    for part in parts:
        table = parquet.read_table(arrow.BufferReader(part))
        writer = writer or parquet.ParquetWriter(stream, table.schema, compression="zstd")
        writer.write_table(table)
    if writer:
        writer.close()
    else:
        stream.write(write_part([]))


def read(stream: BinaryIO, repair: bool = False) -> Iterator[Record]:
    """Yield a record for each row; there is nothing in this format that ``repair`` could mend."""
    arrow, parquet = _arrow()
    try:
        file = parquet.ParquetFile(stream)
        batches = file.iter_batches(batch_size=1000)
        rows = (row for batch in batches for row in batch.to_pylist())
        for number, row in enumerate(rows, start=1):
            yield _record(row, number)
    except (arrow.ArrowException, OSError) as problem:
        told = str(problem).splitlines()[0]
        yield Record(1, None, (FormatError(f"is no readable Parquet file: {told}"),))


def companions(card: Card) -> dict[str, bytes]:
    """Return the data set card, ``README.md``."""
    return {"README.md": write_card(card)}


def _record(row: dict[str, Any], number: int) -> Record:
    faults = texts_of(row, ("task", "picture", "request", "answer"), number, empty=("request", "answer"))
    if not faults and row["task"] not in TASKS:
        faults.append(fault(number, "task", f"must be read or draw, not {row['task']!r}"))
    if faults:
        return Record(number, None, tuple(faults))
    return Record(
        number, Example(row["task"], row["picture"], row["request"], row["answer"], row.get("columns") or 0)
    )


def _arrow() -> tuple[Any, Any]:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as problem:
        raise MissingExtraError("pyarrow", "data", "the format parquet") from problem
    return pyarrow, pyarrow.parquet
