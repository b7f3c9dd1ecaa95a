"""What a mail says reaches replies, headers, the log, the journal, metrics, and what commands print: always as one
value, never as a line, a field, a label, an escape sequence or a formula of its own.

Every slot of a mail that a stranger fills has every kind of sign at once, through the real daemon.
"""

from __future__ import annotations

import csv
import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import quote_from_bytes

import pytest

from support import records
from support.milter_client import Added, Changed, Inserted, Mail, MilterSession, Outcome
from support.milter_wire import Client
from support.records import NOON
from support.vanthu import Vanthu
from vanthu.facts.model import Attachment, Sender
from vanthu.postfix import hold_text
from vanthu.postfix.holdings import Held, Holding
from vanthu.postfix.requests import Request

HERE = Path(__file__).parent
POLICIES = HERE.parent / "e2e" / "policies"
REGISTER = HERE.parents[1] / "deploy" / "demo" / "register.yaml"
HOA, GMAIL = b"hoatt@soyte.hathanh.gov.vn", b"an.nguyen85@gmail.com"

AT = SimpleNamespace(name="postfix")
# Each holds a word that nothing else holds, so that it can be found again.
EVIL = {
    "crlf": b"planted\r\nX-Planted: 1\r\n\r\n", "lf": b"planted\nBcc: planted@x.vn\n", "cr": b"planted\rX-Planted: 1",
    "nul": b"planted\0rest", "escape": b"planted\x1b[2J\x1b]0;title\x07", "c1": "planted\x9b31m".encode(),
    "separators": "planted\u2028\u2029\x85X-Planted: 1".encode(), "bidi": "planted\u202e\u2066gpj.exe\u200f".encode(),
    "eight bits": b"planted\xff\xfe\xe1\xba", "surrogate": b"planted\xed\xb3\xbf\xed\xa0\x80",
    "percent": b"planted%s%n%d%",
    "formula": b"=cmd|' /C calc'!A0 planted", "label": b'planted"} 1\nplanted_total{x="', "long": b"planted" * 8000,
    "markup": b"planted<script>alert(1)</script><!--", "json": b'planted","kind":"hold","x":"\\',
}  # fmt: skip
ACTS = ("reject", "hold", "strip", "tag", "challenge", "plain")


def raw(act: str, evil: bytes) -> bytes:
    """A mail that says it in subject, names, addresses, ids and names of files, as it is and in every encoding."""
    here = evil.replace(b"\r", b" ").replace(b"\n", b" ").replace(b"\0", b" ")[:50_000]
    word = b"=?utf-8?q?" + b"".join(b"=%02X" % octet for octet in evil[:200]) + b"?="
    percent = quote_from_bytes(evil[:200]).encode()
    return b"\r\n".join((
        b"Subject: " + act.encode() + b" " + word + b" " + here,
        b"From: " + word + b" <annv@soyte.hathanh.gov.vn>",
        b'To: "' + here.replace(b'"', b"") + b'" <hoatt@soyte.hathanh.gov.vn>, ' + word + b" <b@gmail.com>",
        b"Message-ID: <" + here + b"@x.vn>",
        b"References: <" + here + b"@y.vn>",
        b"X-Vanthu: accept; id=" + here,
        b"X-Vanthu-Hop: " + here,
        b"MIME-Version: 1.0",
        b'Content-Type: multipart/mixed; boundary="=b"',
        b"",
        b"--=b",
        b"Content-Type: text/plain; charset=" + percent,
        b"",
        b"CONG VAN " + here,
        b"--=b",
        b"Content-Type: application/octet-stream; name*=utf-8''" + percent + b".bin",
        b'Content-Disposition: attachment; filename="' + word + b'.bin"',
        b"",
        b"\x01\x02",
        b"--=b--",
        b"",
    ))  # fmt: skip


@dataclass(frozen=True)
class House:
    vanthu: Vanthu
    outcomes: dict[tuple[str, str], tuple[bytes, Outcome]]

    def says(self, *arguments: str) -> str:
        done = subprocess.run([*self.vanthu.command, *arguments], capture_output=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr
        assert not done.stderr
        return done.stdout.decode("utf-8")


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    outcomes = {}
    with Vanthu(policies=POLICIES, register=REGISTER, settings={"egress": {"enabled": True}}) as vanthu:
        for kind, evil in EVIL.items():
            slot = evil.replace(b"\0", b" ")[:2000]  # libmilter's values end at a NUL
            client = Client(
                address=b"127.0.0.1", name=b"localhost", helo=slot
            )  # Postfix knows what names of hosts are
            for act in ACTS:
                # What is no UTF-8 cannot be named to libmilter; a mail of which it should be stripped waits (451).
                address = slot.decode("utf-8", "replace").encode() if act == "strip" else slot
                mail = Mail(
                    sender=b"annv+" + slot + b"@soyte.hathanh.gov.vn",
                    recipients=[HOA, GMAIL, address + b"@gmail.com", b"x@" + address],
                    raw=raw(act, evil), login=slot, queue_id=slot, client=client, daemon_name=slot,
                    sender_parameters=(b"BODY=" + slot,),
                )  # fmt: skip
                with MilterSession(vanthu.socket) as session:
                    outcomes[kind, act] = mail.raw, session.send(mail)
        vanthu.wait_for_records(len(outcomes))
        yield House(vanthu, outcomes)


def test_every_mail_has_the_answer_that_its_subject_asks_for(house: House) -> None:
    """Nothing broke, and nothing that was planted changed what became of a mail."""
    for (kind, act), (_, outcome) in house.outcomes.items():
        expected = {"reject": "reject"}.get(act, "accept")
        if act == "challenge":
            expected = outcome.verdict if outcome.verdict in ("accept", "reject") else "neither"
        assert outcome.verdict == expected, (kind, act, house.vanthu.said()[-2000:])
        assert (outcome.quarantine is not None) == (act == "hold" or (act == "challenge" and expected == "accept"))


def test_replies_and_reasons_are_ascii_of_our_own(house: House) -> None:
    for key, (_, outcome) in house.outcomes.items():
        for said in (outcome.reply, outcome.quarantine):
            if said is None:
                continue
            assert b"planted" not in said.lower(), key
            assert re.fullmatch(rb"[\x20-\x7e]*(\r\n550-?[\x20-\x7e]*)*", said), (key, said)


def test_headers_that_we_write_are_one_line_of_ascii_that_folds_only_by_blanks(house: House) -> None:
    written = 0
    for key, (_, outcome) in house.outcomes.items():
        for edit in outcome.edits:
            assert isinstance(edit, Added | Changed | Inserted), key
            assert re.fullmatch(rb"[!-9;-~]+", edit.name), key
            assert re.fullmatch(rb"([\x20-\x7e]|\r?\n[ \t])*", edit.value), (key, edit)
            written += bool(edit.value)
    assert written > len(EVIL)


def test_nothing_that_came_as_ours_stays(house: House) -> None:
    for key, (sent, outcome) in house.outcomes.items():
        if outcome.verdict == "accept":
            ours = [value for name, value in outcome.applied(sent) if name.lower().startswith(b"x-vanthu")]
            assert not [value for value in ours if b"planted" in value], key
            assert not [name for name, _ in outcome.applied(sent) if name.lower() in (b"x-planted", b"bcc")], key


def test_every_line_of_the_log_is_one_of_ours(house: House) -> None:
    for line in house.vanthu.said().splitlines():
        assert re.fullmatch(r"vanthu\[\d+\]: [\x20-\x7e]*", line), line


def test_the_journal_has_a_line_a_record_and_no_field_that_was_not_meant(house: House) -> None:
    lines = [line for file in house.vanthu.journal.glob("*.jsonl") for line in file.read_bytes().split(b"\n")[:-1]]
    messages = [one for one in map(json.loads, lines) if one["kind"] == "message"]
    assert len(messages) == len(house.outcomes)
    for line in lines:
        assert not re.search(rb"[\x00-\x1f\x7f]", line)
        line.decode("utf-8")
    assert not house.vanthu.records("hold")


def test_no_label_of_a_metric_holds_what_a_mail_said(house: House) -> None:
    house.vanthu.wait_for_metric("vanthu_messages_total", len(house.outcomes))
    page = house.vanthu.page()
    assert "planted" not in page
    for line in page.splitlines():
        assert re.fullmatch(r'#.*|[a-z_:]+(\{([a-z_]+="[^"\\]*",?)*\})? [-+.0-9eEInfNa]+', line), line


def test_commands_print_no_sign_that_moves_a_cursor_or_turns_the_line(house: House) -> None:
    records = house.vanthu.records("message")
    shown = [house.says("journal", "tail", "-n", "500"), house.says("journal", "verify"), house.says("status")]
    shown += [house.says("explain", "--record", records[at]["id"]) for at in range(0, len(records), len(ACTS))]
    for text in shown:
        for line in text.split("\n"):
            assert line.isprintable(), repr(line)
    assert len(shown[0].split("\n")) >= len(records)


def test_exports_have_no_formula_and_no_line_too_many(house: House, tmp_path: Path) -> None:
    house.says("journal", "export", "-o", str(tmp_path / "all.jsonl"), "--persons", "--why", "test")
    house.says("journal", "export", "-o", str(tmp_path / "all.csv"), "--persons", "--why", "test")
    lines = (tmp_path / "all.jsonl").read_text("utf-8").split("\n")[:-1]
    assert len([one for one in map(json.loads, lines) if one["kind"] == "message"]) == len(house.outcomes)
    with (tmp_path / "all.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert {len(row) for row in rows} == {len(rows[0])}
    assert not [one for row in rows for one in row if one.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))]


def test_a_months_report_is_markup_of_our_own(house: House, tmp_path: Path) -> None:
    month = house.vanthu.records("message")[0]["time"][:7]
    for form in ("html", "csv", "xlsx"):
        house.says("report", "monthly", "--month", month, "-o", str(tmp_path / f"report.{form}"))
    page = (tmp_path / "report.html").read_text("utf-8")
    assert "<script>alert" not in page
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", page)


@pytest.mark.parametrize("evil", EVIL.values(), ids=EVIL)
def test_held_mail_is_shown_in_lines_that_move_no_cursor(evil: bytes) -> None:
    """On the terminal of whoever may free it, who is root by the next command."""
    text = evil.decode("utf-8", "surrogateescape")
    held = Held(text, NOON, 1, text, (text, "b@gmail.com"))
    attachment = Attachment(name=text, type=text, size=1, sha256="", where=text, inspected=True)
    record = records.message(sender=Sender(text, from_=text), login=text, attachments=(attachment,))
    request = Request("release", text, text, text, NOON)
    for one in (Holding(held, record, AT), Holding(held, None, AT)):
        rows = hold_text.page(one, request, NOON).split("\n")
        assert all(map(str.isprintable, [hold_text.line(one, NOON, several=True), *rows]))
        assert not [row for row in rows if not re.match("[a-z][a-z ]{14}", row)]
