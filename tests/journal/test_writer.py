import json
import os
import resource
import signal
import stat
import threading
import time
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import pytest

from support import records
from vanthu.errors import JournalError
from vanthu.journal.record import Record
from vanthu.journal.writer import Sync, Writer


def lines(path: Path) -> list[dict[str, object]]:
    raw = path.read_bytes().splitlines()
    found = [json.loads(line) for line in raw]
    previous = None
    for line, value in zip(raw, found, strict=True):
        assert value["prev"] == previous
        previous = sha256(line).hexdigest()
    return found


def only(folder: Path) -> Path:
    (path,) = folder.iterdir()
    return path


@pytest.mark.parametrize("sync", ["group", "always", "none"])
def test_a_file_runs_from_open_to_close_in_one_chain(tmp_path: Path, sync: Sync) -> None:
    writer = Writer(tmp_path, "mx/1", sync=sync)
    first = writer.append(records.message())
    second = writer.append(records.message())
    assert first.prev is not None and second.prev != first.prev
    writer.close()
    path = only(tmp_path)
    assert path.name.endswith(f"-mx_1-{os.getpid()}.jsonl")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert [line["kind"] for line in lines(path)] == ["open", "message", "message", "close"]


def test_another_writer_of_the_same_second_takes_another_file(tmp_path: Path) -> None:
    now = records.NOON
    writers = [Writer(tmp_path, "mx1", clock=lambda: now) for _ in range(2)]
    for writer in writers:
        writer.append(records.message())
    assert len(list(tmp_path.iterdir())) == 2


def test_files_roll_by_size_and_name_the_one_before(tmp_path: Path) -> None:
    writer = Writer(tmp_path, "mx1", max_file_bytes=4000)
    for _ in range(8):
        writer.append(records.message())
    writer.close()
    files = sorted(tmp_path.iterdir(), key=lambda path: lines(path)[0]["id"])  # type: ignore[arg-type,return-value]
    assert len(files) > 2
    assert sum(line["kind"] == "message" for path in files for line in lines(path)) == 8
    for before, after in pairwise(files):
        head = sha256(before.read_bytes().splitlines()[-1]).hexdigest()
        assert lines(after)[0]["details"]["previous"] == {"file": before.name, "head": head}  # type: ignore[index]


def test_files_roll_by_age(tmp_path: Path) -> None:
    writer = Writer(tmp_path, "mx1", max_file_seconds=1e-6)
    writer.append(records.message())
    writer.append(records.message())
    assert len(list(tmp_path.iterdir())) == 2


def test_many_threads_make_one_whole_chain(tmp_path: Path) -> None:
    writer = Writer(tmp_path, "mx1", max_file_bytes=100_000)
    done: list[Record] = []

    def work() -> None:
        for _ in range(100):
            done.append(writer.append(records.message()))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    writer.close()
    written = [line["id"] for path in tmp_path.iterdir() for line in lines(path) if line["kind"] == "message"]
    assert sorted(written) == sorted(record.id for record in done)  # type: ignore[type-var]
    assert len(written) == 800


def test_a_writer_recovers_when_the_folder_comes_back(tmp_path: Path) -> None:
    folder = tmp_path / "journal"
    writer = Writer(folder, "mx1")
    with pytest.raises(JournalError, match="No such file"):
        writer.append(records.message())
    folder.mkdir()
    writer.append(records.message())
    assert [line["kind"] for line in lines(only(folder))] == ["open", "message"]


def test_a_deleted_file_is_noticed_and_replaced(tmp_path: Path) -> None:
    writer = Writer(tmp_path, "mx1")
    writer.append(records.message())
    only(tmp_path).unlink()
    with pytest.raises(JournalError, match="deleted"):
        writer.append(records.message())
    writer.append(records.message())
    assert [line["kind"] for line in lines(only(tmp_path))] == ["open", "message"]


def test_a_writer_of_the_parent_refuses_to_write_in_the_child(tmp_path: Path) -> None:
    writer = Writer(tmp_path, "mx1")
    writer.append(records.message())
    if (child := os.fork()) == 0:
        try:
            writer.append(records.message())
        except JournalError:
            writer.close()
            os._exit(7)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
    assert [line["kind"] for line in lines(only(tmp_path))] == ["open", "message"]


def test_a_short_write_is_taken_back_and_the_writer_goes_on(tmp_path: Path) -> None:
    """RLIMIT_FSIZE makes the kernel write a line in part, exactly as a full disk does."""

    def child() -> int:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        writer = Writer(tmp_path, "mx1", sync="none")
        writer.append(records.message())
        size = only(tmp_path).stat().st_size
        resource.setrlimit(resource.RLIMIT_FSIZE, (size + 100, resource.RLIM_INFINITY))
        for _ in range(2):
            try:
                writer.append(records.message())
            except JournalError:
                continue
            return 1
        if only(tmp_path).stat().st_size != size:
            return 2
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        writer.append(records.message())
        writer.close()
        return 0

    if (pid := os.fork()) == 0:
        code = 3
        try:
            code = child()
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    assert [line["kind"] for line in lines(only(tmp_path))] == ["open", "message", "message", "close"]


def test_what_was_returned_before_kill_9_stands_in_the_file(tmp_path: Path) -> None:
    read, write = os.pipe()
    if (pid := os.fork()) == 0:
        try:
            os.close(read)
            writer = Writer(tmp_path, "mx1")
            while True:
                os.write(write, writer.append(records.message()).id.encode() + b"\n")
        finally:
            os._exit(1)
    os.close(write)
    told = b""
    with os.fdopen(read, "rb", buffering=0) as pipe:
        while told.count(b"\n") < 50:
            more = pipe.read(4096)
            assert more, "the writer ended by itself"
            told += more
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        while more := pipe.read(4096):
            told += more
    raw = only(tmp_path).read_bytes()
    for record_id in told.decode().split():
        assert record_id.encode() in raw


def test_threads_on_a_disk_that_is_full_now_and_then_lose_nothing_that_was_returned(tmp_path: Path) -> None:
    """Room comes and goes under eight threads; what append returned stands in a whole chain, nothing else does."""

    def child() -> int:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        writer = Writer(tmp_path, "mx1", max_file_bytes=60_000)
        done: list[str] = []
        failed: list[str] = []

        def work() -> None:
            for _ in range(60):
                record = records.message()
                try:
                    writer.append(record)
                    done.append(record.id)
                except JournalError:
                    failed.append(record.id)
                    time.sleep(0.001)

        threads = [threading.Thread(target=work) for _ in range(8)]
        for thread in threads:
            thread.start()
        limit = 0
        while any(thread.is_alive() for thread in threads):
            limit = (limit + 7_001) % 60_000
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
            time.sleep(0.002)
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        writer.close()
        written = [line["id"] for path in tmp_path.iterdir() for line in lines(path) if line["kind"] == "message"]
        return 0 if done and failed and sorted(written) == sorted(done) else 4  # type: ignore[type-var]

    if (pid := os.fork()) == 0:
        code = 3
        try:
            code = child()
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
