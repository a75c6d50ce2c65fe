"""Reading what c2pa-python tells of manifests: what was found wrong, and what is claimed.

All of it may come from a stranger's file, so that each value is taken only where it is of the kind expected,
and no text reaches a terminal with characters that steer it.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal

from calligram.provenance.verdict import Claims, Ingredient, State

LONGEST_TEXT = 500

BROKEN: Mapping[str, str] = {
    "assertion.dataHash.mismatch": "the bytes of the file are not those that were signed",
    "assertion.bmffHash.mismatch": "the bytes of the file are not those that were signed",
    "assertion.boxesHash.mismatch": "the bytes of the file are not those that were signed",
    "assertion.hashedURI.mismatch": "this part of the credentials is not what was signed",
    "assertion.missing": "a part of the credentials that was signed is missing",
    "claimSignature.mismatch": "the signature does not fit the claim",
    "claimSignature.missing": "there is no signature",
    "claim.hardBindings.missing": "nothing in the credentials binds them to the bytes of this file",
    "ingredient.manifest.mismatch": "the credentials of an ingredient are not those that were signed",
}
"""What a check that failed means, where it means that something was changed."""

WORDS: Mapping[str, str] = {
    **BROKEN,
    "manifest.inaccessible": "they lie at an address, from which nothing was fetched",
}

UNKNOWN, EXPIRED, UNFIT = (
    "signingCredential.untrusted",
    "signingCredential.expired",
    "signingCredential.invalid",
)
OUTSIDE = "claimSignature.outsideValidity"
OF_SIGNER = frozenset({UNKNOWN, EXPIRED, UNFIT, OUTSIDE})
ACTIONS = ("c2pa.actions.v2", "c2pa.actions")
MINING = ("cawg.training-mining", "c2pa.training-mining")


def findings_in(store: Mapping[str, Any]) -> tuple[State, tuple[str, ...]]:
    """Return the state of a file by the checks that failed, and each reason in words.

    What was changed counts most, then what the certificate is not fit for, its end, and last its root.

    Args:
        store: what :func:`calligram.provenance.engine.read` returns under that name.
    """
    failures = list(_failures(store))
    broken = [failure for failure in failures + list(_later_failures(store)) if failure[0] not in OF_SIGNER]
    if broken:
        is_changed = any(code in BROKEN for code, _ in broken)
        return ("changed" if is_changed else "damaged"), _reasons(broken)
    codes = {code for code, _ in failures}
    if UNFIT in codes:
        return "unfit", ()
    if codes & {EXPIRED, OUTSIDE}:
        return "expired", ()
    if UNKNOWN in codes or store.get("validation_state") != "Trusted":
        return "unknown", ()
    return "valid", ()


def claims_in(store: Mapping[str, Any], report: Mapping[str, Any]) -> Claims:
    """Return what the manifest that counts says.

    Args:
        store: what :func:`calligram.provenance.engine.read` returns under that name.
        report: the same.
    """
    label = _text(store.get("active_manifest"))
    manifest = _mapping(_mapping(store.get("manifests")).get(label))
    signature = _mapping(manifest.get("signature_info"))
    certificate = _certificate(report, label)
    span = _mapping(certificate.get("validity"))
    actions = _assertion(manifest, *ACTIONS)
    stamped = _text(signature.get("time"))
    return Claims(
        signer=_text(signature.get("common_name")) or _text(signature.get("issuer")),
        issuer=_name(certificate.get("issuer")),
        valid_from=_text(span.get("notBefore")),
        valid_until=_text(span.get("notAfter")),
        signed_at=stamped or _text(_mapping(actions.get("metadata")).get("dateTime")),
        clock=_clock(store) if stamped else "signer",
        generator=_generator(manifest),
        title=_text(manifest.get("title")),
        source=_source(actions),
        actions=tuple(filter(None, (_text(each.get("action")) for each in _done(actions)))),
        mining=_mining(manifest),
        facts=_facts(manifest),
        ingredients=tuple(_ingredients(manifest, store)),
    )


def _clock(store: Mapping[str, Any]) -> Literal["server", "trusted"]:
    """Return whether the server that gave the time stamp is trusted."""
    checks = _mapping(_mapping(store.get("validation_results")).get("activeManifest"))
    codes = {_text(_mapping(each).get("code")) for each in _list(checks.get("success"))}
    return "trusted" if "timeStamp.trusted" in codes else "server"


def _failures(told: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield code and place of each check that failed on a manifest."""
    yield from _failed(_mapping(_mapping(told.get("validation_results")).get("activeManifest")))


def _later_failures(store: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield those on ingredients that held when they were taken in."""
    for delta in map(_mapping, _list(_mapping(store.get("validation_results")).get("ingredientDeltas"))):
        yield from _failed(_mapping(delta.get("validationDeltas")))


def _failed(checks: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for failure in map(_mapping, _list(checks.get("failure"))):
        yield _text(failure.get("code")), _text(failure.get("url")).rpartition("/")[2]


def _reasons(failures: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Return each failure in words with its code and place, once."""
    told = (
        f"{WORDS.get(code, 'a rule of C2PA is broken')} [{', '.join(filter(None, (code, place)))}]"
        for code, place in failures
    )
    return tuple(dict.fromkeys(told))


def _certificate(report: Mapping[str, Any], label: str) -> Mapping[str, Any]:
    for manifest in map(_mapping, _list(report.get("manifests"))):
        if _text(manifest.get("label")) == label:
            return _mapping(_mapping(manifest.get("signature")).get("certificateInfo"))
    return {}


def _name(subject: Any) -> str:
    return _text(_mapping(subject).get("CN")) or _text(_mapping(subject).get("O"))


def _generator(manifest: Mapping[str, Any]) -> str:
    told = [_mapping(each) for each in _list(manifest.get("claim_generator_info"))]
    names = [f"{_text(each.get('name'))} {_text(each.get('version'))}".strip() for each in told]
    return ", ".join(filter(None, names)) or _text(manifest.get("claim_generator"))


def _done(actions: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [_mapping(each) for each in _list(actions.get("actions"))]


def _source(actions: Mapping[str, Any]) -> str:
    """Return the last part of the first digital source type that an action tells."""
    told = (_text(action.get("digitalSourceType")).rpartition("/")[2] for action in _done(actions))
    return next(filter(None, told), "")


def _assertion(manifest: Mapping[str, Any], *labels: str) -> Mapping[str, Any]:
    """Return the data of the first assertion with one of these labels."""
    for assertion in map(_mapping, _list(manifest.get("assertions"))):
        if _text(assertion.get("label")).partition("__")[0] in labels:
            return _mapping(assertion.get("data"))
    return {}


def _mining(manifest: Mapping[str, Any]) -> dict[str, str]:
    entries = _mapping(_assertion(manifest, *MINING).get("entries"))
    return {_text(name): _use(_mapping(entries[name])) for name in sorted(entries)}


def _use(entry: Mapping[str, Any]) -> str:
    words = _text(entry.get("constraints_info")) or _text(entry.get("constraint_info"))
    return _text(entry.get("use")) + (f" ({words})" if words else "")


def _facts(manifest: Mapping[str, Any]) -> dict[str, str]:
    """Return the texts of the metadata, without those that other fields of the claims hold."""
    data = _assertion(manifest, "cawg.metadata", "c2pa.metadata")
    told = {
        name: ", ".join(map(_text, value)) if isinstance(value, list) else _text(value)
        for name, value in data.items()
        if name not in ("@context", "dc:title", "Iptc4xmpExt:DigitalSourceType")
    }
    return {_text(name): told[name] for name in sorted(told) if told[name]}


def _ingredients(manifest: Mapping[str, Any], store: Mapping[str, Any]) -> Iterator[Ingredient]:
    manifests = _mapping(store.get("manifests"))
    for ingredient in map(_mapping, _list(manifest.get("ingredients"))):
        own = _mapping(manifests.get(_text(ingredient.get("active_manifest"))))
        signature = _mapping(own.get("signature_info"))
        failures = list(_failures(ingredient))
        yield Ingredient(
            _text(ingredient.get("title")),
            _text(ingredient.get("relationship")),
            _text(signature.get("common_name")) or _text(signature.get("issuer")),
            _source(_assertion(own, *ACTIONS)),
            _reasons(failure for failure in failures if failure[0] != UNKNOWN),
            all(code != UNKNOWN for code, _ in failures),
        )


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: Any) -> str:
    """Return a text or number as one line that steers no terminal, and nothing for what is neither."""
    if not isinstance(value, str | int | float):
        return ""
    line = "".join(character if character.isprintable() else " " for character in str(value))
    return line if len(line) <= LONGEST_TEXT else line[:LONGEST_TEXT] + "…"
