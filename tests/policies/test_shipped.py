"""The shipped policy does what the founding documents ask, and is never in the way of honest work (mission.md)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from support.policies import CONTEXT, GMAIL, NOW, OFFICE, OWN, SENDER, YAHOO, mail
from vanthu import shipped
from vanthu.facts.model import (
    Attachment,
    Conversation,
    Document,
    Facts,
    Forward,
    Missing,
    Original,
    Quoted,
    Recipient,
    Secrecy,
    Sender,
)
from vanthu.policy.decide import decide
from vanthu.policy.load import load

ROOT = Path(__file__).parents[2]
SHIPPED = load(shipped.policies(), CONTEXT)
DEMO = load(ROOT / "deploy" / "demo" / "policies", CONTEXT)

CLERK = msgspec.structs.replace(SENDER, role="agency")
COUNTER = msgspec.structs.replace(SENDER, role="public_service")
CITIZEN = Sender("dan@gmail.com", class_="public", family="google")
NULL = Sender("", class_="other")
HOSPITAL = Recipient("kd@benhvien.vn", "benhvien.vn", class_="hosted", family="google")
GROUP = Recipient("to@googlegroups.com", "googlegroups.com", class_="list")
ASKED = msgspec.structs.replace(GMAIL, conversation=Conversation("outside", reply=True, days=1))
SELF_ASKED = msgspec.structs.replace(OWN, conversation=Conversation("outside", reply=True, days=1))
PRESS = Recipient("toasoan@example.com", "example.com", class_="public")
EXPERT = Recipient("chuyengia@example.com", "example.com", class_="public")
DECISION = Document("attachment:1", kind="QĐ", stage="issued", score=0.97)
FORWARD = Forward("inline", 0.95, original=Original(from_="b@x.gov.vn", class_="official"))
LOCKED = Attachment("attachment:1", "a.zip", "application/zip", 10, "ab", inspected=False, reason="encrypted")
FILE = Attachment("attachment:1", "a.pdf", "application/pdf", 10, "0" * 64, inspected=True)


INSPECTORATE = Recipient("thanhtra@x.gov.vn", "x.gov.vn", class_="government")
SCANNER = msgspec.structs.replace(SENDER, role="system")
CLOSED = (Missing("/official", "encrypted"),)
AUTOMATIC = Forward("automatic", 1.0)


def doc(**keys: Any) -> Document:
    return msgspec.structs.replace(DECISION, **keys)


# what it is, the mail, what happens as shipped, what would happen with everything enforced
WORK: list[tuple[str, Facts, str, str]] = [
    ("letter to a colleague", mail(OFFICE, direction="internal"), "accept", "accept"),
    ("document between offices", mail(OFFICE, document=DECISION, direction="internal"), "accept", "accept"),
    (
        "public-service mailbox sends a citizen a decision",
        mail(GMAIL, document=DECISION, sender=COUNTER),
        "accept",
        "accept",
    ),
    ("agency answers a citizen who asked", mail(ASKED, document=DECISION, sender=CLERK), "accept", "accept"),
    ("personal mailbox answers a citizen", mail(ASKED, document=DECISION), "accept", "challenge"),
    ("answer that quotes the thread", mail(ASKED, quoted=Quoted("official")), "accept", "accept"),
    ("plain words to a citizen's Gmail", mail(GMAIL), "accept", "accept"),
    ("document to a stranger's Gmail", mail(GMAIL, document=DECISION), "accept", "challenge"),
    ("document to two offices and a Gmail", mail(OFFICE, GMAIL, OFFICE, document=DECISION), "accept", "strip"),
    ("firm or hospital hosted at Google", mail(HOSPITAL, score=0.97, document=DECISION), "accept", "warn"),
    ("list at Google Groups", mail(GROUP, document=DECISION), "accept", "accept"),
    ("published law passed around", mail(GMAIL, document=doc(stage="legal")), "accept", "accept"),
    ("published file", mail(GMAIL, document=DECISION, attachments=(FILE,)), "accept", "accept"),
    ("journalist", mail(PRESS, document=DECISION), "accept", "accept"),
    ("bidder, auditor, expert", mail(EXPERT, document=DECISION), "accept", "accept"),
    ("own ticket to own Gmail", mail(OWN), "accept", "accept"),
    ("official document to own Gmail", mail(OWN, document=DECISION), "accept", "reject"),
    ("laundered conversation with own Gmail", mail(SELF_ASKED, document=DECISION, sender=CLERK), "accept", "reject"),
    ("own Gmail beside an office", mail(OWN, OFFICE, document=DECISION), "accept", "strip"),
    (
        "citizen sends a decision in",
        mail(OFFICE, document=DECISION, sender=CITIZEN, direction="inbound", login=None),
        "accept",
        "count",
    ),
    (
        "bounce that quotes official mail",
        mail(GMAIL, sender=NULL, login=None, quoted=Quoted("official")),
        "accept",
        "accept",
    ),
    ("vacation answer", mail(GMAIL, sender=NULL, login=None, forward=FORWARD), "accept", "accept"),
    ("calendar answer", mail(GMAIL), "accept", "accept"),
    ("scanner to mail", mail(OFFICE, document=DECISION, direction="internal", sender=SCANNER), "accept", "accept"),
    ("storm warning", mail(GMAIL, document=doc(urgency="hoa_toc")), "accept", "accept"),
    ("denunciation to the inspectorate", mail(INSPECTORATE, document=DECISION), "accept", "accept"),
    ("forward of internal mail to Yahoo", mail(YAHOO, forward=FORWARD), "accept", "challenge"),
    ("internal thread copied out", mail(YAHOO, quoted=Quoted("government")), "accept", "challenge"),
    ("automatic forward to Gmail", mail(GMAIL, forward=AUTOMATIC), "accept", "hold"),
    ("automatic forward beside a kept copy", mail(GMAIL, OFFICE, forward=AUTOMATIC), "accept", "strip"),
    (
        "for internal circulation, to Gmail",
        mail(GMAIL, document=doc(circulation="internal_only")),
        "accept",
        "challenge",
    ),
    (
        "for internal circulation, inside",
        mail(OFFICE, document=doc(circulation="recall"), direction="internal"),
        "accept",
        "accept",
    ),
    ("locked archive to Gmail", mail(GMAIL, attachments=(LOCKED,), unavailable=CLOSED), "accept", "challenge"),
    ("secret mark, inside", mail(OFFICE, secrecy=Secrecy("mat", 0.9), direction="internal"), "reject", "reject"),
    (
        "secret mark, to one of two offices and Gmail",
        mail(OFFICE, GMAIL, secrecy=Secrecy("toi_mat", 0.9)),
        "reject",
        "reject",
    ),
    (
        "declassified",
        mail(OFFICE, secrecy=Secrecy("mat", 0.9, declassified=True), direction="internal"),
        "accept",
        "accept",
    ),
    (
        "secret mark in an automatic forward",
        mail(GMAIL, secrecy=Secrecy("mat", 0.9), forward=AUTOMATIC),
        "hold",
        "hold",
    ),
]


@pytest.mark.parametrize(("what", "seen", "verdict", "shadow"), WORK, ids=[one[0] for one in WORK])
def test_work(what, seen, verdict, shadow) -> None:
    decision = decide(SHIPPED.policy, seen)
    assert (decision.verdict, decision.shadow) == (verdict, shadow)


def test_every_rule_and_exception_is_reached() -> None:
    decisions = [decide(SHIPPED.policy, seen) for _, seen, _, _ in WORK]
    hit = {hit.id for decision in decisions for hit in decision.rules}
    lifted = {one.by for decision in decisions for one in decision.exempted}
    assert hit == {rule.id for rule in SHIPPED.policy.rules}
    assert lifted == {lifter.id for rule in SHIPPED.policy.rules for lifter in rule.lifters}


def test_only_secrecy_enforces_and_everything_is_said_in_two_languages() -> None:
    assert [rule.id for rule in SHIPPED.policy.rules if rule.mode != "shadow"] == ["state-secret"]
    assert SHIPPED.warnings == ()
    for rule in SHIPPED.policy.rules:
        assert rule.bases
        assert {SHIPPED.policy.title(rule.id, lang) for lang in ("vi", "en")} & {rule.id} == set()


DEMO_MAIL: list[tuple[str, Facts, tuple[str, ...]]] = [
    ("secret mark inside", mail(OFFICE, secrecy=Secrecy("mat", 0.9), direction="internal"), ("reject",)),
    (
        "two offices and a Gmail",
        mail(OFFICE, OFFICE, GMAIL, document=DECISION, sender=CLERK),
        ("accept", "accept", "strip"),
    ),
    ("own Gmail", mail(OWN, document=DECISION), ("reject",)),
    ("forward to Yahoo", mail(YAHOO, forward=FORWARD), ("warn",)),
    ("locked archive", mail(GMAIL, attachments=(LOCKED,)), ("hold",)),
    ("expired mailbox", mail(OFFICE, sender=msgspec.structs.replace(SENDER, status="expired")), ("hold",)),
    ("between agencies", mail(OFFICE, document=DECISION, direction="internal"), ("accept",)),
    ("public service", mail(GMAIL, sender=COUNTER), ("accept",)),
    ("own ticket", mail(OWN), ("accept",)),
    ("from a citizen", mail(OFFICE, document=DECISION, sender=CITIZEN, direction="inbound"), ("count",)),
]


@pytest.mark.parametrize(("what", "seen", "each"), DEMO_MAIL, ids=[one[0] for one in DEMO_MAIL])
def test_demo(what, seen, each) -> None:
    assert decide(DEMO.policy, seen).recipients == each


def test_time_of_these_mails_is_in_force() -> None:
    assert all(lifter.expires > NOW.date() for rule in SHIPPED.policy.rules for lifter in rule.lifters)
