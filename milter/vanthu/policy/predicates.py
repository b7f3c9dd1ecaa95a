"""What a condition asks of a value. Predicates are values themselves: equal ones are shared between rules.

``tokens`` are the forms a fact's value is looked up in: an address by itself and by its domain. A predicate that is a
set of tokens can be indexed; ``implies`` lets lint compare predicates. A null fact is known, and only a set that
holds None accepts it.
"""

from __future__ import annotations

import ipaddress
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from .hours import Calendar

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Tokens = Callable[[Any], tuple[Any, ...]]


def fold(text: str) -> str:
    """Upper and lower case, and composed and decomposed letters, made equal."""
    return text.lower() if text.isascii() else unicodedata.normalize("NFC", text.casefold())


def plain_tokens(value: Any) -> tuple[Any, ...]:
    """Enumerated values, flags and numbers stand for themselves."""
    return (value,)


def text_tokens(value: str | None) -> tuple[str | None, ...]:
    """Text is compared folded."""
    return (None,) if value is None else (fold(value),)


def address_tokens(value: str | None) -> tuple[str | None, ...]:
    """A mail address is found by itself and by its domain."""
    if value is None:
        return (None,)
    folded = fold(value)
    local, at, domain = folded.rpartition("@")
    return (folded, domain) if at and local else (folded,)


def texts_tokens(values: tuple[str, ...]) -> tuple[str, ...]:
    """A list of texts is found by each of them."""
    return tuple(map(fold, values))


@dataclass(frozen=True, slots=True)
class OneOf:
    """The value is one of these (already folded); ``known_as`` keeps a named list readable for explain."""

    tokens: frozenset[Any]
    tokens_of: Tokens
    known_as: str | None = field(default=None, compare=False)

    def accepts(self, value: Any) -> bool:
        return not self.tokens.isdisjoint(self.tokens_of(value))

    def __str__(self) -> str:
        if self.known_as:
            return f"in list {self.known_as}"
        return " | ".join(sorted("null" if token is None else str(token).lower() for token in self.tokens))


@dataclass(frozen=True, slots=True)
class Between:
    """A number, or a date as ISO text, from ``low`` to ``high``, both included; None leaves an end open."""

    low: Any
    high: Any

    def accepts(self, value: Any) -> bool:
        if value is None:
            return False
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)

    def __str__(self) -> str:
        if self.high is None:
            return f">= {self.low}"
        return f"<= {self.high}" if self.low is None else f"{self.low} … {self.high}"


@dataclass(frozen=True, slots=True)
class Matches:
    """RE2 finds ``source`` somewhere in the text (of a list of texts: in one of them)."""

    source: str
    pattern: Any = field(compare=False, repr=False)

    def accepts(self, value: str | tuple[str, ...] | None) -> bool:
        texts = (value,) if isinstance(value, str) else value or ()
        return any(self.pattern.search(_encodable(unicodedata.normalize("NFC", text))) for text in texts)

    def __str__(self) -> str:
        return f"matches {self.source}"


@dataclass(frozen=True, slots=True)
class Inside:
    """An IP address lies in one of these networks; text that is no address lies in none."""

    networks: frozenset[Network]
    or_null: bool

    def accepts(self, value: str | None) -> bool:
        if value is None:
            return self.or_null
        try:
            address = ipaddress.ip_address(value)
        except ValueError:
            return False
        return any(address in network for network in self.networks)

    def __str__(self) -> str:
        return "in " + " | ".join(sorted(map(str, self.networks)))


@dataclass(frozen=True, slots=True)
class WorkingTime:
    """The time of the mail is inside (or outside) working hours."""

    inside: bool
    calendar: Calendar

    def accepts(self, value: datetime) -> bool:
        return self.calendar.working(value) is self.inside

    def __str__(self) -> str:
        return f"{'inside' if self.inside else 'outside'} working hours"


Predicate = OneOf | Between | Matches | Inside | WorkingTime


def implies(narrow: Predicate, wide: Predicate) -> bool:
    """Whether every value that ``narrow`` accepts is accepted by ``wide``, as far as can be seen from their form."""
    if narrow == wide:
        return True
    if isinstance(narrow, OneOf) and isinstance(wide, OneOf):
        return narrow.tokens <= wide.tokens
    if isinstance(narrow, Between) and isinstance(wide, Between):
        low = wide.low is None or (narrow.low is not None and narrow.low >= wide.low)
        high = wide.high is None or (narrow.high is not None and narrow.high <= wide.high)
        return low and high
    if isinstance(narrow, OneOf) and isinstance(wide, Between):
        return all(wide.accepts(token) for token in narrow.tokens)
    return False


def contradicts(one: Predicate, other: Predicate) -> bool:
    """Whether no single value can be accepted by both, as far as can be seen from their form."""
    if isinstance(one, OneOf) and isinstance(other, OneOf) and one.tokens_of is other.tokens_of is plain_tokens:
        return one.tokens.isdisjoint(other.tokens)
    if isinstance(one, Between) and isinstance(other, Between):
        lows = [low for low in (one.low, other.low) if low is not None]
        highs = [high for high in (one.high, other.high) if high is not None]
        return bool(lows and highs) and max(lows) > min(highs)
    if isinstance(one, WorkingTime) and isinstance(other, WorkingTime):
        return one.inside is not other.inside
    return False


def _encodable(text: str) -> str:
    """RE2 wants UTF-8: lone surrogates, which raw headers can hold, become question marks."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
