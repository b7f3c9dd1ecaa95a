"""``vanthu explain --format docx``: all that somebody asks for later stands in the file, and nothing secret."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path

import docx
import msgspec
import pytest
from click.testing import CliRunner, Result

from support.policies import GMAIL, mail
from vanthu.cli.main import main, vanthu
from vanthu.facts.model import Challenge, Document, Official, Secrecy
from vanthu.inspection.policy_texts import keep
from vanthu.journal.record import Digests, Record
from vanthu.journal.writer import Writer
from vanthu.policy.decide import decide
from vanthu.policy.load import PolicyContext, load
from vanthu.tuning.evidence_words import WORDS

RULES = """version: 1
rules:
  - id: out   # since {year}
    title: {{vi: Gửi ra ngoài, en: Sent outside}}
    basis: [b]
    mode: enforce
    when: {{direction: outbound, official.score: {{min: 0.8}}}}
    unless:
      - {{id: storm, when: {{any_document: {{urgency: hoa_toc}}}}, reason: r, owner: o@x.gov.vn, expires: 2030-01-01}}
    action: challenge
"""
BASES = """version: 1
bases:
  b: {number: 4504/UBND-CBTH, issuer: UBND tỉnh, date: 2018-07-30, clause: khoản 1, quotation: tuyệt đối không,
      valid_from: 2018-07-30, binds: [all]}
"""
DOCUMENT = Document(
    "attachment:1", "1017.pdf", None, "1017", None, "UBND-VX", "CV", "UBND TỈNH", abstract="V/v thư", score=0.97,
    evidence=("number: Số: 1017/UBND-VX", "quoc hieu"),
)  # fmt: skip


@pytest.fixture(autouse=True)
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VANTHU_CONFIG", "vanthu.yaml")
    for name in ("policies", "journal", "state"):
        Path(name).mkdir()
    Path("policies/bases.yaml").write_text(BASES)
    Path("vanthu.yaml").write_text(
        "policies: policies\nown: {domains: [x.gov.vn]}\njournal: {path: journal}\nstate: {path: state}\n"
    )
    return tmp_path


def journalled(**changes) -> str:
    """A record that was decided by the policy of last year, which is kept; its id."""
    Path("policies/a.yaml").write_text(RULES.format(year=2025))
    policy = load(Path("policies"), PolicyContext()).policy
    keep(Path("state"), policy)
    facts = mail(GMAIL, **{"official": Official(0.97, (DOCUMENT,)), "subject": "V/v\x1b[2J họp", **changes})
    writer = Writer(Path("journal"), "mx1", sync="none")
    record = Record(
        kind="message", id=writer.ids.new(), time=facts.time, node="mx1", queue_id="4XyZ0", message_id="<7@x.gov.vn>",
        facts=facts, decision=decide(policy, facts).with_reply("550 5.7.1 no [LD 7F3K2MQ: your reason]"),
        digests=Digests(policy=policy.digest, register="r" * 16, lists="l" * 16, recognisers="c" * 16),
    )  # fmt: skip
    writer.append(record)
    writer.close()
    Path("policies/a.yaml").write_text(RULES.format(year=2026).replace("0.8", "0.9"))
    return record.id


def explain(*arguments: str) -> Result:
    return CliRunner().invoke(vanthu, ["explain", *arguments], standalone_mode=False)


def text(path: str = "pack.docx") -> str:
    document = docx.Document(path)
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def test_a_record_with_the_rule_of_then() -> None:
    id_ = journalled()
    assert explain("--record", id_, "--format", "docx", "-o", "pack.docx", "--lang", "en").exit_code == 0
    told = text()
    for part in (
        id_, "a@x.gov.vn", "b@gmail.com", "public, google", "challenge", "CV, 1017/UBND-VX", "attachment:1",
        "number: Số: 1017/UBND-VX; quoc hieu", "4504/UBND-CBTH, khoản 1 (UBND tỉnh, 2018-07-30): “tuyệt đối không”",
        "  - id: out   # since 2025", "official.score: >= 0.8 — saw 0.97", "exception storm",
        "[LD 7F3K2MQ: your reason]",
        "<7@x.gov.vn>, 4XyZ0", "V/v?[2J họp", "all 3 lines of the file fit; no finding", ".jsonl, 2",
    ):  # fmt: skip
        assert part in told, part
    assert "2026" not in told.split("# since ")[1][:5]


def test_a_changed_journal_is_told() -> None:
    id_ = journalled()
    (file,) = Path("journal").glob("*.jsonl")
    file.write_bytes(file.read_bytes().replace(b"b@gmail.com", b"c@gmail.com"))
    explain("--record", id_, "--format", "docx", "-o", "pack.docx")
    assert "CÓ SAI LỆCH" in text()
    assert "prev does not match" in text()


def test_a_policy_that_was_not_kept_is_not_made_up() -> None:
    id_ = journalled()
    for file in Path("state/policies").iterdir():
        file.unlink()
    explain("--record", id_, "--format", "docx", "-o", "pack.docx", "--lang", "en")
    assert "is not kept on this node" in text()
    assert "# since" not in text()


def test_a_message_says_that_it_is_no_record() -> None:
    journalled()
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = "a@x.gov.vn", "b@gmail.com", "Chào"
    letter.set_content("Chào chị.")
    Path("a.eml").write_bytes(letter.as_bytes())
    assert explain("a.eml", "--format", "docx", "-o", "pack.docx", "--lang", "en").exit_code == 0
    assert "Made from the message file a.eml" in text()
    assert "No official document was found" in text()


def test_of_secrecy_the_record_has_hashes_and_a_message_gives_no_file(capsys) -> None:
    id_ = journalled(secrecy=Secrecy("mat", 0.95, "body"))
    explain("--record", id_, "--format", "docx", "-o", "pack.docx")
    assert "bí mật nhà nước: tiêu đề" in text()
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = "a@x.gov.vn", "b@x.gov.vn", "[MẬT] Kế hoạch phòng thủ"
    letter.set_content("Kính gửi anh.")
    Path("a.eml").write_bytes(letter.as_bytes())
    with pytest.raises(SystemExit) as left:
        main(["explain", "a.eml", "--format", "docx", "-o", "none.docx"])
    assert left.value.code == 2
    assert "only --record gives a file" in capsys.readouterr().err
    assert not Path("none.docx").exists()


def test_a_justified_mail_tells_its_reason() -> None:
    id_ = journalled(challenge=Challenge("valid", ("out",), "họp bão"))
    explain("--record", id_, "--format", "docx", "-o", "pack.docx", "--lang", "en")
    assert "challenge: valid, out, họp bão" in text()
    assert "5. Rule out" in text(), "what was lifted is evidence, too"


@pytest.mark.parametrize("arguments", [["a.eml", "--format", "docx"], ["a.eml", "-o", "x.docx"]])
def test_docx_and_a_file_belong_together(arguments, capsys) -> None:
    journalled()
    with pytest.raises(SystemExit) as left:
        main(["explain", *arguments])
    assert left.value.code == 2
    assert "belong together" in capsys.readouterr().err


@pytest.mark.parametrize("key", sorted(WORDS))
def test_both_languages_ask_for_the_same_values(key: str) -> None:
    vietnamese, english = ({part.split("}")[0] for part in words.split("{")[1:]} for words in WORDS[key])
    assert vietnamese == english


def test_the_page_of_a_document_is_evidence() -> None:
    paged = msgspec.structs.replace(DOCUMENT, page=3)
    id_ = journalled(official=Official(0.97, (paged,)))
    explain("--record", id_, "--format", "docx", "-o", "pack.docx", "--lang", "en")
    assert f"{DOCUMENT.where}, page 3" in text()
