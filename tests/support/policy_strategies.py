"""Random policies and random facts over a small world, so that rules and mails meet often."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from vanthu.facts.model import (
    Attachment,
    Challenge,
    Detected,
    Document,
    Facts,
    Forward,
    Link,
    Missing,
    Official,
    Recipient,
    Secrecy,
    Sender,
)
from vanthu.policy.detectors import detector

from .policies import TITLE, unless

CLASSES = ("public", "hosted", "official")
ROLES = ("personal", "agency", None)
ACTIONS = ("count", "warn", "strip", "challenge", "hold", "reject")
DETECTORS = {"cccd": {"title": TITLE, "re2": "0[0-9]{11}", "distinct": True}}
POINTERS = (
    "", "/official", "/official/documents/0", "/official/documents/0/urgency", "/official/score", "/secrecy",
    "/secrecy/level", "/sender", "/sender/role", "/recipients", "/recipients/0", "/recipients/1/class",
    "/recipients/0/relation", "/forward", "/forward/kind", "/attachments", "/attachments/0/reason", "/direction",
    "/detected", "/time", "/links", "nonsense", "/recipients/9",
)  # fmt: skip


def _some(*values: Any) -> st.SearchStrategy[Any]:
    return st.lists(st.sampled_from(values), min_size=1, max_size=2, unique=True)


_LEAVES = st.one_of(
    st.fixed_dictionaries({"direction": st.sampled_from(["outbound", "internal", "inbound"])}),
    st.fixed_dictionaries({"sender.role": _some(*ROLES)}),
    st.fixed_dictionaries({"sender.agency": _some("so-y-te", None)}),
    st.fixed_dictionaries({"recipient.class": _some(*CLASSES)}),
    st.fixed_dictionaries({"recipient.relation": st.sampled_from(["self_declared", "none"])}),
    st.fixed_dictionaries({"recipient.address": st.sampled_from(["b@gmail.com", "gmail.com", {"matches": "^b"}])}),
    st.fixed_dictionaries({"official.score": st.sampled_from([{"min": 0.5}, {"min": 0.8}, {"max": 0.2}])}),
    st.fixed_dictionaries({"forward.kind": st.sampled_from(["none", "automatic"])}),
    st.fixed_dictionaries({"time": st.sampled_from([{"inside": "working_hours"}, {"outside": "working_hours"}])}),
    st.fixed_dictionaries(
        {"any_document": st.sampled_from([{}, {"urgency": "hoa_toc"}, {"urgency": None, "signed": True}])}
    ),
    st.fixed_dictionaries({"every_document": st.sampled_from([{}, {"stage": "legal"}, {"not": {"signed": True}}])}),
    st.fixed_dictionaries({"any_attachment": st.sampled_from([{"reason": "encrypted"}, {"size": {"min": 10}}])}),
    st.fixed_dictionaries({"any_link": st.just({"class": "file_share"})}),
    st.fixed_dictionaries({"recipients.count": st.sampled_from([{"class": "public", "min": 2}, {"max": 1}])}),
    st.fixed_dictionaries({"detected.cccd.distinct": st.just({"min": 2})}),
    st.fixed_dictionaries({"subject": st.sampled_from([None, {"matches": "(?i)fwd"}])}),
)
MARK = st.fixed_dictionaries({"secrecy.level": st.sampled_from(["mat", ["mat", "toi_mat"]])})


def _nested(inner: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    several = st.lists(inner, min_size=1, max_size=2)
    return st.one_of(
        st.builds(lambda parts: {"all": parts}, several),
        st.builds(lambda parts: {"any": parts}, several),
        st.builds(lambda part: {"not": part}, inner),
        st.builds(lambda one, other: {**one, **other}, inner, inner),
    )


CONDITIONS = st.recursive(_LEAVES, _nested, max_leaves=4)


@st.composite
def rules(draw: st.DrawFn, id_: str, *, mode: str | None = None) -> dict[str, Any]:
    """One rule that loads."""
    secret = draw(st.integers(0, 5)) == 0
    written: dict[str, Any] = {
        "id": id_,
        "title": TITLE,
        "basis": ["b"],
        "mode": mode or draw(st.sampled_from(["enforce", "enforce", "warn", "shadow"])),
        "when": draw(MARK if secret else CONDITIONS),
        "action": draw(st.sampled_from(["count", "warn", "hold", "reject"] if secret else ACTIONS)),
        "unless": [unless(f"u{i}", draw(CONDITIONS)) for i in range(draw(st.integers(0, 2)))],
        "on_unknown": draw(st.sampled_from([None, "skip", *ACTIONS])),
        "null_sender": draw(st.booleans()),
        "notify": draw(st.sampled_from([None, [], ["sender", "security"]])),
        "rollout": draw(st.sampled_from([{}, {"agencies": ["so-y-te"]}, {"from": "2026-11-23"}])),
    }
    if not secret:
        written["mixed"] = draw(st.sampled_from([None, "strip", "whole"]))
    return written


@st.composite
def policies(draw: st.DrawFn) -> dict[str, Any]:
    """One policy file that loads."""
    count = draw(st.integers(1, 4))
    return {
        "version": 1,
        "on_unknown": draw(st.sampled_from(["skip", "warn", "hold"])),
        "detectors": DETECTORS,
        "rules": [draw(rules(f"r{i}")) for i in range(count)],
        "exceptions": [
            unless(f"e{i}", draw(CONDITIONS), applies_to=draw(st.sampled_from([["r*"], ["r0"], ["r1", "r2"]])))
            for i in range(draw(st.integers(0, 1)))
        ],
    }


_ADDRESSES = st.sampled_from(["b@gmail.com", "B@Gmail.COM", "c@y.gov.vn", "postmaster@x.gov.vn", "không có gì", ""])
_RECIPIENTS = st.builds(
    Recipient,
    _ADDRESSES,
    st.sampled_from(["gmail.com", "y.gov.vn"]),
    class_=st.sampled_from(CLASSES),
    agency=st.sampled_from(["so-y-te", None]),
    relation=st.sampled_from(["self_declared", "none"]),
)
_DOCUMENTS = st.builds(
    Document,
    st.just("body"),
    urgency=st.sampled_from(["hoa_toc", None]),
    stage=st.sampled_from(["legal", "issued"]),
    signed=st.booleans(),
)
_ATTACHMENTS = st.builds(
    Attachment, st.just("attachment:1"), st.none(), st.just("x/y"), st.sampled_from([5, 50]), st.just("0"),
    st.booleans(), reason=st.sampled_from([None, "encrypted"]),
)  # fmt: skip
_TIMES = st.one_of(
    st.sampled_from([datetime(2026, 11, 23, 3, tzinfo=UTC), datetime(2026, 11, 22, 12, tzinfo=UTC)]),
    st.datetimes(timezones=st.just(UTC)),
    st.datetimes(),
)


def _up_to(count: int, what: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(what, max_size=count).map(tuple)


def facts(*, hidden: bool = True) -> st.SearchStrategy[Facts]:
    """Facts of any mail in the small world; ``hidden``: some of them unavailable."""
    missing = st.builds(Missing, st.sampled_from(POINTERS), st.sampled_from(["timeout", "busy"]))
    key = detector("cccd", DETECTORS["cccd"]["re2"], distinct=True).key
    return st.builds(
        Facts,
        time=_TIMES,
        size=st.just(1000),
        direction=st.sampled_from(["outbound", "internal", "inbound"]),
        subject=st.sampled_from([None, "Fwd: họp", "a\udcff"]),
        sender=st.builds(
            Sender,
            st.sampled_from(["a@x.gov.vn", ""]),
            role=st.sampled_from(ROLES),
            agency=st.sampled_from(["so-y-te", None]),
        ),
        recipients=_up_to(3, _RECIPIENTS),
        forward=st.builds(
            Forward, st.sampled_from(["none", "none", "automatic"]), agency=st.sampled_from(["so-y-te", None])
        ),
        official=st.builds(Official, st.sampled_from([0.0, 0.6, 0.9]), _up_to(2, _DOCUMENTS)),
        secrecy=st.builds(Secrecy, st.sampled_from([None, None, "mat", "toi_mat"])),
        attachments=_up_to(2, _ATTACHMENTS),
        links=_up_to(1, st.just(Link("file_share"))),
        detected=st.sampled_from([{}, {key: Detected()}, {key: Detected(3, 3)}]),
        challenge=st.builds(
            Challenge, st.sampled_from(["none", "valid"]), rules=_up_to(2, st.sampled_from(["r0", "r1"]))
        ),
        unavailable=_up_to(2, missing) if hidden else st.just(()),
    )
