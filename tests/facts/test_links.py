"""File shares are found at label boundaries, in text and markup, once each."""

from __future__ import annotations

import pytest

from vanthu.facts.links import find_links
from vanthu.mail.message import Body, Message


def families(text: str, markup: str = "") -> list[str | None]:
    message = Message(1, (), (Body("body", "html" if markup else "plain", text, markup),), (), ())
    return [link.family for link in find_links(message)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("xem https://drive.google.com/file/d/1 nhé", ["google_drive"]),
        ("HTTPS://DOCS.GOOGLE.COM/x và https://drive.google.com/y", ["google_drive"]),
        ("https://tinh-my.sharepoint.com/:w:/g/personal", ["sharepoint"]),
        ("https://www.dropbox.com/s/a http://we.tl/t-x", ["dropbox", "wetransfer"]),
        ("https://drive.google.com.evil.example/x", []),
        ("https://notdropbox.com/", []),
        ("https://user@1drv.ms/x", ["onedrive"]),
        ("drive.google.com", []),
        ("https://google.com/search?q=https", []),
    ],
)
def test_shares(text: str, found: list[str]) -> None:
    assert families(text) == found


def test_a_link_behind_other_words_is_found_in_the_markup() -> None:
    assert families("bấm vào đây", '<a href="https://1drv.ms/u/s!x">bấm vào đây</a>') == ["onedrive"]


def test_many_links_cost_no_more_than_the_limit() -> None:
    assert families("https://a.example/ " * 100_000 + "https://we.tl/x") == []
