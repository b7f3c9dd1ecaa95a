"""Mail: whole messages, header fields, transfer encodings and charsets, HTML, text from before Unicode."""

from __future__ import annotations

import unicodedata
from pathlib import Path

from facts.samples_house import mail
from facts.test_honest_work import LETTER
from fuzz.target import Target, is_text, text_of
from vanthu.mail import address, headers, multipart, transfer
from vanthu.mail.blocks import noted
from vanthu.mail.charsets import decode_bytes, guess
from vanthu.mail.encoded_words import decode_value
from vanthu.mail.flowed import unwrap
from vanthu.mail.html import html_charset, to_text
from vanthu.mail.html_style import effects
from vanthu.mail.html_tokens import tokens, unescaped
from vanthu.mail.limits import MailLimits
from vanthu.mail.message import Message
from vanthu.mail.parameters import parse_value
from vanthu.mail.parse import parse
from vanthu.vietnamese.legacy import decode_viscii, to_unicode
from vanthu.vietnamese.text import fold, strip_diacritics

SAMPLES = Path(__file__).resolve().parents[2] / "mail" / "samples"
LIMITS = MailLimits(
    max_parts=40, max_depth=6, max_header_bytes=8000, max_fields=60, max_text=8000, max_total_text=20_000,
    max_attachments=20,
)  # fmt: skip
_ENCODINGS = ("", "base64", "quoted-printable", "x-uuencode", "x-nothing")


def _mail(data: bytes) -> None:
    message = parse(data, LIMITS)
    assert message.size == len(data)
    places: list[str] = []
    characters, attachments = _message(message, places)
    assert characters <= 2 * LIMITS.max_total_text, "a text and its source are both bounded"
    assert attachments <= LIMITS.max_attachments
    assert len(places) == len(set(places)), "every attachment has its own place"
    message.text.encode("utf-8")


def _message(message: Message, places: list[str]) -> tuple[int, int]:
    """Characters and attachments of a message and of those nested in it."""
    assert len(message.fields) <= LIMITS.max_fields
    for field in message.fields:
        is_text(field.name, field.value)
        assert not set("\r\n\0").intersection(field.value)
    for body in message.bodies:
        is_text(body.text, body.hidden, body.markup)
        assert not set("\r\0").intersection(body.text)
    characters, attachments = sum(len(body.text) for body in message.bodies), len(message.attachments)
    for part in message.attachments:
        is_text(part.name, part.type, part.declared)
        places.append(part.where)
        if part.message is not None:
            more, below = _message(part.message, places)
            characters, attachments = characters + more, attachments + below
    return characters, attachments


def _header(data: bytes) -> None:
    """One value in every reading, a header section, and where its parts would stand."""
    value = decode_value(data)
    is_text(value)
    assert not set("\r\n\0").intersection(value)
    kind, parameters = parse_value(data)
    is_text(kind, *parameters, *parameters.values())
    for name, found in address.addresses(value):
        is_text(name, found)
        key = address.key(address.clean(found))
        assert address.key(key) == key, "a key is the key of itself"
    fields, at, _ = headers.split(data, 0, len(data), 4000, 50)
    assert 0 <= at <= len(data)
    assert len(fields) <= 50
    headers.decoded(fields)
    spans, _ = multipart.parts(data, at, len(data), parameters.get("boundary", "b").encode(), 30)
    ends = [at, *(place for span in spans for place in span), len(data)]
    assert ends == sorted(ends), "parts stand one behind the other, inside"
    assert len(spans) <= 30


def _decode(data: bytes) -> None:
    """The first line names a charset; the rest is its octets."""
    declared, _, rest = data.partition(b"\n")
    for encoding in _ENCODINGS:
        octets, _ = transfer.decode(rest, encoding)
        assert len(octets) <= len(rest) + 64
    text, _ = decode_bytes(rest, declared[:100].decode("latin-1"))
    is_text(text, guess(rest)[0], html_charset(rest))
    noted(text)
    for delete_space in (False, True):
        assert len(unwrap(text, delete_space)) <= 2 * len(text) + 2


def _html(data: bytes) -> None:
    markup = text_of(data)
    made = to_text(markup, 1000)
    assert len(made.text) <= 1100
    is_text(made.text, made.hidden)
    effects(markup)
    assert sum(1 for _ in tokens(markup)) <= len(markup) + 1
    assert len(unescaped(markup)) <= 2 * len(markup)


def _legacy(data: bytes) -> None:
    for given in (data.decode("latin-1"), text_of(data), decode_viscii(data)):
        made, _ = to_unicode(given)
        is_text(made)
        assert unicodedata.is_normalized("NFC", made)
        plain = fold(made)
        assert fold(plain) == plain, "folding what is folded changes nothing"
        assert len(strip_diacritics(plain)) == len(unicodedata.normalize("NFC", plain))


TARGETS = {
    "mail": Target(
        _mail,
        (
            mail(LETTER, subject="V/v báo cáo"),
            mail("x", files=[("a.eml", "application/octet-stream", mail("trong", subject="y"))]),
            *(path.read_bytes() for path in sorted(SAMPLES.glob("*.eml")) if path.stat().st_size < 8000),
        ),
        (
            "Content-Type: ", "multipart/mixed", "multipart/alternative", "message/rfc822", "message/partial",
            "boundary=", "--b", "=?utf-8?q?", "?=", "Content-Transfer-Encoding: ", "base64", "quoted-printable",
            "charset*0*=", "utf-7", "format=flowed; delsp=yes", "application/pkcs7-mime", "application/ms-tnef",
            "begin 644 a", "=ybegin line=128", "text/html", "text/calendar", "filename=",
        ),
    ),
    "header": Target(
        _header,
        (
            b"=?utf-8?b?TeG6rFQ=?= =?utf-8?q?M=E1=BA=ACT?=",
            b"attachment; filename*0*=UTF-8''C%C3%B4ng%20; filename*1*=v%C4%83n; filename*2=.docx; size=3",
            b'multipart/mixed; boundary="b"; charset=utf-8\nA: b\n\n'
            b"--b\nContent-Type: text/plain\n\nx\n--b\n\ny\n--b--",
            b'"An, Nguy\xe1\xbb\x85n" <an@x.gov.vn>, nhom: <@r1,@r2:b@y.vn> (chu thich), '
            b"=?utf-8?q?c?= <c@z.vn>;, d@\xc3\xa9.vn",
            *(path.read_bytes()[:1500] for path in sorted(SAMPLES.glob("subject-*.eml"))),
        ),
        (
            "=?utf-8?b?", "=?iso-2022-jp?B?", "=?x*vi?q?", "?=", "=?", "\r\n ", "name*0*=", "name*1=", "''", "%C3",
            "boundary=", "--b", "--b--", '"', "\\", "(", ")", "<", ">", "@", ":", ";", "From ", "xn--",
        ),
    ),
    "decode": Target(
        _decode,
        (
            b"windows-1258\nC\xf4ng h\xf2a x\xe3 h\xf4\xf2i",
            b"iso-2022-jp\n\x1b$B$3$s$K$A$O\x1b(B",
            b"utf-7\nM+Hqw-T",
            b"utf-16\n\xff\xfeM\x00\xac\x1eT\x00",
            b"base64\nTeG6rFQ=\nTeG6rFQ=",
            "utf-8\nCá»™ng hÃ²a xÃ£ há»™i".encode(),
            b"x\nbegin 644 a.txt\n#86)C\n`\nend\n",
            b"gb18030\n\xb9\xab\xce\xc4\n> a \n>> b \nc=20=\nd=E1=BA=AC",
            b"hz\n~{<:Ky2;~}\n=ybegin line=128 size=3 name=a\n",
            b"viscii\n\xb5\xd5\xde <meta charset=windows-1258>",
            *(path.read_bytes() for path in sorted(SAMPLES.glob("charset-*.eml"))),
        ),
        (
            "utf-8", "utf-7", "utf-16", "utf-32", "iso-2022-kr", "hz", "cp1252", "viscii", "euc-kr", "shift_jis",
            "big5", "koi8-r", "punycode", "zip", "unknown-8bit", "\n", "> ", "=\n", "=3D", "begin 644 a\n", "====",
            b"\xff\xfe", b"\x1b$B", b"\x00",
        ),
    ),
    "html": Target(
        _html,
        (
            b"<table><tr><td style='display:none'>a<td>b</table><blockquote>c",
            b"<!--<p>-->&#x111;<![CDATA[x]]><script>y</script><style>z{}</style>",
            b"<div style='font-size:0'>an</div><pre>\n a\n  b</pre><ol><li>x<li>y</ol><a href=q>r</a><br>",
            *(path.read_bytes() for path in sorted(SAMPLES.glob("*html*.eml"))),
        ),
        (
            "<table>", "<tr>", "<td>", "</table>", "<blockquote>", "</blockquote>", "<!--", "-->", "<![CDATA[", "&#x",
            "&amp;", " style='display:none'", "font-size:0", "color:#fff", " hidden", "<script>", "</", "<pre>",
            "<li>",
            "class=gmail_quote", "<textarea>", "<title>",
        ),
    ),
    "legacy": Target(
        _legacy,
        (
            "Céng hßa x· héi chñ nghÜa ViÖt Nam §éc lËp Tù do H¹nh phóc".encode("latin-1"),
            "COÄNG HOØA XAÕ HOÄI CHUÛ NGHÓA VIEÄT NAM".encode(),
            b"Co^.ng ho`a xa~ ho^.i chu? nghi~a Vie^.t Nam DDo^.c la^.p",
            "Cá»™ng hÃ²a HOÀ hòan ПОЛ ａｂ\u200bc\u2011d".encode(),
            LETTER.encode(),
        ),
        ("§", "µ", "\u0323", "\u00ad", "\u200b", "ﬀ", "İ", "ŉ", "Ð", "oà", "uỷ"),
    ),
}  # fmt: skip
