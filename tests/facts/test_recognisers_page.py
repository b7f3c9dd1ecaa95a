"""docs/recognisers.md is what the docstrings say, and says of every recogniser what it cannot see."""

from __future__ import annotations

import importlib.util
from datetime import UTC, datetime
from pathlib import Path

import pytest

import vanthu.facts
from facts.samples_house import facts_of, house, mail
from facts.test_honest_work import LETTER
from vanthu.facts.forwards.automatic import automatic
from vanthu.facts.forwards.subject import prefix
from vanthu.facts.official import recognise as official
from vanthu.facts.reading import Reading
from vanthu.facts.secrecy import recognise as secrecy
from vanthu.mail.envelope import Envelope, Origin, Recipient
from vanthu.mail.mended import undoubled
from vanthu.mail.message import HeaderField
from vanthu.mail.parse import parse
from vanthu.providers.lookalike import Lookalikes
from vanthu.vietnamese.legacy import to_unicode

SCRIPT = Path(__file__).resolve().parents[2] / "docs" / "recognisers.py"
_spec = importlib.util.spec_from_file_location("recognisers_page", SCRIPT)
assert _spec is not None
assert _spec.loader is not None
recognisers = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(recognisers)


def test_the_page_is_written_from_the_docstrings() -> None:
    assert recognisers.PAGE.read_text("utf-8") == recognisers.page(), "run: python docs/recognisers.py"


@pytest.mark.parametrize("name", [name for _, name in recognisers.MODULES])
def test_each_says_what_it_cannot_see(name: str) -> None:
    docstring = importlib.import_module(name).__doc__ or ""
    assert "Not seen:" in docstring or "Not found:" in docstring


def test_no_room_of_facts_is_forgotten() -> None:
    """A new package beside ``official`` and ``secrecy`` has its section."""
    rooms = {path.name for path in Path(vanthu.facts.__path__[0]).iterdir() if (path / "__init__.py").exists()}
    assert rooms <= {"official", "secrecy", "forwards"}


MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n"
DECREE = (
    "Số: 30/2020/NĐ-CP\nHà Nội, ngày 05 tháng 3 năm 2020\nNGHỊ ĐỊNH\nVề công tác văn thư\n"
    "Căn cứ Luật A;\nCăn cứ Luật B;\nĐiều 1. Phạm vi"
)


@pytest.mark.parametrize(
    ("where", "text", "low", "high", "stage"),
    [
        ("body", LETTER, 0.99, 1, "issued"),
        ("body", LETTER.replace("Số: 815/", "Số:      /"), 0.9, 1, "draft"),
        ("body", DECREE, 0.9, 1, "legal"),
        ("filename", "1017_UBND-VX.signed.pdf", 0.7, 0.7, "issued"),
        ("body", LETTER.replace("Số: 815/", "Số: 8I5J/"), 0.99, 1, "issued"),
        ("body", DECREE.replace("30/2020/NĐ-CP", "45/2026/QĐST-HNGĐ"), 0.9, 1, "issued"),
        (
            "body",
            LETTER.replace("SỞ Y TẾ", "CÔNG TY CỔ PHẦN SAO BIỂN").replace("UBND TỈNH", "TẬP ĐOÀN"),
            0.9,
            1,
            "issued",
        ),
        ("body", MOTTO + "Số: ……/XN-……\nKính gửi: ………\nHọ và tên: ………", 0, 0.01, None),
        ("filename", "1-CV-NguyenVanAn.pdf", 0, 0.49, None),
        ("filename", "2026-KH-SYT.docx", 0, 0.49, None),
        ("body", "Theo công văn 1017/UBND-VX ngày 26/3/2014, đề nghị anh xem.", 0, 0, None),
        ("body", MOTTO + "ĐƠN XIN VIỆC\nKính gửi: Sở A\nTôi tên là B", 0, 0.01, None),
        ("body", MOTTO + "HỢP ĐỒNG\nSố: 12/2026/HĐKT\nBên A: x\nBên B: y", 0, 0.49, None),
    ],
)
def test_examples_of_official_documents(where: str, text: str, low: float, high: float, stage: str | None) -> None:
    found = official([Reading(where, text)], agency_named=lambda _: None, sender_agency=None, signed=frozenset())
    assert low <= found.score <= high
    assert [one.stage for one in found.documents] == ([stage] if stage else [])


@pytest.mark.parametrize(
    ("where", "text", "score"),
    [
        ("body", LETTER.replace("\nKính", "\nMẬT\n\nKính"), 0.98),
        ("body", LETTER.replace("\nKính", "\nM Ậ T\n\nKính"), 0.98),
        ("body", LETTER.replace("\nKính", "\nMAT\n\nKính"), 0.8),
        ("body", LETTER.replace("\nKính", "\nTUYỆI MAT\n\nKính"), 0.8),
        ("body", LETTER.replace("\nKính", "\nTỐ'I MẬT\n\nKính"), 0.8),
        ("body", "MẬT\n\nNội dung như đã trao đổi.", 0.6),
        ("body", "MAT\n\nNội dung như đã trao đổi.", 0.0),
        ("body", "Độ mật: Mật", 0.92),
        ("subject", "[MẬT] báo cáo", 0.95),
        ("filename", "MẬT - kế hoạch.docx", 0.85),
        ("body", "Kính gửi\nTUYỆT MẬT\nTỐI MẬT\nMẬT\n", 0.0),
        ("body", "trừ các văn bản, tài liệu mật\nBẢO MẬT\nMẬT KHẨU\nMẬT ONG", 0.0),
    ],
)
def test_examples_of_marks(where: str, text: str, score: float) -> None:
    assert secrecy([Reading(where, text)], ()).score == score


@pytest.mark.parametrize(
    ("domain", "imitates"),
    [
        ("qu\u0430ngngai.gov.vn", True),
        ("quangngai-gov.vn", True),
        ("quangngaigov.vn", True),
        ("quangngai.gov.vn.example.com", True),
        ("quangngai.com.vn", False),
        ("baoquangngai.vn", False),
        ("quangngia.gov.vn", False),
        ("quangngai.org.vn", False),
    ],
)
def test_examples_of_lookalikes(domain: str, imitates: bool) -> None:
    assert (Lookalikes(["quangngai.gov.vn"]).find(domain) is not None) == imitates


@pytest.mark.parametrize(
    ("address", "class_"),
    [
        ("a@gmail.com", "public"),
        ("a@ymail.com", "public"),
        ("a@icloud.com", "public"),
        ("a@hcm.vnn.vn", "isp"),
        ("a@duck.com", "relay"),
        ("a@mozmail.com", "relay"),
        ("a@googlegroups.com", "list"),
        ("a@soyte.hathanh.gov.vn", "official"),
        ("a@notgmail.com", "other"),
        ("a@gmail.com.evil.example", "other"),
        ("a@truong.edu.vn", "other"),
    ],
)
def test_examples_of_classes(address: str, class_: str) -> None:
    assert house().class_of(address) == class_


@pytest.mark.parametrize(
    ("text", "families"),
    [
        ("https://drive.google.com/file/d/1", ["google_drive"]),
        ('<a href="https://x-my.sharepoint.com/a">tài liệu</a>', ["sharepoint"]),
        ("https://drive.google.com.evil.example/x", []),
        ("https://hathanh.gov.vn/van-ban", []),
    ],
)
def test_examples_of_links(text: str, families: list[str]) -> None:
    assert [link.family for link in facts_of(mail(text)).links] == families


@pytest.mark.parametrize(
    ("name", "value", "level", "score"),
    [
        ("MSIP_Labels", "MSIP_Label_1_Enabled=true; MSIP_Label_1_Name=Confidential\\Tối mật", "toi_mat", 0.95),
        ("X-Do-Mat", "Mật", "mat", 0.92),
        ("Sensitivity", "Company-Confidential", None, 0.1),
        ("Sensitivity", "Private", None, 0.0),
        ("MSIP_Labels", "MSIP_Label_1_Name=Public", None, 0.0),
        ("MSIP_Labels", "MSIP_Label_1_Name=Nội bộ", None, 0.0),
    ],
)
def test_examples_of_labels(name: str, value: str, level: str | None, score: float) -> None:
    found = secrecy([], [HeaderField(name, value, b"")])
    assert (found.level, found.score) == (level, score)


@pytest.mark.parametrize(
    ("text", "unicode"),
    [
        ("Céng hßa x· héi chñ nghÜa ViÖt Nam", "Cộng hòa xã hội chủ nghĩa Việt Nam"),
        ("Coäng hoøa xaõ hoäi", "Cộng hòa xã hội"),
        ("Co^.ng ho`a xa~ ho^.i chu? nghi~a Vie^.t Nam", "Cộng hòa xã hội chủ nghĩa Việt Nam"),
        ("Gérard a été élu à l'Assemblée", "Gérard a été élu à l'Assemblée"),
    ],
)
def test_examples_of_older_encodings(text: str, unicode: str) -> None:
    assert to_unicode(text)[0] == unicode


@pytest.mark.parametrize(
    ("subject", "said"),
    [
        ("Fwd: báo cáo", "forward"),
        ("Chuyển tiếp: báo cáo", "forward"),
        ("WG: Bericht", "forward"),
        ("[vp] Fwd: báo cáo", "forward"),
        ("Báo cáo (fwd)", "forward"),
        ("Fwd: Re: báo cáo", "forward"),
        ("Re: Fwd: báo cáo", "reply"),
        ("Re[2]: báo cáo", "reply"),
        ("Trả lời: báo cáo", "reply"),
        ("VS: báo cáo", "either"),
        ("TR: báo cáo", "either"),
        ("Báo cáo: quý 3", "none"),
        ("Forward planning 2026", "none"),
        ("Fwd báo cáo", "none"),
    ],
)
def test_examples_of_prefixes(subject: str, said: str) -> None:
    assert prefix(subject) == said


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Cá»™ng hÃ²a xÃ£ há»™i", "Cộng hòa xã hội"),
        ("Cộng hòa, không phải Cá»™ng hÃ²a", "Cộng hòa, không phải Cá»™ng hÃ²a"),
        ("Não há informações", "Não há informações"),
    ],
)
def test_examples_of_text_encoded_twice(text: str, read: str) -> None:
    assert undoubled(text) == read


_OURS = b"Received: from a by mail.x.gov.vn with ESMTP; Mon, 28 Sep 2026 10:00:00 +0700\r\n"
_THEIRS = _OURS.replace(b"mail.x.gov.vn", b"mx.q.org")
_SIEVE = b"X-Sieve-Redirected-From: an@x.gov.vn\r\n"
_LIST = b"List-Id: <a.x.gov.vn>\r\n"
_SRS = "SRS0=abcd=XY=z.org=b@mail.x.gov.vn"


@pytest.mark.parametrize(
    ("head", "sender", "orcpt", "origin", "score", "by"),
    [
        (_SIEVE + _OURS, "b@z.org", None, "trusted", 0.98, "an@x.gov.vn"),
        (b"", _SRS, None, "trusted", 0.9, None),
        (b"", "b@z.org", "rfc822;an@x.gov.vn", "trusted", 0.9, "an@x.gov.vn"),
        (_THEIRS + _SIEVE, "b@z.org", None, "trusted", 0.2, None),
        (_SIEVE + _OURS, "b@z.org", None, "outside", 0.2, None),
        (b"", _SRS, None, "submission", 0.3, None),
        (_LIST, _SRS, "rfc822;an@x.gov.vn", "trusted", 0.0, None),
    ],
)
def test_examples_of_automatic_forwards(
    head: bytes, sender: str, orcpt: str | None, origin: Origin, score: float, by: str | None
) -> None:
    message = parse(head + b"From: b@z.org\r\n\r\nx\r\n")
    envelope = Envelope(sender, (Recipient("an.rieng@gmail.com", orcpt),), datetime.now(UTC), origin)
    names = {field.name.lower() for field in message.fields}
    found = automatic(message, envelope, names, lambda host: host.endswith("x.gov.vn"))
    assert (found.score, found.by) == (score, by)


# A ContentInfo (RFC 5652 §3) of indefinite length: 2 is signed data, 3 is enveloped.
_CMS = b"0\x80\x06\x09*\x86H\x86\xf7\r\x01\x07%c\xa0\x80"
_ARMOUR = "-----BEGIN PGP SIGNATURE-----\n\nwsBcBAAB\n-----END PGP SIGNATURE-----"


@pytest.mark.parametrize(
    ("text", "file", "kinds"),
    [
        ("", ("smime.p7s", "application/pkcs7-signature", b"hello"), ["smime"]),
        ("", ("smime.p7m", "application/pkcs7-mime", _CMS % 2), ["smime"]),
        ("", ("smime.p7m", "application/pkcs7-mime", _CMS % 3), []),
        (_ARMOUR, None, ["pgp"]),
        ("", ("note.sig", "text/plain", b"hello"), []),
        ("(đã ký)\n\nNguyễn Văn An", ("chu-ky.png", "image/png", b"\x89PNG\r\n\x1a\n"), []),
    ],
)
def test_examples_of_signatures(text: str, file: tuple[str, str, bytes] | None, kinds: list[str]) -> None:
    files = [] if file is None else [file]
    assert [one.kind for one in facts_of(mail(text, files=files)).signatures] == kinds
