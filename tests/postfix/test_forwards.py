"""The audit of forwards over real maps, home folders and Sieve scripts."""

from __future__ import annotations

import csv
import json
import os
import pwd
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from vanthu.cli.main import vanthu
from vanthu.postfix.forwards import sources
from vanthu.postfix.forwards.model import Step, Unseen, Way
from vanthu.postfix.forwards.ways import ways
from vanthu.service.steward_forwards import audited, counts


def step(source: str, target: str, keeps: bool = False) -> Step:
    return Step("virtual", "t", source, target, keeps)


def ends(found: list[Way]) -> set[tuple[str, ...]]:
    return {(way.mailbox, *way.via, way.target) for way in found}


def test_chains_are_followed_to_their_end() -> None:
    steps = [step("a@x.vn", "b@x.vn"), step("b@x.vn", "c"), step("C@local.vn", "c@gmail.com")]
    assert ends(ways(steps, frozenset({"local.vn"}))) == {
        ("a@x.vn", "b@x.vn", "c", "c@gmail.com"),
        ("b@x.vn", "c", "c@gmail.com"),
        ("C@local.vn", "c@gmail.com"),
    }


def test_a_copy_that_stays_is_an_end_too() -> None:
    found = ends(ways([step("a@x.vn", "b@x.vn"), step("b@x.vn", "b@gmail.com", keeps=True)], frozenset()))
    assert found == {("a@x.vn", "b@x.vn"), ("a@x.vn", "b@x.vn", "b@gmail.com"), ("b@x.vn", "b@gmail.com")}


def test_loops_end() -> None:
    found = ways([step("a@x", "b@x"), step("b@x", "a@x"), step("b@x", "c@y")], frozenset())
    assert ("a@x", "b@x", "c@y") in ends(found)
    wide = [step(f"{n}@x", f"{m}@x") for n in range(30) for m in range(30) if n != m]
    assert len(ways(wide, frozenset())) <= 30 * 10_000


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A Postfix configuration, two home folders and a folder of virtual mailboxes."""
    etc = tmp_path / "etc"
    etc.mkdir()
    shutil.copy("/usr/share/postfix/master.cf.dist", etc / "master.cf")
    shutil.copy("/etc/postfix/dynamicmaps.cf", etc)
    (tmp_path / "list").write_text("# members\nhai@yahoo.com\n")
    (etc / "aliases").write_text(f"phong: an, binh\nca: :include:{tmp_path}/list\nroot: |/bin/true\n")
    (etc / "virtual").write_text("phong@soyte.hathanh.gov.vn phong\nsep@soyte.hathanh.gov.vn sep@moh.gov.vn\n")
    (etc / "main.cf").write_text(
        f"compatibility_level = 3.6\nmydestination = local.hathanh.gov.vn\n"
        f"alias_maps = hash:{etc}/aliases\nvirtual_alias_maps = hash:{etc}/virtual, ldap:{etc}/ldap.cf\n"
    )
    subprocess.run(["postalias", "-c", etc, f"hash:{etc}/aliases"], check=True)
    subprocess.run(["postmap", "-c", etc, f"hash:{etc}/virtual"], check=True)
    for user in ("an", "binh"):
        (tmp_path / "home" / user).mkdir(parents=True)
    (tmp_path / "home/an/.forward").write_text("# mine\n\\an\nan.nguyen@gmail.com\n")
    (tmp_path / "home/binh/sieve").mkdir()
    (tmp_path / "home/binh/sieve/on.sieve").write_text('redirect :copy "binh@outlook.com";\n')
    (tmp_path / "home/binh/sieve/off.sieve").write_text('redirect "binh@icloud.com";\n')
    (tmp_path / "home/binh/.dovecot.sieve").symlink_to("sieve/on.sieve")
    box = tmp_path / "vhosts" / "soyte.hathanh.gov.vn" / "cuong" / "sieve"
    box.mkdir(parents=True)
    (box / "main.sieve").write_text('if true {\n redirect "=cuong@gmail.com";\n}\n')
    (tmp_path / "vanthu.yaml").write_text(
        yaml.safe_dump({"version": 1, "own": {"domains": ["soyte.hathanh.gov.vn", "local.hathanh.gov.vn"]}})
    )
    return tmp_path


@pytest.fixture
def users(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def entry(name: str) -> pwd.struct_passwd:
        return pwd.struct_passwd((name, "x", os.getuid(), 0, "", str(place / "home" / name), "/bin/sh"))

    monkeypatch.setattr(pwd, "getpwall", lambda: [entry("an"), entry("binh")])


def audit(place: Path, *more: str, code: int = 1) -> str:
    arguments = ["--config", str(place / "vanthu.yaml"), "forwards", "audit", "--config-dir", str(place / "etc")]
    done = CliRunner().invoke(vanthu, [*arguments, *more], standalone_mode=False)
    assert done.exception is None, done.exception
    assert done.return_value == code
    return done.stdout


def test_everything_is_found_with_its_class_and_chain(place: Path, users: None) -> None:
    found = json.loads(audit(place, "--format", "json", "--sieve", str(place / "vhosts")))
    rows = {(row["mailbox"], *row["via"], row["target"]): row for row in found}
    gmail = rows["phong@soyte.hathanh.gov.vn", "phong", "an", "an.nguyen@gmail.com"]
    assert (gmail["class"], gmail["family"], gmail["kind"]) == ("public", "google", "forward")
    assert gmail["where"] == f"{place}/home/an/.forward:3"
    assert rows["an", "an.nguyen@gmail.com"]["keeps"] is True
    assert rows["ca", "hai@yahoo.com"]["kind"] == "include"
    assert rows["binh", "binh@outlook.com"]["active"] is True
    assert rows["binh", "binh@icloud.com"]["active"] is False
    assert rows["sep@soyte.hathanh.gov.vn", "sep@moh.gov.vn"]["class"] == "government"
    assert rows["cuong@soyte.hathanh.gov.vn", "=cuong@gmail.com"]["where"].endswith("main.sieve:2")


def test_table_and_csv_say_the_same(place: Path, users: None) -> None:
    outside = audit(place, "--outside", "--sieve", str(place / "vhosts"))
    assert "phong@soyte.hathanh.gov.vn -> phong -> an -> an.nguyen@gmail.com" in outside
    assert "(switched off)" in outside
    text = audit(place, "--format", "csv", "--sieve", str(place / "vhosts"))
    rows = list(csv.DictReader(text.splitlines()))
    assert {"mailbox", "target", "class", "via"} <= rows[0].keys()
    assert "'=cuong@gmail.com" in {row["target"] for row in rows}, "no formula for a spreadsheet"


def test_no_alarm_where_nothing_leaves_for_public_mailboxes(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pwd, "getpwall", list)
    (place / "list").write_text("hai@soyte.hathanh.gov.vn\n")
    audit(place, code=0)


def test_what_cannot_be_read_is_told(place: Path, users: None) -> None:
    os.mkfifo(place / "home/binh/.forward")
    (place / "home/an/.forward").unlink()
    (place / "home/an/.forward").write_bytes(b"x@gmail.com\n" * 200_000)
    seen = list(sources.forward_files({"an": place / "home/an", "binh": place / "home/binh"}))
    assert [one.why for one in seen if isinstance(one, Unseen)] == ["larger than 1 MiB", "not a regular file"]
    command = [sys.executable, "-m", "vanthu", "--config", str(place / "vanthu.yaml"), "forwards", "audit"]
    done = subprocess.run([*command, "--config-dir", str(place / "etc")], capture_output=True, text=True)
    assert "ldap" in done.stderr


def test_every_kind_of_map_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is made by postmap itself; the types are those of Debian's packages."""
    monkeypatch.setattr(pwd, "getpwall", list)
    etc = tmp_path / "etc"
    etc.mkdir()
    shutil.copy("/usr/share/postfix/master.cf.dist", etc / "master.cf")
    shutil.copy("/etc/postfix/dynamicmaps.cf", etc)
    if Path("/etc/postfix/dynamicmaps.cf.d").is_dir():
        shutil.copytree("/etc/postfix/dynamicmaps.cf.d", etc / "dynamicmaps.cf.d")
    (etc / "main.cf").write_text("compatibility_level = 3.6\n")
    tables = []
    for kind in ("hash", "btree", "lmdb", "cdb"):
        (etc / kind).write_text(f"{kind}@x.gov.vn {kind}@gmail.com\n")
        subprocess.run(["postmap", "-c", etc, f"{kind}:{etc}/{kind}"], check=True)
        if kind != "cdb":  # postmap cannot list it
            (etc / kind).unlink()
        tables.append(f"{kind}:{etc}/{kind}")
    (etc / "texthash").write_text("texthash@x.gov.vn\n  texthash@gmail.com\n")
    (etc / "pcre").write_text("if /@x/\n/^pcre@x\\.gov\\.vn$/i pcre@gmail.com\nendif\n")
    (etc / "regexp").write_text("/^regexp@x\\.gov\\.vn$/ regexp@gmail.com\n")
    tables += [f"{kind}:{etc}/{kind}" for kind in ("texthash", "pcre", "regexp")]
    tables.append("inline:{inline@x.gov.vn=inline@gmail.com}")
    (etc / "main.cf").write_text(
        f"compatibility_level = 3.6\nalias_maps =\nmydestination =\nvirtual_alias_maps = {', '.join(tables)}\n"
    )
    (tmp_path / "vanthu.yaml").write_text("version: 1\nown: {domains: [x.gov.vn]}\n")
    found = {row["target"]: row["class"] for row in json.loads(audit(tmp_path, "--format", "json"))}
    kinds = ("hash", "btree", "lmdb", "cdb", "texthash", "pcre", "regexp", "inline")
    assert found == {f"{kind}@gmail.com": "public" for kind in kinds}


def test_an_index_that_cannot_be_read_is_read_from_its_source(place: Path) -> None:
    (place / "etc/virtual.db").write_bytes(b"no index")
    command = [sys.executable, "-m", "vanthu", "--config", str(place / "vanthu.yaml"), "forwards", "audit"]
    done = subprocess.run([*command, "--config-dir", str(place / "etc")], capture_output=True, text=True)
    assert "its source is read instead" in done.stderr
    assert "sep@soyte.hathanh.gov.vn -> sep@moh.gov.vn" in done.stdout
    assert "virtual (source)" in done.stdout


def test_zimbra_and_logins_from_providers_without_a_postfix(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pwd, "getpwall", list)
    (tmp_path / "vanthu.yaml").write_text(
        f"version: 1\nown: {{domains: [x.gov.vn]}}\nstate: {{path: {tmp_path}/state}}\n"
    )
    (tmp_path / "state").mkdir()
    (tmp_path / "gaa").write_text("# name an@x.gov.vn\nzimbraPrefMailForwardingAddress: an@gmail.com\n")
    (tmp_path / "mail.log").write_text(
        "Nov 20 08:01:02 m dovecot: pop3-login: Login: user=<binh@x.gov.vn>, rip=209.85.220.41, lip=::1\n"
    )
    (tmp_path / "none").mkdir()
    arguments = [
        "--config",
        str(tmp_path / "vanthu.yaml"),
        "forwards",
        "audit",
        "--config-dir",
        str(tmp_path / "none"),
    ]
    more = [
        "--zimbra",
        str(tmp_path / "gaa"),
        "--logins",
        str(tmp_path / "mail.log"),
        "--publish",
        "--format",
        "json",
    ]
    done = CliRunner().invoke(vanthu, [*arguments, *more], standalone_mode=False)
    assert (done.exception, done.return_value) == (None, 1)
    zimbra, fetch = json.loads(done.stdout)
    assert (zimbra["kind"], zimbra["target"], zimbra["where"]) == ("zimbra", "an@gmail.com", f"{tmp_path}/gaa:2")
    assert (fetch["kind"], fetch["mailbox"], fetch["family"]) == ("fetch", "binh@x.gov.vn", "google")
    assert counts(tmp_path / "state") == [(("fetch", "public"), 1.0), (("zimbra", "public"), 1.0)]
    assert audited(tmp_path / "state")[0][1] > 1.7e9
    assert counts(tmp_path / "nowhere") == audited(tmp_path / "nowhere") == []
