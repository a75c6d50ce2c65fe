"""What figures follow from beside what is asked."""

from pathlib import Path

import pytest

from calligram.errors import OptionError
from calligram.evaluation.origins import WHOLE_BYTES, checksum_files, give_address, tell_model


def test_the_checksum_changes_with_a_byte_of_a_small_file_and_at_the_ends_of_a_large_one(
    tmp_path: Path,
) -> None:
    small, large = tmp_path / "config.json", tmp_path / "model.safetensors"
    small.write_bytes(b"{}")
    large.write_bytes(bytes(WHOLE_BYTES + 10))
    found = [checksum_files(tmp_path)]
    small.write_bytes(b"[]")
    found.append(checksum_files(tmp_path))
    for place in (0, WHOLE_BYTES + 9):
        with large.open("r+b") as stream:
            stream.seek(place)
            stream.write(b"x")
        found.append(checksum_files(tmp_path))
    small.rename(tmp_path / "other.json")
    found.append(checksum_files(tmp_path))
    assert len(set(found)) == 5


def test_what_is_written_into_the_models_folder_does_not_count(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_bytes(b"{}")
    before = checksum_files(tmp_path)
    (tmp_path / "f.json.1.steps").write_bytes(b"1")
    (tmp_path / "f.json").write_bytes(b"1")
    (tmp_path / "checkpoints").mkdir()
    assert checksum_files(tmp_path, [tmp_path / "f.json"]) == before
    assert checksum_files(tmp_path) != before
    assert checksum_files(tmp_path / "missing") is None


def test_a_model_is_told_by_its_options_and_not_by_how_it_is_reached(tmp_path: Path) -> None:
    (tmp_path / "s.json").write_text("[]", encoding="utf-8")
    told = tell_model(f"scripted:{tmp_path / 's.json'}?tries=5&concurrency=2")
    assert told["options"]["tries"] == 5
    assert "concurrency" not in told["options"]
    assert told["weights"]
    over = tell_model("openai:any?budget_tokens=5", "http://127.0.0.1:1/v1")
    assert over["options"]["base_url"] == "http://127.0.0.1:1/v1"
    assert "budget_tokens" not in over["options"]
    assert over["weights"] is None
    assert tell_model("builtin")["weights"]


def test_options_of_the_environment_are_among_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALLIGRAM_HF_DTYPE", "bfloat16")
    assert tell_model("hf:some/where")["options"]["dtype"] == "bfloat16"


def test_the_address_goes_to_the_models_that_have_one() -> None:
    url = "http://127.0.0.1:1/v1"
    assert give_address(["builtin", "openai:a", "hf:b"], url) == ["", url, ""]
    assert give_address(["builtin"], "") == [""]
    with pytest.raises(OptionError, match="'builtin' or 'hf:b' is behind no endpoint"):
        give_address(["builtin", "hf:b"], url)
