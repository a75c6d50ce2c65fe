"""What is claimed of an image in its content credentials: how it was made, and what may be done with it.

Source: C2PA Technical Specification 2.4, section 18 (actions), CAWG Training and Data Mining Assertion 1.1
and CAWG Metadata Assertion 1.1. The older ``c2pa.training-mining`` left C2PA with its version 2.0.
"""

import re
from collections.abc import Mapping
from typing import Any

from calligram import __version__
from calligram.provenance.engine import PARENT
from calligram.provenance.label import Label
from calligram.provenance.xmp import NAMESPACES

MINING = "cawg.training-mining"
METADATA = "cawg.metadata"
ACTIONS = "c2pa.actions.v2"

ZONED = re.compile(r"T\S+(Z|[+-]\d\d:\d\d)$")
"""A moment with its zone, as C2PA wants it."""

BOTH_TRAININGS = ("cawg.ai_generative_training", "cawg.ai_training")
REFUSED: Mapping[str, tuple[str, ...]] = {
    "DMI-PROHIBITED-GENAIMLTRAINING": ("cawg.ai_generative_training",),
    "DMI-PROHIBITED-AIMLTRAINING": BOTH_TRAININGS,
    "DMI-PROHIBITED": (*BOTH_TRAININGS, "cawg.data_mining"),
}
"""What each term of PLUS refuses, in the words of CAWG. PLUS says nothing of inference, so neither do we."""

CONSTRAINED: Mapping[str, str] = {
    "DMI-PROHIBITED-EXCEPTSEARCHENGINEINDEXING": "search engines may index it",
    "DMI-PROHIBITED-SEECONSTRAINT": "see the constraints that come with the image",
    "DMI-PROHIBITED-SEEEMBEDDEDRIGHTSEXPR": "see the rights expressed in the file",
    "DMI-PROHIBITED-SEELINKEDRIGHTSEXPR": "see the rights that the file links to",
}


def manifest_of(
    label: Label, *, opened: bool = False, kept: Mapping[str, str] | None = None, signed_at: str = ""
) -> dict[str, Any]:
    """Return a manifest in the form that c2pa-python takes.

    Args:
        label: how the image was made, its title, and what may be mined.
        opened: the image was there before and is the parent ingredient, so that nothing is claimed of how
            it was made; else it was created as the label says.
        kept: what the parent's credentials say of mining, which goes on to hold where the label says nothing.
        signed_at: ISO 8601 in UTC, by this machine's clock; empty tells no time.
    """
    actions: dict[str, Any] = {"actions": [_opening() if opened else _creation(label)]}
    if signed_at:
        actions["metadata"] = {"dateTime": signed_at}
    assertions: list[dict[str, Any]] = [{"label": ACTIONS, "data": actions}]
    if entries := mining_entries(label.mining) or _kept_entries(kept or {}):
        assertions.append({"label": MINING, "data": {"entries": entries}})
    if facts := _facts(label, opened):
        assertions.append({"label": METADATA, "data": facts, "kind": "Json"})
    manifest = {
        "claim_generator_info": [{"name": "Calligram", "version": __version__}],
        "assertions": assertions,
    }
    return manifest | ({"title": label.title} if label.title else {})


def mining_entries(term: str) -> dict[str, dict[str, str]]:
    """Return the entries of CAWG's assertion that say the same as a term of PLUS.

    Args:
        term: as ``"DMI-PROHIBITED-AIMLTRAINING"``; empty and ``"DMI-UNSPECIFIED"`` give none.

    >>> mining_entries("DMI-PROHIBITED-GENAIMLTRAINING")
    {'cawg.ai_generative_training': {'use': 'notAllowed'}}
    """
    every = REFUSED["DMI-PROHIBITED"]
    if term == "DMI-ALLOWED":
        return {name: {"use": "allowed"} for name in every}
    if term in CONSTRAINED:
        told = {"use": "constrained", "constraints_info": CONSTRAINED[term]}
        return {name: dict(told) for name in every}
    return {name: {"use": "notAllowed"} for name in REFUSED.get(term, ())}


def _kept_entries(kept: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Return the entries that the credentials of a parent had, in the names of today."""
    entries = {}
    for name, told in kept.items():
        use, _, words = told.partition(" (")
        entry = {"use": use} | ({"constraints_info": words.removesuffix(")")} if words else {})
        entries[name.replace("c2pa.", "cawg.", 1) if name.startswith("c2pa.") else name] = entry
    return entries


def _opening() -> dict[str, Any]:
    return {"action": "c2pa.opened", "parameters": {"ingredientIds": [PARENT]}}


def _creation(label: Label) -> dict[str, Any]:
    action: dict[str, Any] = {
        "action": "c2pa.created",
        "digitalSourceType": label.source_type,
        "softwareAgent": {"name": label.software, "version": label.software_version},
    }
    if ZONED.search(label.made_at):
        action["when"] = label.made_at
    return action


def _facts(label: Label, opened: bool) -> dict[str, Any]:
    """Return the facts of a label as JSON-LD of its XMP fields, so that they outlive the file's own XMP."""
    told = {
        "dc:title": label.title,
        "dc:description": label.description,
        "dc:creator": [label.creator] if label.creator else [],
        "dc:rights": label.rights,
        "dc:subject": list(label.subjects),
        "xmp:CreatorTool": label.creator_tool,
        "Iptc4xmpExt:DigitalSourceType": "" if opened else label.source_type,
        "Iptc4xmpExt:AISystemUsed": label.model,
        "Iptc4xmpExt:AISystemVersionUsed": label.model_version,
        "Iptc4xmpExt:AIPromptInformation": label.prompt,
        "Iptc4xmpExt:AIPromptWriterName": label.prompt_writer,
        "plus:DataMining": label.mining_term,
    }
    told = {name: value for name, value in told.items() if value}
    spaces = sorted({name.partition(":")[0] for name in told})
    return {"@context": {prefix: NAMESPACES[prefix] for prefix in spaces}, **told} if told else {}
