"""Documents of many offices, and papers that look like them, written by hand (``by_hand.yaml``).

Each document must be found and say what it says, also quoted with ``>``, with blank lines between its lines, and
without diacritics; the papers must be none in the same dress.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from facts.official.test_recognise import official
from vanthu.facts.official.lines import bare
from vanthu.facts.reading import Reading
from vanthu.facts.secrecy import recognise as secrecy

_DATA = yaml.safe_load((Path(__file__).parent / "by_hand.yaml").read_text("utf-8"))
DRESSES: dict[str, Callable[[str], str]] = {
    "as written": str,
    "quoted": lambda text: "\n".join(f"> {line}" for line in text.split("\n")),
    "spaced out": lambda text: text.replace("\n", " \n \n"),
    "no diacritics": bare,
}


@pytest.mark.parametrize("name", _DATA["documents"])
def test_a_document_says_what_is_printed_on_it(name: str) -> None:
    given = _DATA["documents"][name]
    first = official(given["text"]).documents[0]
    assert {key: getattr(first, key) for key in given["says"]} == given["says"]


@pytest.mark.parametrize("dress", DRESSES)
@pytest.mark.parametrize("name", _DATA["documents"])
def test_a_document_is_found_in_any_dress(name: str, dress: str) -> None:
    given = _DATA["documents"][name]
    found = official(DRESSES[dress](given["text"]))
    assert [document.number for document in found.documents][:1] == [given["says"].get("number")]


@pytest.mark.parametrize("dress", DRESSES)
@pytest.mark.parametrize("name", _DATA["none"])
def test_a_paper_that_looks_like_one_is_none(name: str, dress: str) -> None:
    text = DRESSES[dress](_DATA["none"][name])
    assert official(text).documents == ()
    assert secrecy([Reading("body", text)], ()).level is None
