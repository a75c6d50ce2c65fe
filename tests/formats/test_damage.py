"""Damaged training files: the fault's line and field, and what repair mends."""

import io

import pytest

from calligram.formats.base import Example, Record, get_format

ENTRY = '  {\n    "size": "4",\n    "ASCII_image": "<row:1> ▓█ </row:1>\\n",\n    "Response": "5"\n  }'
CONVERSATION = (
    '{"messages": [{"role": "user", "content": "Draw it."}, {"role": "assistant", "content": "#\\n"}]}'
)


def records(name: str, data: str | bytes, repair: bool = False) -> list[Record]:
    return list(get_format(name).read(io.BytesIO(data.encode() if isinstance(data, str) else data), repair))


def faults(name: str, data: str | bytes) -> list[tuple[int | None, str | None, str]]:
    return [(f.line, f.field, str(f)) for record in records(name, data) for f in record.faults]


@pytest.mark.parametrize(
    ("data", "line", "field", "told"),
    [
        ("", 1, None, "the file is empty"),
        ("{}", 1, None, "begins with '{'"),
        ("[\n  7\n]", 2, None, "a JSON object is expected, not a number"),
        (f"[\n{ENTRY},\n]", 7, None, "comma after the last entry"),
        (f"[\n{ENTRY}\n{ENTRY}\n]", 7, None, "a comma is missing"),
        (f"[\n{ENTRY},\n,{ENTRY}\n]", 7, None, "a comma is too many"),
        (f"[\n{ENTRY}", 6, None, "before the array's closing ]"),
        (f"[\n{ENTRY}\n] more", 7, None, "nothing may follow"),
        (f"[\n{ENTRY[:-20]}", 5, None, "no valid JSON"),
        (f"[\n{ENTRY.replace('4', 'x')}\n]", 2, "size", "must be a number of columns"),
        (f"[\n{ENTRY.replace(chr(34) + '4' + chr(34), '4')}\n]", 2, "size", "must be a text, not a number"),
        (f"[\n{ENTRY.replace('Response', 'answer')}\n]", 2, "Response", "is missing"),
        (f"[\n{ENTRY.replace('5', '')}\n]", 2, "Response", "is empty"),
        (f"[\n{ENTRY.replace('5', chr(92) + 'ud800')}\n]", 2, "Response", "lone surrogate"),
        (b"[\n\xff]", 1, None, "no UTF-8"),
        ("[" * 100_000, 1, None, "recursion"),
        ("[" + "9" * 10_000 + "]", 1, None, "no JSON that can be read"),
    ],
)
def test_an_arrays_fault_is_told_with_line_and_field(
    data: str | bytes, line: int, field: str | None, told: str
) -> None:
    found = faults("ascii-image", data)
    assert found
    assert found[0][:2] == (line, field)
    assert told in found[0][2]


@pytest.mark.parametrize(
    ("name", "data", "field", "told"),
    [
        ("messages", "\n", None, "no valid JSON"),
        ("messages", "[]", None, "not an array"),
        ("messages", "{}", "messages", "is missing"),
        ("messages", '{"messages": {}}', "messages", "must be an array, not an object"),
        ("messages", '{"messages": [{"role": "user"}]}', "messages[0].content", "is missing"),
        ("messages", '{"messages": [7]}', "messages[0]", "a JSON object is expected"),
        (
            "messages",
            '{"messages": [{"role": "user", "content": "x"}]}',
            "messages",
            "one turn of user, then",
        ),
        ("prompt-completion", '{"prompt": "x"}', "completion", "is missing"),
        ("text", '{"text": "one line"}', "text", "must be a picture"),
        ("text", '{"text": "Draw it.\\n"}', "text", "must be a picture"),
        ("text", b'{"text": "\xff"}', None, "byte 11 is 0xff"),
        ("sharegpt", '[{"conversations": [{"from": "gpt", "value": "x"}]}]', "conversations", "not gpt"),
        ("alpaca", '[{"instruction": "x", "input": null, "output": "y"}]', "input", "not null"),
    ],
)
def test_a_fault_is_told_with_its_field(name: str, data: str | bytes, field: str | None, told: str) -> None:
    found = faults(name, data)
    assert found[0][:2] == (1, field)
    assert told in found[0][2]


def test_one_bad_line_does_not_hide_the_others() -> None:
    found = records("messages", f"{CONVERSATION}\nnonsense\n{CONVERSATION}\n")
    assert [bool(record.example) for record in found] == [True, False, True]
    assert found[1].faults[0].line == 2


@pytest.mark.parametrize(
    ("data", "mend"),
    [
        (f"[\n{ENTRY},\n]\n", "line 7: removed the comma after the last entry"),
        (f"\ufeff[\n{ENTRY}\n]\n", "line 1: removed the byte order mark"),
        (f"[\n{ENTRY}\n", "line 7: added the missing ] at the end"),
        (f"[\n,{ENTRY}]", "line 2: removed a comma too many"),
    ],
)
def test_repair_mends_an_array_and_says_so(data: str, mend: str) -> None:
    found = records("ascii-image", data, repair=True)
    assert [record.example for record in found if record.example] == [
        Example("read", "<row:1> ▓█ </row:1>\n", "", "5", 4)
    ]
    assert [told for record in found for told in record.mends] == [mend]


def test_repair_mends_lines_and_says_so() -> None:
    found = records("messages", f"\ufeff{CONVERSATION},\n\n{CONVERSATION}\n", repair=True)
    assert sum(bool(record.example) for record in found) == 2
    assert [told for record in found for told in record.mends] == [
        "line 1: removed the byte order mark",
        "line 1: removed a comma after the object",
        "line 2: left out a blank line",
    ]


def test_a_system_turn_is_passed_over() -> None:
    data = CONVERSATION.replace("[{", '[{"role": "system", "content": "You draw."}, {', 1)
    assert records("messages", data)[0].example == Example("draw", "#\n", "Draw it.", "")


class Dribble(io.BytesIO):
    """A stream that gives at most seven bytes at a time."""

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(7)


def test_entries_and_characters_may_lie_across_what_is_read_at_once() -> None:
    data = "[\n" + ",\n".join([ENTRY] * 20) + "\n]\n"
    found = list(get_format("ascii-image").read(Dribble(data.encode())))
    assert [record.line for record in found] == [2 + 5 * number for number in range(20)]
    assert all(record.example for record in found)


def test_what_is_no_parquet_file_is_refused() -> None:
    pytest.importorskip("pyarrow")
    assert "no readable Parquet" in str(records("parquet", b"PAR1 nonsense")[0].faults[0])
