"""The language expresses twenty rules of a province's security team: each hits, misses and is unknown."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import msgspec
import pytest

from support.policies import GMAIL, NOW, OFFICE, OWN, SENDER, YAHOO, mail
from vanthu.facts.model import (
    Attachment,
    Detected,
    Document,
    Facts,
    Forward,
    Link,
    Missing,
    Original,
    Quoted,
    Recipient,
    Secrecy,
    Sender,
)
from vanthu.policy.decide import decide
from vanthu.policy.load import PolicyContext, load

LOADED = load(Path(__file__).with_name("twenty"), PolicyContext(installation="quangngai", today=date(2026, 11, 23)))
COUNTED = {detector.name: detector.key for detector in LOADED.policy.detectors}
IDS = COUNTED["cccd"]

RELAY = Recipient("x@duck.com", "duck.com", class_="relay")
HOSTED = Recipient("x@truong.vn", "truong.vn", class_="hosted")
ISSUED = Document("attachment:1", stage="issued", own_issue=True, score=0.97)
CITIZEN = Sender("dan@gmail.com", class_="public")
LOCKED = Attachment("attachment:1", "a.zip", "application/zip", 1, "ab", inspected=False, reason="encrypted")
BOMB = msgspec.structs.replace(LOCKED, reason="bomb")
FILM = msgspec.structs.replace(LOCKED, reason="too_large", could_carry_text=False)
FORWARD = Forward("inline", 0.9, original=Original(class_="official"))
NIGHT = NOW + timedelta(hours=12)
CROWD = (GMAIL,) * 50

# rule, a mail that it hits, a mail that it misses, the fact that hidden from the first leaves it unknown
RULES: dict[str, tuple[Facts, Facts, str]] = {
    "secret-mark": (mail(OFFICE, secrecy=Secrecy("mat", 0.9)), mail(OFFICE), "/secrecy/level"),
    "own-private-mailbox": (mail(OWN, score=0.9), mail(OWN), "/recipients/0/relation"),
    "official-to-public": (mail(GMAIL, score=0.9), mail(GMAIL, score=0.7), "/official"),
    "forward-of-internal-mail": (mail(YAHOO, forward=FORWARD), mail(OFFICE, forward=FORWARD), "/forward/original"),
    "internal-thread-copied-out": (mail(GMAIL, quoted=Quoted("official")), mail(GMAIL), "/quoted"),
    "automatic-forward": (
        mail(GMAIL, forward=Forward("automatic", 1.0)),
        mail(GMAIL, forward=FORWARD),
        "/forward/kind",
    ),
    "official-to-hosted": (mail(HOSTED, score=0.96), mail(HOSTED, score=0.9), "/recipients/0/class"),
    "disposable-or-relay": (mail(RELAY, score=0.5), mail(GMAIL, score=0.5), "/official/score"),
    "locked-archive-to-public": (
        mail(GMAIL, attachments=(LOCKED,)),
        mail(GMAIL, attachments=(BOMB,)),
        "/attachments/0",
    ),
    "unread-to-outside": (mail(HOSTED, attachments=(BOMB,)), mail(HOSTED, attachments=(FILM,)), "/attachments"),
    "bulk-personal-data": (
        mail(GMAIL, detected={IDS: Detected(30, 20)}),
        mail(OFFICE, detected={IDS: Detected(30, 20)}),
        "/detected",
    ),
    "cloud-share-link": (mail(GMAIL, links=(Link("file_share"),)), mail(GMAIL, links=(Link("news"),)), "/links"),
    "expired-mailbox-still-sends": (
        mail(OFFICE, sender=msgspec.structs.replace(SENDER, status="expired")),
        mail(OFFICE),
        "/sender/status",
    ),
    "sender-is-not-login": (
        mail(OFFICE, sender=msgspec.structs.replace(SENDER, matches_login=False)),
        mail(OFFICE),
        "/sender",
    ),
    "duty-from-free-mailbox": (
        mail(OFFICE, score=0.9, direction="inbound", sender=CITIZEN),
        mail(OFFICE, score=0.9, direction="inbound"),
        "/sender/class",
    ),
    "internal-circulation": (
        mail(GMAIL, document=Document("body", circulation="recall", score=0.9)),
        mail(OFFICE, document=Document("body", circulation="recall", score=0.9), direction="internal"),
        "/official/documents/0/circulation",
    ),
    "unsigned-issued-document": (
        mail(OFFICE, document=ISSUED),
        mail(OFFICE, document=msgspec.structs.replace(ISSUED, signed=True)),
        "/official/documents",
    ),
    "mass-mail-to-public": (mail(*CROWD, time=NIGHT), mail(*CROWD), "/recipients/7/class"),
    "agency-document-from-personal-box": (
        mail(OFFICE, document=ISSUED),
        mail(msgspec.structs.replace(OFFICE, role="personal"), document=ISSUED),
        "/recipients/0/role",
    ),
}


def hits(facts: Facts) -> set[str]:
    return {hit.id for hit in decide(LOADED.policy, facts).rules}


@pytest.mark.parametrize("id_", RULES)
def test_hits(id_) -> None:
    assert id_ in hits(RULES[id_][0])


@pytest.mark.parametrize("id_", RULES)
def test_misses(id_) -> None:
    decision = decide(LOADED.policy, RULES[id_][1])
    assert id_ not in {hit.id for hit in decision.rules} | {one.rule for one in decision.unknown}


@pytest.mark.parametrize("id_", RULES)
def test_is_unknown(id_) -> None:
    hit, _, pointer = RULES[id_]
    decision = decide(LOADED.policy, msgspec.structs.replace(hit, unavailable=(Missing(pointer, "busy"),)))
    assert id_ not in {hit.id for hit in decision.rules}
    assert [(one.fact, one.reason) for one in decision.unknown if one.rule == id_] == [(pointer, "busy")]


def test_all_twenty_are_here_and_one_is_off() -> None:
    assert {rule.id for rule in LOADED.policy.rules} == set(RULES)
    assert LOADED.policy.title("signup-confirmation", "en") == "Sign-up confirmation"
    assert len(LOADED.policy.by_id) == 20


def test_storm_warnings_pass() -> None:
    urgent = Document("body", urgency="hoa_toc", score=0.9)
    decision = decide(LOADED.policy, mail(GMAIL, document=urgent))
    assert ("official-to-public", "hoa-toc") in {(one.rule, one.by) for one in decision.exempted}
    assert decision.verdict == "accept"
