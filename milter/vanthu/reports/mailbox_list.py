"""The list of mailboxes that 506/BTTTT-UDCNTT (2013) §2 asks for: name, office, position, address.

Left out, as it says: public service units of education and health, by the ``kind`` of their agency; departments that
govern them (Sở Y tế, Phòng Giáo dục) stay in whatever their kind.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from datetime import date

from ..directory.model import Agency, Mailbox, Register, is_valid
from ..directory.persons import plain
from ..harmless import cell
from .tables import Form
from .tree import in_order
from .workbook import Line, Page, workbook

HEADS = ("TT", "Họ và tên", "Đơn vị công tác", "Chức vụ", "Địa chỉ thư điện tử")
_KINDS = ("education", "health")
_GOVERNING = re.compile(r"(?:so|phong|bo|cuc|chi cuc|tong cuc|vu|ubnd|uy ban)\b")
_FORMS: tuple[Form, ...] = ("number", "text", "text", "text", "text")


def rows(register: Register, on: date, *, offices: bool = False) -> list[tuple[int, str, str, str, str]]:
    """The list on a day, in the order of the tree of agencies; ``offices`` adds mailboxes of offices and desks."""
    tree = register.tree(on)
    order = {slug: place for place, (slug, _) in enumerate(in_order(tree))}
    wanted = ("personal", "agency", "public_service") if offices else ("personal",)
    listed = [
        one for one in register.mailboxes
        if one.role in wanted and is_valid(one, on) and one.agency in tree and not _excluded(tree, one.agency)
    ]  # fmt: skip
    listed.sort(key=lambda one: (order[one.agency or ""], one.role == "personal"))
    return [(n, one.name, _office(tree, one), one.position or "", one.address) for n, one in enumerate(listed, 1)]


def as_csv(listed: list[tuple[int, str, str, str, str]]) -> bytes:
    """For Excel: UTF-8 with its mark, and no cell that it would calculate."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(HEADS)
    writer.writerows([cell(str(value)) for value in row] for row in listed)
    return b"\xef\xbb\xbf" + stream.getvalue().encode()


def as_xlsx(listed: list[tuple[int, str, str, str, str]], on: date) -> bytes:
    """Ready to print, with its title."""
    titles = ["DANH MỤC ĐỊA CHỈ HỘP THƯ ĐIỆN TỬ CÔNG VỤ", f"Tính đến ngày {on:%d/%m/%Y}"]
    return workbook([Page("Danh mục hộp thư", titles, HEADS, [Line(row, _FORMS) for row in listed])])


def _excluded(tree: Mapping[str, Agency], slug: str | None) -> bool:
    """Whether the agency, or one above it, is a public service unit of education or health."""
    seen: set[str] = set()
    while slug is not None and slug in tree and slug not in seen:
        seen.add(slug)
        agency = tree[slug]
        if agency.kind in _KINDS and not _GOVERNING.match(plain(agency.name)):
            return True
        slug = agency.parent
    return False


def _office(tree: Mapping[str, Agency], mailbox: Mailbox) -> str:
    """The name of the agency, with those above it but the topmost."""
    names: list[str] = []
    slug, seen = mailbox.agency, set[str]()
    while slug is not None and slug in tree and slug not in seen:
        seen.add(slug)
        if not names or tree[slug].parent in tree:
            names.append(tree[slug].name)
        slug = tree[slug].parent
    return ", ".join(names)
