"""Whose mailbox a recipient is (contract: ``relation``): the sender's own, a colleague's, or neither.

- ``self_declared``, ``colleague_declared``: the address stands in the register as somebody's private one.
- ``name_match``: local part or display name tell the name of the sender, or the full name of somebody of the same
  agency. A hint that never rejects by itself.

How names are read: without diacritics, in the usual orders (family-middle-given, given-family-middle, middle-given-
family), abbreviated as Vietnamese mail systems do (``annv``, ``nvan``, ``an.nguyenvan``), with separators, a tail of
digits (a birth year), ``+tags``, titles and an office beside the name (``Nguyễn Văn An - Sở Y tế``) taken off. A
colleague counts only by a whole name that nobody else in the register has, and not by the commonest of three words
(``Nguyễn Văn …``): many citizens bear those, and they are answered by mail; a display name of three words needs a
local part that agrees. A display name that is somebody else's whole name overrules the local part; with diacritics on
both sides, ``Ân`` is not ``An``.

| recipient, where Nguyễn Văn An (``annv@``) writes | relation |
|---|---|
| an address that the register has as his private one | ``self_declared`` |
| the same of somebody else in the register | ``colleague_declared`` |
| ``nguyenvanan1985@``, ``an.nguyen@``, ``nvan.85@``, ``bs.an.nguyen@`` | ``name_match`` |
| ``hoahong@``, display name ``NGUYỄN VĂN AN - SỞ Y TẾ`` | ``name_match`` |
| ``nguyenvananh@``, ``an.tran@``, ``an@``; ``annv@`` with display name ``Lê Thị Hoa`` | ``none`` |

Not seen: nicknames, names in other scripts, and addresses that tell nothing.
"""

from __future__ import annotations

import re
from functools import lru_cache

from ..directory.model import Mailbox, Register
from ..directory.persons import letters, plain, tokens
from ..mail.address import key, split
from ..vietnamese.text import fold
from .model import Relation

_MAX_LOCAL = 64  # RFC 5321 §4.5.3.1.1
_MAX_DISPLAY = 120
_SHORTEST = 4  # letters that an abbreviation must have
_SHORTEST_FULL = 8  # letters of a colleague's full name
_DIGITS = re.compile(r"^[0-9]{1,8}(?=[a-z])|[0-9]{1,8}$")
_SEPARATORS = re.compile(r"[._-]+")
_ASIDE = re.compile(r"\([^()]{0,60}\)|\[[^\[\]]{0,60}\]")
_BESIDE = re.compile(r"\s[-–—|/]+\s|[,;|]\s")
_TITLES = frozenset([
    "ong", "ba", "anh", "chi", "co", "chu", "bac", "em", "thay", "mr", "mrs", "ms", "dr", "ts", "ths", "bs", "gs",
    "pgs", "ks", "ls", "cn", "dc", "dong",
])  # fmt: skip
# The family names of nine in ten Vietnamese, and some more: they tell a person's name from a nickname or an office.
_FAMILY_NAMES = frozenset([
    "nguyen", "tran", "le", "pham", "hoang", "huynh", "phan", "vu", "vo", "dang", "bui", "do", "ho", "ngo", "duong",
    "ly", "dinh", "mai", "truong", "lam", "trinh", "dao", "doan", "luong", "cao", "ta", "thai", "chau", "ton", "ha",
    "vuong", "luu", "la", "tang", "phung", "kieu", "quach", "trieu", "dam", "tu", "thach", "danh", "nong", "be",
    "ma", "giang", "ninh", "nghiem", "khong", "chu", "tong", "to", "van", "vi", "lo", "lu", "luc", "quang", "hua",
    "diep", "au", "bach",
])  # fmt: skip
_SHARED_BOXES = frozenset([
    "vanthu", "admin", "info", "lienhe", "contact", "mail", "support", "ketoan", "phongtaichinh", "vanphong",
    "hanhchinh", "tochuc", "webmaster", "postmaster", "noreply", "bantin", "baocao", "motcua", "tiepdan",
])  # fmt: skip


def relation(address: str, display: str | None, sender: Mailbox | None, register: Register) -> Relation:
    """Whose mailbox ``address`` is, seen from ``sender``; ask only for recipients that are not official."""
    owners = register.owners(address)
    if owners:
        own = sender is not None and any(owner.address == sender.address for owner in owners)
        return "self_declared" if own else "colleague_declared"
    if sender is None:
        return "none"
    shown = _shown(display) if display and "@" not in display else ""
    local = plain(split(key(address))[0].partition("+")[0][:_MAX_LOCAL])
    if sender.role == "personal" and _is_self(local, shown, sender):
        return "name_match"
    if sender.agency is not None and _is_colleague(local, shown, sender.agency, register):
        return "name_match"
    return "none"


def _is_self(local: str, shown: str, sender: Mailbox) -> bool:
    if _same_person(shown, sender.name):
        return True
    if _somebody_else(shown, sender.name):
        return False
    own = plain(split(sender.address)[0])
    bare = _SEPARATORS.sub("", local)
    if (
        bare == _SEPARATORS.sub("", own)
        and len(bare) >= _SHORTEST
        and bare not in _SHARED_BOXES
        and bare[0].isalpha()
    ):
        return True
    known = forms(sender.name)
    parts = [part for part in _SEPARATORS.split(local) if len(part) >= _SHORTEST]
    candidates = dict.fromkeys([bare, *parts]) if len(parts) > 1 or parts != [bare] else [bare]
    title, _, rest = local.partition(".")
    if title in _TITLES and "." in rest:  # bs.an.nguyen
        candidates = [*candidates, _SEPARATORS.sub("", rest)]
    return any(_DIGITS.sub("", candidate) in known for candidate in candidates)


def _is_colleague(local: str, shown: str, agency: str, register: Register) -> bool:
    bare = _DIGITS.sub("", _SEPARATORS.sub("", local))
    by_display = register.bearer(letters("".join(tokens(shown)))) if shown else None
    if by_display is not None and by_display.agency == agency and _same_person(shown, by_display.name):
        return len(tokens(shown)) > 3 or bare in forms(by_display.name)
    if len(bare) < _SHORTEST_FULL or not bare.isalpha():
        return False
    by_local = register.bearer(letters(bare))
    return (
        by_local is not None
        and by_local.agency == agency
        and bare in full_forms(by_local.name)
        and not _somebody_else(shown, by_local.name)
    )


@lru_cache(maxsize=4096)
def full_forms(name: str) -> frozenset[str]:
    """A whole name in one word, in every usual order; nothing for a single word."""
    words = tokens(name)
    if len(words) < 2:
        return frozenset()
    family, middle, given = words[0], "".join(words[1:-1]), words[-1]
    return frozenset([
        family + middle + given, given + family + middle, middle + given + family, given + middle + family,
    ])  # fmt: skip


@lru_cache(maxsize=4096)
def forms(name: str) -> frozenset[str]:
    """The local parts, without separators and digits, that this name is usually made into."""
    words = tokens(name)
    if len(words) < 2:
        return frozenset()
    family, middles, given = words[0], words[1:-1], words[-1]
    middle, initials = "".join(middles), "".join(word[0] for word in words[:-1])
    short = {family + given, given + family}
    if middles:
        middle_initials = "".join(word[0] for word in middles)
        short |= {
            given + initials, initials + given, middle + given, given + family[0] + middle,
            family[0] + middle + given, middle + given + family[0], family + middle_initials + given,
            given + middle_initials + family, middles[-1] + given,
        }  # fmt: skip
    return full_forms(name) | {form for form in short if len(form) >= _SHORTEST}


def _shown(display: str) -> str:
    """A display name without what stands in brackets, without an office behind it and without titles before it."""
    words = _person(_ASIDE.sub(" ", display[:_MAX_DISPLAY])).split()
    while len(words) > 2 and plain(words[0].strip(".,")) in _TITLES and plain(words[1]) in _FAMILY_NAMES | _TITLES:
        words = words[1:]
    return " ".join(words)


def _person(shown: str) -> str:
    """The part of ``Nguyễn Văn An - Sở Y tế`` or ``Phòng Tổ chức | Nguyễn Văn An`` that is a person's name."""
    parts = [part for part in _BESIDE.split(shown) if part]
    names = (part for part in parts if 2 <= len(tokens(part)) <= 5 and tokens(part)[0] in _FAMILY_NAMES)
    return next(names, shown) if len(parts) > 1 else shown


def _same_person(shown: str, name: str) -> bool:
    """The same words in a usual order; diacritics count where both have them."""
    mine, theirs = tokens(shown), tokens(name)
    if len(theirs) < 2 or len(mine) != len(theirs) or sorted(mine) != sorted(theirs):
        return False
    if "".join(mine) not in full_forms(name):
        return False
    return shown.isascii() or name.isascii() or sorted(fold(shown).split()) == sorted(fold(name).split())


def _somebody_else(shown: str, name: str) -> bool:
    """Whether a display name is the whole name of another person."""
    mine = tokens(shown)
    if len(mine) < 2 or not (mine[0] in _FAMILY_NAMES or mine[-1] in _FAMILY_NAMES):
        return False
    if not set(mine) <= set(tokens(name)):
        return True
    return not shown.isascii() and not name.isascii() and not set(fold(shown).split()) <= set(fold(name).split())
