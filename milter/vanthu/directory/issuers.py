"""Which agency a document's issuer line names: ``UBND TỈNH X`` and ``Ủy ban nhân dân tỉnh X`` are one.

A name becomes a key (no diacritics, no case, abbreviations written out, single spaces), and keys are looked up. A
province that became a city keeps its agencies: where the exact key is unknown, the key without ``tỉnh`` and
``thành phố`` decides, if it means one agency only. Communes share names all over the country: where several agencies
have the key, the body above, printed one line higher, decides; else nobody is named. A body above that is not the
agency's own means somebody else's office of the same name.
"""

from __future__ import annotations

from collections.abc import Iterable

from .persons import plain

_MAX_TEXT = 400
_WORDS = {
    "ubnd": "uy ban nhan dan",
    "hdnd": "hoi dong nhan dan",
    "ubmttq": "uy ban mat tran to quoc",
    "mttq": "mat tran to quoc",
    "vp": "van phong",
    "tp": "thanh pho",
    "tx": "thi xa",
    "vn": "viet nam",
    "bql": "ban quan ly",
    "khcn": "khoa hoc va cong nghe",
    "tttt": "thong tin va truyen thong",
    "tnmt": "tai nguyen va moi truong",
    "nnmt": "nong nghiep va moi truong",
    "nnptnt": "nong nghiep va phat trien nong thon",
    "gddt": "giao duc va dao tao",
    "khdt": "ke hoach va dau tu",
    "gtvt": "giao thong van tai",
    "ldtbxh": "lao dong thuong binh va xa hoi",
    "vhttdl": "van hoa the thao va du lich",
    "vhtt": "van hoa va the thao",
}
_BODIES = frozenset(["so", "bo", "cuc", "vu", "phong", "ban", "vien", "trung"])
_SUPERIORS = ("uy ban nhan dan ", "hoi dong nhan dan ", "bo ", "tong cuc ")
Index = dict[str, tuple[tuple[str, frozenset[str]], ...]]


def normal(text: str) -> str:
    """The key of a name."""
    words = "".join(c if c.isalnum() else "" if c in "&." else " " for c in plain(text[:_MAX_TEXT])).split()
    return " ".join([_WORDS.get(word, word) for word in words if word != "va"]).replace(" va ", " ")


def index(agencies: Iterable[tuple[str, str, str | None]]) -> Index:
    """The look-up table of ``(slug, name, parent's slug)``."""
    entries = list(agencies)
    names = {slug: normal(name) for slug, name, _ in entries}
    parents = {slug: parent for slug, _, parent in entries}
    table: dict[str, dict[str, frozenset[str]]] = {}
    for slug, _, _ in entries:
        above = frozenset(_above(slug, names, parents))
        for name in _keys(names[slug], above):
            table.setdefault(name, {})[slug] = above
    return {name: tuple(found.items()) for name, found in table.items()}


def find(table: Index, text: str) -> str | None:
    """The agency that the text names: the whole text, else its lines from the lowest up."""
    if not table:
        return None
    lines = [line for line in (normal(line) for line in text[:_MAX_TEXT].splitlines()) if line]
    tries = [(" ".join(lines), "")]
    tries += [(lines[index], " ".join(lines[:index])) for index in range(len(lines) - 1, -1, -1)]
    for name, before in tries:
        superior = _loose(before)
        for form in dict.fromkeys([name, _loose(name)]):
            found = table.get(form, ())
            if superior.startswith(_SUPERIORS):
                found = tuple(entry for entry in found if not entry[1] or superior in entry[1])
            elif len(found) > 1:
                others = {_loose(line) for line in lines if line != name}
                found = tuple(entry for entry in found if entry[1] & others)
            if len(found) == 1:
                return found[0][0]
    return None


def _above(slug: str, names: dict[str, str], parents: dict[str, str | None]) -> Iterable[str]:
    """The loose keys of all bodies above; a register with a cycle was refused, but never hangs us."""
    seen = {slug}
    parent = parents.get(slug)
    while parent is not None and parent in names and parent not in seen:
        seen.add(parent)
        yield _loose(names[parent])
        parent = parents.get(parent)


def _keys(name: str, above: frozenset[str]) -> Iterable[str]:
    """Under which keys an agency stands: its name, loosely too, and with the place of the body above."""
    yield from {name, _loose(name)}
    for body in above:
        yield f"{body} {_loose(name)}"  # both lines of the letterhead, read as one
        place = body.removeprefix("uy ban nhan dan ")
        if place != body and name.partition(" ")[0] in _BODIES:
            yield f"{name} {place}"
            if _loose(name).endswith(f" {place}"):
                yield _loose(name).removesuffix(f" {place}")


def _loose(name: str) -> str:
    """A key without what changes when a province becomes a city."""
    padded = f" {name} ".replace(" tinh ", " ").replace(" thanh pho ", " ")
    return padded.strip()
