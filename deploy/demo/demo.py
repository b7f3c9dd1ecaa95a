"""``make demo``: a private Postfix, the daemon and a sink on loopback; a dozen letters by SMTP; what became of them.

Everything lives in temporary folders on free ports and ends with this program, by its own pids. The packaged Postfix
is never started or touched. Set KEEP=1 to look around before it ends.
"""

from __future__ import annotations

import os
import smtplib
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "deploy" / "demo")]

from letters import Letter, letters  # noqa: E402
from table import show  # noqa: E402

from support.places import free_port  # noqa: E402
from support.postfix import Listener, Postfix, milter  # noqa: E402
from support.sink import Sink  # noqa: E402
from support.vanthu import Vanthu  # noqa: E402

DEMO = ROOT / "deploy" / "demo"
PASSWORD = "demo"  # noqa: S105 (a mailbox that exists only while the demo runs)
INBOUND = {"smtpd_relay_restrictions": "reject_unauth_destination"}
OURS = {"relay_domains": "hathanh.gov.vn"}
METRICS = (
    "vanthu_messages_total",
    "vanthu_rule_hits_total",
    "vanthu_recipients_total",
    "vanthu_official_documents_total",
)


def main() -> int:
    """Runs the demo; 0 when every letter was answered."""
    if os.geteuid() != 0:
        print(
            "demo: Postfix's master needs root; run it as root in a machine or container of your own", file=sys.stderr
        )
        return 1
    sent = letters()
    logins = {letter.login: PASSWORD for letter in sent if letter.login}
    with (
        Vanthu(policies=DEMO / "policies", register=DEMO / "register.yaml") as daemon,
        Sink(free_port()) as sink,
        Postfix(_listeners(daemon.socket), next_hop=sink.port, logins=logins, parameters=OURS) as postfix,
    ):
        print("Postfix, vanthu and an SMTP sink run on 127.0.0.1. Sending", len(sent), "letters by SMTP …\n")
        replies = [send(letter, postfix) for letter in sent]
        records = daemon.wait_for_records(len(sent))
        postfix.wait_until_quiet()
        held = {entry["queue_id"] for entry in postfix.queue() if entry["queue_name"] == "hold"}
        show(sent, replies, in_order(sent, records), held, sink.deliveries, DEMO / "policies")
        daemon.wait_for_metric("vanthu_messages_total", len(sent))
        look_further(daemon, postfix)
        if os.environ.get("KEEP"):
            input("\nEnter ends the demo. ")
    return 0


def _listeners(socket: str) -> list[Listener]:
    ours = milter(socket)
    return [
        Listener("submission", milters=ours, daemon_name="submission", sasl=True),
        Listener("inbound", milters=milter(socket, default_action="accept"), daemon_name="inbound", options=INBOUND),
    ]


def send(letter: Letter, postfix: Postfix) -> str:
    """Sends one letter as its client would; the reply to the end of data, as the client saw it."""
    port = postfix.ports["submission" if letter.login else "inbound"]
    with smtplib.SMTP("127.0.0.1", port, timeout=30) as client:
        client.ehlo("client.example")
        if letter.login:
            client.login(letter.login, PASSWORD)
        else:
            # The lab's Postfix takes a client address of our choice, so that this mail really comes from outside.
            client.docmd("XCLIENT", "ADDR=198.51.100.7 NAME=mail.example")
            client.ehlo("mail.example")
        client.mail(letter.sender)
        for recipient in letter.recipients:
            client.rcpt(recipient)
        code, text = client.data(letter.raw)
    return f"{code} {text.decode('utf-8', 'replace')}"


def in_order(sent: list[Letter], records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The record of each letter: letters are sent one after another, so records in order of their ids are theirs."""
    ordered = sorted(records, key=lambda record: str(record["id"]))
    if len(ordered) != len(sent):
        raise RuntimeError(f"{len(sent)} letters, {len(ordered)} records")
    return ordered


def look_further(daemon: Vanthu, postfix: Postfix) -> None:
    """A few lines of metrics, and the commands that show the rest."""
    print(f"\nFrom http://{daemon.settings['metrics']['listen']}/metrics:")
    lines = [line for line in daemon.page().splitlines() if line.startswith(METRICS) and not line.endswith(" 0.0")]
    picked = [next((line for line in lines if line.startswith(name)), None) for name in METRICS]
    shown = [line for line in picked if line] + [line for line in lines if line not in picked]
    for line in shown[:5]:
        print("  " + line)
    command = f".venv/bin/vanthu --config {daemon.config}"
    print("\nTo look further (KEEP=1 make demo leaves everything running until you press Enter):")
    for line in (
        f"{command} status",
        f"{command} journal tail",
        f"{command} journal verify",
        f"{command} providers lookup gmail.com soyte.hathanh.gov.vn",
        f"curl http://{daemon.settings['metrics']['listen']}/metrics",
        f"postqueue -c {postfix.config} -p",
    ):
        print("  " + line)


if __name__ == "__main__":
    sys.exit(main())
