"""The verdict on an image's content credentials, and how it is told to a person."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

State: TypeAlias = Literal["valid", "changed", "damaged", "unfit", "expired", "unknown", "none"]

HEADLINES: Mapping[State, str] = {
    "valid": "valid: nothing was changed since {signer} signed it, and the root behind it is trusted here",
    "changed": "not valid: something was changed after {signer} signed it",
    "damaged": "not valid: its content credentials are damaged",
    "unfit": "not valid: the certificate of {signer} may not sign content credentials",
    "expired": "not valid any more: the certificate of {signer} has expired, and no trusted time stamp tells "
    "that it was signed before",
    "unknown": "not trusted: nothing was changed since it was signed, but the root of the signer is unknown "
    "here, and anybody can sign as {signer}",
    "none": "no content credentials",
}

CLOCKS: Mapping[str, str] = {
    "signer": "the signer's own clock",
    "server": "a server of time stamps that is not trusted here",
    "trusted": "a server of time stamps that is trusted here",
}

SOURCES: Mapping[str, str] = {
    "trainedAlgorithmicMedia": "drawn by a model trained on samples",
    "compositeSynthetic": "put together from parts, of which at least one was drawn by such a model",
    "compositeWithTrainedAlgorithmicMedia": "edited by a model trained on samples",
    "algorithmicMedia": "made by an algorithm that learnt from no samples",
    "algorithmicallyEnhanced": "altered by an algorithm that learnt from no samples",
    "digitalCapture": "taken by a digital camera",
    "humanEdits": "edited by a person",
}


@dataclass(frozen=True)
class Ingredient:
    """What a signed image was made from.

    Args:
        title: how it was called.
        relation: ``parentOf``, ``componentOf`` or ``inputTo``.
        signer: who signed it, or nothing where it carried no credentials.
        source: the last part of its IPTC digital source type.
        reasons: what was wrong with its credentials when it was taken in.
        known: whether the root of its signer was trusted then.
    """

    title: str
    relation: str
    signer: str = ""
    source: str = ""
    reasons: tuple[str, ...] = ()
    known: bool = True


@dataclass(frozen=True)
class Claims:
    """What content credentials say; each word of it is the signer's.

    Args:
        signer: the name in the certificate.
        issuer: the name of what vouches for it.
        valid_from: of the certificate, ISO 8601, or nothing.
        valid_until: of the certificate, ISO 8601, or nothing.
        signed_at: when it was signed, ISO 8601, or nothing.
        clock: whose clock that is: ``signer``, or ``server`` for a server of time stamps, or ``trusted`` for
            one whose root is trusted here.
        generator: the software that wrote it.
        title: of the image.
        source: the last part of the IPTC digital source type.
        actions: what was done, in order.
        mining: what may be mined, as ``"cawg.ai_training"``: each ``allowed``, ``notAllowed`` or
            ``constrained``, with the constraint in brackets where one is told.
        facts: further fields by their XMP names.
        ingredients: what it was made from.
    """

    signer: str = ""
    issuer: str = ""
    valid_from: str = ""
    valid_until: str = ""
    signed_at: str = ""
    clock: Literal["signer", "server", "trusted"] = "signer"
    generator: str = ""
    title: str = ""
    source: str = ""
    actions: tuple[str, ...] = ()
    mining: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)
    ingredients: tuple[Ingredient, ...] = ()


@dataclass(frozen=True)
class Verdict:
    """Whether an image is as it was signed.

    Args:
        path: the image.
        state: ``valid``; ``changed`` after it was signed; ``damaged`` credentials; an ``unfit`` certificate;
            one that ``expired``; a signer whose root is ``unknown`` here; or ``none``.
        reasons: what was found wrong, a sentence each.
        place: where the credentials are, ``inside`` the file or ``beside`` it; empty where there are none.
        claims: what they say.
    """

    path: str
    state: State
    reasons: tuple[str, ...] = ()
    place: str = ""
    claims: Claims = field(default_factory=Claims)

    @property
    def is_valid(self) -> bool:
        """Return whether it is as it was signed, by somebody whose root is trusted here."""
        return self.state == "valid"

    @property
    def exit_code(self) -> int:
        """Return 0 where it is valid, else 1."""
        return 0 if self.is_valid else 1

    @property
    def headline(self) -> str:
        """Return the verdict in one sentence, with the reasons."""
        signer = repr(self.claims.signer) if self.claims.signer else "somebody without a name"
        told = HEADLINES[self.state].format(signer=signer)
        return f"{told} ({'; '.join(self.reasons)})" if self.reasons else told

    def sentences(self) -> tuple[str, ...]:
        """Return the headline, then what the credentials say, a line each."""
        lines = [self.headline]
        if self.claims.signer:
            lines += _told(self.claims)
        if self.place == "beside":
            lines.append("the credentials lie beside the image, not in it")
        return tuple(lines)

    def to_json(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        claims = dataclasses.asdict(self.claims) if self.claims.signer else None
        return {
            "path": self.path,
            "state": self.state,
            "valid": self.is_valid,
            "headline": self.headline,
            "reasons": list(self.reasons),
            "place": self.place,
            "claims": claims,
        }


def _told(claims: Claims) -> list[str]:
    issuer = f", for whom {claims.issuer!r} vouches" if claims.issuer else ""
    until = f", certificate valid until {claims.valid_until[:10]}" if claims.valid_until else ""
    lines = [f"signed by {claims.signer!r}{issuer}{until}"]
    if claims.signed_at:
        lines.append(f"signed at {claims.signed_at}, by {CLOCKS[claims.clock]}")
    if claims.title:
        lines.append(f"title: {claims.title}")
    if claims.source:
        lines.append(f"made: {_told_source(claims.source)}")
    if claims.actions:
        lines.append(f"done: {', then '.join(claims.actions)}")
    if claims.mining:
        lines.append(
            "mining: " + ", ".join(f"{name.partition('.')[2]} {use}" for name, use in claims.mining.items())
        )
    lines += [f"{name}: {value}" for name, value in claims.facts.items()]
    lines += [_told_ingredient(each) for each in claims.ingredients]
    return lines + ([f"written by {claims.generator}"] if claims.generator else [])


def _told_source(source: str) -> str:
    return f"{SOURCES[source]} ({source})" if source in SOURCES else source


def _told_ingredient(ingredient: Ingredient) -> str:
    whose = f"signed by {ingredient.signer!r}" if ingredient.signer else "without content credentials"
    known = "" if ingredient.known else ", whose root was not known to the signer"
    made = f", {_told_source(ingredient.source)}" if ingredient.source else ""
    told = f"made from {ingredient.title!r} ({ingredient.relation}), {whose}{known}{made}"
    if not ingredient.reasons:
        return told
    return f"{told}; its own credentials did not hold when it was taken in: {'; '.join(ingredient.reasons)}"
