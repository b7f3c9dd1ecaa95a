"""``vanthu directory``: what it writes, what it asks, and how it ends."""

from __future__ import annotations

import gzip
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner, Result

from support import spreadsheets
from vanthu.cli.main import main, vanthu
from vanthu.directory.load import load

AGENCIES = "slug,name,parent,domains\nubnd,UBND tỉnh X,,x.gov.vn\nso-y-te,Sở Y tế,ubnd,\n"
LIST = [
    ["STT", "Họ và tên", "Chức vụ", "Đơn vị", "Email"],
    ["1", "Nguyễn Văn An", "Giám đốc", "Sở Y tế", "an@x.gov.vn"],
    ["2", "Trần Thị Bình", "Chuyên viên", "Sở Y tế", "binh@x.gov.vn"],
]


@pytest.fixture(autouse=True)
def register(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("VANTHU_CONFIG", raising=False)
    folder = tmp_path / "register"
    folder.mkdir()
    (folder / "agencies.csv").write_text(AGENCIES, "utf-8")
    Path("vanthu.yaml").write_text(f"register: register\nstore: {{url: 'sqlite:///{tmp_path}/store.db'}}\n")
    return folder


def directory(*arguments: str) -> Result:
    return CliRunner().invoke(vanthu, ["directory", *arguments], standalone_mode=False)


def files(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def test_a_clear_list_is_written_and_can_be_loaded(register: Path) -> None:
    spreadsheets.xlsx(Path("Danh sách Sở Y tế.xlsx"), {"DS": LIST})
    result = directory("import", "Danh sách Sở Y tế.xlsx")
    assert result.return_value == 0, result.output
    assert files(register) == ["agencies.csv", "danh-sach-so-y-te.mailboxes.csv"]
    assert [one.name for one in load(register).mailboxes] == ["Nguyễn Văn An", "Trần Thị Bình"]
    again = directory("import", "Danh sách Sở Y tế.xlsx")
    assert again.return_value == 0
    assert "Nothing new to write; 2 mailboxes are in the register already." in again.output


def test_what_is_asked_is_not_written_unless_told_to(register: Path) -> None:
    lines = [
        *LIST,
        ["3", "Lê Quốc Cường", "Giám đốc", "Sở Nội vụ", "cuong@x.gov.vn"],
        ["4", "Hà", "", "Đội", "ha@x.gov.vn"],
    ]
    spreadsheets.text(Path("a.csv"), lines)
    result = directory("import", "a.csv")
    assert result.return_value == 1
    assert "new agency so-noi-vu: Sở Nội vụ, 1 rows" in result.output
    assert files(register) == ["agencies.csv"]
    assert directory("import", "a.csv", "--yes").return_value == 0
    assert files(register) == ["a.agencies.csv", "a.mailboxes.csv", "agencies.csv"]
    loaded = load(register)
    assert sorted(one.address for one in loaded.mailboxes) == ["an@x.gov.vn", "binh@x.gov.vn", "cuong@x.gov.vn"]
    assert loaded.agencies["so-noi-vu"].name == "Sở Nội vụ"


def test_the_operator_answers(register: Path) -> None:
    spreadsheets.text(Path("a.csv"), [LIST[0], ["1", "Nguyễn Văn An", "Giám đốc", "SYT", "an@x.gov.vn"]])
    assert directory("import", "a.csv", "--yes").return_value == 1
    assert directory("import", "a.csv", "--agency", "SYT=so-y-te", "--out", "new").return_value == 0
    assert files(Path("new")) == ["a.mailboxes.csv"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["import", "none.xlsx"], "cannot be read: No such file"),
        (["import", "a.csv", "--agency", "SYT"], "write TEXT=SLUG"),
        (["import", "a.csv", "--agency", "SYT=nobody"], "neither the register nor this list has an agency nobody"),
        (["export", "-o", "list.pdf"], "name the file .xlsx or .csv"),
    ],
)
def test_what_cannot_be_used_is_told_in_one_line(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    spreadsheets.text(Path("a.csv"), LIST)
    with pytest.raises(SystemExit) as leave:
        main(["directory", *arguments])
    assert leave.value.code in (1, 2)
    told = capsys.readouterr().err
    assert message in told
    assert told.count("\n") == 1


def test_nothing_is_overwritten(register: Path) -> None:
    spreadsheets.text(Path("a.csv"), LIST)
    Path("new").mkdir()
    Path("new/a.mailboxes.csv").write_text("mine")
    result = directory("import", "a.csv", "--out", "new")
    assert "there already" in str(result.exception)
    assert Path("new/a.mailboxes.csv").read_text() == "mine"


def test_lint_export_and_stale(register: Path) -> None:
    assert directory("lint").return_value == 1
    (register / "m.csv").write_text(
        "address,name,agency,position\nan@x.gov.vn,Nguyễn Văn An,so-y-te,Giám đốc\n", "utf-8"
    )
    result = directory("lint")
    assert (result.return_value, result.output) == (0, "")
    assert "1,Nguyễn Văn An,Sở Y tế,Giám đốc,an@x.gov.vn" in directory("export").output
    assert directory("export", "-o", "list.xlsx").return_value == 0
    assert Path("list.xlsx").read_bytes().startswith(b"PK")
    result = directory("stale", "--days", "30")
    assert "unused\tan@x.gov.vn\tso-y-te\tNguyễn Văn An" in result.output
    assert "does not reach 30 days back" in result.output
    assert not Path("store.db").exists()


def test_logins_are_read_from_logs_and_count_as_reading(register: Path) -> None:
    (register / "m.csv").write_text(
        "address,name,agency,position\nan@x.gov.vn,Nguyễn Văn An,so-y-te,Giám đốc\n", "utf-8"
    )
    today = datetime.now(ZoneInfo("Asia/Ho_Chi_Minh"))
    line = f"{today.isoformat()} mail dovecot: imap-login: Login: user=<%s>, method=PLAIN, rip=192.0.2.1\n"
    Path("mail.log").write_text(line % "an" + "noise\n" + line % "An@X.gov.vn")
    Path("mail.log.1.gz").write_bytes(gzip.compress((line % "binh@x.gov.vn").encode()))
    for _ in range(2):
        result = directory("logins", "mail.log", "mail.log.1.gz", "--domain", "x.gov.vn")
        assert result.output == "2 days with a login, of 2 mailboxes\n"
    found = directory("stale", "--days", "30").output
    assert f"reads\tan@x.gov.vn\tso-y-te\tNguyễn Văn An\t{today:%Y-%m-%d}" in found
    assert "unused" not in found.partition("vanthu:")[0]


def test_a_log_that_is_none_is_told_in_one_line(register: Path) -> None:
    Path("broken.gz").write_bytes(b"not gzip")
    assert "broken.gz: cannot be read" in str(directory("logins", "broken.gz").exception)
    assert not Path("store.db").exists()
