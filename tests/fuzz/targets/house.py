"""What operators and the house itself write: policies, settings, lists, the journal, the register, Sieve scripts."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from facts.samples_house import facts_of, house, mail
from facts.test_honest_work import LETTER
from fuzz.target import Target, is_text, text_of
from vanthu import located
from vanthu.directory import plan
from vanthu.directory.load import load as load_register
from vanthu.directory.model import Register
from vanthu.directory.sheets import read as read_sheets
from vanthu.directory.understand import understand
from vanthu.errors import Problems
from vanthu.facts.model import Facts
from vanthu.inspection import relaxing
from vanthu.policy.decide import decide
from vanthu.policy.load import PolicyContext
from vanthu.policy.load import load as load_policy
from vanthu.policy.model import Policy
from vanthu.postfix import milters
from vanthu.postfix.forwards.sieve import redirects
from vanthu.postfix.maps import rows, targets
from vanthu.providers.load import load as load_providers
from vanthu.settings.load import load as load_settings
from vanthu.tuning.cases import load as load_cases
from vanthu.tuning.explanation import explain

ROOT = Path(__file__).resolve().parents[3]
SHIPPED = ROOT / "policies"


def _problems(problems: Problems) -> None:
    assert problems.problems
    for one in problems.problems:
        assert one.message
        assert one.line >= 0
        assert one.column >= 0
        is_text(str(one))


@cache
def _some_facts() -> tuple[Facts, ...]:
    return (
        facts_of(mail(LETTER)),
        facts_of(mail("MẬT", subject="x"), login=None),
        facts_of(b"\0", sender="", origin=None),
    )


def _policy(data: bytes) -> None:
    """Any text is a policy or Problems with a place; a policy decides on any facts, and explains the same."""
    with tempfile.TemporaryDirectory(prefix="vanthu-fuzz-") as name:
        folder = Path(name)
        (folder / "x.yaml").write_bytes(data)
        (folder / "bases.yaml").write_bytes((SHIPPED / "bases.yaml").read_bytes())
        try:
            located.parse(text_of(data), "x.yaml", max_nodes=20_000)
            policy = load_policy(folder, PolicyContext()).policy
        except Problems as problems:
            _problems(problems)
            return
    for facts in _some_facts():
        decision = decide(policy, facts)
        assert len(decision.recipients) == len(facts.recipients)
        assert explain(policy, facts).decision == decision


@cache
def _shipped() -> Policy:
    return load_policy(SHIPPED, PolicyContext()).policy


def _settings(data: bytes) -> None:
    """The first octet says which file of an operator it is."""
    kind, content = data[:1], data[1:]
    with tempfile.TemporaryDirectory(prefix="vanthu-fuzz-") as name:
        folder = Path(name)
        try:
            if kind == b"s":
                file = folder / "vanthu.yaml"
                file.write_bytes(content)
                load_settings(file)
            elif kind == b"c":
                file = folder / "x.test.yaml"
                file.write_bytes(content)
                load_cases([file], _shipped())
            elif kind == b"r":
                (folder / relaxing.FILE).write_bytes(content)
                found = relaxing.read(folder)
                assert found is None or found.until - found.since <= relaxing.LONGEST
            else:
                for list_ in (SHIPPED / "providers").glob("*.[yt]*"):  # lists of these names are not read twice
                    (folder / list_.name).write_bytes(b"{}" if list_.suffix == ".yaml" else b"# class: isp\n")
                (folder / ("x.txt" if kind == b"t" else "x.yaml")).write_bytes(content)
                known = load_providers(folder, official=("x.gov.vn",), government=())
                assert known.classify("x.gov.vn").class_ in ("official", "public", "other", "government") or content
        except Problems as problems:
            _problems(problems)


def _register(data: bytes) -> None:
    """The first octet says: YAML or CSV of the register, or a list as an office sends it."""
    kind, content = data[:1], data[1:]
    with tempfile.TemporaryDirectory(prefix="vanthu-fuzz-") as name:
        file = Path(name, {b"y": "x.yaml", b"c": "x.csv"}.get(kind, "x.txt"))
        file.write_bytes(content)
        try:
            if file.suffix != ".txt":
                known = load_register(file)
                for mailbox in known.mailboxes:
                    is_text(mailbox.address, mailbox.name)
            elif not content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
                _imported(file)
        except Problems as problems:
            _problems(problems)


def _imported(file: Path) -> None:
    made = plan.make([understand(sheet) for sheet in read_sheets(file)], _known(), _standing, {})
    for remark in made.remarks:
        is_text(remark.place, remark.text)
    for address in made.mailboxes:
        assert "@" in address


@cache
def _known() -> Register:
    return house().register


def _standing(domain: str) -> plan.Standing:
    return "official" if domain.endswith("hathanh.gov.vn") else "public" if domain == "gmail.com" else "other"


def _sieve(data: bytes) -> None:
    """A script of a user; and tables and lists of Postfix."""
    text = text_of(data)
    for one in redirects(text):
        is_text(str(one))
    for word in targets(text):
        assert word in text
    for entry in milters.entries(text, Path("/q")):
        is_text(entry.address)
    milters.seconds(text)
    milters.same(text[:80], text[80:])
    with tempfile.TemporaryDirectory(prefix="vanthu-fuzz-") as name:
        file = Path(name, "t")
        file.write_bytes(data)
        for table in ("texthash", "pcre"):
            rows(None, f"{table}:{file}")  # type: ignore[arg-type]
    rows(None, "inline:{" + text.replace(",", " ") + "}")  # type: ignore[arg-type]


_RULE = b"version: 1\nrules:\n  - id: a\n    when: {size: {min: 3}}\n    action: warn\n"
_ALL = b"""version: 1
lists: {press: [vnexpress.net]}
detectors: {id: {title: {vi: a, en: b}, re2: '[0-9]+', distinct: true}}
rules:
  - id: a
    title: {vi: a, en: b}
    basis: [4504-UBND-CBTH-2018.1]
    mode: enforce
    rollout: {agencies: [so-y-te], from: 2026-01-01}
    when: {all: [{sender.class: official}, {any_recipient: {class: [public, isp]}}, {detected.id: {min: 2}}]}
    unless: [{id: c, when: {not: {subject: {matches: x}}}, reason: y, owner: z, expires: 2030-01-01}]
    action: reject
"""
_CASES = (SHIPPED / "tests").rglob("*.test.yaml")
_LIST = """DANH SÁCH HỘP THƯ
STT;Họ và tên;Chức vụ;Đơn vị;Địa chỉ thư điện tử;Email cá nhân
I;Sở Y tế;;;;
1;Nguyễn Văn An;Giám đốc;;annv@soyte.hathanh.gov.vn;an@gmail.com
2;Trần Thị Bình;"Phó
Giám đốc";nt;binhtt@soyte.hathanh.gov.vn;
Tổng cộng: 2;;;;;
"""
TARGETS = {
    "policy": Target(
        _policy,
        ((SHIPPED / "official-mail.yaml").read_bytes()[:4000], _RULE, _ALL),
        (
            "when:", "unless:", "any_document:", "any_recipient:", "any_attachment:", "every_recipient:", "matches:",
            "action: reject", "action: challenge", "mode: enforce", "not:", "any:", "all:", "count:", "min:", "max:",
            "&a", "*a",
            "<<: *a", "? ", "!!python/object", "in: working_hours", "list: press", "2026-02-30", "1e9999", "- - - -",
            "[[[[", "{{",
            "exceptions:", "expires:", "detected.", "\t", "|", ">-",
        ),
    ),
    "settings": Target(
        _settings,
        (
            b"s" + (SHIPPED / "vanthu.yaml").read_bytes()[:6000],
            b"sversion: 1\ndns: {servers: ['127.0.0.1:53', '[::1]']}\n",
            *(b"c" + path.read_bytes()[:3000] for path in _CASES),
            b'r{"since":"2026-01-01T00:00:00Z","until":"2026-01-01T02:00:00+07:00","by":"a","reason":"b"}',
            b"t# class: disposable\n# source: x\na.example\nb.example\n", b"yoverrides: {a.example: public}\n",
            b"yfamilies:\n  google: {class: public, domains: [gmail.com], mx: [google.com]}\n",
        ),
        (
            "version: 1", "own:", "domains:", "milter:", "socket:", "inet:", "unix:", "limits:", "documents:",
            "timezone:", "dns:",
            "servers:", "working_hours:", "start: '25:00'", "holidays:", "notices:", "store:", "url:", "journal:",
            "class: ",
            "families:", "overrides:", "cases:", "facts:", "expect:", "mail: /", "999999999999999999999", "-1",
            ".inf", "\xad",
        ),
    ),
    "register": Target(
        _register,
        (
            b"yversion: 1\nagencies:\n  a: {name: S, domains: [x.gov.vn], parent: b}\n"
            b"  b: {name: T, valid_from: 2020-01-01}\n"
            b"mailboxes:\n  - {address: a@x.gov.vn, name: An, agency: a, role: personal, private: [b@gmail.com]}\n",
            b"caddress;name;agency;role;private\na@x.gov.vn;An;;personal;b@gmail.com c@gmail.com\n",
            "cMã;Tên đơn vị;Trực thuộc;Tên miền\na;Sở A;;a.x.gov.vn\nb;Phòng B;a;\n".encode(),
            b"t" + _LIST.encode(), b"t" + _LIST.replace(";", "\t").encode("utf-16"), b"tsep=;\n" + _LIST.encode(),
        ),
        (
            "agencies:", "mailboxes:", "slug", "valid_from", "2026-02-30", ";", "\t", '"', "\n", "@x.gov.vn",
            "@gmail.com", "nt",
            "Họ và tên", "Đơn vị", "Email", "Chức vụ", "Sở ", "Phòng ", "UBND xã ", "I.", "1.1", "Tổng cộng", "&a",
            "*a", "\x1f",
            "Người lập", "(Ký tên)", "/", "họ", "tên", b"\xff\xfe", "sep=",
        ),
    ),
    "sieve": Target(
        _sieve,
        (
            b'require ["copy", "variables"];\nif header :contains "subject" "x" { redirect :copy "a@gmail.com"; '
            b"stop; }\n# c\n",
            b'/* x */ set "to" "b@gmail.com";\nredirect "${to}";\ntext:\na\n.\n;keep;',
            b"# t\n/^a@/i  b@gmail.com, c\n  d\nroot: |\"/bin/x y\", :include:/z\n",
            b"{ unix:a, default_action=accept }, inet:h:1, 40s",
        ),
        ("redirect", ":copy", '"', "text:", "\n.\n", "${", "}", "{", "/*", "*/", "#", ";", "[", "]", "\\", "/", "if",
        "inet:", "!", "@"),
        8000,
    ),
}  # fmt: skip
