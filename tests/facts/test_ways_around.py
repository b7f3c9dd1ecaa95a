"""Ways around a mail filter: what is seen is found, what is not seen is said to be unknown, never to be clean."""

from __future__ import annotations

import base64
import html

import pytest

from facts.samples_house import OFFICIAL, facts_of, mail
from facts.test_honest_work import LETTER
from vanthu.documents.model import Extraction, Member, Text
from vanthu.facts.model import Facts

SECRET = LETTER.replace("V/v trả lời", "MẬT\nV/v trả lời")
ALL = {"/official", "/secrecy", "/forward"}


def numbers(facts: Facts) -> list[str | None]:
    return [one.number for one in facts.official.documents]


def unknown(facts: Facts) -> dict[str, str]:
    return {one.fact: one.reason for one in facts.unavailable if one.fact in ALL}


def with_file(name: str, kind: str, content: bytes, extraction: Extraction) -> Facts:
    raw = mail("Gửi anh xem.", subject="tài liệu", files=[(name, kind, content)])
    return facts_of(raw, extracted={"attachment:1": extraction})


def test_a_screenshot_is_read_by_ocr_or_unknown() -> None:
    png = b"\x89PNG\r\n\x1a\n" + b"\0" * 64
    read = with_file("anh.png", "image/png", png, Extraction("image/png", texts=(Text(LETTER, read_by="ocr"),)))
    assert numbers(read) == ["815"]
    assert read.official.documents[0].read_by == "ocr"
    late = with_file("anh.png", "image/png", png, Extraction("image/png", reason="timeout"))
    assert set(unknown(late).values()) == {"timeout"}
    assert set(unknown(late)) == ALL


@pytest.mark.parametrize("reason", ["encrypted", "too_large", "too_deep", "bomb", "malformed", "crashed"])
def test_what_could_not_be_read_is_never_clean(reason: str) -> None:
    """Password archives, volumes of a split archive, bombs, broken files."""
    facts = with_file("ho-so.zip", "application/zip", b"PK\x03\x04...", Extraction("application/zip", reason=reason))  # type: ignore[arg-type]
    assert unknown(facts) == dict.fromkeys(ALL, reason)
    assert (facts.attachments[0].inspected, facts.attachments[0].reason) == (False, reason)


def test_an_unread_volume_inside_an_archive_leaves_the_facts_open() -> None:
    member = Member("phan.z01", 9, "0" * 64, Extraction("application/octet-stream", reason="malformed"))
    facts = with_file("a.zip", "application/zip", b"PK\x03\x04", Extraction("application/zip", members=(member,)))
    assert unknown(facts) == dict.fromkeys(ALL, "malformed")


def test_what_is_found_elsewhere_is_known_all_the_same() -> None:
    raw = mail(SECRET, files=[("a.zip", "application/zip", b"PK\x03\x04")])
    facts = facts_of(raw, extracted={"attachment:1": Extraction("application/zip", reason="encrypted")})
    assert set(unknown(facts)) == {"/forward"}
    assert (numbers(facts), facts.secrecy.level) == (["815"], "mat")


def test_an_encrypted_body_is_unknown() -> None:
    der = base64.b64encode(bytes.fromhex("3080060a2a864886f70d010703a0803080020100") + b"\0" * 40).decode()
    raw = (
        f"From: {OFFICIAL}\nTo: ban@gmail.com\nSubject: x\nMIME-Version: 1.0\n"
        "Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\n"
        f"Content-Transfer-Encoding: base64\n\n{der}\n"
    )
    facts = facts_of(
        raw.encode(), extracted={"attachment:1": Extraction("application/pkcs7-mime", reason="encrypted")}
    )
    assert unknown(facts) == dict.fromkeys(ALL, "encrypted")
    assert not facts.attachments[0].inspected


def test_a_renamed_file_is_known_by_its_content() -> None:
    facts = with_file(
        "anh-cuoi.jpg", "image/jpeg", b"%PDF-1.4\n%%EOF", Extraction("application/pdf", texts=(Text(LETTER),))
    )
    assert facts.attachments[0].type == "application/pdf"
    assert numbers(facts) == ["815"]


@pytest.mark.parametrize("quoted", ["", "> ", ">> "])
def test_pasted_text_is_a_document(quoted: str) -> None:
    text = "\n".join(quoted + line for line in LETTER.splitlines())
    assert numbers(facts_of(mail(f"Anh xem nhé:\n\n{text}\n"))) == ["815"]


def test_a_long_base64_block_in_the_text_is_said_to_be_there() -> None:
    block = base64.encodebytes(LETTER.encode() * 20).decode()
    facts = facts_of(mail(f"Giải mã giúp em:\n\n{block}\n"))
    assert "base64_in_text" in facts.defects


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("SYT", "SУT"),  # Cyrillic У
        ("Số:", "S\u200bố:"),
        ("CỘNG HÒA", "C\u200bỘ\u200bN\u200bG H\u2060ÒA"),
        ("Nơi nhận", "Nơi\u00adnhận"),
        ("/", "∕"),
        (" ", "\u00a0"),
    ],
)
def test_letters_of_other_scripts_and_without_width(old: str, new: str) -> None:
    assert facts_of(mail(LETTER.replace(old, new))).official.score >= 0.5


@pytest.mark.parametrize("mark", ["МẬТ", "M\u200bẬT", "M Ậ T", "MẬ\u00adT", "ＭẬＴ"])
def test_a_mark_with_foreign_letters_is_a_mark(mark: str) -> None:
    assert facts_of(mail(SECRET.replace("MẬT", mark))).secrecy.level == "mat"


@pytest.mark.parametrize(
    ("link", "family"),
    [
        ("https://drive.google.com/file/d/1/view", "google_drive"),
        ("https://1drv.ms/w/s!x", "onedrive"),
        ("https://www.fshare.vn/file/ABC", "fshare"),
    ],
)
def test_a_cloud_share_is_a_link(link: str, family: str) -> None:
    assert [(one.class_, one.family) for one in facts_of(mail(f"Tải ở đây: {link}")).links] == [
        ("file_share", family)
    ]


@pytest.mark.parametrize(
    "address", ["an.rieng77+viec@gmail.com", "anrieng77@googlemail.com", "A.N.R.ieng77@gmail.com"]
)
def test_tags_and_dots_do_not_hide_a_declared_mailbox(address: str) -> None:
    assert facts_of(mail("x", to=address), recipients=[address]).recipients[0].relation == "self_declared"


@pytest.mark.parametrize("domain", ["duck.com", "simplelogin.com", "mozmail.com", "privaterelay.appleid.com"])
def test_an_alias_service_is_a_relay(domain: str) -> None:
    assert facts_of(mail("x"), recipients=[f"abc@{domain}"]).recipients[0].class_ == "relay"


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("text/calendar", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDESCRIPTION:{}\nEND:VEVENT\nEND:VCALENDAR\n"),
        ("text/vcard", "BEGIN:VCARD\nNOTE:{}\nEND:VCARD\n"),
    ],
)
def test_a_calendar_and_a_business_card_are_read(kind: str, content: str) -> None:
    folded = content.format(LETTER.replace(",", "\\,").replace("\n", "\\n")).replace("ngày 05", "ngà\n y 05")
    facts = with_file("a.ics", kind, folded.encode(), Extraction(kind, texts=(Text(folded),)))
    assert numbers(facts) == ["815"]
    assert facts.official.documents[0].date == "2026-03-05"


def test_tnef_is_a_part_that_could_carry_text() -> None:
    raw = mail("x", files=[("winmail.dat", "application/ms-tnef", b"\x78\x9f\x3e\x22" + b"\0" * 40)])
    (part,) = facts_of(raw).attachments
    assert (part.type, part.inspected, part.could_carry_text) == ("application/ms-tnef", False, True)


def test_text_hidden_from_the_eye_in_html_is_said_to_be_there() -> None:
    markup = f"<p>Chào anh</p><div style='display:none'>{html.escape(LETTER)}</div>"
    raw = (
        f"From: {OFFICIAL}\nTo: ban@gmail.com\nMIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n"
        f"Content-Transfer-Encoding: 8bit\n\n{markup}\n"
    )
    assert "hidden_text" in facts_of(raw.encode()).defects


def test_utf8_encoded_twice_is_read() -> None:
    twice = "".join(
        bytes([octet]).decode("cp1252", "replace").replace("\ufffd", chr(octet)) for octet in LETTER.encode()
    )
    facts = facts_of(mail(twice))
    assert numbers(facts) == ["815"]
    assert "encoded_twice" in facts.defects


def test_a_piece_of_a_mail_is_never_clean() -> None:
    """RFC 2046 §5.2.2: one letter in three mails, none of which holds it."""
    raw = (
        f"From: {OFFICIAL}\nTo: ban@gmail.com\nMIME-Version: 1.0\n"
        "Content-Type: message/partial; id=a@b; number=2; total=3\n\nUEsDBBQABgAIAAAAIQ\n"
    )
    facts = facts_of(raw.encode(), extracted={"attachment:1": Extraction("text/plain")})
    assert (facts.attachments[0].inspected, facts.attachments[0].reason) == (False, "malformed")
    assert unknown(facts) == dict.fromkeys(ALL, "malformed")


def test_attachments_beyond_those_that_are_listed_are_told() -> None:
    members = tuple(Member(f"{number}.txt", 1, "0" * 64, Extraction("text/plain")) for number in range(1200))
    facts = with_file("a.zip", "application/zip", b"PK\x03\x04", Extraction("application/zip", members=members))
    assert len(facts.attachments) == 1000
    last = facts.attachments[-1]
    assert (last.inspected, last.reason, last.could_carry_text) == (False, "too_many", True)
    assert unknown(facts) == dict.fromkeys(ALL, "too_many")
    exactly = with_file(
        "a.zip", "application/zip", b"PK\x03\x04", Extraction("application/zip", members=members[:999])
    )
    assert exactly.attachments[-1].where == "attachment:1/999"
    assert unknown(exactly) == {}


DEEP = "--x\n" + "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(30))


@pytest.mark.parametrize(
    ("body", "reason"),
    [("--x\n\na\n" * 1500, "too_many"), (DEEP, "too_deep")],
)
def test_a_part_behind_the_limits_of_the_parser_leaves_the_facts_open(body: str, reason: str) -> None:
    raw = (
        f"From: {OFFICIAL}\nTo: ban@gmail.com\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n{body}"
    )
    assert unknown(facts_of(raw.encode())) == dict.fromkeys(ALL, reason)
    outer = raw.replace("From:", "Content-Type: message/rfc822\n\nFrom:", 1)
    assert (
        unknown(facts_of(f"From: {OFFICIAL}\nTo: ban@gmail.com\nSubject: x\n{outer}".encode())).items()
        >= {"/official": reason}.items()
    )
