"""What strangers wrote neither moves a cursor nor is calculated, and honest text stays as it is."""

from __future__ import annotations

import pytest

from vanthu.harmless import cell, one_line, printable


@pytest.mark.parametrize("text", ["Kính gửi: Sở Nội vụ", "a  b", "", "số 12/UBND-NC – 🙂"])
def test_honest_text_stays(text: str) -> None:
    assert printable(text) == cell(text) == text


@pytest.mark.parametrize("sign", ["\x1b", "\r", "\n", "\0", "\x9b", "\u202e", "\u2028", "\ud800"])
def test_what_moves_a_cursor_or_is_not_seen_is_replaced(sign: str) -> None:
    assert printable(f"a{sign}b") == "a?b"
    assert printable(f"a{sign}b", " ") == "a b"


def test_a_line_of_its_own_has_words_and_single_spaces() -> None:
    assert one_line("\tlụt\x1b[2J\r\n\u2028 hai \x9b\u202e huyện\0") == "lụt [2J hai huyện"
    assert one_line(" \x1b\n") == ""
    assert one_line(" lụt\x1b[2J\n  hai ", "?") == "lụt?[2J? hai"


@pytest.mark.parametrize(
    "text", ["=1+1", "+84 901", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "＋1", "－1", "＠SUM(A1)"]
)
def test_a_formula_becomes_text(text: str) -> None:
    assert cell(text) == "'" + text


@pytest.mark.parametrize("text", ["＝1+1", "＋1", "－1", "＠SUM(A1)"])
def test_so_does_one_in_wide_signs(text: str) -> None:
    assert cell(text) == "'" + text


def test_signs_of_a_formula_further_on_are_text() -> None:
    assert cell("a=b") == "a=b"
