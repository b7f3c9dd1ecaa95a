"""Every kind of condition, asked of facts that hold and that do not."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest

from support.policies import GMAIL, OFFICE, SENDER, mail, policy_of, rule
from vanthu.facts.model import Client, Document, Facts, Recipient, Signature
from vanthu.facts.reading import Reading
from vanthu.policy.decide import decide
from vanthu.policy.detectors import detect

HOLD = Document(
    "attachment:1", number="1017", symbol="UBND-VX", kind="QĐ", issuer="ỦY BAN NHÂN DÂN TỈNH QUẢNG NGÃI",
    date="2014-03-26", addressees=("Các sở", "Lưu: VT"), stage="issued", score=0.9,
)  # fmt: skip
SEEN: Facts = mail(
    GMAIL,
    OFFICE,
    document=HOLD,
    subject="Báo cáo THÁNG 9",
    defects=("bad_base64", "no_end"),
    client=Client("10.1.2.3", None),
    signatures=(Signature("pdf", "attachment:1", "valid"),),
)


def holds(when) -> bool:
    return bool(decide(policy_of(rule("a", when, "count"), lists=LISTS), SEEN).rules)


LISTS = {"mail": ["B@GMAIL.com"], "domains": ["gmail.com"], "nobody": ["x@y.vn"]}
TRUE = [
    {"recipient.address": "b@gmail.com"},
    {"recipient.address": "GMAIL.COM"},
    {"recipient.address": {"list": "mail"}},
    {"recipient.address": {"list": "domains"}},
    {"recipient.domain": {"list": "domains"}},
    {"recipient.domain": {"matches": r"\.gov\.vn$"}},
    {"recipient.conversation.days": None},
    {"login": "A"},
    {"client.address": "10.0.0.0/8"},
    {"client.address": ["192.168.0.0/16", "10.1.2.3"]},
    {"client.name": None},
    {"subject": "báo cáo tháng 9"},
    {"subject": unicodedata.normalize("NFD", "báo cáo tháng 9")},
    {"subject": {"matches": r"(?i)tháng \d"}},
    {"size": 2000},
    {"size": [1, 2000]},
    {"size": {"min": 2000, "max": 2000}},
    {"defects": "bad_base64"},
    {"defects": {"matches": "^no_"}},
    {"sender.registered": True},
    {"any_document": {"date": {"min": date(2014, 1, 1), "max": date(2014, 12, 31)}}},
    {"any_document": {"addressees": ["lưu: vt"]}},
    {"any_document": {"issuer": "Ủy ban nhân dân tỉnh Quảng Ngãi"}},
    {"any_document": {"any": [{"urgency": "khan"}, {"not": {"number": "1"}}]}},
    {"every_document": {"stage": ["issued", "copy"]}},
    {"any_signature": {"status": "valid", "kind": "pdf"}},
    {"recipients.count": {"class": ["public", "official"], "min": 2, "max": 2}},
    {"recipients.count": {"agency": None, "max": 5}},
    {"time": {"inside": "working_hours"}},
    {"all": [{"any_document": {"kind": "qđ"}}, {"any_document": {"symbol": "UBND-VX"}}]},
]
FALSE = [
    {"recipient.address": "gmail.co"},
    {"recipient.address": {"list": "nobody"}},
    {"recipient.class": "public", "recipient.family": None},  # no one recipient is both
    {"recipient.conversation.days": {"min": 0}},
    {"client.address": "10.1.2.4"},
    {"client.name": {"matches": "."}},
    {"subject": "báo cáo"},
    {"size": {"min": 2001}},
    {"defects": "no"},
    {"any_document": {"kind": "QĐ", "number": "1"}},
    {"any_document": {"year": {"min": 1900}}},
    {"every_attachment": {"inspected": False}},
    {"not": {"any_document": {}}},
    {"any_link": {}},
    {"recipients.count": {"class": "public", "min": 2}},
    {"time": {"outside": "working_hours"}},
    {"any": [{"direction": "inbound"}, {"sender.status": "expired"}]},
]


@pytest.mark.parametrize("when", TRUE, ids=str)
def test_holds(when) -> None:
    assert holds(when)
    assert not holds({"not": when}) or any(name.startswith("recipient.") for name in when)


@pytest.mark.parametrize("when", FALSE, ids=str)
def test_does_not_hold(when) -> None:
    assert not holds(when)
    assert holds({"not": when})


def test_no_conditions_hold_always() -> None:
    assert holds({})


@pytest.mark.parametrize("address", ["", "@", "a@", "@gmail.com", "ẞ@gmail.com", "\udcff@gmail.com", "not an ip"])
def test_odd_text_is_only_text(address) -> None:
    recipient = Recipient(address, "", class_="other")
    policy = policy_of(
        rule("a", {"recipient.address": {"matches": "x"}}, "count"),
        rule("b", {"recipient.address": "gmail.com"}, "count"),
        rule("c", {"client.address": "::/0"}, "count"),
    )
    decision = decide(policy, mail(recipient, client=Client(address), sender=SENDER))
    assert {hit.id for hit in decision.rules} <= {"b"}


class TestDetect:
    def run(self, pattern: str, *texts: str, distinct: bool = False):
        title = {"vi": "x", "en": "y"}
        written = {"d": {"title": title, "re2": pattern, "distinct": distinct}}
        policy = policy_of(rule("a", {"detected.d.count": {"min": 1}}, "count"), detectors=written)
        readings = [Reading(f"attachment:{index + 1}", text) for index, text in enumerate(texts)]
        (found,) = detect(policy.detectors, readings).values()
        return found.count, found.distinct, found.where

    def test_counts_with_places(self) -> None:
        assert self.run("0[0-9]{3}", "0123 0123", "không", "0456", distinct=True) == (
            3,
            2,
            ("attachment:1", "attachment:3"),
        )

    def test_nothing_is_zero_and_not_absent(self) -> None:
        assert self.run("x", "điện") == (0, 0, ())

    def test_empty_matches_and_surrogates(self) -> None:
        assert self.run("a*", "b\udcffb") == (0, 0, ())

    def test_is_capped(self) -> None:
        assert self.run("a", "a" * 5000)[0] == 1000
