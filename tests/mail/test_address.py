"""Addresses as they come in envelopes and header fields, honest and otherwise."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vanthu.mail.address import MAX_ADDRESSES, addresses, clean, fold_domain, key, split


@pytest.mark.parametrize(
    ("raw", "wanted"),
    [
        ("a@x.gov.vn", "a@x.gov.vn"),
        ("<a@x.gov.vn>", "a@x.gov.vn"),
        ("<>", ""),
        ("", ""),
        ("<@one,@two.vn:a@x.gov.vn>", "a@x.gov.vn"),
        ("a@x.gov.vn (Văn thư)", "a@x.gov.vn"),
        ("  Nguyễn Văn An <An@X.gov.vn> ", "An@X.gov.vn"),
        ('<"x > y"@x.gov.vn>', '"x > y"@x.gov.vn'),
        ("a@x.gov.vn\r\nBcc: b@gmail.com", "a@x.gov.vn"),
        ("a @ x.gov.vn", "a@x.gov.vn"),
        ("<a@[IPv6:2001:db8::1]>", "a@[IPv6:2001:db8::1]"),
        ("a@[IPv6:2001:db8::1]", "a@[IPv6:2001:db8::1]"),
        ("<mailto:a@x.gov.vn>", "a@x.gov.vn"),
        ("<a\udcff@x.gov.vn>", "a\udcff@x.gov.vn"),
        ("root", "root"),
        ("<root>", "root"),
    ],
)
def test_clean(raw: str, wanted: str) -> None:
    assert clean(raw) == wanted


def test_split() -> None:
    assert split("a@b@x.vn") == ("a@b", "x.vn")
    assert split("root") == ("root", "")


@pytest.mark.parametrize(
    ("given_", "wanted"),
    [
        ("GMAIL.com..", "gmail.com"),
        ("ｇｍａｉｌ．ｃｏｍ", "gmail.com"),
        ("gm\u200bail.com", "gmail.com"),
        ("gmail。com", "gmail.com"),
        ("bücher.de", "xn--bcher-kva.de"),
        ("BÜCHER.de.", "xn--bcher-kva.de"),
        ("XN--BCHER-KVA.de", "xn--bcher-kva.de"),
        ("[192.0.2.1]", "[192.0.2.1]"),
        ("😀.com", "😀.com"),
        ("", ""),
    ],
)
def test_fold_domain(given_: str, wanted: str) -> None:
    assert fold_domain(given_) == wanted


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("An@GMAIL.com", "an@gmail.com"),
        ('"an"@gmail.com', "an@gmail.com"),
        ('"a\\n"@gmail.com', "an@gmail.com"),
        ("an@gmail.com.", "an@gmail.com"),
        ("Hòa@x.vn", "HO\u0300A@x.vn"),
    ],
)
def test_key_is_the_same_for_one_mailbox(one: str, other: str) -> None:
    assert key(one) == key(other)


@pytest.mark.parametrize("text", ["é@ÿ@", "é@", "a@b@é@", '"a@"@é', "@é"])
def test_a_key_is_its_own_key(text: str) -> None:
    assert key(key(text)) == key(text)


def test_a_broken_address_is_not_another_one() -> None:
    assert key("é@x.vn@") != key("é@x.vn")


def test_key_keeps_a_quoted_local_part_that_needs_its_quotes() -> None:
    assert key('"a b"@x.vn') != key("ab@x.vn")


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ('"An, Nguyễn" <a@x.vn>, c@x.vn', [("An, Nguyễn", "a@x.vn"), ("", "c@x.vn")]),
        ("Nguyễn, Văn An <a@x.vn>", [("Nguyễn, Văn An", "a@x.vn")]),
        ("nhóm: a@x.vn, Tên <c@x.vn>;, e@x.vn", [("", "a@x.vn"), ("Tên", "c@x.vn"), ("", "e@x.vn")]),
        ("undisclosed-recipients:;", []),
        ('"An <a@x.vn>, c@x.vn', [("An", "a@x.vn"), ("", "c@x.vn")]),
        ("(An <a@x.vn>, c@x.vn", [("An", "a@x.vn"), ("", "c@x.vn")]),
        ("a@x.vn (Nguyễn (Văn) An)", [("Nguyễn (Văn) An", "a@x.vn")]),
        ("A <a@x.vn, B <c@x.vn>", [("A", "a@x.vn"), ("B", "c@x.vn")]),
        ("An a@x.vn", [("An", "a@x.vn")]),
        ("a@x.vn; c@x.vn", [("", "a@x.vn"), ("", "c@x.vn")]),
        ('"An \\"Ba\\"" <a@x.vn>', [('An "Ba"', "a@x.vn")]),
        ("'An' <a@x.vn>", [("An", "a@x.vn")]),
        ('"boss@x.gov.vn" <evil@gmail.com>', [("boss@x.gov.vn", "evil@gmail.com")]),
        ('"a b"@x.vn', [("", '"a b"@x.vn')]),
        ("<@route:a@x.vn>", [("", "a@x.vn")]),
        ("", []),
    ],
)
def test_addresses(value: str, wanted: list[tuple[str, str]]) -> None:
    assert list(addresses(value)) == wanted


def test_addresses_has_a_limit() -> None:
    assert len(addresses("a@x.vn," * (MAX_ADDRESSES + 5))) == MAX_ADDRESSES


@given(st.text(alphabet=st.sampled_from(list('ab@.<>(),;:"\\ \t\r\nếđ\x00=?'))))
def test_nothing_raises(text: str) -> None:
    for name, address in addresses(text):
        assert address
        assert "\n" not in name + address
    assert "\r" not in clean(text)
    key(text)
    fold_domain(text)


@given(st.text())
def test_folding_is_stable(text: str) -> None:
    assert fold_domain(fold_domain(text)) == fold_domain(text)


@given(
    st.from_regex(r"[a-zA-Z0-9!#$%&'*+/=?^_`{|}~đêư-]{1,9}(\.[a-z0-9đêư]{1,5}){0,2}", fullmatch=True),
    st.from_regex(r"[a-zA-Z0-9đ-]{1,9}(\.[a-z]{1,5}){0,3}\.?", fullmatch=True),
    st.sampled_from(
        ["{}", "<{}>", " <{}> ", "<@relay.vn,@second.vn:{}>", "(one (two)) {}", "{} (three)", "Hoa <{}>"]
    ),
)
def test_what_is_clean_stays_as_it_is(local: str, domain: str, around: str) -> None:
    address = f"{local}@{domain}"
    assert clean(address) == address
    assert clean(around.format(address)) == address


@pytest.mark.parametrize("text", [":>0", ": 0", "<<a:>\u00a00"])
def test_a_local_name_stays_as_it_is(text: str) -> None:
    assert clean(text) == clean(clean(text)) == "0"


@pytest.mark.parametrize(
    "unit",
    [
        '"\\',
        "(",
        "<",
        "a@",
        ":",
        "a,",
        "a@:",
        "<@a,",
        "<a@b ",
        "@ ",
        " ",
        "a",
        '"',
        "(\\",
        "a b",
        "<@a:",
        ";",
        "<a:",
        "<a@:",
    ],
)
def test_time_is_linear(unit: str) -> None:
    def cost(times: int) -> float:
        text = unit * times
        begun = time.process_time()
        addresses(text)
        clean(text)
        key(text)
        fold_domain(text)
        return time.process_time() - begun

    small = min(cost(8_000) for _ in range(3))
    assert min(cost(32_000) for _ in range(3)) < 10 * small + 0.02
