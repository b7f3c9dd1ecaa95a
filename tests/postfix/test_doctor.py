"""The doctor on real configurations: nothing found where all is as recommended, each mistake by its own check."""

from __future__ import annotations

import json
import os
import pwd
import shutil
import smtplib
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from support.places import free_port, helper_in, open_folder
from support.postfix import Listener, Postfix
from support.sink import Sink
from support.vanthu import Vanthu, merged
from vanthu.cli.doctor import as_it_is
from vanthu.postfix.doctor.examine import ALL, examine
from vanthu.postfix.doctor.model import Finding, House
from vanthu.settings import load as settings_load

from . import test_doctor_egress

pytestmark = pytest.mark.e2e

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "deploy" / "postfix" / "submission.py"
SEEDS = yaml.safe_load((Path(__file__).parent / "doctor_seeds.yaml").read_text("utf-8"))
SUBMISSION = """
submission inet n       -       y       -       -       smtpd
  -o syslog_name=postfix/submission
  -o smtpd_sasl_auth_enable=yes
127.0.0.1:smtps inet n  -       y       -       -       smtpd
  -o smtpd_tls_wrappermode=yes
"""
MILTER = {"default_action": "tempfail", "protocol": "6", "connect_timeout": "10s", "command_timeout": "20s",
          "content_timeout": "40s"}  # fmt: skip


@dataclass(frozen=True)
class Recommended:
    """A running vanthu, and a configuration folder that submission.py has connected to it."""

    folder: Path
    queue: Path
    vanthu: Vanthu

    def copy(self, target: Path) -> Path:
        shutil.copytree(self.folder, target)
        return target

    def house(self, settings: dict[str, Any], folder: Path) -> House:
        file = folder.parent / "vanthu.yaml"
        file.write_text(yaml.safe_dump(merged(self.vanthu.settings, settings), allow_unicode=True), encoding="utf-8")
        return as_it_is(settings_load.load(file))


@pytest.fixture(scope="module")
def recommended() -> Iterator[Recommended]:
    with ExitStack() as stack:
        place = stack.enter_context(open_folder("doctor"))
        etc, queue = place / "etc", place / "queue"
        for folder in (etc, queue, place / "data"):
            folder.mkdir()
        shutil.chown(place / "data", "postfix")
        (queue / "vanthu").mkdir()
        shutil.chown(queue / "vanthu", group="postfix")
        (queue / "vanthu").chmod(0o2750)
        shutil.copy("/usr/share/postfix/master.cf.dist", etc / "master.cf")
        shutil.copy("/etc/postfix/dynamicmaps.cf", etc)
        with (etc / "master.cf").open("a") as file:
            file.write(SUBMISSION)
        (etc / "main.cf").write_text(
            f"compatibility_level = 3.6\nmyhostname = mail.x.gov.vn\nmynetworks = 127.0.0.0/8\nalias_maps =\n"
            f"queue_directory = {queue}\ndata_directory = {place}/data\n"
        )
        socket = f"unix:{queue}/vanthu/milter.sock"
        settings = {
            "milter": {"socket": socket, "mode": "0660"},
            "postfix": {"helper": str(helper_in(place))},
        }
        vanthu = Vanthu(
            policies=ROOT / "tests/e2e/policies", register=ROOT / "deploy/demo/register.yaml", settings=settings
        )
        vanthu.socket = socket
        stack.enter_context(vanthu)
        run(sys.executable, SCRIPT, "apply", "--config-dir", etc)
        yield Recommended(etc, queue, vanthu)


def run(*command: str | Path) -> str:
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def told(found: list[Finding]) -> str:
    return "\n".join(f"{one.check}: {one.what}" for one in found)


def serious(found: list[Finding]) -> set[str]:
    return {one.check for one in found if one.level != "note"}


def test_nothing_is_found_on_the_recommended_set_up(recommended: Recommended, tmp_path: Path) -> None:
    etc = recommended.copy(tmp_path / "etc")
    found = list(examine(recommended.house({}, etc), etc))
    assert not found, told(found)


def test_there_are_enough_seeds_and_each_check_has_one() -> None:
    assert len(SEEDS) >= 30
    elsewhere = {"old-holds", "dot-forward", "content-filter", "routes", "zimbra"}
    elsewhere |= {seed["finds"] for seed in test_doctor_egress.SEEDS}
    assert {one.name for one in ALL} == {seed["finds"] for seed in SEEDS} | elsewhere


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed["name"].replace(" ", "-"))
def test_a_seeded_mistake_is_found_by_its_own_check(
    recommended: Recommended, seed: dict[str, Any], tmp_path: Path
) -> None:
    etc = recommended.copy(tmp_path / "etc")
    seed = json.loads(
        json.dumps(seed, default=str).replace("<etc>", str(etc)).replace("<queue>", str(recommended.queue))
    )
    plant(seed, etc)
    modes = {recommended.queue / name: mode for name, mode in seed.get("modes", {}).items()}
    before = {path: path.stat().st_mode & 0o7777 for path in modes}
    try:
        for path, mode in modes.items():
            path.chmod(int(mode, 8))
        house = altered(recommended.house(seed.get("settings", {}), etc), seed.get("house", {}))
        found = list(examine(house, etc))
    finally:
        for path, mode in before.items():
            path.chmod(mode)
    assert seed["finds"] in serious(found), told(found)
    assert serious(found) <= {seed["finds"], *seed.get("also", [])}, told(found)
    for one in found:
        assert "<" not in one.mend, one.mend
        assert one.why


def plant(seed: dict[str, Any], etc: Path) -> None:
    for name, text in seed.get("files", {}).items():
        (etc / name).parent.mkdir(exist_ok=True)
        (etc / name).write_text(text)
    for name in seed.get("open", []):
        (etc / name).chmod(0o777)
    for program in ("postmap", "postalias"):
        for name in seed.get(program, []):
            run(program, "-c", etc, f"hash:{etc}/{name}")
    lines = dict(seed.get("main", {}))
    if "milter" in seed or "address" in seed:
        options = {**MILTER, **seed.get("milter", {})}
        given = "".join(f", {name}={value}" for name, value in options.items() if value is not None)
        lines["vanthu_milter"] = f"{{ {seed.get('address', 'unix:vanthu/milter.sock')}{given} }}"
    for name, value in lines.items():
        run("postconf", "-c", etc, "-e", f"{name} = {value}")
    for name in seed.get("remove", []):
        run("postconf", "-c", etc, "-MX", name)
    for name in seed.get("drop", []):
        run("postconf", "-c", etc, "-PX", name)
    with (etc / "master.cf").open("a") as file:
        file.write(seed.get("master", ""))
    for name, value in seed.get("options", {}).items():
        run("postconf", "-c", etc, "-Pe", f"{name}={value}")


def altered(house: House, changes: dict[str, Any]) -> House:
    changes = dict(changes)
    if "now" in changes:
        changes["now"] = datetime.fromisoformat(changes["now"])
    if hours := changes.pop("hours", None):
        changes["now"] = datetime.now(UTC) + timedelta(hours=hours)
    if changes.get("libmilter"):
        changes["libmilter"] = tuple(changes["libmilter"])
    return replace(house, **changes)


@pytest.mark.parametrize(
    ("main", "expected"),
    [
        ({"content_filter": "smtp-amavis:[127.0.0.1]:10024"}, "content-filter"),
        ({"relayhost": "[10.0.0.1]"}, "routes"),
        ({"sendmail_path": "/opt/zimbra/common/sbin/sendmail"}, "zimbra"),
    ],
)
def test_notes_say_what_to_know(
    recommended: Recommended, main: dict[str, str], expected: str, tmp_path: Path
) -> None:
    etc = recommended.copy(tmp_path / "etc")
    plant({"main": main}, etc)
    found = list(examine(recommended.house({}, etc), etc))
    assert {one.check for one in found if one.level == "note"} == {expected}


def test_domains_of_ours_in_a_table_are_not_outside(recommended: Recommended, tmp_path: Path) -> None:
    etc = recommended.copy(tmp_path / "etc")
    files = {"domains": "xa.hathanh.vn ok\n", "virtual": "an@xa.hathanh.vn binh@xa.hathanh.vn\n"}
    main = {"virtual_mailbox_domains": f"hash:{etc}/domains", "virtual_alias_maps": f"texthash:{etc}/virtual"}
    plant({"main": main, "files": files, "postmap": ["domains"]}, etc)
    assert not list(examine(recommended.house({}, etc), etc))


def test_the_command_tells_and_exits(recommended: Recommended, tmp_path: Path) -> None:
    etc = recommended.copy(tmp_path / "etc")
    command = [*recommended.vanthu.command, "doctor", "--config-dir", str(etc)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, done.stdout[:8]) == (0, "all well"), done.stdout + done.stderr
    run("postconf", "-c", etc, "-e", "enable_long_queue_ids=no")
    done = subprocess.run([*command, "--json"], capture_output=True, text=True)
    assert done.returncode == 1
    (finding,) = json.loads(done.stdout)
    assert finding["check"] == "short-queue-ids"
    assert finding["instance"] == str(etc)
    # The command that it names mends it.
    subprocess.run(["sh", "-ec", finding["mend"].partition(" && ")[0]], check=True)
    assert subprocess.run(command, capture_output=True).returncode == 0


def test_a_folder_that_postconf_cannot_read_is_a_finding(recommended: Recommended, tmp_path: Path) -> None:
    etc = recommended.copy(tmp_path / "etc")
    (etc / "master.cf").write_text("submission inet n\n")
    assert serious(list(examine(recommended.house({}, etc), etc))) == {"unreadable"}


def test_forward_files_are_found(recommended: Recommended, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / ".forward").write_text("\\an, an@gmail.com\n")
    someone = pwd.struct_passwd(("an", "x", os.getuid(), os.getgid(), "", str(home), "/bin/sh"))
    monkeypatch.setattr(pwd, "getpwall", lambda: [someone])
    etc = recommended.copy(tmp_path / "etc")
    (finding,) = examine(recommended.house({}, etc), etc)
    assert finding.check == "dot-forward"
    assert "an@gmail.com" in finding.what


def test_mail_that_waits_too_long_is_found(recommended: Recommended, tmp_path: Path) -> None:
    held = Listener("held", options={"smtpd_recipient_restrictions": "static:HOLD,permit"})
    etc = recommended.copy(tmp_path / "etc")
    with Sink(free_port()) as sink, Postfix([held], next_hop=sink.port) as postfix:
        with smtplib.SMTP("127.0.0.1", postfix.ports["held"], timeout=30) as client:
            client.sendmail("a@x.gov.vn", ["b@y.gov.vn"], "Subject: x\n\ntext\n")
        house = recommended.house({}, etc)
        now = {one.check for one in examine(house, postfix.config)}
        later = {one.check for one in examine(replace(house, now=house.now + timedelta(days=8)), postfix.config)}
    assert later - now == {"old-holds"}


@pytest.fixture
def three(recommended: Recommended, tmp_path: Path) -> tuple[Path, Path]:
    """An installed instance, a second one, and a third that is switched off; folders of the first and second."""
    first, second, third = (recommended.copy(tmp_path / name) for name in ("etc", "etc-out", "etc-off"))
    run("postconf", "-c", first, "-e", f"multi_instance_directories = {second} {third}")
    for folder, enabled in ((second, "yes"), (third, "no")):
        lines = [f"multi_instance_name = postfix-{folder.name}", f"multi_instance_enable = {enabled}"]
        for kind in ("queue", "data"):  # two instances must not share them
            (tmp_path / f"{folder.name}-{kind}").mkdir()
            lines.append(f"{kind}_directory = {tmp_path}/{folder.name}-{kind}")
        # Without its own queue folder the socket of the set-up would be another one.
        socket = recommended.vanthu.socket.removeprefix("unix:")
        ours = run("postconf", "-c", folder, "-h", "vanthu_milter").strip().replace("unix:vanthu/milter.sock", socket)
        lines.append(f"vanthu_milter = {ours.replace(socket, f'unix:{socket}')}")
        run("postconf", "-c", folder, "-e", "enable_long_queue_ids = no", *lines)
        for service in ("submission/inet", "127.0.0.1:smtps/inet", "cleanup/unix"):
            run("postconf", "-c", folder, "-Fe", f"{service}/chroot=n")
    return first, second


def test_every_enabled_instance_is_looked_at(recommended: Recommended, three: tuple[Path, Path]) -> None:
    first, second = three
    found = list(examine(recommended.house({}, first), first))
    assert [(one.check, one.instance) for one in found] == [("short-queue-ids", str(second))]
    assert f"postconf -c {second} -e" in found[0].mend


def test_an_instance_that_cannot_be_read_is_told(recommended: Recommended, three: tuple[Path, Path]) -> None:
    first, second = three
    (second / "main.cf").unlink()
    assert [(one.check, one.instance) for one in examine(recommended.house({}, first), first)] == [
        ("unreadable", str(second))
    ]
