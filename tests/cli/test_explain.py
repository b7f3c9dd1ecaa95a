"""``vanthu explain``: a message or a record, in Vietnamese or English, as text or JSON."""

from __future__ import annotations

import json
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path

import docx
import pytest
from click.testing import CliRunner, Result

from support.policies import GMAIL, NOW, mail
from vanthu.cli.main import main, vanthu
from vanthu.facts.model import Secrecy
from vanthu.inspection.policy_texts import keep
from vanthu.journal.record import Digests, Record
from vanthu.journal.writer import Writer
from vanthu.policy.decision import Decision
from vanthu.policy.load import PolicyContext, load

LETTER = """From: annv@soyte.x.gov.vn
To: ai@gmail.com, lan@yahoo.com
Subject: =?utf-8?q?M=E1=BA=ACT?= \x1b[2J
Date: Mon, 23 Nov 2026 09:00:00 +0700
Content-Type: text/plain; charset=utf-8

Kính gửi anh.
"""
RULES = """version: 1
rules:
  - id: all-mail-out
    title: {vi: Thư gửi ra ngoài, en: Mail that leaves}
    basis: [b]
    mode: enforce
    when: {direction: outbound, recipient.family: google}
    unless:
      - {id: press, when: {recipient.address: press@gmail.com}, reason: r, owner: o@x.gov.vn, expires: 2030-01-01}
    action: reject
    mixed: whole
  - {id: never, mode: off, when: {direction: inbound}, action: count}
"""
BASES = """version: 1
bases:
  b: {number: 1/UBND, issuer: UBND, date: 2020-01-01, clause: khoản 1, quotation: q, valid_from: 2020-01-01,
      binds: [all]}
"""


@pytest.fixture(autouse=True)
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "policies").mkdir()
    (tmp_path / "journal").mkdir()
    Path("policies/a.yaml").write_text(RULES)
    Path("policies/bases.yaml").write_text(BASES)
    Path("vanthu.yaml").write_text("policies: policies\nown: {domains: [x.gov.vn]}\njournal: {path: journal}\n")
    Path("a.eml").write_text(LETTER)
    monkeypatch.setenv("VANTHU_CONFIG", "vanthu.yaml")
    return tmp_path


def explain(*arguments: str) -> Result:
    return CliRunner().invoke(vanthu, ["explain", *arguments])


def test_a_message_in_vietnamese() -> None:
    text = explain("a.eml").output
    assert "QUYẾT ĐỊNH: reject" in text
    assert "  1. ai@gmail.com → reject" in text
    assert "● all-mail-out — khớp [enforce, reject] — Thư gửi ra ngoài" in text
    assert "    căn cứ: 1/UBND, khoản 1 (UBND, 2020-01-01): “q”" in text
    assert "      ✔ recipient.family: google — thấy google" in text
    assert "      ✘ recipient.family: google — thấy yahoo" in text
    assert "      ✘ ngoại lệ press: r (o@x.gov.vn, đến 2030-01-01)" in text
    assert "Trả lời SMTP: 550 5.7.1 Refused by mail policy: Mail that leaves" in text
    assert "Đang tắt: never" in text


def test_the_same_in_english_and_without_control_characters() -> None:
    text = explain("--lang", "en", "--recipient", "press@gmail.com", "a.eml").output
    assert "DECISION: accept" in text
    assert "○ all-mail-out — lifted" in text
    assert "lifted by press" in text
    assert "\x1b" not in text


def test_json_carries_everything() -> None:
    told = json.loads(explain("--json", "--login", "annv@soyte.x.gov.vn", "a.eml").output)
    assert told["decision"]["verdict"] == "reject"
    assert told["facts"]["login"] == "annv@soyte.x.gov.vn"
    (rule,) = told["rules"]
    assert [case["recipients"] for case in rule["cases"]] == [[0], [1]]
    assert rule["cases"][0]["action"] == "reject"
    assert told["reply"].startswith("550 5.7.1")
    assert told["off"] == ["never"]
    (notice,) = told["notices"]
    assert (notice["kind"], notice["to"]) == ("sender", "annv@soyte.x.gov.vn")


def test_a_record_tells_what_was_decided_then_and_by_which_policy(office: Path) -> None:
    writer = Writer(office / "journal", "mx1")
    decision = Decision("accept", ("accept",))
    digests = Digests(policy="old", register="r", lists="l", recognisers="c")
    facts = mail(GMAIL, secrecy=Secrecy(score=0.0))
    record = Record(kind="message", id=writer.ids.new(), time=NOW, node="mx1", facts=facts, decision=decision,
                    digests=digests)  # fmt: skip
    writer.append(record)
    writer.close()
    text = explain("--record", record.id).output
    assert f"Mã thư {record.id} — đã ghi trong nhật ký: accept" in text
    assert "policy: lúc đó old ≠ hiện nay" in text
    assert "QUYẾT ĐỊNH: reject" in text
    told = json.loads(explain("--json", "--record", record.id).output)
    assert told["recorded"]["verdict"] == "accept"
    assert told["digests"]["then"]["policy"] == "old"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "give either a message or --record ID"),
        (["--record", "x", "a.eml"], "give either a message or --record ID"),
        (["--record", "nowhere"], "no record nowhere"),
        (["missing.eml"], "no such file"),
    ],
)
def test_a_mistake_is_one_line(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as leave:
        main(["explain", *arguments])
    assert leave.value.code == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1


def test_a_record_is_explained_by_the_policy_in_force_then(office: Path) -> None:
    with_state = Path("vanthu.yaml").read_text() + "state: {path: state}\n"
    Path("vanthu.yaml").write_text(with_state)
    then = load(office / "policies", PolicyContext()).policy
    keep(office / "state", then)
    writer = Writer(office / "journal", "mx1")
    ids = []
    for digest in (then.digest, f"{then.digest}+relaxed"):
        digests = Digests(policy=digest, register="r", lists="l", recognisers="c")
        record = Record(kind="message", id=writer.ids.new(), time=NOW, node="mx1", facts=mail(GMAIL),
                        decision=Decision("reject", ("reject",)), digests=digests)  # fmt: skip
        writer.append(record)
        ids.append(record.id)
    writer.close()
    Path("policies/a.yaml").write_text(RULES.replace("action: reject", "action: hold"))
    assert f"Giải thích theo bộ quy định: lúc đó ({then.digest})" in explain("--record", ids[0]).output
    verdicts = [
        json.loads(explain("--json", *arguments).output)["decision"]["verdict"]
        for arguments in (["--record", ids[0]], ["--record", ids[0], "--now"], ["--record", ids[1]])
    ]
    assert verdicts == ["reject", "hold", "warn"]


def test_attachments_are_read_as_on_the_mail_path(tmp_path: Path) -> None:
    document = docx.Document()
    for line in ("Số: 1215/SYT-NVY", "Hà Thanh, ngày 16 tháng 11 năm 2026", "V/v phòng dịch", "Kính gửi: Các đơn vị;",
                 "Nơi nhận:", "- Như trên;", "- Lưu: VT."):  # fmt: skip
        document.add_paragraph(line)
    content = BytesIO()
    document.save(content)
    message = EmailMessage()
    message["From"], message["To"] = "annv@soyte.hathanh.gov.vn", "ai.do@gmail.com"
    message.set_content("Anh xem tệp kèm.")
    message.add_attachment(content.getvalue(), maintype="application", subtype="octet-stream", filename="cv.docx")
    path = tmp_path / "cv.eml"
    path.write_bytes(message.as_bytes())
    assert "1215/SYT-NVY" in explain(str(path)).output
