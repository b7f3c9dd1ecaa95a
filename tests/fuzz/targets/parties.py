"""Who writes to whom and what is asked of him: parties, links, challenge codes, the header between two hops."""

from __future__ import annotations

import base64
from datetime import time, timedelta
from zoneinfo import ZoneInfo

from facts.samples_house import OFFICIAL, TIME, facts_of, house
from fuzz.target import Target, is_text, text_of
from fuzz.targets.recognisers import sound
from vanthu.facts.challenge import take
from vanthu.facts.conversation import answered, message_id
from vanthu.facts.exchangers import to_ask
from vanthu.facts.links import find_links
from vanthu.facts.parties import display_names, first_from
from vanthu.facts.reading import Reading
from vanthu.facts.relation import forms, relation
from vanthu.inspection import ticket
from vanthu.mail import address
from vanthu.mail.envelope import Envelope, Recipient
from vanthu.mail.message import Body, Message
from vanthu.mail.parse import parse
from vanthu.policy import challenge
from vanthu.policy.detectors import MAX_COUNT, detect
from vanthu.policy.hours import Calendar
from vanthu.policy.shipped_detectors import shipped

_KEYS = (b"k" * 32, b"l" * 32)
_RULES = ("private-mailbox", "public-mailbox", "no-secrets")
_CALENDAR = Calendar(ZoneInfo("Asia/Ho_Chi_Minh"), frozenset(range(5)), time(8), time(17), frozenset())
_DAY = _CALENDAR.day(TIME)
_CODE = challenge.code(_KEYS[0], OFFICIAL, _RULES[:2], _DAY)
_TICKET = ticket.Ticket(record="1", time=int(TIME.timestamp()), login="an", passed=("x", "y"))
_OLD = challenge.code(_KEYS[0], OFFICIAL, _RULES[:1], _DAY - timedelta(days=5))


def _links(data: bytes) -> None:
    """Links to file shares, and the detectors that are shipped."""
    text = text_of(data)
    found = find_links(Message(len(data), (), (Body("body", "html", text, text),), (), ()))
    assert len(set(found)) == len(found)
    every = detect(shipped().values(), [Reading("body", text), Reading("subject", text[:200])])
    assert set(every) == {one.key for one in shipped().values()}
    for one in every.values():
        assert 0 <= one.distinct <= one.count <= MAX_COUNT
        assert bool(one.where) == bool(one.count)


def _challenge(data: bytes) -> None:
    """A tag stands where it says, is taken off whole, and is good only with a code that was given."""
    subject = text_of(data)
    tag = challenge.find(subject)
    if tag is not None:
        assert subject[tag.start] == "["
        assert subject[tag.end - 1] == "]"
        base64.b32decode(f"{tag.code}A")
        assert len(tag.reason or "") <= challenge.LONGEST_REASON
        worth = challenge.verify(tag, OFFICIAL, _RULES, _DAY, _KEYS)
        assert worth.status != "valid" or (tag.code == _CODE and worth.rules == _RULES[:2])
        assert challenge.verify(tag, "other@x.gov.vn", _RULES, _DAY, _KEYS).status != "valid"
        assert len(challenge.without(subject, tag)) <= len(subject)
    message = parse(b"Subject: %b\nIn-Reply-To: %b\nReferences: %b\n\n" % ((data.replace(b"\n", b"\n "),) * 3))
    envelope = Envelope(OFFICIAL, (Recipient("b@gmail.com"),), TIME, "submission", login=OFFICIAL)
    known, cleaned = take(message, envelope, challenge.Verifier(_KEYS, _RULES, _CALENDAR))
    if known.status == "valid":
        assert _CODE not in (cleaned.subject or "").split("]")[0] or message.subject != cleaned.subject
    is_text(message_id(subject), *answered(message))


def _hop(data: bytes) -> None:
    """What the hop before wrote is all that is ever believed."""
    verdict, found, key = ticket.read(data, _KEYS, TIME, 30)
    assert (verdict == "valid") == (found is not None)
    assert found is None or (found == _TICKET and key == _KEYS[0])
    ticket.recipient_hash(text_of(data), _KEYS[0])
    message = parse(data)
    ticket.content([(field.name.encode(), field.raw) for field in message.fields], data)


def _parties(data: bytes) -> None:
    """Sender, recipient, From and To as somebody may write them: class, relation, direction, names."""
    lines = (data.split(b"\n") + [b""] * 4)[:4]
    sender, recipient = (address.clean(text_of(line)) for line in lines[:2])
    raw = b"From: %b\nTo: %b\nCc: %b\nX-Sieve-Redirected-From: %b\n\nx" % (lines[2], lines[3], lines[1], lines[0])
    message, known = parse(raw), house()
    for login in (OFFICIAL, None):
        sound(facts_of(raw, sender=sender, recipients=[recipient, OFFICIAL], login=login, origin="outside"))
    shown = display_names(message).get(address.key(recipient)) or text_of(lines[3])
    is_text(first_from(message), shown)
    forms(shown)
    mailbox = known.register.mailbox(OFFICIAL)
    assert relation(recipient, shown, mailbox, known.register) in (
        "self_declared", "colleague_declared", "name_match", "none",
    )  # fmt: skip
    domain = address.split(recipient)[1]
    one = known.providers.classify(domain)
    assert one == known.providers.classify(domain.upper()) or not domain.isascii()
    is_text(one.because, known.providers.looks_like(domain))
    to_ask(Envelope(sender, (Recipient(recipient),), TIME, None), known.providers)


TARGETS = {
    "links": Target(
        _links,
        (
            b"https://drive.google.com/file/d/1 http://a@1drv.ms/x <a href='https://x.sharepoint.com/y'>z</a>",
            "CCCD 001099012345, MST 0101234567-001, STK 19012345678901 tại VCB, ĐT 0912 345 678, +84912345".encode(),
            b"Please confirm your registration: your code is 123456. Ma xac nhan OTP 654321",
        ),
        (
            "https://", "HTTP://", "drive.google.com", "sharepoint.com.", "@", "mega.nz/", "001099012345",
            "0101234567",
            "0912345678", "+84", "OTP", "xác nhận", "đăng ký", "số tài khoản", "CCCD", "MST", ".", "-", "\u00a0",
        ),
    ),
    "challenge": Target(
        _challenge,
        (
            f"[LD {_CODE}: gửi cho báo chí] CV 1".encode(), f"Re: [ld:{_OLD}, nhầm] x".encode(), b"[LD 0189AAA]",
            f"=?utf-8?q?[LD_{_CODE}:_g=E1=BA=A5p]?= y".encode(), b"<1.2@x.gov.vn> <3@gmail.com>",
        ),
        ("[LD ", "[ld:", "]", ": ", "：", "nhầm", "lý do", "...", "\u00a0", _CODE, _OLD, "0189", "=?utf-8?q?", "?=",
        "\n ", "<", ">"),
        2000,
    ),
    "hop": Target(
        _hop,
        (b" " + ticket.write(_TICKET, _KEYS[0]).encode(), b" " + ticket.write(_TICKET, b"?" * 32).encode()),
        ("v1 ", "\n ", "v2", "=", "-", "_", "Content-Type: text/plain\n", "\r\n\r\n"),
        4000,
    ),
    "parties": Target(
        _parties,
        (
            f"{OFFICIAL}\nnguyenvanan85@gmail.com\n\"Nguyễn Văn An\" <{OFFICIAL}>\n"
            "An Nguyễn <nguyenvanan85@gmail.com>".encode(),
            b"\nan+x@simplelogin.com\n=?utf-8?b?TGUgVGhpIEhvYQ==?= <hoalt@soyte.hathanh.gov.vn>\n"
            b"<a@xn--gmal-nza.com>, b",
            b"SRS0=ab=cd=x.gov.vn=a@hathanh.gov.vn\nnhom@googlegroups.com\n<>\nundisclosed-recipients:;",
            "a@soyte.hathаnh.gov.vn\nhoa@[192.0.2.1]\nLê Thị Thanh Hoa (Sở Y tế)\n\"a\\\"b\"@gmail.com".encode(),
        ),
        (
            "@gmail.com", "@soyte.hathanh.gov.vn", "@xn--", ".", "..", "+", '"', "<", ">", "=?utf-8?q?", "ông ",
            "nguyen", "hoa",
            "@[", "SRS0=", "\n", "(", ")", ",", ";", ":", "İ", "ß", "。", "\u200b", "@googlegroups.com",
        ),
        4000,
    ),
}  # fmt: skip
