"""Shows what became of the letters: one block a letter, narrow enough for a terminal."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any

import yaml
from letters import Letter

from support.sink import Delivery

_WIDTH = 108


def show(
    sent: list[Letter], replies: list[str], records: list[Any], held: set[str], deliveries: list[Delivery],
    policies: Path,
) -> None:  # fmt: skip
    """Prints verdict, SMTP reply, what the sink received, and the rule with the clause it rests on."""
    rules, bases = _rules(policies), _bases(policies)
    for number, (letter, reply, record) in enumerate(zip(sent, replies, records, strict=True), 1):
        decision = record["decision"]
        print(f"{number:2}. {letter.title}")
        _line("from", f"{letter.sender} {'(login)' if letter.login else '(from outside)'}")
        _line("to", ", ".join(letter.recipients))
        _line("verdict", decision["verdict"].upper())
        _line("SMTP reply", " ".join(reply.split()))
        _line("received", _received(record["queue_id"], held, deliveries))
        for hit in decision["rules"]:
            rule = rules.get(hit["id"], {})
            shadow = " (shadow)" if hit["mode"] == "shadow" else ""
            _line("rule", f"{hit['id']}{shadow}: {rule.get('title', {}).get('vi', '')}")
            for name in rule.get("basis", []):
                basis = bases.get(name, {})
                _line("basis", f"{basis.get('number')}, {basis.get('clause')} ({basis.get('issuer')})")
        if record["facts"]["defects"]:
            _line("defects", ", ".join(record["facts"]["defects"]))
        print()


def _line(label: str, text: str) -> None:
    lines = textwrap.wrap(text, _WIDTH - 16) or [""]
    print(f"    {label:<11} {lines[0]}")
    for line in lines[1:]:
        print(" " * 16 + line)


def _received(queue_id: str, held: set[str], deliveries: list[Delivery]) -> str:
    if queue_id in held:
        return "nothing yet: it stands in the hold queue"
    found = [delivery for delivery in deliveries if delivery.queue_id == queue_id]
    recipients = sorted(one.decode() for delivery in found for one in delivery.recipients)
    marks = sorted({line for delivery in found for line in _our_fields(delivery.raw)})
    return (", ".join(recipients) + (f"  [{'; '.join(marks)}]" if marks else "")) if found else "nothing"


def _our_fields(raw: bytes) -> list[str]:
    head = raw.split(b"\r\n\r\n", 1)[0].decode("utf-8", "replace")
    return [line.partition(";")[0] for line in head.splitlines() if line.startswith("X-Vanthu:")]


def _rules(policies: Path) -> dict[str, Any]:
    found = {}
    for file in sorted(policies.glob("*.yaml")):
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
        found.update({rule["id"]: rule for rule in content.get("rules", [])})
    return found


def _bases(policies: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((policies / "bases.yaml").read_text(encoding="utf-8"))["bases"]
    return found
