"""What each process of a running house has, and must not have: keys, environment, descriptors, core files, rights.

Seen from outside, by root, in /proc of the real daemon.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.vanthu import Vanthu
from support.waiting import wait_until
from vanthu.documents.broker_client import statistics

PASSWORD = "mat-khau-cua-kho"
POLICIES = Path(__file__).parents[1] / "e2e" / "policies"


@pytest.fixture(scope="module")
def house() -> Iterator[Vanthu]:
    env = {"PGPASSWORD": PASSWORD, "VANTHU_SETTINGS_SECRET": PASSWORD}
    with Vanthu(policies=POLICIES, settings={"egress": {"enabled": True}}, env=env) as one:
        wait_until(
            lambda: (found := statistics(one.state)) is not None and found.ocr is not None, told=one.output.read_text
        )
        yield one


def kinds(house: Vanthu) -> dict[str, int]:
    """A process of each kind."""
    found = {child["kind"]: child["pid"] for child in house.children()}
    (found["readers"],) = below(found["broker"])
    found["supervisor"] = house.status()["pid"]
    return found


def below(pid: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def holds(pid: int, needle: bytes) -> bool:
    """Whether it stands anywhere in the process's writable memory."""
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            found = re.match(r"([0-9a-f]+)-([0-9a-f]+) rw", line)
            if found:
                start, end = (int(one, 16) for one in found.groups())
                memory.seek(start)
                if needle in memory.read(end - start):
                    return True
    return False


def test_keys_and_passwords_are_not_in_the_memory_of_who_reads_documents(house: Vanthu) -> None:
    pids = kinds(house)
    keys = [bytes.fromhex((house.state / name).read_text().split()[0]) for name in ("challenge.keys", "hop.keys")]
    assert all(holds(pids["worker"], key) for key in keys)  # or this would prove nothing
    assert not any(holds(pids["readers"], secret) for secret in (*keys, PASSWORD.encode(), b"hathanh.gov.vn"))


def test_no_secret_stands_in_a_command_line_and_readers_have_an_environment_of_their_own(house: Vanthu) -> None:
    pids = kinds(house)
    secrets = [(house.state / name).read_bytes().split()[0] for name in ("challenge.keys", "hop.keys")]
    for pid in pids.values():
        shown = Path(f"/proc/{pid}/cmdline").read_bytes()
        assert not any(secret in shown for secret in (*secrets, PASSWORD.encode()))
    assert PASSWORD.encode() not in Path(f"/proc/{pids['readers']}/environ").read_bytes()


def test_no_process_leaves_a_core_file(house: Vanthu) -> None:
    for pid in kinds(house).values():
        assert re.search(r"Max core file size +0 +0 ", Path(f"/proc/{pid}/limits").read_text())


def test_who_reads_documents_holds_nothing_but_its_channel(house: Vanthu) -> None:
    readers = kinds(house)["readers"]
    held = {int(one.name): str(one.readlink()) for one in Path(f"/proc/{readers}/fd").iterdir()}
    assert {held.pop(number) for number in (0, 1, 2)} == {"/dev/null"}
    kept = sorted(re.sub(r"[:\[].*", "", one) for one in held.values())
    assert kept == ["anon_inode", "anon_inode", "socket"]  # what it waits with, what children may see, the channel


def test_only_workers_take_mail_and_only_who_writes_the_journal_has_it_open(house: Vanthu) -> None:
    pids = kinds(house)
    milter = _milter(house)
    assert milter in _sockets(pids["worker"])
    for kind in ("broker", "steward", "readers"):
        files = [str(one.readlink()) for one in Path(f"/proc/{pids[kind]}/fd").iterdir()]
        assert milter not in _sockets(pids[kind])
        assert not [one for one in files if one.startswith(str(house.journal))], kind


def _milter(house: Vanthu) -> int:
    path = house.socket.partition(":")[2]
    for line in Path("/proc/net/unix").read_text().splitlines():
        if line.endswith((path, f"{path}.new")):
            return int(line.split()[6])
    raise AssertionError("nobody listens")


def _sockets(pid: int) -> set[int]:
    links = [str(one.readlink()) for one in Path(f"/proc/{pid}/fd").iterdir()]
    return {int(one[8:-1]) for one in links if one.startswith("socket:[")}
