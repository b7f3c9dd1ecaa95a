import stat
from pathlib import Path

import pytest

from support import records
from vanthu.errors import JournalError
from vanthu.facts.model import (
    Attachment,
    Challenge,
    Document,
    Forward,
    Missing,
    Official,
    Original,
    Secrecy,
    Signature,
    to_json,
)
from vanthu.journal.record import Record
from vanthu.journal.redaction import load_key, redact

KEY = b"k" * 32
SECRET = "Kế hoạch phòng thủ"


def secret(score: float) -> Record:
    document = Document(
        "attachment:1", f"{SECRET}.pdf", None, f"12{SECRET}", 2026, "UBND-NC", "KH",
        abstract=SECRET, addressees=(SECRET,), evidence=(SECRET, "số"),
    )  # fmt: skip
    return records.message(
        subject=f"Re: {SECRET}",
        official=Official(0.9, (Document("body"), document)),
        secrecy=Secrecy("mat", score, "body", False, (SECRET,)),
        forward=Forward("inline", 0.9, (SECRET,), original=Original(subject=SECRET)),
        attachments=(Attachment("attachment:1", f"{SECRET}.pdf", "application/pdf", 1, "0" * 64, True),),
        signatures=(Signature("pdf", "attachment:1", "valid", None, SECRET, SECRET, "2026-11-23T08:00:00Z"),),
        challenge=Challenge("valid", ("r",), SECRET),
        unavailable=(Missing("/recipients/0/class", "dns_timeout"),),
    )


def test_nothing_of_the_content_is_left() -> None:
    kept = redact(secret(0.2), KEY)
    assert kept.facts is not None
    assert SECRET.encode() not in to_json(kept.facts)
    assert {missing.fact for missing in kept.facts.unavailable if missing.reason == "redacted"} == {
        "/subject",
        "/official/documents/1/name",
        "/official/documents/1/number",
        "/official/documents/1/abstract",
        "/official/documents/1/addressees",
        "/official/documents/1/evidence",
        "/attachments/0/name",
        "/signatures/0/signer",
        "/signatures/0/organization",
        "/secrecy/evidence",
        "/forward/evidence",
        "/forward/original/subject",
        "/challenge/reason",
    }
    assert kept.facts.unavailable[0] == Missing("/recipients/0/class", "dns_timeout")
    assert kept.facts.official.documents[1].symbol == "UBND-NC"


def test_equal_texts_stay_equal_under_one_key_only() -> None:
    def abstract(key: bytes) -> str | None:
        facts = redact(secret(0.9), key).facts
        assert facts is not None
        return facts.official.documents[1].abstract

    assert abstract(KEY) == abstract(KEY) != abstract(b"j" * 32)


def test_redacting_twice_is_redacting_once() -> None:
    once = redact(secret(0.9), KEY)
    assert redact(once, KEY) == once


def test_what_carries_no_suspicion_is_not_touched() -> None:
    record = secret(0.19)
    assert redact(record, KEY) is record
    worker = records.event("worker", reason="recycle")
    assert redact(worker, KEY) is worker


def test_the_key_is_made_once_and_kept(tmp_path: Path) -> None:
    key = load_key(tmp_path / "state")
    assert key == load_key(tmp_path / "state")
    (path,) = (tmp_path / "state").iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_damaged_key_is_an_error_not_a_new_key(tmp_path: Path) -> None:
    (tmp_path / "redaction.key").write_text("abc\n")
    with pytest.raises(JournalError, match=r"redaction\.key"):
        load_key(tmp_path)
