"""Keys and addresses: what is taken for one, and that no key is ever told."""

import pytest

from calligram.endpoints.address import Address, check_address, read_key
from calligram.errors import ModelError, OptionError


def test_a_key_is_read_without_the_blanks_around_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", " sk-secret\n")
    assert read_key("OPENAI_API_KEY") == "sk-secret"
    monkeypatch.setenv("OPENAI_API_KEY", " ")
    assert read_key("OPENAI_API_KEY") is None


@pytest.mark.parametrize("key", ["sk-sécret", "sk-\u200bsecret", "sk-\nsecret"])
def test_a_key_that_cannot_be_one_is_told_and_not_printed(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", key)
    with pytest.raises(ModelError) as caught:
        read_key("OPENAI_API_KEY")
    assert str(caught.value) == "OPENAI_API_KEY holds characters that no key has: copy it again"


def test_a_key_with_blanks_or_at_the_cut_is_hidden_in_foreign_texts() -> None:
    address = Address("openai:any", "http://127.0.0.1/v1", "sk  secret", "OPENAI_API_KEY", "openai", 1, 0)
    for told in ("wrong key sk  secret!", "x" * 295 + "sk  secret"):
        assert "sk" not in address.plain(told)


@pytest.mark.parametrize(
    "given", ["http://[::1/v1", "127.0.0.1:8000/v1", "ftp://here/v1", "http:///v1", "http://a:b/v1"]
)
def test_what_is_no_address_is_told(given: str) -> None:
    with pytest.raises(OptionError, match=r"must be an address, as http://127\.0\.0\.1:8000/v1"):
        check_address(given)


def test_an_address_with_a_password_is_refused_without_telling_it() -> None:
    with pytest.raises(OptionError) as caught:
        check_address("http://me:hush@here/v1")
    assert "hush" not in str(caught.value)
