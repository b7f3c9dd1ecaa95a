"""Recognise official documents (công văn, decisions, decrees …) by their form, whatever carries them.

What it looks for: the boxes of Decree 30/2020/NĐ-CP, Annex I (national motto, issuer, number, place and date, type
or ``V/v``, ``Kính gửi``, ``Căn cứ``, ``./.``, authority line, ``Nơi nhận``), their forms under TT 55/2005 and TT
01/2011, legal documents, and the Party's own form; in NFC, without diacritics, through reading errors of scans, from
columns run into one another and from flattened pages. Each box counts only where its form says it stands, and the
weights add up to a score (``weights``). Why not by words: a news article, a petition, a contract have the same words.

A document counts as found from 0.5 on. A number line with two more boxes of the head is one; a national motto with
``Kính gửi`` and a date is not (petitions and contracts have them), and a title of a private paper (``ĐƠN …``, ``HỢP
ĐỒNG``) outweighs all that such papers share with official ones.

| text | score |
|---|---|
| letterhead, ``Số: 815/SKHCN-CĐS``, ``V/v …``, ``Kính gửi``, ``Nơi nhận`` | above 0.99, stage ``issued`` |
| the same with ``Số:      /SKHCN-CĐS`` or ``DỰ THẢO`` | above 0.9, stage ``draft`` |
| ``Số: 30/2020/NĐ-CP`` over ``NGHỊ ĐỊNH`` | above 0.9, stage ``legal`` |
| ``Số: 446J/CT-TTHT`` in a scan, the number written by hand | number null, symbol ``CT-TTHT``, stage ``issued`` |
| ``Số: 45/2026/QĐST-HNGĐ``, a court's decision | stage ``issued``: only law-makers' decisions are ``legal`` |
| a firm's letter in the whole form (``Số: 12/CV-MP``) | above 0.9, ``company`` in its evidence |
| a numbered notice, minutes or offer of a firm, a bank, a private school, a club | below 0.5 |
| a pattern to fill in (``Số: …/XN-……``, ``Kính gửi: ………``) | 0 |
| a file named ``1017_UBND-VX.signed.pdf``, unread | 0.7 |
| files named ``1-CV-NguyenVanAn.pdf``, ``5-BC-TaiChinh.xlsx``, ``2026-KH-SYT.docx`` | below 0.5 |
| "theo công văn 1017/UBND-VX ngày 26/3/2014, đề nghị …" | 0: a number in a sentence is cited |
| ``ĐƠN XIN …`` under the national motto | 0: a petition |
| ``HỢP ĐỒNG`` with ``Bên A``, ``Bên B`` and ``Số: 12/2026/HĐKT`` | below 0.5: a contract |

The issuer's agency is told by the whole letterhead: where a superior is printed, the lower line alone names nobody,
since every province has a ``SỞ Y TẾ``.

Not seen: a document that is told again in the writer's own words; one without number, motto, ``Nơi nhận`` and file
copy (a page from the middle); a page that OCR did not read; other languages than Vietnamese.

Refuses: nothing. Raises: nothing. Limits: 400,000 characters and 4,000 lines a reading (``cut`` says where one was
reached; without a document found, ``/official`` is then unavailable, ``too_large``), 20 documents a reading.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from vanthu.facts.model import Document, Official
from vanthu.facts.official import documents, glance, lines, names, weights
from vanthu.facts.official.page import Pages
from vanthu.facts.reading import Reading

_NAMES = frozenset({"subject", "filename"})


def recognise(
    readings: Sequence[Reading],
    *,
    agency_named: Callable[[str], str | None],
    sender_agency: str | None,
    signed: frozenset[str],
    pages: Pages | None = None,
) -> Official:
    """The official documents in the texts of one mail; ``score`` is the highest; below 0.5 none is listed.

    ``agency_named`` gives the id of the registered agency of that name, ``signed`` the places that a signature
    covers, ``pages`` what was read of the same texts already.
    """
    found: list[Document] = []
    pages = pages or Pages()
    for reading in readings:
        if reading.where not in _NAMES and glance.worth_reading(reading.text):
            found.extend(documents.of_reading(reading, agency_named, sender_agency, signed, pages))
    named = _named(readings)
    found = [_supported(document, named) for document in found]
    known = {(document.number, document.symbol) for document in found if document.score >= 0.5}
    for name in named:
        if (name.number, name.symbol) not in known:
            known.add((name.number, name.symbol))
            found.append(name)
    score = max((document.score for document in found), default=0.0)
    return Official(score, tuple(document for document in found if document.score >= 0.5))


def cut(readings: Sequence[Reading]) -> bool:
    """Whether a text that may hold a document is longer than what is read of it (first three quarters, last one)."""
    return any(
        reading.where not in _NAMES and lines.exceeds(reading.text) and glance.worth_reading(reading.text)
        for reading in readings
    )


def _supported(document: Document, named: Sequence[Document]) -> Document:
    """A document raised by the names that come with it, most by one with its own number."""
    for name in named:
        if name.number == document.number and name.symbol == document.symbol:
            return documents.raised(document, "named_alike")
    return documents.raised(document, "named") if named else document


def _named(readings: Sequence[Reading]) -> list[Document]:
    found = []
    for reading in readings:
        if reading.where not in _NAMES:
            continue
        said = (names.of_subject if reading.where == "subject" else names.of_name)(reading.text)
        if said is not None:
            found.append(documents.of_name(reading, *said))
    return found


__all__ = ["cut", "recognise", "weights"]
