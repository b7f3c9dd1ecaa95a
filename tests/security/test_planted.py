"""What root does in folders of the daemon, should the daemon be somebody else's by then; and what stands in the way
of a draft. Links, pipes and hard links are planted by a second user (nobody) where he may write."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from support.places import open_folder
from vanthu.inspection import keys, policy_texts, relaxing
from vanthu.inspection.relaxing import Relaxation
from vanthu.journal.record import Record
from vanthu.journal.writer import Writer
from vanthu.mail.transaction import Transaction
from vanthu.postfix import requests
from vanthu.postfix.forwards import published
from vanthu.postfix.ledger import Doing, as_owner, ledger
from vanthu.replacing import replace_file
from vanthu.service import disk

NOBODY, NOGROUP = 65534, 65534
NOW = datetime(2026, 11, 23, 3, tzinfo=UTC)
DOING = Doing("release", "4jXvXv4STMzMKnZ", "record", "An", "an", "asked by phone")
RELAXATION = Relaxation(NOW, NOW + timedelta(hours=1), "Bình", "flood")


@pytest.fixture
def room() -> Iterator[Path]:
    """``his``: a folder of nobody; ``roots``: a file that only root may change."""
    with open_folder("planted") as folder:
        (folder / "his").mkdir(mode=0o750)
        os.chown(folder / "his", NOBODY, NOGROUP)
        (folder / "roots").mkdir(mode=0o755)
        (folder / "roots" / "file").write_text("root's")
        (folder / "roots" / "file").chmod(0o600)
        yield folder


def as_nobody(act: Callable[[], object]) -> None:
    """Does it in a process of that user."""
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            os.setgroups([])
            os.setgid(NOGROUP)
            os.setuid(NOBODY)
            act()
            code = 0
        finally:
            os._exit(code)
    assert os.waitpid(pid, 0)[1] == 0


def untouched(room: Path) -> None:
    file = room / "roots" / "file"
    assert (file.read_text(), stat.S_IMODE(file.stat().st_mode), file.stat().st_uid) == ("root's", 0o600, 0)
    assert [one.name for one in (room / "roots").iterdir()] == ["file"]


# Commands of root.


def test_root_in_his_folder_has_his_rights_and_no_group_besides(room: Path) -> None:
    with as_owner(room / "his"):
        assert (os.geteuid(), os.getegid(), os.getgroups()) == (NOBODY, NOGROUP, [])
        with pytest.raises(PermissionError):
            (room / "roots" / "file").read_text()
    assert (os.geteuid(), os.getegid()) == (0, 0)
    (room / "roots" / "file").read_text()


def test_root_has_his_rights_after_something_went_wrong_too(room: Path) -> None:
    with pytest.raises(ZeroDivisionError), as_owner(room / "his"):
        raise ZeroDivisionError
    assert (os.geteuid(), os.getegid()) == (0, 0)


@pytest.mark.parametrize("below", ["", "deeper"])
def test_a_journal_folder_that_became_a_link_leads_root_nowhere(room: Path, below: str) -> None:
    """The daemon's user owns /var/lib/vanthu, and so what /var/lib/vanthu/journal is."""
    target = room / "roots" / below
    target.mkdir(exist_ok=True)
    as_nobody(lambda: (room / "his" / "journal").symlink_to(room / "roots"))
    with pytest.raises(Exception, match=r"[Pp]ermission denied"), ledger(room / "his" / "journal" / below, "lab"):
        raise AssertionError("not reached")
    assert not list(target.glob("*.jsonl"))


def test_a_link_of_roots_own_may_lead_where_it_likes(room: Path) -> None:
    """An operator who moved the journal to another disk."""
    (room / "link").symlink_to(room / "his")
    with as_owner(room / "link"):
        assert os.geteuid() == NOBODY


def test_a_folder_that_is_roots_all_the_way_is_written_by_root(tmp_path: Path) -> None:
    with as_owner(tmp_path):
        assert os.geteuid() == 0


def test_a_request_of_two_persons_goes_and_comes_with_the_owners_rights(room: Path) -> None:
    (room / "roots" / "4jXvXv4STMzMKnZ.json").write_text("{}")
    as_nobody(lambda: (room / "his" / "hold").symlink_to(room / "roots"))
    with pytest.raises(PermissionError):
        requests.ask(room / "his", DOING)
    with pytest.raises(PermissionError):
        requests.forget(room / "his", DOING.queue_id)
    (room / "roots" / "4jXvXv4STMzMKnZ.json").unlink()
    untouched(room)


WRITERS: dict[str, Callable[[Path], object]] = {
    "relax": lambda state: relaxing.write(state, RELAXATION),
    "forwards": lambda state: published.put(state, NOW, {}),
    "hold": lambda state: requests.ask(state, DOING),
    "keys": lambda state: keys.make_keys(state, keys.HOP),
}


@pytest.mark.parametrize("writer", WRITERS.values(), ids=WRITERS)
@pytest.mark.parametrize("plant", ["symlink", "fifo", "hardlink"])
def test_what_stands_where_a_draft_once_stood_is_neither_followed_nor_waited_for(
    room: Path, writer: Callable[[Path], object], plant: str
) -> None:
    """Names that can be foreseen: of the file, of its draft by process id, with .new."""
    state = room / "his"
    state.chmod(0o777)  # the worst: anybody may write there
    target = room / "roots" / "file"
    names = [*(f".{name}.{os.getpid()}" for name in (relaxing.FILE, published.FILE, keys.HOP)), "relax.json.new"]
    hold = [f"{DOING.queue_id}.json.new"]
    (state / "hold").mkdir()
    (state / "hold").chmod(0o777)
    if plant == "hardlink":
        target = state / "another"
        target.write_text("root's")

    def put() -> None:
        for name in (*names, *(f"hold/{one}" for one in hold)):
            if plant == "fifo":
                os.mkfifo(state / name)
            elif plant == "symlink":
                (state / name).symlink_to(target)

    as_nobody(put)
    if plant == "hardlink":
        for name in names:
            os.link(target, state / name)
    with as_owner(state):
        writer(state)
    assert target.read_text() == "root's"
    untouched(room)


# What the daemon makes, whatever the umask.


@pytest.fixture(params=[0, 0o777, 0o077])
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    try:
        yield request.param
    finally:
        os.umask(before)


def test_modes_do_not_depend_on_the_umask(tmp_path: Path, umask: int) -> None:
    replace_file(tmp_path / "status.json", b"{}")
    keys.make_keys(tmp_path, keys.HOP)
    relaxing.write(tmp_path, RELAXATION)
    published.put(tmp_path, NOW, {})
    writer = Writer(tmp_path, "lab", sync="none")
    writer.append(Record(kind="worker", id=writer.ids.new(), time=NOW, node="lab"))
    writer.close()
    modes = {path.name.partition("-")[0]: oct(stat.S_IMODE(path.stat().st_mode)) for path in tmp_path.iterdir()}
    journal = {name: mode for name, mode in modes.items() if name[0].isdigit()}
    assert {name: mode for name, mode in modes.items() if name not in journal} == {
        "status.json": "0o640", "hop.keys": "0o600", "relax.json": "0o640", "forwards.json": "0o644",
    }  # fmt: skip
    assert list(journal.values()) == ["0o640"]


def test_a_spilled_mail_has_no_name_and_is_nobody_elses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    transaction = Transaction("a@x.vn", (), 1 << 10, lambda _: True)
    transaction.add_body(b"x" * (1 << 20))
    (held,) = [
        one for one in Path("/proc/self/fd").iterdir() if one.exists() and str(tmp_path) in str(one.readlink())
    ]
    assert not list(tmp_path.iterdir())
    assert stat.S_IMODE(held.stat().st_mode) == 0o600
    assert held.stat().st_nlink == 0


def test_a_journal_file_is_made_and_never_taken_over(tmp_path: Path) -> None:
    """A link in the place of the next file's name is passed by: the file gets another name."""
    target = tmp_path / "target"
    target.write_text("mine")
    folder = tmp_path / "journal"
    folder.mkdir()
    (folder / f"20261123T030000Z-lab-{os.getpid()}.jsonl").symlink_to(target)
    os.mkfifo(folder / f"20261123T030000Z-lab-{os.getpid()}.1.jsonl")
    writer = Writer(folder, "lab", sync="none", clock=lambda: NOW)
    writer.open()
    assert writer.file == f"20261123T030000Z-lab-{os.getpid()}.2.jsonl"
    writer.close()
    assert target.read_text() == "mine"


def test_the_probe_of_the_disk_follows_no_link(tmp_path: Path) -> None:
    (tmp_path / "target").write_text("mine")
    (tmp_path / disk.PROBE).symlink_to(tmp_path / "target")
    assert disk.writable(tmp_path) is False
    assert (tmp_path / "target").read_text() == "mine"


def test_a_policy_text_is_named_by_its_digest_alone(tmp_path: Path) -> None:
    """No name from a file reaches a path, though there is something to read at its end."""
    (tmp_path / "policies").mkdir()
    for digest in ("../relax", "a" * 65, "", "ABCDEF00", "0" * 8 + "\n", "0" * 8 + "/x"):
        path = tmp_path / "policies" / f"{digest}.json"
        path.parent.mkdir(exist_ok=True)
        path.write_text("{}")
        assert policy_texts.kept(tmp_path, digest) is None, digest


def test_a_queue_id_from_outside_names_no_other_file(tmp_path: Path) -> None:
    for queue_id in ("../x", "a/b", "", "x" * 65, "a\n", "a\0", "é"):
        with pytest.raises(ValueError):
            requests.pending(tmp_path, queue_id)
    requests.ask(tmp_path, Doing("release", "ABC", None, "An", "an", "why", beside="../../out"))
    (made,) = (tmp_path / "hold").iterdir()
    assert made.name == "ABC@..%2F..%2Fout.json"


def test_a_pipe_among_the_journals_files_stops_nobody(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "20261123T030000Z-lab-1.jsonl")
    script = (
        "import sys\nfrom pathlib import Path\nfrom vanthu.journal.reader import Reader\n"
        "from vanthu.journal.cursor import START\nprint(Reader(Path(sys.argv[1])).read(START))"
    )
    done = subprocess.run([sys.executable, "-c", script, tmp_path], capture_output=True, timeout=20, check=False)
    assert done.returncode == 0, done.stderr
