"""The fuzz targets: they run over their seeds, see what they are meant to see, and end what does not end."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from fuzz.packing import compound, joined, pieces, zipped
from fuzz.reading import read
from fuzz.target import SlowError, Target, stretched
from fuzz.targets import MODULES, NAMES, office, seals, target
from vanthu.documents.kinds import kind_of
from vanthu.documents.model import Seal
from vanthu.documents.seals import checking

ROOT = Path(__file__).resolve().parents[2]
MOST = 32  # at 60 s each, two at a time, that is a quarter of an hour of CI


def test_there_are_not_too_many_and_the_page_names_each() -> None:
    page = (ROOT / "docs" / "fuzzing.md").read_text("utf-8")
    assert len(NAMES) == len(set(NAMES)) <= MOST
    assert [name for name in NAMES if f"| `{name}` |" not in page] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_seed_passes(name: str) -> None:
    wanted = target(name)
    assert wanted.seeds
    for seed in wanted.seeds:
        wanted.run(seed)
    wanted.run(b"")


def test_the_modules_hold_what_they_say() -> None:
    for module, names in MODULES.items():
        __import__(f"fuzz.targets.{module}")
        assert set(sys.modules[f"fuzz.targets.{module}"].TARGETS) == set(names)


@pytest.mark.parametrize("name", ["doc", "xls", "ppt", "msg"])
def test_a_compound_file_put_together_again_reads_as_before(name: str) -> None:
    read_ = []
    for path in sorted((office.SAMPLES / name).glob(f"*.{name}")):
        whole = path.read_bytes()
        again = compound(office.streams(path, 1 << 20))
        if len(pieces(office.streams(path, 1 << 20))) < 50 and path.name != "attachments-and-embedded.msg":
            assert kind_of(again, None) == kind_of(whole, None)
            assert read(kind_of(again, None), again).texts == read(kind_of(whole, None), whole).texts
            read_.append(path)
    assert len(read_) > 3


def test_pieces_come_back() -> None:
    parts = {"a/b.xml": b"x", "c": b"\0" * 5000, "d": b""}
    assert pieces(joined(parts.items())) == parts
    assert kind_of(zipped(joined(parts.items())), None) == "application/zip"


def test_what_does_not_end_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fuzz.target.SLOW", 0.2)

    def endless(_: bytes) -> None:
        while True:
            try:
                sum(range(1000))
            except Exception:  # the reader under test may catch whatever it likes
                continue

    with pytest.raises(SlowError):
        Target(endless, (b"",))(b"x")


def test_stretching_repeats_the_middle() -> None:
    long = stretched(b"aaabbbccc")
    assert long.startswith(b"aaabbbbbb")
    assert long.endswith(b"bbbccc")
    assert 190_000 < len(long) < 210_000
    assert stretched(b"a") == b"a"


def test_a_failing_input_is_found_and_kept_without_atheris(tmp_path: Path) -> None:
    """The way without atheris on a target of the house whose reader is broken on purpose."""
    broken = (
        "import sys; sys.argv = ['x', 'hop', '20', sys.argv[1], '1']\n"
        "import fuzz.unguided as unguided\n"
        "from vanthu.inspection import ticket\n"
        "real = ticket.content\n"
        "ticket.content = lambda fields, raw: real(fields, raw) if b'v2' not in raw else 1 / 0\n"
        "sys.exit(unguided.main())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", broken, f"{tmp_path}/hop-"],
        env={"PYTHONPATH": f"{ROOT / 'milter'}:{ROOT / 'tests'}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert "ZeroDivisionError" in done.stderr
    kept = (tmp_path / "hop-random.bin").read_bytes()
    assert b"v2" in kept or b"v2" in stretched(kept)


def test_the_signed_seeds_are_valid_and_lose_it_with_one_octet() -> None:
    """Otherwise the target for signatures would never come near what it is to watch."""
    signed = seals._PDF
    (contents,) = (bytes.fromhex(found[1].decode()) for found in seals._GAP.finditer(signed))
    altered = signed.replace(b"0 99 99", b"0 99 98")
    for data, status in ((signed, "valid"), (altered, "invalid")):
        (seal,) = checking.Checking(seals.LIMITS).pdf(data, [(contents, Seal("pdf"))])
        assert seal.status == status
    for content, status in ((seals.ENTITY, "valid"), (seals.ENTITY + b"x", "invalid")):
        (seal,) = checking.check(seals._DETACHED, content, seals.LIMITS).seals
        assert seal.status == status
    (seal,) = checking.check(seals._OPAQUE, None, seals.LIMITS).seals
    assert seal.status == "valid"
