"""The register loads from YAML and CSV, and says everything that is wrong with it."""

from __future__ import annotations

import gc
import time
from datetime import date
from pathlib import Path

import pytest

from vanthu.directory.load import load
from vanthu.directory.model import Mailbox
from vanthu.errors import Problems

AGENCIES = """\
version: 1
agencies:
  ubnd: {name: UBND tỉnh X, domains: [x.gov.vn]}
  so-y-te: {name: Sở Y tế, kind: health, parent: ubnd, domains: [soyte.x.gov.vn], contacts: [vt@soyte.x.gov.vn],
            valid_from: 2020-01-01}
"""


def problems_of(path: Path) -> list[str]:
    with pytest.raises(Problems) as caught:
        load(path)
    return [str(problem).replace(f"{path}/", "") for problem in caught.value.problems]


def test_nothing_is_an_empty_register() -> None:
    register = load(None)
    assert len(register) == 0
    assert register.mailbox("a@x.vn") is None
    assert register.owners("a@gmail.com") == ()


@pytest.mark.parametrize("text", ["", "# to be written\n", "version: 1\nagencies:\n", "{}\n"])
def test_a_file_that_is_only_begun_is_an_empty_register(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.yaml").write_text(text, "utf-8")
    assert len(load(tmp_path / "a.yaml")) == 0


def test_yaml(tmp_path: Path) -> None:
    file = tmp_path / "register.yaml"
    file.write_text(
        AGENCIES
        + """\
mailboxes:
  - {address: An.NV@x.gov.vn, name: Nguyễn Văn An, agency: so-y-te, position: Chuyên viên, role: personal,
     private: [an@gmail.com, an@yahoo.com], valid_from: 2021-02-03, valid_to: null}
  - {address: vanthu@x.gov.vn, agency: UBND tỉnh X, role: agency, private: b@gmail.com; c@gmail.com}
""",
        "utf-8",
    )
    register = load(file)
    assert register.mailbox("an.nv@x.gov.vn") == Mailbox(
        "An.NV@x.gov.vn", "Nguyễn Văn An", "so-y-te", "Chuyên viên", "personal",
        ("an@gmail.com", "an@yahoo.com"), date(2021, 2, 3), None,
    )  # fmt: skip
    clerk = register.mailbox("vanthu@x.gov.vn")
    assert clerk is not None
    assert (clerk.agency, clerk.role, clerk.private) == ("ubnd", "agency", ("b@gmail.com", "c@gmail.com"))
    agency = register.agencies["so-y-te"]
    assert (agency.parent, agency.kind, agency.contacts) == ("ubnd", "health", ("vt@soyte.x.gov.vn",))


def test_maps_and_lists_are_both_understood(tmp_path: Path) -> None:
    file = tmp_path / "register.yaml"
    file.write_text("agencies: [{slug: a, name: A}]\nmailboxes: {b@x.vn: {name: B, agency: a}}\n", "utf-8")
    register = load(file)
    found = register.mailbox("b@x.vn")
    assert found is not None
    assert found.agency == "a"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_csv_with_vietnamese_columns(tmp_path: Path, encoding: str, separator: str) -> None:
    (tmp_path / "agencies.yaml").write_text(AGENCIES, "utf-8")
    rows = [
        ["STT", "HỌ VÀ TÊN", "Chức vụ", "Đơn vị", "Địa chỉ thư điện tử", "Thư điện tử cá nhân", "Vai trò", "Từ ngày"],
        [
            "1",
            "Nguyễn Văn An",
            "Giám đốc",
            "SỞ Y TẾ",
            "an@x.gov.vn",
            "an@gmail.com b@gmail.com",
            "Cá nhân",
            "31/01/2020",
        ],
        ["2", "Văn thư", "", "ubnd", "vanthu@x.gov.vn", "", "Văn thư", "2020-02-01"],
        ["", "", "", "", "", "", "", ""],
    ]
    text = "\r\n".join(separator.join(row) for row in rows)
    (tmp_path / "mailboxes.csv").write_text(text, encoding)
    register = load(tmp_path)
    assert register.mailbox("an@x.gov.vn") == Mailbox(
        "an@x.gov.vn", "Nguyễn Văn An", "so-y-te", "Giám đốc", "personal", ("an@gmail.com", "b@gmail.com"),
        date(2020, 1, 31),
    )  # fmt: skip
    clerk = register.mailbox("vanthu@x.gov.vn")
    assert clerk is not None
    assert (clerk.agency, clerk.role) == ("ubnd", "agency")


def test_every_problem_of_every_file_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(
        """\
agencies:
  so-y-te: {name: Sở Y tế, parent: ubdn, domains: [x.gov.vn, 'not a domain']}
  ubnd: {name: UBND, parent: c, domains: [x.gov.vn]}
  c: {name: C, parent: ubnd}
  Bad_Slug: {name: D}
  e: {nam: E}
mailboxes:
  - {address: a@x.gov.vn, agency: so-y-tee, rol: personal}
  - {address: not an address}
  - {address: A@x.gov.vn, role: boss, private: [nobody], valid_from: 2026-02-01, valid_to: 2026-01-01}
""",
        "utf-8",
    )
    (tmp_path / "b.csv").write_text(
        'address,name,agency,valid_to\nb@x.gov.vn,"Hai\ndòng",ubnd,31/02/2026\nc@,C,ubnd,\nd@x.gov.vn,D,none-such,,more\n',
        "utf-8",
    )
    (tmp_path / "c.csv").write_text("address,nme,Họ và tên,name\n", "utf-8")
    (tmp_path / "d.csv").write_text("name\nAn\n", "utf-8")
    found = problems_of(tmp_path)
    assert found == [
        "a.yaml:2:36: error: unknown agency ubdn; did you mean ubnd?",
        "a.yaml:2:62: error: domains: not a domain: 'not a domain'",
        "a.yaml:3:30: error: an agency stands below itself: ubnd > c > ubnd",
        "a.yaml:3:43: error: the domain x.gov.vn belongs to the agency so-y-te already",
        "a.yaml:5:13: error: slug: write small letters, digits and hyphens, such as so-y-te, not 'Bad_Slug'",
        "a.yaml:6:6: error: the key name is missing",
        "a.yaml:6:7: error: unknown key nam; did you mean name?",
        "a.yaml:8:35: error: unknown agency so-y-tee; did you mean so-y-te?",
        "a.yaml:8:45: error: unknown key rol; did you mean role?",
        "a.yaml:9:15: error: address: not a mail address: 'not an address'",
        "a.yaml:10:15: error: the mailbox A@x.gov.vn stands twice; keep one",
        "a.yaml:10:33: error: unknown role boss; known: agency, personal, public_service, system",
        "a.yaml:10:49: error: private: not a mail address: 'nobody'",
        "a.yaml:10:92: error: valid_to: 2026-01-01 lies before valid_from, 2026-02-01",
        "b.csv:2:4: error: valid_to: write a date as 2026-01-31 or 31/01/2026, not '31/02/2026'",
        "b.csv:4:1: error: address: not a mail address: 'c@'",
        "b.csv:5:5: error: more than the 4 fields of the header",
        "c.csv:1:2: error: unknown column nme; did you mean name?",
        "c.csv:1:4: error: a second column for name; keep one",
        "d.csv:1:1: error: no column address in the first line; known: address, name, agency, position, role, "
        "private, valid_from, valid_to",
    ]


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("r.yaml", "agencies: 3\n", "agencies: write a list or a map by slug"),
        ("r.yaml", "- a\n", "write a map with the keys agencies and mailboxes"),
        ("r.yaml", "mailboxes: [a@x.vn]\n", "write a map with address, name"),
        ("r.yaml", "version: 2\n", "version: only 1 is known, not 2"),
        ("r.yaml", "agencies: {a: {name: [x]}}\n", "name: write plain text"),
        ("r.csv", 'address\n"a@x.vn\n', "not CSV"),
        ("r.txt", "", "neither a .yaml nor a .csv file"),
    ],
)
def test_files_of_another_shape(tmp_path: Path, name: str, text: str, message: str) -> None:
    (tmp_path / name).write_text(text, "utf-8")
    assert message in "\n".join(problems_of(tmp_path / name))


def test_what_is_not_there_or_empty(tmp_path: Path) -> None:
    with pytest.raises(Problems, match="holds no "):
        load(tmp_path)
    with pytest.raises(Problems, match="no such file"):
        load(tmp_path / "none")


def test_many_mailboxes_load_in_seconds(tmp_path: Path) -> None:
    rows = "".join(f"Nguyễn Văn {n % 90},Chuyên viên,ubnd,u{n}@x.gov.vn,u{n}@gmail.com\n" for n in range(20_000))
    (tmp_path / "a.yaml").write_text(AGENCIES, "utf-8")
    (tmp_path / "b.csv").write_text(f"name,position,agency,address,private\n{rows}", "utf-8")
    begun = time.process_time()
    register = load(tmp_path)
    assert time.process_time() - begun < 3
    assert len(register) == 20_000
    assert register.owners("u19999+x@gmail.com")
    assert gc.isenabled()
