"""``vanthu facts --document`` prints one JSON object a file, in path order, whatever the files are."""

from __future__ import annotations

import json
import subprocess
import sys
from email.message import EmailMessage
from pathlib import Path

SAMPLES = Path(__file__).parents[1] / "documents" / "samples"


def facts(folder: Path, *arguments: str) -> tuple[int, list[dict[str, object]], str]:
    command = [sys.executable, "-m", "vanthu", "facts", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, check=False)
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()], done.stderr


def test_documents_in_path_order(tmp_path: Path) -> None:
    names = ("docx/python-docx.docx", "zip/nested.zip", "zip/encrypted-aes.zip", "7z/encrypted-names.7z")
    code, found, _ = facts(tmp_path, "--document", *(str(SAMPLES / name) for name in names))
    assert code == 0
    assert [Path(str(one["path"])).name for one in found] == [Path(name).name for name in names]
    assert set(found[0]) == {"path", "official", "secrecy", "signatures", "attachments"}
    assert [one["where"] for one in found[0]["official"]["documents"]] == ["document"]
    assert found[0]["official"]["documents"][0]["number"] == "1017"
    places = [one["where"] for one in found[1]["attachments"]]
    assert places == ["document", "document/1", "document/1/1", "document/1/2"]
    assert {one["where"] for one in found[1]["official"]["documents"]} == {"document/1/1", "document/1/2"}
    assert [(one["reason"], one["inspected"]) for one in found[2]["attachments"]] == [("encrypted", False)] * 3
    assert found[3]["attachments"][0]["reason"] == "encrypted"


def test_text_only_on_demand(tmp_path: Path) -> None:
    letter = str(SAMPLES / "doc" / "rich-libreoffice.doc")
    _, (found,), _ = facts(tmp_path, "--document", "--text", letter)
    assert "Số: 1017/UBND-VX\tQuảng Ngãi, ngày 26 tháng 3 năm 2014" in str(found["text"])
    code, _, error = facts(tmp_path, "--text", letter)
    assert code == 2
    assert "--document" in error


def test_a_signature_of_the_document_covers_it(tmp_path: Path) -> None:
    _, (found,), _ = facts(tmp_path, "--document", str(SAMPLES / "pdf" / "signed-invisible.pdf"))
    (signature,) = found["signatures"]
    assert (signature["kind"], signature["where"], signature["status"]) == ("pdf", "document", "present")
    assert signature["signer"] == "Ủy ban nhân dân tỉnh Quảng Ngãi"
    assert found["official"]["documents"][0]["signed"] is True


def test_rubbish_is_a_fact(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7 nonsense")
    (tmp_path / "b.bin").write_bytes(bytes(range(256)) * 10)
    (tmp_path / "c.txt").write_bytes(b"")
    code, found, _ = facts(tmp_path, "--document", str(tmp_path))
    assert code == 0
    assert [one["attachments"][0]["reason"] for one in found] == ["malformed", "unsupported", None]


def test_a_missing_path_is_a_usage_error(tmp_path: Path) -> None:
    code, found, error = facts(tmp_path, "--document", "nowhere.pdf")
    assert (code, found) == (2, [])
    assert "nowhere.pdf" in error


def test_attachments_of_messages_are_read(tmp_path: Path) -> None:
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = "a@x.gov.vn", "b@gmail.com", "xem kèm"
    letter.set_content("xem kèm")
    content = (SAMPLES / "docx" / "python-docx.docx").read_bytes()
    letter.add_attachment(content, maintype="application", subtype="octet-stream", filename="van ban.docx")
    (tmp_path / "a.eml").write_bytes(bytes(letter))
    _, (found,), _ = facts(tmp_path, "a.eml")
    assert [one["where"] for one in found["official"]["documents"]] == ["attachment:1"]
    assert found["attachments"][0]["inspected"] is True
