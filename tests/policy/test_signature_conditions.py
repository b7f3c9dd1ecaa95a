"""Rules may ask for signatures: by kind, status, reason, signer and organization, all of one signature."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from vanthu.cli.main import vanthu

RULES = """version: 1
rules:
  - id: broken
    title: {vi: hỏng, en: broken}
    when: {any_signature: {status: invalid, reason: [altered, altered_after]}}
    unless:
      - id: again
        when: {any_signature: {kind: pdf, status: valid, organization: UBND tỉnh}}
        reason: signed again
        owner: a@x.gov.vn
        expires: 2099-01-01
    action: hold
"""
CASES = """version: 1
assume: enforce
cases:
  - name: the case
    facts: {recipients: [ban@gmail.com], signatures: [%s]}
    expect: {verdict: %s}
"""
ALTERED = "{kind: pdf, where: 'attachment:1', status: invalid, reason: altered_after, signer: A}"
EXPIRED = "{kind: pdf, where: 'attachment:1', status: invalid, reason: expired}"
AGAIN = "{kind: pdf, where: 'attachment:1', status: valid, organization: ubnd TỈNH}"
OTHER = "{kind: smime, where: 'attachment:2', status: valid, organization: UBND tỉnh}"


@pytest.mark.parametrize(
    ("signatures", "verdict"),
    [
        ("", "accept"),
        (ALTERED, "hold"),
        (EXPIRED, "accept"),
        (f"{EXPIRED}, {ALTERED}", "hold"),
        (f"{ALTERED}, {AGAIN}", "accept"),
        (f"{ALTERED}, {OTHER}", "hold"),
    ],
)
def test_a_rule_about_signatures(tmp_path: Path, signatures: str, verdict: str) -> None:
    (tmp_path / "tests").mkdir()
    (tmp_path / "rules.yaml").write_text(RULES, "utf-8")
    (tmp_path / "tests" / "a.test.yaml").write_text(CASES % (signatures, verdict), "utf-8")
    result = CliRunner().invoke(vanthu, ["test", str(tmp_path)])
    assert result.exit_code == 0, result.output
