"""A recogniser's own limit is a fact: what was not searched is said to be unknown, unless it was found already."""

from __future__ import annotations

from facts.samples_house import facts_of, mail

ANCHOR = "Số: 12/UBND-VX\n"


def unavailable(text: str) -> set[tuple[str, str]]:
    return {(one.fact, one.reason) for one in facts_of(mail(text)).unavailable}


def test_an_ordinary_mail_leaves_nothing_open() -> None:
    assert unavailable("Chào anh,\nmai họp lúc 8h nhé.\n") == set()


def test_a_text_beyond_the_page_readers_limit_is_unknown_where_it_might_hold_something() -> None:
    long = "Dòng chữ thường.\n" * 6000
    assert unavailable(long) == set()  # no anchor anywhere: it was looked at to its end
    assert ("/official", "too_large") in unavailable(long + ANCHOR + long)
    assert ("/secrecy", "too_large") in unavailable(long + "MẬT\n" + long)


def test_too_many_beginnings_of_quotations_leave_the_forward_open() -> None:
    decoys = "From: a@b.vn\nx\n" * 2200
    block = "---------- Forwarded message ---------\nFrom: <c@d.vn>\nDate: 1/2/2026 8:00\nSubject: x\nTo: <e@f.vn>\n"
    assert ("/forward", "too_many") in unavailable(decoys)
    found = facts_of(mail(block + "\n" + decoys))
    assert found.forward.kind == "inline"
    assert not [one for one in found.unavailable if one.fact == "/forward"]
