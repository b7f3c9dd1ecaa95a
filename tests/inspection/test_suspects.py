"""A mail that breaks workers is remembered, also when the worker had no time to say so."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from vanthu.inspection.quota import HoldQuota
from vanthu.inspection.suspects import InHand, Suspects

MAIL = "ab" * 16
OTHER = "cd" * 16


def test_strikes_are_counted_and_cleared(tmp_path: Path) -> None:
    suspects = Suspects(tmp_path / "suspects")
    assert suspects.strikes(MAIL) == 0
    assert [suspects.mark(MAIL) for _ in range(3)] == [1, 2, 3]
    assert suspects.strikes(MAIL) == 3
    assert suspects.strikes(OTHER) == 0
    suspects.clear(MAIL)
    assert suspects.strikes(MAIL) == 0


def test_a_killed_process_leaves_what_it_had_in_hand(tmp_path: Path) -> None:
    suspects = Suspects(tmp_path / "suspects")
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        table = InHand(tmp_path, os.getpid(), 8)
        done = table.take(OTHER)
        table.take(MAIL)
        table.drop(done)
        os.write(write, b"x")
        signal.pause()
    os.read(read, 1)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    assert suspects.bury(pid) == [MAIL]
    assert suspects.strikes(MAIL) == 1
    assert suspects.strikes(OTHER) == 0
    assert suspects.bury(pid) == []


def orphan(folder: Path, *mails: str) -> int:
    """A worker that was killed with mails in hand, and that nobody has buried."""
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        table = InHand(folder, os.getpid(), 8)
        for mail in mails:
            table.take(mail)
        os.write(write, b"x")
        signal.pause()
    os.read(read, 1)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return pid


def test_whoever_nobody_buried_is_swept_up_and_the_living_are_left_alone(tmp_path: Path) -> None:
    suspects = Suspects(tmp_path / "suspects")
    orphan(tmp_path, MAIL)
    living = InHand(tmp_path, os.getpid(), 8)
    living.take(OTHER)
    suspects.sweep()
    assert suspects.strikes(MAIL) == 1
    assert suspects.strikes(OTHER) == 0
    assert [path.name for path in tmp_path.glob("inhand-*")] == [living.path.name]


def test_a_mark_that_nobody_asked_for_in_a_week_is_forgotten(tmp_path: Path) -> None:
    suspects = Suspects(tmp_path / "suspects")
    suspects.mark(MAIL)
    suspects.mark(OTHER)
    os.utime(suspects.folder / MAIL, (time.time() - 8 * 86_400,) * 2)
    suspects.sweep()
    assert (suspects.strikes(MAIL), suspects.strikes(OTHER)) == (0, 1)


FULL_DISK = """
import os, sys
from pathlib import Path
from vanthu.inspection.suspects import InHand, Suspects
folder = Path(sys.argv[1])
early = InHand(folder, 1, 256)
early.take("ab" * 16)
suspects = Suspects(folder / "suspects")
with (folder / "filler").open("wb", buffering=0) as filler:
    try:
        while filler.write(bytes(4096)):
            continue
    except OSError:
        pass
late = InHand(folder, os.getpid(), 256)  # a worker that is forked now
slots = [late.take("cd" * 16) for _ in range(256)]
for slot in slots:
    late.drop(slot)
print(suspects.mark("ef" * 16), suspects.bury(1), late.busy)
"""


def test_a_full_disk_neither_ends_a_worker_nor_the_one_who_buries(tmp_path: Path) -> None:
    """To touch a page of a mapped file that has no place on the disk is SIGBUS."""
    mount = f"mount -t tmpfs -o size=64k none {tmp_path}"
    command = ["unshare", "--mount", "--propagation", "private", "sh", "-ec", f'{mount}; exec "$@"', "sh"]
    done = subprocess.run(
        [*command, sys.executable, "-c", FULL_DISK, tmp_path], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, f"0 ['{MAIL}'] 0\n"), done.stderr


def test_a_full_table_watches_no_more_but_goes_on(tmp_path: Path) -> None:
    table = InHand(tmp_path, 1, 2)
    slots = [table.take(MAIL), table.take(MAIL)]
    assert table.take(MAIL) is None
    table.drop(None)
    table.drop(slots[0])
    assert table.take(OTHER) is not None


def test_the_quota_counts_over_processes_and_starts_anew_each_hour(tmp_path: Path) -> None:
    noon = datetime(2026, 11, 23, 12, 30, tzinfo=UTC)
    one, two = HoldQuota(tmp_path, 3), HoldQuota(tmp_path, 3)
    assert [quota.take(noon) for quota in (one, two, one, two)] == [True, True, True, False]
    assert one.take(noon.replace(hour=13))
    assert [path.name for path in tmp_path.iterdir()] == ["holds-2026112313"]
