"""Sample messages as different clients and broken mailers write them, and what must be read out of each."""

from __future__ import annotations

import base64
import binascii
import hashlib
from pathlib import Path

import pytest

from vanthu.mail.limits import MailLimits
from vanthu.mail.message import Message
from vanthu.mail.parse import parse

_SAMPLES = Path(__file__).parent / "samples"
_LETTER = "Kính gửi: Các phòng, ban.\n\nĐề nghị các đơn vị báo cáo trước ngày 15/3.\n\nTrân trọng.\n"
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _read(name: str) -> Message:
    return parse((_SAMPLES / f"{name}.eml").read_bytes())


def _leaves(message: Message) -> list[tuple[str, str | None, str]]:
    found: list[tuple[str, str | None, str]] = []
    for attachment in message.attachments:
        found.append((attachment.where, attachment.name, attachment.type))
        if attachment.message:
            found += _leaves(attachment.message)
    return found


def test_every_sample_is_named_in_a_test() -> None:
    source = Path(__file__).read_text("utf-8")
    assert not [file.stem for file in _SAMPLES.glob("*.eml") if f'"{file.stem}"' not in source]


@pytest.mark.parametrize(
    ("name", "subject"),
    [
        ("subject-split-characters", "Bấo cáo tháng"),
        ("subject-blanks-inside", "Báo cáo tháng 9 năm"),
        ("subject-raw-utf8", "Báo cáo công tác"),
        ("subject-raw-1258", "Công văn số 15 gửi Sở Y tế"),
        ("subject-cut-base64", "Báo cáo công tác năm"),
        ("subject-no-padding", "Báo cáo năm 2026"),
        ("subject-quoted-language", "a =?nonsense"),
        ("header-nul-and-folds", "mothai ba  bon"),
        ("charset-unknown", "Báo cáo"),
        ("charset-gb2312", "会议纪要"),
        ("charset-iso2022jp", "会議の議事録"),
        ("text-nfd", "Báo cáo tuần"),
        ("legacy-tcvn3", "Công văn số 15 của Sở Y tế"),
        ("outlook-forward", "FW: V/v báo cáo"),
        ("plain-empty", ""),
    ],
)
def test_subject(name: str, subject: str) -> None:
    assert _read(name).subject == subject


def test_names_in_quotes_are_decoded() -> None:
    assert _read("subject-quoted-language").first("from") == '"Nguyễn" <a@x.vn>'


@pytest.mark.parametrize(
    ("name", "texts"),
    [
        ("zimbra-alternative", [_LETTER, _LETTER.strip().replace(".\n\nTrân", ".\nTrân")]),
        ("apple-mail-inline", ["Trước ảnh", "Sau ảnh"]),
        ("charset-1258", ["Đề nghị các đơn vị báo cáo\n"]),
        ("charset-missing-1258", ["Đề nghị các đơn vị báo cáo trước ngày mai\n"]),
        ("charset-lies-latin1", [_LETTER]),
        ("charset-lies-utf8", ["Sehr geehrte Damen und Herren, für die Übersendung danken wir. Schöne Grüße"]),
        ("charset-unknown", [_LETTER]),
        ("charset-utf16", [_LETTER]),
        ("charset-utf16-unmarked", ["So: 15/UBND-VX, bao cao cong tac"]),
        ("charset-utf7", ["Báo cáo tháng\n"]),
        ("charset-gb2312", ["各位同事，附件是会议纪要。"]),
        ("charset-iso2022jp", ["お世話になっております。"]),
        ("charset-koi8r-undeclared", ["Уважаемые коллеги, направляем вам протокол совещания рабочей группы."]),
        ("charset-html-meta", ["Уважаемые коллеги"]),
        ("text-nfd", [_LETTER]),
        ("mbox-from-line", ["than\n"]),
        ("no-blank-line", ["Day la than thu ngay lap tuc\nva dong hai\n"]),
        ("cr-only", ["dong mot\ndong hai\n"]),
        ("lf-only", ["mot"]),
        ("boundary-missing", ["mot"]),
        ("boundary-wrong", ["mot"]),
        ("boundary-nowhere", ["chi co chu\n"]),
        ("boundary-unterminated", ["mot", "hai"]),
        ("boundary-prefix", ["mot", "mot", "hai"]),
        ("content-type-bad", ["chu\n"]),
        ("base64-broken", ["Báo cáo năm"]),
        ("roundcube-qp-flowed", ["Đây là dòng bị ngắt\n> > sâuhai\n> một\n"]),
        ("thunderbird-attachment-rfc2231", ["Đây là một dòng dài được bẻ làm hai.\n-- \nAn"]),
        ("plain-empty", [""]),
        ("message-partial", []),
        ("external-body", []),
        ("body-is-pdf", []),
        ("smime-opaque", ["Nội dung đã ký"]),
        ("smime-opaque-streamed", ["Nội dung đã ký"]),
        ("smime-encrypted", []),
        ("digest", []),
    ],
)
def test_bodies(name: str, texts: list[str]) -> None:
    message = _read(name)
    assert [body.text for body in message.bodies] == texts
    assert all(body.where == "body" for body in message.bodies)


@pytest.mark.parametrize(
    ("name", "line"),
    [
        (
            "zimbra-forward",
            "-" * 40 + '\nTừ: "Văn thư" <vanthu@example.gov.vn>\nTới: annv@soyte.example.gov.vn\nĐã gửi: Thứ Hai',
        ),
        (
            "outlook-forward",
            "-" * 40 + "\nFrom: Văn thư <vanthu@example.gov.vn>\nSent: Monday, September 28, 2026 9:00 AM\nTo: ",
        ),
        ("gmail-reply", "đã viết:\n> Kính gửi chị,\n> xin xem văn bản."),
        (
            "html-letterhead",
            "UBND TỈNH QUẢNG NGÃI\nSỞ Y TẾ\nSố: 15/SYT-VP\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập",
        ),
        ("html-letterhead", "STT\tĐơn vị\tSố lượng\n1\tVăn phòng\t12"),
        ("html-hidden", "Chào anh,\nTiêu đề xanh\nhết"),
        ("legacy-tcvn3", "Độc lập - Tự do - Hạnh phúc\nKính gửi: ủy ban nhân dân các huyện\nTỐI MẬT\n"),
        ("legacy-vni-html", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\nMẬT"),
        ("legacy-viqr", "Độc lập - Tự do - Hạnh phúc\nGửi anh An: an@x.vn. Xem http://x.vn/a?b.\n"),
    ],
)
def test_text_shows(name: str, line: str) -> None:
    assert line in _read(name).bodies[-1].text


def test_hidden_text_is_collected() -> None:
    assert _read("html-hidden").bodies[0].hidden == "MẬT ẩn một trắng hai ba bốn"


@pytest.mark.parametrize(
    ("name", "leaves"),
    [
        ("thunderbird-attachment-rfc2231", [("attachment:1", "Công văn số 15.docx", _DOCX)]),
        ("apple-mail-inline", [("attachment:1", "quyết định.png", "image/png")]),
        (
            "renamed-document",
            [
                ("attachment:1", "anh.jpg", _DOCX),
                ("attachment:2", "x.bin", "application/vnd.oasis.opendocument.text"),
                ("attachment:3", "y.txt", "application/pdf"),
            ],
        ),
        (
            "attached-forward",
            [
                ("attachment:1", "Thư gốc.eml", "message/rfc822"),
                ("attachment:1/1", "1017.signed.pdf", "application/pdf"),
                ("attachment:2", "logo.png", "image/png"),
            ],
        ),
        (
            "attached-forward-base64",
            [
                ("attachment:1", None, "message/rfc822"),
                ("attachment:1/1", "1017.signed.pdf", "application/pdf"),
                ("attachment:2", "cu.eml", "message/rfc822"),
                ("attachment:2/1", "1017.signed.pdf", "application/pdf"),
            ],
        ),
        (
            "forward-in-forward",
            [
                ("attachment:1", None, "message/rfc822"),
                ("attachment:1/1", None, "message/rfc822"),
                ("attachment:1/1/1", "a.png", "image/png"),
            ],
        ),
        ("digest", [("attachment:1", None, "message/rfc822"), ("attachment:2", None, "message/rfc822")]),
        (
            "bounce",
            [("attachment:1", None, "message/delivery-status"), ("attachment:2", None, "text/rfc822-headers")],
        ),
        ("boundary-missing", [("attachment:1", "a.pdf", "application/pdf")]),
        ("body-is-pdf", [("attachment:1", None, "application/pdf")]),
        ("smime-detached", [("attachment:1", "smime.p7s", "application/pkcs7-signature")]),
        (
            "pgp-encrypted",
            [
                ("attachment:1", None, "application/pgp-encrypted"),
                ("attachment:2", "encrypted.asc", "application/pgp-encrypted"),
            ],
        ),
        (
            "smime-opaque",
            [("attachment:1", "a.png", "image/png"), ("attachment:2", "smime.p7m", "application/pkcs7-mime")],
        ),
        ("smime-encrypted", [("attachment:1", "smime.p7m", "application/pkcs7-mime")]),
        ("calendar", [("attachment:1", None, "text/calendar")]),
        (
            "winmail",
            [("attachment:1", "winmail.dat", "application/ms-tnef"), ("attachment:2", "danhba.vcf", "text/vcard")],
        ),
        ("message-partial", [("attachment:1", None, "message/partial")]),
        ("external-body", [("attachment:1", None, "message/external-body")]),
        ("subject-raw-utf8", []),
    ],
)
def test_attachments(name: str, leaves: list[tuple[str, str | None, str]]) -> None:
    assert _leaves(_read(name)) == leaves


def test_a_nested_message_has_its_own_bodies() -> None:
    nested = _read("forward-in-forward").attachments[0].message
    assert nested is not None
    assert (nested.subject, nested.bodies) == ("hai", ())
    inmost = nested.attachments[0].message
    assert inmost is not None
    assert [(body.where, body.text) for body in inmost.bodies] == [("attachment:1/1", "sau cùng")]


def test_an_attachment_keeps_content_hash_and_place() -> None:
    picture = _read("apple-mail-inline").attachments[0]
    assert picture.inline
    assert picture.declared == "image/png"
    assert picture.sha256 == hashlib.sha256(picture.content).hexdigest()
    assert not _read("renamed-document").attachments[0].inline


@pytest.mark.parametrize(
    ("name", "defects"),
    [
        ("zimbra-alternative", ()),
        ("zimbra-forward", ()),
        ("outlook-forward", ()),
        ("gmail-reply", ()),
        ("attached-forward", ()),
        ("lf-only", ()),
        ("calendar", ()),
        ("bounce", ()),
        ("digest", ()),
        ("plain-empty", ()),
        ("boundary-prefix", ()),
        ("boundary-missing", ("missing_boundary",)),
        ("boundary-wrong", ("wrong_boundary",)),
        ("boundary-nowhere", ("boundary_not_found",)),
        ("boundary-unterminated", ("unterminated_multipart",)),
        ("content-type-bad", ("bad_content_type",)),
        ("body-is-pdf", ("lying_type",)),
        ("base64-broken", ("bad_base64",)),
        ("cr-only", ("bare_cr",)),
        ("no-blank-line", ("missing_header_end",)),
        ("charset-lies-latin1", ("charset_mismatch",)),
        ("charset-lies-utf8", ("charset_mismatch",)),
        ("charset-unknown", ("unknown_charset",)),
        ("charset-1258", ()),
        ("legacy-tcvn3", ("legacy_tcvn3",)),
        ("legacy-vni-html", ("legacy_vni",)),
        ("legacy-viqr", ("legacy_viqr",)),
        ("html-hidden", ("hidden_text",)),
        ("uuencode-in-text", ("uuencode",)),
        ("base64-in-text", ("base64_in_text",)),
        ("message-partial", ("message_partial",)),
        ("external-body", ("external_body",)),
    ],
)
def test_defects(name: str, defects: tuple[str, ...]) -> None:
    assert _read(name).defects == defects


def test_the_original_of_a_field_is_kept() -> None:
    message = parse(b"X-Odd\t: a\r\n b\r\nx-ODD: =?utf-8?q?=C3=A1?=\r\n\r\n")
    assert [(field.name, field.value, field.raw) for field in message.fields] == [
        ("X-Odd", "a b", b" a\r\n b\r\n"),
        ("x-ODD", "á", b" =?utf-8?q?=C3=A1?=\r\n"),
    ]
    assert message.every("X-ODD") == ("a b", "á")


def test_total_text_is_limited() -> None:
    raw = b"Content-Type: multipart/mixed; boundary=b\n\n" + (b"--b\n\n" + b"x" * 1000 + b"\n") * 10 + b"--b--\n"
    message = parse(raw, MailLimits(max_total_text=2500))
    assert sum(len(body.text) for body in message.bodies) == 2500
    assert message.defects == ("text_truncated",)


def test_every_defect_is_documented() -> None:
    import vanthu.mail.parse as module

    assert module.__doc__
    for file in _SAMPLES.glob("*.eml"):
        for defect in parse(file.read_bytes()).defects:
            assert f"``{defect}``" in module.__doc__


def test_a_file_in_a_text_is_an_attachment() -> None:
    data = b"%PDF-1.4 " + bytes(range(100))
    block = b"begin 644 cong van.pdf\n" + b"".join(
        binascii.b2a_uu(data[at : at + 45]) for at in range(0, len(data), 45)
    )
    message = parse(b"Subject: x\n\nXem kem\n\n" + block + b"`\nend\n")
    (one,) = message.attachments
    assert (one.name, one.type, one.content) == ("cong van.pdf", "application/pdf", data)
    assert message.defects == ("uuencode",)


_LETTER = "SỞ Y TẾ\nSố: 815/SYT-NVY\nKính gửi: Các đơn vị trực thuộc, đề nghị báo cáo số liệu.\n"
_TEXT = b"Content-Type: text/plain; charset=utf-8\n"


@pytest.mark.parametrize("charset", [b"utf-8", b"us-ascii", b"iso-8859-1"])
def test_a_note_in_the_clear_below_base64_spoils_no_charset(charset: bytes) -> None:
    head = b"Content-Type: text/plain; charset=%s\nContent-Transfer-Encoding: base64\n\n" % charset
    long = _LETTER * 4
    note = b"-- \nThis mail was scanned for viruses by the gateway\n"
    (body,) = parse(head + base64.encodebytes(long.encode()) + note).bodies
    assert body.text.startswith(long)


def test_damaged_utf8_is_still_what_it_says() -> None:
    damaged = _LETTER.encode().replace(b"/", b"\xff\xfe\xff/") + b"\xe9\xe8 \xe0 \xf4 " * 3
    (body,) = parse(_TEXT + b"\n" + damaged).bodies
    assert "Kính gửi: Các đơn vị" in body.text


@pytest.mark.parametrize(
    "mechanism", [b"quoted-printable (by hand)", b"(so) Quoted-Printable", b'"quoted-printable"; x=y']
)
def test_a_comment_beside_the_transfer_encoding(mechanism: bytes) -> None:
    (body,) = parse(_TEXT + b"Content-Transfer-Encoding: " + mechanism + b"\n\nV/v b=C3=A1o c=C3=A1o\n").bodies
    assert body.text == "V/v báo cáo\n"


@pytest.mark.parametrize(
    "opening", ["<html><body>", "\n <!DOCTYPE html>\n<html>", "\ufeff<HTML lang=vi><head></head>"]
)
def test_a_page_that_calls_itself_plain_text(opening: str) -> None:
    page = f"{opening}<p>Số: 815/SYT-NVY<p>V/v báo cáo<div style='display:none'>ẩn</div>"
    message = parse(_TEXT + b"\n" + page.encode())
    (body,) = message.bodies
    # Who sees the source sees what the page hides, too.
    assert [line for line in body.text.split("\n") if line] == ["Số: 815/SYT-NVY", "V/v báo cáo", "ẩn"]
    assert (body.kind, body.hidden, message.defects) == ("html", "", ("lying_type",))


@pytest.mark.parametrize(
    "text", ["<htmlarea> là gì?", "Thẻ <html> mở đầu một trang", "<an@x.gov.vn> viết:", "<p>đoạn</p>"]
)
def test_text_about_markup_is_text(text: str) -> None:
    (body,) = parse(_TEXT + b"\n" + text.encode()).bodies
    assert (body.kind, body.text) == ("plain", text)
