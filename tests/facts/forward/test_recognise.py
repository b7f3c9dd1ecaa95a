"""What ``recognise`` says of single mails: each kind of forward, and the mails that only look like one."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from vanthu.facts.forward import recognise
from vanthu.facts.model import Forward, Quoted
from vanthu.mail.envelope import Envelope, Origin, Recipient
from vanthu.mail.parse import parse

TIME = datetime(2026, 9, 28, 3, 0, tzinfo=UTC)
BLOCK = (
    "From: Tran B <b@y.gov.vn>\nDate: Mon, 28 Sep 2026 10:00\nSubject: Hop giao ban\nTo: A <a@x.gov.vn>\n\nNoi dung\n"
)


def judge(
    head: str = "",
    body: str = "Kính gửi anh,\nEm gửi anh báo cáo.\n",
    *,
    subject: str = "Hop",
    to: str = "c@gmail.com",
    sender: str = "a@x.gov.vn",
    author: str = "A <a@x.gov.vn>",
    orcpt: str | None = None,
    origin: Origin | None = "submission",
) -> tuple[Forward, Quoted]:
    if "Content-Type" not in head:
        head += "Content-Type: text/plain; charset=utf-8\n"
    raw = f"{head}From: {author}\nTo: {to}\nSubject: {subject}\nMIME-Version: 1.0\n\n{body}"
    envelope = Envelope(sender, (Recipient(to, orcpt),), TIME, origin)
    return recognise(
        parse(raw.encode()),
        envelope,
        lambda address: "official" if address.endswith("gov.vn") else "public" if "gmail" in address else "other",
        lambda host: host.endswith("x.gov.vn"),
    )


def test_a_plain_letter_is_none() -> None:
    assert judge() == (Forward(), Quoted())


def test_an_announced_forward_without_a_prefix_is_found() -> None:
    forward, quoted = judge(body=f"Xem nhé\n\n---------- Forwarded message ---------\n{BLOCK}")
    assert forward.kind == "inline"
    assert forward.original.from_ == "b@y.gov.vn"
    assert forward.original.class_ == "official"
    assert forward.original.subject == "Hop giao ban"
    assert forward.original.date == "Mon, 28 Sep 2026 10:00"
    assert quoted.class_ == "official"
    assert all(len(line) <= 130 for line in forward.evidence)


def test_the_outermost_of_nested_forwards_is_the_original() -> None:
    inner = BLOCK.replace("b@y.gov.vn", "inner@z.vn").replace("Hop giao ban", "Ben trong")
    forward, _ = judge(
        body=f"---------- Forwarded message ---------\n{BLOCK}\n---------- Forwarded message ---------\n{inner}",
        subject="Fwd: Hop giao ban",
    )
    assert forward.original.from_ == "b@y.gov.vn"
    assert forward.original.subject == "Hop giao ban"


def test_an_answer_to_a_forward_is_an_answer() -> None:
    quoted_forward = "\n".join(f"> {line}" for line in f"---------- Forwarded message ---------\n{BLOCK}".split("\n"))
    forward, quoted = judge(
        body=f"Đã nhận.\n\nOn Mon, 28 Sep 2026 at 10:00 C <c@gmail.com> wrote:\n\n{quoted_forward}", subject="Re: Hop"
    )
    assert forward.kind == "none"
    assert forward.score < 0.5
    assert quoted.class_ == "official"


def test_the_same_header_block_is_a_forward_to_others_and_an_answer_to_its_author() -> None:
    body = f"Kính chuyển.\n\n________________________________\n{BLOCK}"
    assert judge(body=body)[0].kind == "inline"
    assert judge(body=body, to="b@y.gov.vn")[0].kind == "none"


def test_mail_of_the_author_sent_to_his_private_mailbox_is_a_forward() -> None:
    body = f"-----Original Message-----\n{BLOCK}"
    forward, _ = judge(body=body, to="tranb@gmail.com")
    assert forward.kind == "inline"


def test_thunderbird_says_so_itself() -> None:
    forward, _ = judge("X-Forwarded-Message-Id: <1@x>\n", "Bản tin.\n", subject="Bản tin")
    assert forward.kind == "inline"
    assert forward.score == 0.99


@pytest.mark.parametrize(("extra", "found"), [("References: <1@x>\n", True), ("", False)])
def test_a_prefix_alone_needs_other_evidence(extra: str, found: bool) -> None:
    forward, _ = judge(extra, subject="Fwd: Giấy mời")
    assert (forward.kind == "inline") is found
    assert forward.score > 0


MULTIPART = "Content-Type: multipart/mixed; boundary=z\n"
CARRIED = (
    "--z\nContent-Type: text/plain\n\nXem\n--z\nContent-Type: message/rfc822\n\nFrom: B <b@y.gov.vn>\n"
    "Subject: Hop giao ban\nDate: Mon, 28 Sep 2026 10:00:00 +0700\nMessage-ID: <o@y>\n\nNoi dung\n--z--\n"
)


def test_a_message_carried_as_attachment() -> None:
    forward, _ = judge(MULTIPART, CARRIED, subject="Fwd: Hop giao ban")
    assert forward.kind == "attached"
    assert forward.original.from_ == "b@y.gov.vn"
    assert forward.original.subject == "Hop giao ban"


def test_an_answer_that_carries_what_it_answers_is_none() -> None:
    assert judge(MULTIPART + "In-Reply-To: <o@y>\n", CARRIED, subject="Re: Hop giao ban")[0].kind == "none"


@pytest.mark.parametrize(
    "kind", ["multipart/report; report-type=delivery-status; boundary=z", "multipart/digest; boundary=z"]
)
def test_bounces_and_digests_forward_nothing(kind: str) -> None:
    forward, _ = judge(f"Content-Type: {kind}\n", CARRIED, sender="", author="MAILER-DAEMON@x.gov.vn")
    assert forward.kind == "none"


def test_a_bounce_in_plain_text_is_none() -> None:
    body = f"Hi. This is the qmail-send program.\n\n--- Below this line is a copy of the message.\n\n{BLOCK}"
    assert judge(body=body, sender="", author="MAILER-DAEMON@x.gov.vn", subject="failure notice")[0].kind == "none"


def test_a_digest_in_plain_text_is_none() -> None:
    body = f"Today's Topics:\n\n{'-' * 70}\n\nMessage: 1\n{BLOCK}\n{'-' * 30}\n\nMessage: 2\n{BLOCK}"
    assert judge("List-Id: <l.x.vn>\n", body, subject="l Digest, Vol 3, Issue 2")[0].kind == "none"


def test_resent_by_hand_but_not_by_a_list() -> None:
    forward, _ = judge("Resent-From: A <a@x.gov.vn>\nResent-To: c@gmail.com\n", author="B <b@y.gov.vn>")
    assert forward.kind == "resent"
    assert forward.by == "a@x.gov.vn"
    assert forward.original.from_ == "b@y.gov.vn"
    assert judge("Resent-From: l@lists.org\nList-Id: <l.lists.org>\n")[0].kind == "none"


OWN = "Received: from outside by mx.x.gov.vn; Mon\n"
TRACES = [
    ("X-Sieve-Redirected-From: a@x.gov.vn\n", "a@x.gov.vn"),
    ("X-Zimbra-Forwarded: a@x.gov.vn\n", "a@x.gov.vn"),
    ("X-MS-Exchange-Inbox-Rules-Loop: a@x.gov.vn\n", "a@x.gov.vn"),
    ("X-MS-Exchange-ForwardingLoop: a@x.gov.vn;0f3c\n", "a@x.gov.vn"),
    ("X-Forwarded-For: a@x.gov.vn c@gmail.com\n", "a@x.gov.vn"),
    ("Delivered-To: a@x.gov.vn\n", "a@x.gov.vn"),
]


@pytest.mark.parametrize(("trace", "by"), TRACES)
def test_traces_of_our_own_hosts_name_the_forwarding_mailbox(trace: str, by: str) -> None:
    forward, _ = judge(trace + OWN, origin="trusted", author="B <b@z.org>", sender="b@z.org")
    assert forward.kind == "automatic"
    assert forward.by == by
    assert forward.original.from_ == "b@z.org"


@pytest.mark.parametrize(("trace", "by"), TRACES)
def test_the_same_traces_below_a_foreign_host_or_from_outside_prove_nothing(trace: str, by: str) -> None:
    foreign = "Received: from q by mx.elsewhere.org; Mon\n" + trace + OWN
    assert judge(foreign, origin="trusted")[0].kind == "none"
    assert judge(trace + OWN, origin="outside")[0].kind == "none"
    forged, _ = judge(trace + OWN, origin="submission")
    assert forged.kind == "none"
    assert 0 < forged.score < 0.5


def test_list_mail_that_a_rule_forwards_is_automatic() -> None:
    forward, _ = judge("X-Sieve-Redirected-From: a@x.gov.vn\n" + OWN + "List-Id: <l.org>\n", origin="trusted")
    assert (forward.kind, forward.by) == ("automatic", "a@x.gov.vn")
    assert judge("Delivered-To: l@x.gov.vn\n" + OWN + "List-Id: <l.x.gov.vn>\n", origin="trusted")[0].kind == "none"


def test_a_web_forwarded_for_is_no_mail_forward() -> None:
    assert judge("X-Forwarded-For: 10.0.0.1\n" + OWN, origin="trusted")[0].kind == "none"


def test_an_alias_shows_in_orcpt() -> None:
    forward, _ = judge(orcpt="rfc822;a@x.gov.vn", origin="trusted", sender="b@z.org", author="b@z.org")
    assert (forward.kind, forward.by) == ("automatic", "a@x.gov.vn")
    assert judge(orcpt="rfc822;C@gmail.com", origin="trusted")[0].kind == "none"
    assert judge(orcpt="rfc822;a@x.gov.vn", origin="trusted", head="List-Id: <l.x.gov.vn>\n")[0].kind == "none"


@pytest.mark.parametrize(
    "sender",
    [
        "SRS0=abcd=XY=z.org=b@mail.x.gov.vn",
        "SRS1=ab=q.org==cd=XY=z.org=b@mail.x.gov.vn",
        "bounces+SRS=xyz=EF@mail.x.gov.vn",
    ],
)
def test_rewritten_senders(sender: str) -> None:
    assert judge(origin="trusted", sender=sender, author="b@z.org")[0].kind == "automatic"
    assert judge(origin="outside", sender=sender.replace("x.gov.vn", "q.org"), author="b@z.org")[0].kind == "none"


def test_the_most_official_author_quoted_counts() -> None:
    body = (
        "Cảm ơn.\n\nOn Mon, 28 Sep 2026 C <c@gmail.com> wrote:\n> Vâng\n>\n"
        "> On Sun, 27 Sep 2026 B <b@y.gov.vn> wrote:\n>> Nội dung\n"
    )
    forward, quoted = judge(body=body, subject="Re: Hop")
    assert forward.kind == "none"
    assert quoted.class_ == "official"


def test_a_signature_with_fields_is_no_quotation() -> None:
    body = "Chào\n--\nNguyen A\nTel: 0912 345\nEmail: a@x.gov.vn\nNgày: 01/02/2024 10:00\nFax: 1\n"
    forward, quoted = judge(body=body)
    assert forward.kind == "none"
    assert quoted.class_ is None


def test_a_line_of_the_writer_above_a_quoted_header_announces_it() -> None:
    body = "Kính chuyển như sau:\n\n" + "\n".join(f"> {line}" for line in BLOCK.split("\n"))
    assert judge(body=body)[0].kind == "inline"


@pytest.mark.parametrize(
    "body",
    [
        "*** Message from the director ***\nHello\n",
        "Từ: 8h\nĐến: 10h\nNgày: 12/3/2026\nTại phòng họp\n",
        "Từ: Hà Nội\nĐến: Đà Nẵng\nNgày: 12/03/2026 08:30\nChuyến: VN123\n",
        "Thư giả mạo có dạng:\nTừ: VNPT <s@vnpt-x.com>\nTiêu đề: Nâng cấp\nNgày: 12/3/2026 10:00\nĐề nghị xóa.\n",
    ],
)
def test_forms_journeys_and_warnings_are_none(body: str) -> None:
    assert judge(body=body)[0].kind == "none"


@pytest.mark.parametrize("glue", ["", " "])
def test_fields_glued_on_one_line(glue: str) -> None:
    line = glue.join(
        [
            "From: Tran B <b@y.gov.vn>",
            "To: A <a@x.gov.vn>",
            "Sent: Monday, 28 September 2026, 10:00 AM GMT+7",
            "Subject: Hop",
        ]
    )
    forward, _ = judge(body=f"   ----- Forwarded Message ----- {line}\n Noi dung\n", subject="Fw: Hop")
    assert (forward.original.from_, forward.original.subject) == ("b@y.gov.vn", "Hop")
