"""The boxes of Annex I, one question a line: which element of an official document is this?

Contract: ``of_line(line)`` gives the names of the elements that a line has the form of; which of them count is for
the page to say (place and neighbours). Only lines of at most 240 characters are asked, but for the closing ``./.``.
Patterns run on the undiacritised twin of the line, so they hold for text without diacritics and for lost tone marks.
"""

from __future__ import annotations

import re

from vanthu.facts.official import codes
from vanthu.facts.official.likeness import Phrase, pairs
from vanthu.facts.official.lines import Line

_STATE = Phrase("CONG HOA XA HOI CHU NGHIA VIET NAM")
_MOTTO = Phrase("Doc lap - Tu do - Hanh phuc")
_MOTTO_LINE = re.compile(r"(?i)l\S{0,2} ?p\s?[-~.]?\s?t\S{0,3}\s?do\s?[-~.]?\s?h\S{1,3}h\s?p\S{1,4}")
_PARTY = Phrase("DANG CONG SAN VIET NAM")
_TO = Phrase("Noi nhan")
_DEAR = Phrase("Kinh gui")

BODY_WORDS = (
    r"BO|TONG\s?CUC|CUC|CHI\s?CUC|VU|SO|UY\s?BAN|UBND|HDND|HOI\s?DONG|PHONG|BAN|VAN\s?PHONG|TRUONG|CONG\s?TY|TONG\s?CONG\s?TY|"
    r"TAP\s?DOAN|VIEN|THANH\s?TRA|TOA\s?AN|KHO\s?BAC|BAO\s?HIEM|NGAN\s?HANG|HOC\s?VIEN|DAI\s?HOC|BENH\s?VIEN|TRUNG\s?TAM|"
    r"QUOC\s?HOI|CHINH\s?PHU|THU\s?TUONG|CHU\s?TICH\s?NUOC|LIEN\s?DOAN|HOI|DOAN|MAT\s?TRAN|TINH\s?UY|HUYEN\s?UY|THANH\s?UY|"
    r"DANG\s?UY|DANG\s?BO|CHI\s?BO|CONG\s?AN|CONG\s?DOAN|LDLD|BHXH|BCH|THUE|TINH\s?DOAN|THANH\s?DOAN|QUAN\s?KHU|BO\s?CHI\s?HUY|BO\s?TU\s?LENH|KIEM\s?TOAN|UBMTTQ|TRAM|DAI|BAO|QUY|"
    r"XA|PHUONG|THI\s?TRAN|HUYEN|QUAN|BAN\s?QUAN\s?LY|BQL|SO\s?Y|THONG\s?TAN|UBTVQH|CHI\s?NHANH|HTX|HOP\s?TAC\s?XA|DOANH\s?NGHIEP|CAU\s?LAC\s?BO|CLB|KHACH\s?SAN|HAT|NHA|TRUNG\s?UONG|TONG|LIEN|DAI\s?SU"
)
_BODY = re.compile(rf"^(?:{BODY_WORDS})\b")
_ABOUT = re.compile(r"^[Vv]\s?[/I]\s?[vV]\b\s*[:.]?|^(?:Ve|V)\s+viec\b|^Trich yeu\s*:")
_BASIS = re.compile(r"^[-+*•]?\s*C[aă]n\s?c[uứiu]\S?\s+\S", re.I)
_END = re.compile(r"\.\s?/\s?\.?\s*$|/\.\s*$")
_DECIDES = re.compile(
    r"^(?:QUYET\s?DINH|QUYET\s?NGHI|NGHI\s?QUYET|CHI\s?THI|THONG\s?BAO)\s?:?$|^[DĐ]i[eể]u\s+(?:1|I|l|thu nhat)\s?[.:/]",  # noqa: E501
    re.I,
)
_AUTHORITY = re.compile(
    r"(?:^|(?<=[:;.)a-z ] ))(?:[TK][MTUL]|TUQ|T/M|K/T|T/L|Q)\s?[.,:]\s?(?=[A-Z]{2})|^(?:TM|KT|TL|TUQ)\s+[A-Z]{2}|^[TK]/[MTL]\s+[A-Z]{2}"  # noqa: E501
)
_TITLE_WORDS = re.compile(
    r"(?:^|(?<=[:;.] ))(?:(?:PHO|QUYEN|Q\.)\s+)*(?:(?:TONG|CHI)\s+)?(?:CHU\s?TICH|GIAM\s?DOC|BO\s?TRUONG|THU\s?TRUONG|CUC\s?TRUONG|VU\s?TRUONG|CHANH\s|"  # noqa: E501
    r"TRUONG\s(?:BAN|PHONG|TRAM|KHOA|DOAN|THON)|HIEU\s?TRUONG|THU\s?TUONG|VIEN\s?TRUONG|TONG\s?THANH\s?TRA|BI\s?THU|THONG\s?DOC|TRUONG\s(?:TRAM)|"
    r"CHI\s?HUY|THUONG\s?VU|CHO\s?CHU\s?TICH|TU\s?LENH|TONG\s?BIEN\s?TAP|TONG\s?GIAM\s?DOC|KE\s?TOAN\s?TRUONG|TM\s)"
)
_TO_LINE = re.compile(r"^N\S{0,3}\s?i?\s?n[hl]\S{0,4}(?:\s?n)?\s?[:;]|^N[oơ]i\s?nh[aâậ]n\s?[.,]?(?=\s|$|\*)", re.I)
# What may stand behind ``Nơi nhận:`` on its line: nothing, the list, or the other column; no street (parcels have those).  # noqa: E501
_LISTED = re.compile(r"[\s*_:;.,]*(?:$|[-–•+~]|Nh[uưi]|[A-Z./]{2,4}\s?[A-Z]{2}|[A-Z]{3})")
_FILED = re.compile(
    r"(?:^|[-–•+*;.:~]\s*|\s)L\S{0,4}(?:\s?u)?\s?[:;.,]\s?(?:tai\s)?(?:VT|V[aă]n\s?th[uư]|VP\w*|HC\b|HS\b|TCCB|VI,|W,|V[Tt]\b)|(?:^|[-–•+*;.:~]\s*)L[uư]u\s(?:VT|V[aă]n\s[pt]h|VP)"
)
_AS_ABOVE = re.compile(r"^[-–•*+~=.]?\s?N[hIil]\S{0,4}\s+(?:t[rh]?\S{0,3}n\b|[dđ]i[eề]u\s|k[ií]nh\s?g)", re.I)
_DEAR_LINE = re.compile(r"^K\S{0,2}nh\s?g\S{0,4}(?:\s?i)?\s?[:;.](?:\s|$)|^K[il1]nh\s?g[uưi]\S{0,2}\s?(?:$|-)", re.I)
_ANNEX = re.compile(r"^(?:PHU\s?LUC|Phu\s?luc)\b(?:\s+[\dIVXLA-Z]{1,5})?\b.{0,80}$")
_ANNEXED = re.compile(
    r"^\(?\s?(?:Ban hanh kem theo|Kem theo|Dinh kem|Ban hanh theo|Theo)\s+(?:(?:Cong van|Quyet dinh|Thong tu|Nghi dinh|Ke hoach|To trinh|"  # noqa: E501
    r"Bao cao|Thong bao|Van ban|Nghi quyet|Huong dan|Chi thi|Thong tu lien tich|Cong dien|CV|QD|Luat)\s*)"
    r"(?:so\s?:?\s*)?(?P<ref>[\d.…_/ ]*\s*[/-]?\s*[A-Z].{0,60}|[\d.…].{0,60})",
    re.I,
)
_COPY = re.compile(
    r"^\(?(?:SAO\s?Y(?:\s+BAN\s+CHINH)?|SAO\s?LUC|TRICH\s?SAO|TRICH\s?LUC|BAN\s?SAO)\)?\b[\s:;,.]{0,3}(?:$|\d|[A-Z])"
)
_DRAFT = re.compile(
    r"^[\s*(\[]*(?:BAN\s)?DU\s?THAO(?:\s?\d|\s+LAN\s.{0,20}|\s+NGAY\s.{0,20}|\s+[\d/.]+)?[\s*)\].]*$|^(?:Ban\s)?[Dd]u thao(?:\s+lan \S+|\s+\d+)?$"  # noqa: E501
)
_STAMP = re.compile(r"\bDEN\b(?:\s|$)|^Chuy[eê]n\s?:|^CV DEN|^Ngay\s?:\s?[\d.…]")
_PARTY_STAR = re.compile(r"^\*$")

_PRIVATE = re.compile(
    r"^(?:(?:MAU\s+)?DON(?:\s+(?:XIN|DE|KHIEU|TO|KIEN|YEU|TRINH|DANG|KHOI|CAM|PHAN|LY|THUAN|XAC|BAO|XET|GIAI|CHUYEN|CU|KEU|KINH|TU)\b|\s*$)|"
    r"TO\s?KHAI|SO\s?YEU\s?LY\s?LICH|LY\s?LICH|BAN\s?(?:TUONG\s?TRINH|KIEM\s?DIEM|CAM\s?KET|TU\s?NHAN|TU\s?KIEM|KHAI|THANH\s?TICH)|GIAY\s?(?:DE\s?NGHI|"
    r"XAC\s?NHAN|CAM\s?KET|BAN|VAY|BIEN\s?NHAN|CHUNG\s?NHAN|KHAI|DANG\s?KY|CHO\s?TANG|UY\s?QUYEN|PHEP\s?LAI)|PHIEU\s?(?:KHAI|DANG\s?KY|KHAO|THU|CHI\b|DU\s?TUYEN|"
    r"THONG\s?TIN|DE\s?NGHI|YEU\s?CAU|LY\s?LICH|HOC|DIEM|BAU)|DE\s?(?:THI|KIEM\s?TRA|CUONG)|BAI\s?(?:THU|LAM|THI|TAP)|HOA\s?DON|DI\s?CHUC|THU\s?XIN|"
    r"HOC\s?BA|GIAY\s?(?:RA\s?VIEN|CHUYEN\s?(?:VIEN|TUYEN)|HEN\s?KHAM|CHUNG\s?SINH|KHAM\s?(?:BENH|SUC))|BAO\s?GIA|BANG\s?(?:BAO\s?GIA|KE|LUONG)|DON\s?DAT\s?HANG|DE\s?NGHI\s?THANH|PHIEU\s?(?:XUAT|NHAP|LUONG|KHAM)|THU\s?NGO|BANG\s?TOT|CHUNG\s?CHI|HO\s?SO\s?DU|GIAO\s?AN|BANG\s?DIEM|VAN\s?TE|THIEP)\b"
)
_CONTRACT = re.compile(
    r"^(?:PHU\s?LUC\s+)?(?:HOP\s?DONG|BIEN\s?BAN\s?(?:THANH\s?LY|NGHIEM\s?THU|BAN\s?GIAO|GIAO\s?NHAN|THOA\s?THUAN|HOP\s?LOP|GHI\s?NHO)|VAN\s?BAN\s?(?:THOA\s?THUAN|PHAN\s?CHIA|TU\s?CHOI|CAM\s?KET|UY\s?QUYEN|KHAI\s?NHAN)|"
    r"BIEN\s?BAN\s?HOP\s?(?:LOP|PHU|GIA|NHOM)|THOA\s?THUAN|BAN\s?THOA\s?THUAN|DIEU\s?LE)\b"
)
_PARTIES = re.compile(
    r"^(?:DAI\s?DIEN\s+)?BEN\s?(?:A|B|MUA|BAN|THUE|CHO\s?THUE|VAY|GIAO|NHAN|UY\s?QUYEN)\b|^Ben\s(?:A|B|mua|ban|thue|cho\sthue)\b|^[IV1-3]{0,3}[.)]?\s?BEN\s[AB]\b|^HAI\s?BEN\b"
)
_FIRST = re.compile(
    r"^[-+*]?\s?(?:Toi ten(?: la)?|Ten toi(?: la)?|Toi la|Em ten|Ho va ten|Ho ten|Chung toi gom|Ten nguoi|Nguoi khai|Kinh trinh bay|Sinh ngay|Ngay sinh)\b",  # noqa: E501
    re.I,
)
_TOI = re.compile(
    r"\b(?:Toi|Em|toi) (?:ten la|ten|xin cam|cam doan|cam ket|lam don|viet don|xin trinh bay|xin hua|xin chan thanh cam on)\b"  # noqa: E501
)
_APPLICANT = re.compile(
    r"(?:^|\s)(?:NGUOI\s?(?:LAM\s?DON|VIET\s?DON|KHAI|DE\s?NGHI|CAM\s?KET|YEU\s?CAU|KHIEU\s?NAI|TO\s?CAO|LAM\s?CHUNG)|Nguoi\s(?:lam\sdon|viet\sdon|khai|de\snghi|cam\sket|to\scao|khieu\snai|yeu\scau|xin\sphep))\b"
)
_FOOTNOTED = re.compile(
    r"\(\s?\d{1,2}\s?\)\s*(?:$|[.…,/-]|[A-Z])|\.{2,}\s?\(?\d{1,2}\)?\s?\.{2,}|TEN (?:CO QUAN|TO CHUC|CQ|DON VI)"
)
_PLACEHOLDER = re.compile(
    r"^[-*\s]{0,4}(?:Kinh gui|Noi nhan)\s?:\s?(?:\.{3}|…)[.…\s]{0,80}$|"
    r"thang\s?[.…_]{1,20}\s?nam\s?(?:20)?[.…_]{2}|\bVT\s?[,;]\s?[.…]{2}|"
    r"\(\s?\d{1,2}\s?\)|TEN (?:CO QUAN|TO CHUC|CQ|DON VI)|…{3,}|\.{12,}|_{8,}"
)
URGENCY = (
    ("hoa_toc", re.compile(r"^HOA\s?TOC(?:\s+HEN\s+GIO.{0,30})?$")),
    ("thuong_khan", re.compile(r"^THUONG\s?KHAN$")),
    ("khan", re.compile(r"^KHAN$")),
)
CIRCULATION = (
    ("internal_only", re.compile(r"^(?:TAI\s?LIEU\s+)?LUU\s?HANH\s?NOI\s?BO$")),
    ("return", re.compile(r"^(?:XEM\s?XONG|XONG\s?HOI\s?NGHI)\s?(?:XIN\s?)?TRA\s?LAI$")),
    ("recall", re.compile(r"^(?:TAI\s?LIEU\s?)?THU\s?HOI$")),
)
_OPENING = (("basis", _BASIS), ("first_person", _FIRST), ("articles", _DECIDES), ("about", _ABOUT), ("addressed", _DEAR_LINE), ("as_above", _AS_ABOVE),  # noqa: E501
            ("annex_title", _ANNEX), ("annexed", _ANNEXED), ("parties", _PARTIES), ("draft", _DRAFT))  # fmt: skip
_ANYWHERE = (("authority", _AUTHORITY), ("applicant", _APPLICANT), ("stamp", _STAMP))
_TRIM = " \t*.:;,-_=~|[](){}<>'\"“”#!✓"


def core(line: Line) -> str:
    """The undiacritised line without frames and signs around it."""
    return line.bare.strip(_TRIM)


def of_line(line: Line) -> frozenset[str]:
    """Names of the elements that this line has the form of."""
    text = line.bare.lstrip(" *_-•+=~") if line.bare[:1] in " *_-•+=~" else line.bare
    if not text:
        return frozenset()
    found: set[str] = set()
    if text[-1] in "./ " and _END.search(text[-6:]):
        found.add("end_mark")
    found.update(name for name, pattern in _OPENING if pattern.match(text))
    if _TOI.search(text):
        found.add("first_person")
    if len(text) > 240:
        return frozenset(found)
    found |= _of_phrases(line, text)
    to = _TO_LINE.match(text)
    if to and _LISTED.match(text, to.end()):
        found.add("recipients")
    found.update(name for name, pattern in _ANYWHERE if pattern.search(text))
    if "L" in text and _FILED.search(line.bare):
        found.add("filed")
    if line.capital:
        found |= _of_capitals(text, core(line))
    elif _TITLE_WORDS.search(text) and sum(map(str.isupper, text)) > 0.6 * len(text):
        found.add("title")
    return frozenset(found)


def _of_phrases(line: Line, text: str) -> set[str]:
    """Elements that are fixed phrases, read well or badly."""
    if len(text) > 160:
        return set()
    there = pairs(text)
    found: set[str] = set()
    state = _STATE.within(there)
    if state >= 0.62 and (
        line.capital or _STATE.alike(there) >= 0.8 or sum(map(str.isupper, text)) > 0.5 * len(text)
    ):
        found.add("quoc_hieu")
    elif line.capital and _PARTY.within(there) >= 0.75:
        found.add("party_heading")
    if _MOTTO_LINE.search(text) or (_MOTTO.within(there) >= 0.6 and (len(text) < 80 or _MOTTO.alike(there) >= 0.62)):
        found.add("tieu_ngu")
    if len(text) < 20 and text[0] in "Kk" and _DEAR.alike(there) >= 0.72:
        found.add("addressed")
    if len(text) < 16 and text[0] in "Nn" and _TO.alike(there) >= 0.75:
        found.add("recipients")
    return found


def _of_capitals(text: str, inner: str) -> set[str]:
    found: set[str] = set()
    if _PRIVATE.match(inner):
        found.add("private_title")
    elif _CONTRACT.match(inner):
        found.add("contract")
    elif codes.of_title(inner):
        found.add("type_title")
    elif _TITLE_WORDS.search(text):
        found.add("title")
    if _BODY.match(inner) and "private_title" not in found and len(text) <= 110:
        found.add("body_name")
    if _COPY.match(inner):
        found.add("copy")
    found.update(name for name, pattern in (*URGENCY, *CIRCULATION) if pattern.match(inner))
    return found


def placeholders(line: Line) -> bool:
    """Whether a line of a head waits to be filled in (``(1)``, ``TÊN CƠ QUAN``, long dots), as a template's does."""
    return _PLACEHOLDER.search(line.bare) is not None


def footnoted(line: Line) -> bool:
    """Whether a line has the footnote figures of a pattern in a decree (``Số: .../QĐ-...(3)...``)."""
    return len(line.bare) <= 160 and _FOOTNOTED.search(line.bare) is not None


def annexed_to(line: Line) -> str | None:
    """What a ``Kèm theo …`` line points to, as it is written there."""
    found = _ANNEXED.match(line.bare.lstrip(" *_-•+"))
    if found is None:
        return None
    shift = len(line.bare) - len(line.bare.lstrip(" *_-•+"))
    return line.raw[shift + found.start("ref") : shift + found.end("ref")].strip(" )")
