"""Mail addresses (RFC 5321 §4.1.2, RFC 5322 §3.4): cleaned, split, folded for comparison, read from header fields.

Nothing here raises, whatever it is given, and everything takes time linear in its input. Only what is written
counts: whether an address exists is not asked. This module is the sole importer of ``idna``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

import idna

MAX_TEXT = 1 << 20
"""Characters of one header field that are read; the rest is not looked at."""
MAX_ADDRESSES = 10_000
"""Addresses taken from one header field."""
_MAX_FOLDS = 8  # two are usual
_MAX_DOMAIN = 255  # RFC 5321 §4.5.3.1.2; idna is not asked about anything longer

_PLAIN = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9.-]+").fullmatch
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_DOT_ATOM = re.compile(r"[^\s\x00-\x1f\x7f()<>\[\]:;@\\,\".]+(?:\.[^\s\x00-\x1f\x7f()<>\[\]:;@\\,\".]+)*").fullmatch
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_PIECE = re.compile(r'[^"(<>,;:\\]+|["(<>,;:\\]')
_QUOTED = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_BRACKET = re.compile(r"[()\\]")
_SPACE = re.compile(r"\s+")
_EDGES = "<>" + "".join(sign for sign in map(chr, range(0x3001)) if sign.isspace())
_COMMON = re.compile(
    r"(?:\"([^\"\\]*)\"\s*|([^\"\\<>,;:()@]*))<([A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9.-]+)>"
).fullmatch


def clean(raw: str) -> str:
    """The address alone: no angle brackets, source route, comments, surrounding space or control characters.

    ``<@relay,@relay2:a@b>`` is ``a@b`` (RFC 5321 §4.1.1.3: source routes are ignored); the null sender is ``""``.
    """
    if _PLAIN(raw):
        return raw
    if raw[:1] == "<" and _PLAIN(raw, 1, len(raw) - 1) and raw[-1] == ">":
        return raw[1:-1]
    text = _CONTROLS.sub(" ", raw[:MAX_TEXT]).strip()
    if not text or text == "<>":
        return ""
    found = _Reader(text).read(1)
    return found[0][1] if found else _bare(text)


def split(address: str) -> tuple[str, str]:
    """Local part and domain, as written; the domain is ``""`` where there is none."""
    local, at, domain = address.rpartition("@")
    return (local, domain) if at else (domain, "")


def fold_domain(domain: str) -> str:
    """A domain for comparison: lower case, no trailing dots, A-labels (UTS 46 without transitional forms).

    What IDNA refuses (emoji, domain literals, more than 255 characters) comes back lower-cased. Folding what is
    folded changes nothing.
    """
    if domain.isascii():
        return domain.lower().rstrip(".") if domain[-1:] == "." else domain.lower()
    for _ in range(_MAX_FOLDS):  # what remains after one step may be a domain that IDNA takes: a trailing "…" is gone
        folded = _fold_once(domain)
        if folded == domain:
            break
        domain = folded
    return domain


def domains_at_or_above(domain: str) -> Iterator[str]:
    """A folded domain, then each one above it, the nearest first; of one that is longer than any domain can be, only
    the labels at its end: a look-up at every label must not cost more than that."""
    if len(domain) > _MAX_DOMAIN:
        domain = domain[-_MAX_DOMAIN:].partition(".")[2]
    while domain:
        yield domain
        domain = domain.partition(".")[2]


def _fold_once(domain: str) -> str:
    if len(domain) <= _MAX_DOMAIN:
        try:
            return idna.encode(domain, uts46=True, std3_rules=False).decode("ascii").lower().rstrip(".")
        except (idna.IDNAError, UnicodeError, ValueError, IndexError):
            pass
    return unicodedata.normalize("NFKC", domain).lower().rstrip(".")


def key(address: str) -> str:
    """The form in which two addresses are compared: domain folded, local part unquoted, in NFC and case-folded.

    RFC 5321 §2.4 lets local parts differ by case; no mail system in use does, and policy must not be slipped by it.
    """
    if address.isascii() and '"' not in address and address[-1:] != ".":
        return address.lower()
    local, domain = split(address)
    if len(local) > 1 and local[0] == local[-1] == '"':
        inner = _ESCAPE.sub(r"\1", local[1:-1])
        local = inner if _DOT_ATOM(inner) else local
    local = unicodedata.normalize("NFC", unicodedata.normalize("NFC", local).casefold())
    return f"{local}@{fold_domain(domain)}" if domain or address[-1:] == "@" else local


def addresses(value: str) -> tuple[tuple[str, str], ...]:
    """``(display name, address)`` of each mailbox in a From, To, Cc … field, in order; groups are opened.

    Broken lists give what can be told: an unclosed quote or comment is read as plain text, a display name that holds
    an unquoted comma is put together again. At most MAX_ADDRESSES. Where possible give the text before RFC 2047
    decoding: a decoded display name may hold commas and angle brackets of its own.
    """
    if _PLAIN(value):
        return (("", value),)
    text = _CONTROLS.sub(" ", value[:MAX_TEXT]).strip()
    common = _COMMON(text)
    if common is not None:
        return ((_display(common[1] or common[2] or ""), common[3]),)
    return tuple(_Reader(text).read(MAX_ADDRESSES))


def _bare(text: str) -> str:
    """What is left where no address was found (a local name, as Postfix's pickup may give it)."""
    return text.rpartition(":")[2].strip(_EDGES)


class _Reader:
    """One pass over an address list (RFC 5322 §3.4 and its obsolete forms)."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.quotes = self.comments = True  # until one is found that nobody closes
        self.found: list[tuple[str, str]] = []
        self.held = ""  # a piece without address before a comma: perhaps the start of a display name
        self.reset()

    def reset(self) -> None:
        self.phrase: list[str] = []  # outside of angle brackets
        self.inside: list[str] | None = None  # within them
        self.at = False  # an "@" stands in the phrase
        self.angle: str | None = None
        self.comment = ""

    def read(self, limit: int) -> list[tuple[str, str]]:
        position, length = 0, len(self.text)
        while position < length and len(self.found) < limit:
            match = _PIECE.match(self.text, position)
            assert match is not None  # the two alternatives cover every character
            position = self.take(match[0], position, match.end())
        self.finish(comma=False)
        return self.found[:limit]

    def take(self, piece: str, start: int, end: int) -> int:
        """Reads one piece; the position to go on from."""
        if piece == '"' and self.quotes:
            quoted = _QUOTED.match(self.text, start)
            if quoted is not None:
                self.write(quoted[0])
                return quoted.end()
            self.quotes = False
        elif piece == "(" and self.comments:
            closed = self.close(end)
            if closed:
                self.comment = self.comment or self.text[end : closed - 1].strip()
                return closed
            self.comments = False
        elif piece == "<":
            if self.inside is not None and not self.routed():
                self.finish(comma=False)  # the one before was never closed
            self.inside = []
        elif piece == ">":
            if self.inside is not None:
                self.angle, self.inside = "".join(self.inside), None
        elif piece == "," and not self.routed():
            self.finish(comma=True)
        elif piece == ";":
            self.finish(comma=False)
        elif piece == ":":
            self.colon()
        else:
            self.write(piece)
        return end

    def colon(self) -> None:
        """Behind it the source route, or the name of a group, is over."""
        if self.inside is not None and (self.routed() or not any("@" in piece for piece in self.inside[:8])):
            self.inside = []
        elif self.at or self.inside is not None:  # an address literal: a@[IPv6:2001:db8::1]
            self.write(":")
        else:
            self.held = ""
            self.reset()

    def write(self, piece: str) -> None:
        if self.inside is None:
            self.phrase.append(piece)
            self.at = self.at or "@" in piece
        else:
            self.inside.append(piece)

    def routed(self) -> bool:
        """Whether a source route is being read: ``<@one,@two:a@b>``."""
        return self.inside is not None and len(self.inside) > 0 and self.inside[0].lstrip().startswith("@")

    def close(self, position: int) -> int:
        """The position behind the comment that begins before ``position``; 0 where it is never closed."""
        depth = 1
        while (match := _BRACKET.search(self.text, position)) is not None:
            position = match.end()
            if match[0] == "\\":
                position += 1
            else:
                depth += 1 if match[0] == "(" else -1
                if depth == 0:
                    return position
        return 0

    def finish(self, *, comma: bool) -> None:
        """The end of one mailbox."""
        phrase = "".join(self.phrase).strip()
        angle = "".join(self.inside) if self.inside is not None else self.angle
        address = _tidy(angle) if angle is not None else ""
        if not address and "@" in phrase:
            address, phrase = _loose(phrase)
        if address:
            display = _display(f"{self.held}, {phrase}" if self.held and phrase else phrase)
            self.found.append((display or _display(self.comment), address))
            self.held = ""
        elif comma and phrase:
            self.held = f"{self.held}, {phrase}" if self.held else phrase
            if len(self.held) > 1000:
                self.held = ""
        else:
            self.held = ""
        self.reset()


def _tidy(text: str) -> str:
    """White space is allowed around the dots and the ``@`` of an address, by the obsolete syntax."""
    text = text.strip()
    if '"' in text:
        local, domain = split(text)
        return f"{local.strip()}@{_SPACE.sub('', domain)}" if domain else text
    return _SPACE.sub("", text)


def _loose(phrase: str) -> tuple[str, str]:
    """An address that stands without angle brackets, and the words beside it."""
    if phrase.startswith('"') or not _SPACE.search(phrase):
        return _tidy(phrase), ""
    words = phrase.split()
    for index, word in enumerate(words):
        if "@" in word[1:-1]:
            return word, " ".join(words[:index] + words[index + 1 :])
    return _tidy(phrase), ""


def _display(text: str) -> str:
    """A display name without its quotes and with single spaces."""
    text = text.strip()
    if '"' in text:
        text = _ESCAPE.sub(r"\1", text.replace('\\"', "\x00").replace('"', "").replace("\x00", '"'))
    return _SPACE.sub(" ", text).strip(" '")
