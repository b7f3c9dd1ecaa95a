"""format=flowed, and that the short way over plain letters ends where the long way ends."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vanthu.mail import flowed


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Kính gửi \nbà Bình,\n\nCảm ơn \nbà.", "Kính gửi bà Bình,\n\nCảm ơn bà."),
        ("> một \n> hai\nba", "> một hai\nba"),
        (">> sâu\n> nông", "> > sâu\n> nông"),
        (" >không phải trích", ">không phải trích"),
        ("Chào \n-- \nAn", "Chào \n-- \nAn"),
    ],
)
def test_paragraphs(text: str, wanted: str) -> None:
    assert flowed.unwrap(text, delete_space=False) == wanted


def test_the_space_goes_where_the_sender_says_so() -> None:
    assert flowed.unwrap("東京 \n都", delete_space=True) == "東京都"


@given(st.text("ab \n>-", max_size=30), st.booleans())
def test_the_short_way_is_the_long_way(text: str, delete_space: bool) -> None:
    with pytest.MonkeyPatch.context() as patch:
        short = flowed.unwrap(text, delete_space)
        patch.setattr(flowed, "_nothing_but_paragraphs", lambda _: False)
        assert short == flowed.unwrap(text, delete_space)
