"""Hostile text: time grows with the size, not faster, and nothing raises."""
# ruff: noqa: E501

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vanthu.facts.forward import recognise
from vanthu.facts.forwards.marker import marks
from vanthu.facts.forwards.subject import prefix
from vanthu.mail.envelope import Envelope, Recipient
from vanthu.mail.message import Body, HeaderField, Message

ENVELOPE = Envelope("a@x.vn", (Recipient("b@y.vn"),), datetime(2026, 1, 1, tzinfo=UTC))
UNITS = [
    "From: a\n", "To: x\nx: y\n", "abc: x@y\ndef: 1\nghi: 2\n", ":" * 60 + "\n", ":", "a@b@c ", "q> x:\n", "> x:\n", "---- forwarded message\n",
    "a@b.c 2020 10:00 wrote:\n", "| From | a@b |\n", ">>> a 10:00 >>>\n", "From: x To: y Aa: b ", "\n", "--- ", "a" * 63 + "@", "1/1/", "[x] ",
    "From: a <a@b.c>\nDate: 1/1/2020 10:00\nSubject: x\nTo: c@d.e\n\n", "From:\n", "To: a@b,\n",
]  # fmt: skip


def _seconds(unit: str, size: int) -> float:
    text = unit * (size // len(unit))
    message = Message(size, (HeaderField("Subject", text[:5000], b""),), (Body("body", "plain", text),), (), ())
    best = 60.0
    for _ in range(3):
        begin = time.process_time()
        recognise(message, ENVELOPE, lambda address: None, lambda host: False)
        best = min(best, time.process_time() - begin)
    return best


@pytest.mark.parametrize("unit", UNITS)
def test_time_is_linear_in_the_size(unit: str) -> None:
    small, large = _seconds(unit, 250_000), _seconds(unit, 500_000)
    assert large < 3 * small + 0.05


@pytest.mark.parametrize("width", [60, 300, 1000, 2000])
@pytest.mark.parametrize("rest", ["{} @", "{}@ ", "From: {} @"])
def test_long_lines_that_might_be_fields_take_no_second(width: int, rest: str) -> None:
    """Each of them is a line of up to sixty blocks that are tried."""
    line = "ab: " + rest.format("x" * width) + "\n"
    begin = time.process_time()
    marks(line * (200_000 // len(line)))
    assert time.process_time() - begin < 2.0


@given(
    st.lists(
        st.sampled_from(
            [
                "From:",
                "To: a@b.c",
                "> ",
                "----",
                "Date: 1/1/2020 10:00",
                "\n",
                ":",
                "x",
                "|",
                "\t",
                "Từ: ",
                "：",
                "wrote:",
            ]
        )
    )
)
def test_any_mixture_is_read_without_an_error(pieces: list[str]) -> None:
    for mark in marks("".join(pieces)):
        assert mark.manner


@given(st.text())
def test_any_subject_has_a_prefix_or_none(subject: str) -> None:
    assert prefix(subject) in ("forward", "reply", "either", "none")


@given(
    st.sampled_from(["Fwd", "FW", "WG", "Chuyển tiếp", "转发", "Doorst"]), st.sampled_from([":", " :", "：", "[2]:"])
)
def test_prefixes_of_forwards(word: str, colon: str) -> None:
    assert prefix(f"{word}{colon} Re: x") == "forward"
    assert prefix(f"[list] {word}{colon} x") == "forward"
    assert prefix(f"Re: {word}{colon} x") == "reply"
