"""The rules by which public lists are merged (policies/providers/refresh.py)."""

from __future__ import annotations

import importlib.util

import pytest

from vanthu import shipped

_SPEC = importlib.util.spec_from_file_location("refresh", shipped.policies() / "providers" / "refresh.py")
assert _SPEC is not None
assert _SPEC.loader is not None
refresh = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(refresh)


@pytest.mark.parametrize(
    ("domain", "reason"),
    [
        ("nodot", "not a domain"),
        ("a b.com", "not a domain"),
        ("gmail.com", "decided by the files kept by hand"),
        ("x.gmail.com", "decided by the files kept by hand"),
        ("news.hackney.gov.uk", "public bodies and schools"),
        ("cs.example.ac.uk", "public bodies and schools"),
        ("england.edu", "public bodies and schools"),
        ("x.gov.vn", "public bodies and schools"),
        ("imail.edu.vn", "public bodies and schools"),
        ("nangspa.vn", "ordinary .vn domains"),
        ("veo.io.vn", None),
        ("i2b.vn", None),
        ("go.com", None),
        ("gov.555016.xyz", None),
        ("webmail.example", None),
    ],
)
def test_refusal(domain: str, reason: str | None) -> None:
    assert refresh.refusal(domain, frozenset(["gmail.com"])) == reason


def test_renewal_of_the_same_lists_changes_nothing(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(refresh, "HERE", tmp_path)
    refresh.write("x.txt", "public", "npm y 1", {"b.com", "a.com"})
    first = (tmp_path / "x.txt").read_text("utf-8").replace("# date: 20", "# date: 19")
    (tmp_path / "x.txt").write_text(first, "utf-8")
    refresh.write("x.txt", "public", "npm y 1", {"a.com", "b.com"})
    assert (tmp_path / "x.txt").read_text("utf-8") == first, "not even its date"
    refresh.write("x.txt", "public", "npm y 2", {"a.com"})
    assert (tmp_path / "x.txt").read_text("utf-8").endswith("\na.com\n")


def test_dropped_domains_are_reported() -> None:
    dropped: dict[str, list[str]] = {"public bodies and schools": [], "not a domain": []}
    assert refresh.keep(["B.com.", "a.gov.uk", "b.com", "nodot"], frozenset(), dropped) == {"b.com"}
    assert dropped == {"public bodies and schools": ["a.gov.uk"], "not a domain": ["nodot"]}
