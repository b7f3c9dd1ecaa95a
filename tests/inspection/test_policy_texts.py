"""Policy texts are kept by digest, once, and nothing else is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.policies import policy_of, rule
from vanthu.inspection.policy_texts import keep, kept

POLICY = policy_of(rule("a", {"direction": "outbound"}, "hold"))


def test_what_was_kept_is_read_again(tmp_path: Path) -> None:
    keep(tmp_path, POLICY)
    keep(tmp_path, POLICY)
    assert kept(tmp_path, POLICY.digest) == dict(POLICY.text)
    assert [path.name for path in (tmp_path / "policies").iterdir()] == [f"{POLICY.digest}.json"]


@pytest.mark.parametrize("digest", ["0123456789abcdef", "../relax", "", "policies/x"])
def test_an_unknown_digest_has_no_text(tmp_path: Path, digest: str) -> None:
    for name in ("relax", "policies/", "policies/policies/x"):
        path = tmp_path / f"{name}.json"
        path.parent.mkdir(exist_ok=True)
        path.write_text("{}")
    assert kept(tmp_path, digest) is None
