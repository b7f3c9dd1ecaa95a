"""Files that stand in a text: found, or quietly not there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vanthu.mail.blocks import enclosed

_HALVES = [
    b"begin ",
    b"644 ",
    b"cv.doc\n",
    b"#0V%T\n",
    b"`\n",
    b"end\n",
    b"=ybegin ",
    b"name=a.txt\r\n",
    b"=yend ",
    b"\n",
]


@pytest.mark.parametrize("data", [b"", b"begin x", b"=ybegin line=128", b"begin 644 \n", b"text\nbegin the week"])
def test_words_that_begin_nothing_hold_no_file(data: bytes) -> None:
    assert list(enclosed(data)) == []


def test_a_file_is_found() -> None:
    assert list(enclosed(b"Xem:\nbegin 644 cv.txt\n#0V%T\n`\nend\n")) == [("cv.txt", b"Cat")]


@given(st.lists(st.sampled_from(_HALVES), max_size=12).map(b"".join))
def test_halves_in_any_order_are_no_error(data: bytes) -> None:
    assert all(isinstance(content, bytes) for _, content in enclosed(data))
