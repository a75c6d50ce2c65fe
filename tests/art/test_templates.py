"""The grammar of templates: what it takes, and where it says it breaks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calligram.art.templates import (
    SPECIAL,
    Choice,
    Setting,
    Text,
    Use,
    Wildcard,
    is_plain,
    parse,
    parse_line,
)
from calligram.errors import TemplateError


def only(template: str) -> object:
    (part,) = parse(template)
    return part


def test_a_choice_has_its_options_with_their_weights() -> None:
    choice = only("{red|2::blue|.5::|a {b|c}}")
    assert isinstance(choice, Choice)
    assert [option.weight for option in choice.options] == [1, 2, 0.5, 1]
    assert choice.options[1].parts == (Text("blue"),)
    assert choice.options[2].parts == ()
    assert isinstance(choice.options[3].parts[1], Choice)


@pytest.mark.parametrize(
    ("template", "least", "most", "joiner"),
    [
        ("{a|b}", 1, 1, ", "),
        ("{2$$a|b|c}", 2, 2, ", "),
        ("{2$$ and $$a|b|c}", 2, 2, " and "),
        ("{1-2$$a|b|c}", 1, 2, ", "),
        ("{-2$$a|b|c}", 1, 2, ", "),
        ("{2-$$ / $$a|b|c}", 2, None, " / "),
        ("{0-1$$a|b}", 0, 1, ", "),
    ],
)
def test_a_choice_takes_as_many_as_its_count_says(
    template: str, least: int, most: int | None, joiner: str
) -> None:
    choice = only(template)
    assert isinstance(choice, Choice)
    assert (choice.least, choice.most, choice.joiner) == (least, most, joiner)


def test_a_wildcard_has_a_name_and_may_give_variables() -> None:
    assert only("__medium/oil__") == Wildcard("medium/oil", (), 1)
    assert only("__my_own-list__") == Wildcard("my_own-list", (), 1)
    assert only("__medium/*__") == Wildcard("medium/*", (), 1)
    assert only("__coat(colour=red, cut = long)__") == Wildcard(
        "coat", (("colour", "red"), ("cut", "long")), 1
    )


def test_variables_are_set_used_and_have_defaults() -> None:
    assert only("${sky=!__light__}") == Setting("sky", (Wildcard("light", (), 8),), True)
    assert only("${sky}") == Use("sky", None, 1)
    assert only("${sky:grey}") == Use("sky", (Text("grey"),), 1)


def test_a_comment_ends_with_its_line_and_a_hex_colour_is_none() -> None:
    assert parse("a # not this {\nb #ff8800") == (Text("a \nb #ff8800"),)


@given(st.text(max_size=60))
def test_any_text_is_plain_once_its_special_characters_are_escaped(text: str) -> None:
    escaped = "".join("\\" + sign if sign in SPECIAL else sign for sign in text)
    assert "".join(part.text for part in parse(escaped) if isinstance(part, Text)) == text
    assert is_plain(escaped)


@given(st.text(alphabet="{}|$_#:\\ ab2!=()*-\n", max_size=30))
def test_no_text_breaks_the_reader_but_by_a_fault_with_its_column(text: str) -> None:
    column = fault_column(text)
    assert column is None or 1 <= column <= len(text)


def fault_column(text: str) -> int | None:
    try:
        parse(text)
    except TemplateError as fault:
        return fault.column or 0
    return None


@pytest.mark.parametrize(
    ("template", "column", "told"),
    [
        ("a {b|c", 3, "never closed"),
        ("a } b", 3, "closes nothing"),
        ("{x$$a|b}", 2, "must be as 2, 1-3 or -3"),
        ("{3-2$$a|b}", 2, "runs backwards"),
        ("{}", 1, "nothing to choose from"),
        ("{0::a|0::b}", 1, "weigh 0"),
        ("{-1::a|b}", 2, "below 0"),
        ("{@a|b}", 2, "not known here"),
        ("by __light", 4, "begins no list's name"),
        ("__coat(red)__", 1, "gives a list no variable"),
        ("${}", 1, "wants a variable's name"),
        ("${sky", 1, "never closed"),
        ("{" * 60 + "a" + "}" * 60, 52, "nested more than 50 deep"),
    ],
)
def test_a_fault_says_its_column_and_what_to_write(template: str, column: int, told: str) -> None:
    with pytest.raises(TemplateError, match=told) as caught:
        parse(template)
    assert caught.value.column == column
    assert f"column {column}" in str(caught.value)


def test_a_fault_on_a_later_line_says_the_line() -> None:
    with pytest.raises(TemplateError, match="line 2, column 3"):
        parse("a\nb {c")


def test_an_endless_template_is_refused() -> None:
    with pytest.raises(TemplateError, match="at most 20,000"):
        parse("a" * 20_001)


def test_a_line_of_a_list_may_have_a_weight() -> None:
    assert parse_line("3::dusk").weight == 3
    assert parse_line("dusk::3").weight == 1
