"""The header between two hops: what it is worth, whatever is done to it on the way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vanthu.inspection.ticket import Ticket, content, read, recipient_hash, write

KEY, OLD, STRANGE = b"a" * 32, b"b" * 32, b"c" * 32
NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
DAYS = 30


def ticket(**changes: object) -> Ticket:
    given = {"record": "01ABC", "time": int(NOW.timestamp()), "login": "an", "passed": ("x", "y")} | changes
    return Ticket(**given)  # type: ignore[arg-type]


def wire(value: str) -> bytes:
    """As the next hop gets it: behind the colon, folded."""
    return b" " + value.encode("ascii")


def test_what_one_hop_writes_the_next_one_reads() -> None:
    assert read(wire(write(ticket(), KEY)), (KEY,), NOW, DAYS) == ("valid", ticket(), KEY)


def test_lines_are_short_however_many_recipients_there_are() -> None:
    passed = tuple(recipient_hash(f"a{number}@gmail.com", KEY) for number in range(1000))
    value = write(ticket(passed=passed), KEY)
    assert max(map(len, value.split("\n"))) < 78
    assert len(value) < 20_000
    assert read(wire(value), (KEY,), NOW, DAYS)[1] == ticket(passed=passed)


def test_an_older_key_is_understood_and_named() -> None:
    assert read(wire(write(ticket(), OLD)), (KEY, OLD), NOW, DAYS) == ("valid", ticket(), OLD)


def test_another_key_is_a_forgery() -> None:
    assert read(wire(write(ticket(), STRANGE)), (KEY, OLD), NOW, DAYS)[0] == "forged"
    assert read(wire(write(ticket(), KEY)), (), NOW, DAYS)[0] == "forged"


@pytest.mark.parametrize("days", [-1, 31])
def test_time_is_bound(days: int) -> None:
    value = wire(write(ticket(), KEY))
    assert read(value, (KEY,), NOW + timedelta(days=days), DAYS) == ("expired", None, b"")


def test_no_byte_of_it_may_change() -> None:
    value = wire(write(ticket(), KEY))
    for position in range(len(value)):
        other = bytearray(value)
        other[position] ^= 1
        result, read_back, _ = read(bytes(other), (KEY,), NOW, DAYS)
        assert result == "forged" or read_back == ticket()  # white space between the parts is not meant


@given(st.binary(max_size=300))
def test_anything_may_stand_there(value: bytes) -> None:
    assert read(value, (KEY,), NOW, DAYS) == ("forged", None, b"")
    assert read(b" v1 " + value, (KEY,), NOW, DAYS) == ("forged", None, b"")


RAW = b"Subject: x\r\n\r\nline one\r\nline two\r\n"
FIELDS = [(b"Subject", b" x"), (b"Content-Type", b" text/plain;\n charset=utf-8")]


def test_white_space_and_subject_are_not_bound() -> None:
    folded = [(b"subject", b" [tag] x"), (b"Content-Type", b" text/plain; charset=utf-8")]
    assert content(FIELDS, RAW) == content(folded, b"Subject: [tag] x\r\n\r\nline one\r\n line two\r\n\r\n")


@pytest.mark.parametrize(
    ("fields", "raw"),
    [
        (FIELDS, RAW.replace(b"two", b"tw0")),
        ([(b"Content-Type", b" text/html")], RAW),
        ([*FIELDS, (b"Content-Transfer-Encoding", b" base64")], RAW),
    ],
)
def test_content_and_how_it_is_read_are_bound(fields: list[tuple[bytes, bytes]], raw: bytes) -> None:
    assert content(fields, raw) != content(FIELDS, RAW)


def test_recipients_are_compared_as_addresses_and_not_shown() -> None:
    seen = ticket(passed=(recipient_hash("An@Gmail.com", KEY),))
    assert seen.saw("an@gmail.COM", KEY)
    assert not seen.saw("binh@gmail.com", KEY)
    assert not seen.saw("an@gmail.com", STRANGE)
    assert b"gmail" not in wire(write(seen, KEY))
