"""What a reader that was taken over can see of the house: nothing, whoever it runs as."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.broker import Broker, text_of
from vanthu.documents import child_view

SAMPLES = Path(__file__).parent / "samples"


@pytest.fixture(scope="module")
def broker(monkeypatch_module: pytest.MonkeyPatch) -> Iterator[Broker]:
    monkeypatch_module.setenv("PGPASSWORD", "of the database")
    monkeypatch_module.setenv("NOTIFY_SOCKET", "@systemd")
    with Broker() as one:
        yield one


@pytest.fixture(scope="module")
def monkeypatch_module() -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as patch:
        yield patch


def test_this_kernel_has_landlock() -> None:
    """Or the tests below would prove nothing."""
    assert child_view.landlocked()


def test_no_file_of_the_house_can_be_opened_or_emptied_and_no_memory_read(broker: Broker) -> None:
    keys = broker.state / "hop.keys"
    keys.write_text("secret")
    keys.chmod(0o666)
    (answer,) = broker.ask(
        f"SPY {keys} {broker.state} /etc/passwd /etc/shadow /tmp /var/lib /root /sys/kernel".encode()
    )
    assert text_of(answer) == "possible: "
    assert keys.read_text() == "secret"


def test_the_environment_is_one_of_its_own(broker: Broker) -> None:
    (answer,) = broker.ask(b"ENVIRONMENT")
    names = set(text_of(answer).split())
    assert names & {"PATH", "HOME"}
    assert not names & {"PGPASSWORD", "NOTIFY_SOCKET", "SHELL", "USER"}


def test_a_process_that_was_narrowed_still_imports_reads_and_starts_tesseract(tmp_path: Path) -> None:
    """The list of what stays visible is enough for a program that has loaded nothing yet."""
    script = (
        "import ctypes, sys\n"
        "from vanthu.documents import child_view\n"
        "document = open(sys.argv[1], 'rb').read()\n"
        "assert ctypes.CDLL(None).prctl(38, 1, 0, 0, 0) == 0\n"
        "child_view.narrow()\n"
        "from vanthu.documents.model import DocumentLimits\n"
        "from vanthu.documents.read import read\n"
        "found = read(document, 'scan.pdf', DocumentLimits(seconds=60, ocr_seconds=60))\n"
        "print(found.reason, '1017/UBND-VX' in str(found))\n"
        "try: open(sys.argv[1])\n"
        "except PermissionError: print('gone')\n"
    )
    document = tmp_path / "scan.pdf"
    document.write_bytes((SAMPLES / "pdf" / "scan.pdf").read_bytes())
    done = subprocess.run(
        [sys.executable, "-c", script, document], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.stdout.split() == ["None", "True", "gone"], done.stderr


def test_where_the_kernel_has_none_the_child_goes_on_without(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child_view, "ruleset", lambda: None)
    child_view.narrow()
    assert list(Path("/etc").iterdir())
