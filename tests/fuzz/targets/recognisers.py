"""Recognisers: all facts of a message, and each recogniser on text of its own."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

from facts.samples_house import OFFICIAL, facts_of, house, mail
from facts.test_honest_work import LETTER
from fuzz.target import Target, is_text, text_of
from vanthu.directory.issuers import find as issuer
from vanthu.directory.issuers import index
from vanthu.documents.model import Extraction, Text
from vanthu.facts.forwards.marker import marks
from vanthu.facts.model import Facts, from_json, to_json
from vanthu.facts.official import recognise as official
from vanthu.facts.reading import Reading
from vanthu.facts.secrecy import recognise as secrecy
from vanthu.mail.html import to_text
from vanthu.mail.parse import parse

ROOT = Path(__file__).resolve().parents[3]
FORWARD = (
    "Xem giúp em.\n\n---------- Forwarded message ---------\nTừ: An <a@x.gov.vn>\n"
    "Date: Th 2, 28 thg 9, 2026 lúc 10:00\nSubject: CV 815/SYT-NVY\nTo: <b@x.gov.vn>\n\n"
    "> Vào 27/9/2026 B <b@x.gov.vn> đã viết:\n>> MẬT\n"
)
OUTLOOK = (
    "<html><body><p>Gửi anh</p><div style='border:none;border-top:solid #E1E1E1 1.0pt'><p><b>From:</b> An "
    "&lt;a@x.gov.vn&gt;<br><b>Sent:</b> Monday, September 28, 2026 10:00 AM<br><b>To:</b> B<br><b>Subject:</b> CV 1"
    "</p></div><blockquote class=gmail_quote>x</blockquote>"
)


def sound(facts: Facts) -> None:
    assert from_json(to_json(facts)) == facts
    for score in (facts.official.score, facts.secrecy.score, facts.forward.score):
        assert 0 <= score <= 1
    assert (facts.secrecy.level is None) == (facts.secrecy.score < 0.5)
    assert (facts.forward.kind == "none") == (facts.forward.score < 0.5)
    assert bool(facts.official.documents) == (facts.official.score >= 0.5)
    assert all(one.score >= 0.5 for one in facts.official.documents)
    quoted = [*facts.secrecy.evidence, *facts.forward.evidence]
    quoted += [line for one in facts.official.documents for line in one.evidence]
    assert all(len(line) <= 400 for line in quoted), "evidence quotes a little, not a text"


def _facts(data: bytes) -> None:
    """The whole of facts, as a message from an official to Gmail."""
    sound(facts_of(data))


def _forward(data: bytes) -> None:
    """Subject, NUL, text: as plain text, and as HTML."""
    head, _, body = data.partition(b"\0")
    subject = head[:200].replace(b"\n", b" ").replace(b"\r", b" ")
    for kind in (b"plain", b"html"):
        raw = b"From: <%b>\nTo: <b@gmail.com>\nSubject: %b\nContent-Type: text/%b; charset=utf-8\n\n%b"
        sound(facts_of(raw % (OFFICIAL.encode(), subject, kind, body)))
    text = text_of(body)
    lines = text.count("\n") + 1
    assert len(marks(text)) <= lines
    assert len(marks(to_text(text, 50_000).text)) <= lines + text.count("<") + text.count("&") + 1


@cache
def _agencies() -> object:
    return index((one.slug, one.name, one.parent) for one in house().register.agencies.values())


def _official(data: bytes) -> None:
    """A text as subject, file name and body of a mail, and as an attachment that OCR read."""
    text = text_of(data)
    readings = [Reading("subject", text[:200]), Reading("filename", text[:100]), Reading("body", text)]
    readings.append(Reading("attachment:1", text, "a.pdf", "ocr"))
    found = official(readings, agency_named=lambda _: None, sender_agency=None, signed=frozenset())
    assert all(0.5 <= one.score <= 1 for one in found.documents)
    assert bool(found.documents) == (found.score >= 0.5)
    for one in found.documents:
        is_text(one.number, one.symbol, one.issuer, one.abstract, *one.addressees, *one.evidence)
        assert one.date is None or date.fromisoformat(one.date)
    issuer(_agencies(), text[:300])  # type: ignore[arg-type]
    extracted = {"attachment:1": Extraction("application/pdf", texts=(Text(text, "page 1", "ocr"),))}
    sound(facts_of(mail("xem", files=[("a.pdf", "application/pdf", b"%PDF-")]), extracted=extracted))


def _secrecy(data: bytes) -> None:
    text = text_of(data)
    subject, name, body = Reading("subject", text[:200]), Reading("filename", text[:100]), Reading("body", text)
    fields = parse(b"Sensitivity: %b\nX: y\n\n" % data[:200].replace(b"\n", b" ")).fields
    for readings in ([subject, name, body], [body], [subject], [Reading("attachment:1", text, "m.pdf", "ocr")]):
        found = secrecy(readings, fields if len(readings) == 3 else ())
        assert (found.level is None) == (found.score < 0.5)
        assert 0 <= found.score <= 1
        is_text(*found.evidence)


_LETTER = LETTER.encode()
TARGETS = {
    "facts": Target(
        _facts,
        (
            mail(LETTER), mail(FORWARD, subject="Fwd: x"),
            mail("x", subject="[LD 7F3K2MQ: gấp] y", headers={"In-Reply-To": "<1@gmail.com>", "List-Id": "<a.b>"}),
            mail(LETTER, headers={"Resent-From": OFFICIAL, "Auto-Submitted": "auto-generated"}),
            mail("xem", files=[("Fwd.eml", "message/x", mail(LETTER)), ("MẬT.pdf", "application/pdf", b"%PDF-")]),
        ),
        (
            "Resent-From: ", "List-Id: ", "X-Forwarded-For: ", "X-Sieve-Redirected-From: ", "Auto-Submitted: ",
            "Sensitivity: Company-Confidential", "X-MS-Exchange-Inbox-Rules-Loop: ", "Delivered-To: ",
            "Return-Path: ",
            "In-Reply-To: <", "MSIP_Label_", "Content-Type: message/rfc822", "SRS0=", "Received: from ",
        ),
    ),
    "forward": Target(
        _forward,
        (
            b"Fwd: x\0" + FORWARD.encode(), b"\0" + FORWARD.encode(), b"FW: a\0" + OUTLOOK.encode(),
            b"Re: x\0" + "Vào 27/9/2026, B <b@x.gov.vn> đã viết:\n> Kính gửi\n> Số: 1/A-B\n".encode(),
            b"Tr: y\0-----Message d'origine-----\nDe : A\nEnvoy\xc3\xa9 : lundi\n\xc3\x80 : B\nObjet : c\n\nz\n",
            b"WG: z\0Begin forwarded message:\n\n> From: A <a@b.vn>\n> Subject: x\n> Date: 1 May 2026\n>\n> y\n",
        ),
        (
            "From:", "Sent:", "Date:", "To:", "Subject:", "Từ:", "Đã gửi:", "Đến:", "Tới:", "Chủ đề:", "> ", ">> ",
            "-----",
            "________________________________", "wrote:", "đã viết:", "Begin forwarded message:", "<b>", "<br>",
            "<hr>",
            "Fwd:", "Chuyển tiếp", "*From:*", "<blockquote>", "\u00a0", "：", "<a@x.gov.vn>", "[mailto:a@x.gov.vn]",
        ),
    ),
    "official": Target(
        _official,
        (
            _LETTER, _LETTER.replace(b"\n", b"   "), _LETTER.upper(),
            "ỦY BAN NHÂN DÂN\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nSố: 12/QĐ-UBND\tHuế, ngày 1 tháng 2 năm 2026\n\n"
            "QUYẾT ĐỊNH\nVề việc phê duyệt\n\nĐiều 1. x\n\nNơi nhận:\n- Như Điều 3;\n- Lưu: VT.\n".encode(),
            b"CV 815-SYT-NVY ngay 28-9-2026.docx",
            "PHỤ LỤC I\n(Kèm theo Công văn số 1/A-B ngày 1/2/2026 của C)\n".encode(),
        ),
        (
            "Số:", "V/v", "Kính gửi:", "Nơi nhận:", "ngày 1 tháng 2 năm 2026", "ngày 99 tháng 99 năm 9999",
            "31/02/2026",
            "(Kèm theo Quyết định số", "HỎA TỐC", "DỰ THẢO", "SAO Y", "TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH",
            "CÔNG HÒA XÀ HỘI",
            "Độc lập - Tự do - Hạnh phúc", "ĐẢNG CỘNG SẢN VIỆT NAM", "/UBND-VX", "/2026/TT-BTC", "Lưu: VT", "\t",
            "\x0c",
        ),
    ),
    "secrecy": Target(
        _secrecy,
        (
            _LETTER.replace(b"V/v", "MẬT\nV/v".encode()), "Độ mật: Tối mật\nSố: 1/A-B".encode(), b"CV 12 (MAT).pdf",
            "TUYỆT MẬT\nSỞ Y TẾ\nSố: 5/SYT-M\n\nGIẢI MẬT ngày 1/1/2026\n".encode(),
            "Mẫu dấu: MẬT, TỐI MẬT\n".encode(),
        ),
        (
            "MẬT", "TỐI MẬT", "TUYỆT MẬT", "MAT", "(M)", "(TM)", "GIẢI MẬT", "Độ mật:", "bảo mật", "mật khẩu",
            "bí mật",
            "M Ậ T", "/M", "-TM", "Company-Confidential", "\n\n", "Số:", "SỐ ĐẾN", "TÀI LIỆU", "\u0323",
        ),
    ),
}  # fmt: skip
