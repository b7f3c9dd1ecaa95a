"""Folding: one spelling for the same words, idempotent, with offsets that lead back to the original."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vanthu.vietnamese.text import fold, nfc, strip_diacritics

# Letters, marks and signs that matter here, so that examples hit them often.
_TEXT = st.text(
    st.one_of(
        st.sampled_from(
            "aoeuyAOEUYòáỏõọùúủũụ\u0300\u0301\u0309\u0323\u0302\u031bđĐÐðưƯơƠ \u00a0\u200b\u00ad–“”МАТαΒfiＡ１İıßſ"
        ),
        st.characters(),
    ),
    max_size=60,
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("HÒA", "hoà"),
        ("ỦY BAN", "Uỷ ban"),
        ("THỦY", "thuỷ"),
        ("HÓA", "Hoá"),
        ("qúy", "QUÝ"),
        ("HỎA TỐC", "HOẢ TỐC"),
        ("hòan", "hoàn"),
        ("khỏe", "khoẻ"),
        ("Ðộc lập", "Độc lập"),
        ("QÐ-UBND", "QĐ-UBND"),
        ("МẬТ", "MẬT"),
        ("mậ\u200bt", "mật"),
        ("m\u00adật", "mật"),
        ("Kính\u00a0gửi", "Kính gửi"),
        ("Ｓố", "số"),
        ("Độc lập – Tự do", "Độc lập - Tự do"),
        (unicodedata.normalize("NFD", "TUYỆT MẬT"), "tuyệt mật"),
        ("Ti\u0309nh", "tỉnh"),
        ("“Mật”", '"mật"'),
        ("SỞ\u3000Y TẾ", "Sở Y tế"),
        # Cyrillic letters with combining marks, which have no composed form of their own.
        ("TUYỆT M\u0410\u0302\u0323T", "tuyệt mật"),
        ("k\u0456\u0301nh gửi", "kính gửi"),
    ],
)
def test_equal_for_the_reader_is_equal(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("mật", "mặt"),
        ("mật", "mất"),
        ("của", "cùa"),
        ("hoa", "hòa"),
        ("tỉnh", "tính"),
        ("đa", "da"),
        ("Москва", "Mockba"),
        ("а́кт", "ákt"),
    ],
)
def test_different_words_stay_different(one: str, other: str) -> None:
    assert fold(one) != fold(other)


def test_line_ends_and_blanks_stay() -> None:
    assert fold("A\nB\tC  D") == "a\nb\tc  d"


@given(_TEXT)
def test_fold_is_idempotent(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(_TEXT)
def test_fold_does_not_depend_on_the_normal_form(text: str) -> None:
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))


def test_strip_diacritics() -> None:
    assert strip_diacritics("Đặng Thị Ngọc Ỷ, Ưng Hoè – “a”") == "Dang Thi Ngoc Y, Ung Hoe – “a”"


@given(_TEXT)
def test_strip_keeps_the_length(text: str) -> None:
    assert len(strip_diacritics(text)) == len(nfc(text))


@given(st.text(st.sampled_from("aăâeêioôơuưyđĐÂĂƯ\u0300\u0301\u0302\u0309\u0323ẬỆ “–é q1"), max_size=30))
def test_strip_takes_each_letter_by_itself(text: str) -> None:
    assert strip_diacritics(text) == "".join(map(strip_diacritics, nfc(text)))


@given(_TEXT)
def test_strip_is_idempotent(text: str) -> None:
    assert strip_diacritics(strip_diacritics(text)) == strip_diacritics(text)
