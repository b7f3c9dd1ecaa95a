"""Addresses that a Sieve script sends mail to, whatever it is made of."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vanthu.postfix.forwards.sieve import COMPUTED, redirects


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ('redirect "an@gmail.com";', [("an@gmail.com", 1, False)]),
        ('require ["copy"];\nREDIRECT :copy "an@gmail.com";', [("an@gmail.com", 2, True)]),
        ('if header :contains "subject" "redirect" {\n  redirect "<a@x.vn>" ;\n}', [("a@x.vn", 2, False)]),
        ('# redirect "an@gmail.com";\nkeep;', []),
        ('/* redirect "an@gmail.com"; */ keep;', []),
        ('fileinto "redirect"; set "redirect" "a@x.vn";', []),
        ('fileinto "say \\"redirect\\" \\"an@gmail.com\\";";', []),
        ("redirect text:\nan@gmail.com\n.\n;", [("an@gmail.com", 1, False)]),
        ('vacation text:\nredirect "a@x.vn";\n.\n;', []),
        ('redirect "${1}@gmail.com";', [(COMPUTED, 1, False)]),
        ('redirect :list "tag:example.com,2026:all";', [(COMPUTED, 1, False)]),
        ('redirect :notify "never" :ret "hdrs" "a@x.vn";', [("a@x.vn", 1, False)]),
        ('notify :message "x" "mailto:a@gmail.com?subject=y";', [("a@gmail.com", 1, True)]),
        ('redirect "a@x.vn"; redirect "b@x.vn";', [("a@x.vn", 1, False), ("b@x.vn", 1, False)]),
        ('redirect "a@x.vn', [("a@x.vn", 1, False)]),
        ("redirect", []),
        ("/* redirect", []),
    ],
)
def test_redirects(script: str, expected: list[tuple[str, int, bool]]) -> None:
    assert [(one.address, one.line, one.copy) for one in redirects(script)] == expected


@given(st.text(alphabet='redirect notify":copy\\;{}/*#\n.text@x'))
def test_any_text_ends_in_a_value(script: str) -> None:
    redirects(script)


@pytest.mark.parametrize("piece", ["redirect ", '"', "/*", '"\\', "text:\n", "redirect :copy ", "/* *"])
def test_a_megabyte_of_anything_takes_linear_time(piece: str) -> None:
    def cost(size: int) -> float:
        script = piece * (size // len(piece))
        return min(once(script) for _ in range(3))  # the machine is shared: the best run counts

    def once(script: str) -> float:
        start = time.process_time()
        redirects(script)
        return time.process_time() - start

    cost(1000)
    # Sixteen times as much; what looks back at all of it for each piece takes 256 times as long.
    assert cost(1 << 20) < 100 * max(cost(1 << 16), 0.002)
