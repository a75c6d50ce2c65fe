"""What is claimed: the first action, the opt-out in CAWG's words, and the facts of the label."""

import pytest

from calligram.provenance.label import MINING, Label
from calligram.provenance.manifest import manifest_of, mining_entries

WHOLE = Label(
    "drawn",
    prompt="a red cat",
    prompt_writer="Ada",
    model="adversarial",
    model_version="1",
    title="Cat",
    description="A cat.",
    creator="Ada",
    rights="CC0",
    subjects=("cat", "red"),
    mining="DMI-PROHIBITED-AIMLTRAINING",
    made_at="2026-11-27T10:00:00+01:00",
)


def assertion(manifest: dict[str, object], label: str) -> dict[str, object]:
    return next(each["data"] for each in manifest["assertions"] if each["label"] == label)  # type: ignore[attr-defined]


def test_what_is_made_begins_with_created_and_its_source_type() -> None:
    (action,) = assertion(manifest_of(WHOLE), "c2pa.actions.v2")["actions"]  # type: ignore[misc,attr-defined]
    assert action["action"] == "c2pa.created"
    assert action["digitalSourceType"].endswith("/trainedAlgorithmicMedia")
    assert action["softwareAgent"]["name"] == "Calligram"
    assert action["when"] == "2026-11-27T10:00:00+01:00"


@pytest.mark.parametrize("made_at", ["", "2026", "2026-11-27", "2026-11-27T10:00:00"])
def test_a_moment_without_a_zone_is_no_moment_of_c2pa(made_at: str) -> None:
    (action,) = assertion(manifest_of(Label("drawn", made_at=made_at)), "c2pa.actions.v2")["actions"]  # type: ignore[misc,attr-defined]
    assert "when" not in action


def test_of_what_was_there_before_no_making_is_claimed() -> None:
    manifest = manifest_of(WHOLE, opened=True)
    (action,) = assertion(manifest, "c2pa.actions.v2")["actions"]  # type: ignore[misc,attr-defined]
    assert action == {"action": "c2pa.opened", "parameters": {"ingredientIds": ["parent"]}}
    assert "Iptc4xmpExt:DigitalSourceType" not in assertion(manifest, "cawg.metadata")


def test_every_field_of_the_label_is_signed_under_its_xmp_name() -> None:
    facts = assertion(manifest_of(WHOLE), "cawg.metadata")
    assert facts == {
        "@context": {
            "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
            "dc": "http://purl.org/dc/elements/1.1/",
            "plus": "http://ns.useplus.org/ldf/xmp/1.0/",
            "xmp": "http://ns.adobe.com/xap/1.0/",
        },
        "dc:title": "Cat",
        "dc:description": "A cat.",
        "dc:creator": ["Ada"],
        "dc:rights": "CC0",
        "dc:subject": ["cat", "red"],
        "xmp:CreatorTool": WHOLE.creator_tool,
        "Iptc4xmpExt:DigitalSourceType": WHOLE.source_type,
        "Iptc4xmpExt:AISystemUsed": "adversarial",
        "Iptc4xmpExt:AISystemVersionUsed": "1",
        "Iptc4xmpExt:AIPromptInformation": "a red cat",
        "Iptc4xmpExt:AIPromptWriterName": "Ada",
        "plus:DataMining": "http://ns.useplus.org/ldf/vocab/DMI-PROHIBITED-AIMLTRAINING",
    }


@pytest.mark.parametrize("term", MINING)
def test_no_term_of_plus_allows_in_cawg_what_it_forbids(term: str) -> None:
    uses = {name: entry["use"] for name, entry in mining_entries(term).items()}
    if term in ("DMI-UNSPECIFIED", ""):
        assert uses == {}
    elif term == "DMI-ALLOWED":
        assert set(uses.values()) == {"allowed"}
    else:
        assert uses["cawg.ai_generative_training"] in ("notAllowed", "constrained")
        assert "allowed" not in uses.values()
    assert "cawg.ai_inference" not in uses


def test_each_term_refuses_what_it_names() -> None:
    assert set(mining_entries("DMI-PROHIBITED-GENAIMLTRAINING")) == {"cawg.ai_generative_training"}
    assert set(mining_entries("DMI-PROHIBITED-AIMLTRAINING")) == {
        "cawg.ai_generative_training",
        "cawg.ai_training",
    }
    assert "cawg.data_mining" in mining_entries("DMI-PROHIBITED")
    indexing = mining_entries("DMI-PROHIBITED-EXCEPTSEARCHENGINEINDEXING")["cawg.data_mining"]
    assert indexing == {"use": "constrained", "constraints_info": "search engines may index it"}


def test_what_the_parent_said_of_mining_goes_on_to_hold() -> None:
    kept = {"c2pa.ai_training": "notAllowed", "cawg.data_mining": "constrained (ask (me))"}
    manifest = manifest_of(Label("rendered"), opened=True, kept=kept)
    assert assertion(manifest, "cawg.training-mining")["entries"] == {
        "cawg.ai_training": {"use": "notAllowed"},
        "cawg.data_mining": {"use": "constrained", "constraints_info": "ask (me)"},
    }
    overruled = manifest_of(WHOLE, opened=True, kept=kept)
    assert "cawg.data_mining" not in assertion(overruled, "cawg.training-mining")["entries"]  # type: ignore[operator]


def test_a_label_that_says_nothing_of_mining_or_title_signs_nothing_of_them() -> None:
    manifest = manifest_of(Label("rendered", software="", software_version=""), opened=True)
    assert "title" not in manifest
    assert [each["label"] for each in manifest["assertions"]] == ["c2pa.actions.v2"]
