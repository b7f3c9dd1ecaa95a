"""Break-glass: everything but secrecy warns, from one mail to the next, and no longer than was asked for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from support.policies import GMAIL, mail, policy_of, rule
from vanthu.facts.model import Secrecy
from vanthu.inspection.relaxing import FILE, LONGEST, Relaxation, Relaxing, read, relaxed, write
from vanthu.inspection.snapshot import Snapshot
from vanthu.journal.record import Digests
from vanthu.policy.decide import decide

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
POLICY = policy_of(
    rule("out", {"recipient.class": "public"}, "reject"),
    rule("secret", {"secrecy.level": "mat"}, "reject"),
    rule("look", {"recipient.class": "public"}, "hold", mode="shadow"),
    rule("asleep", {"direction": "inbound"}, "hold", mode="off"),
)


def snapshot() -> Snapshot:
    digests = Digests(policy=POLICY.digest, register="r", lists="l", recognisers="c")
    return Snapshot(None, POLICY, None, None, digests, "mx1", ())  # type: ignore[arg-type]


def asked(hours: float = 2, since: datetime = NOW) -> Relaxation:
    return Relaxation(since, since + timedelta(hours=hours), "Bình", "lụt")


def test_all_but_secrecy_warns() -> None:
    soft = relaxed(POLICY)
    assert decide(soft, mail(GMAIL)).verdict == "warn"
    assert decide(soft, mail(GMAIL, secrecy=Secrecy("mat", 0.9))).verdict == "reject"
    assert {one.id: one.mode for one in soft.by_id.values()} == {
        "out": "warn", "secret": "enforce", "look": "shadow", "asleep": "off"
    }  # fmt: skip


def test_it_holds_from_one_mail_to_the_next_and_ends_by_itself(tmp_path: Path) -> None:
    relaxing, plain = Relaxing(tmp_path), snapshot()
    assert relaxing.snapshot(plain, NOW) is plain
    write(tmp_path, asked())
    soft = relaxing.snapshot(plain, NOW)
    assert soft.policy.by_id["out"].mode == "warn"
    assert soft.digests.policy == f"{POLICY.digest}+relaxed"
    assert relaxing.snapshot(plain, NOW + timedelta(minutes=119)) is soft
    assert relaxing.snapshot(plain, NOW + timedelta(minutes=120)) is plain
    assert relaxing.snapshot(plain, NOW - timedelta(minutes=1)) is plain


def test_it_can_be_ended_early_and_asked_for_again(tmp_path: Path) -> None:
    relaxing, plain = Relaxing(tmp_path), snapshot()
    write(tmp_path, asked())
    assert relaxing.snapshot(plain, NOW) is not plain
    write(tmp_path, asked(0))
    assert relaxing.snapshot(plain, NOW) is plain
    write(tmp_path, asked(1))
    assert relaxing.snapshot(plain, NOW) is not plain
    (tmp_path / FILE).unlink()
    assert relaxing.snapshot(plain, NOW) is plain


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{", b'{"since":1}', b"\xff",
        b'{"since":"2026-11-23T03:00:00","until":"2026-11-23T04:00:00Z","by":"a","reason":"b"}',
        b'{"since":"2026-11-23T03:00:00","until":"2026-11-23T04:00:00","by":"a","reason":"b"}',
    ],
)  # fmt: skip
def test_what_cannot_be_read_relaxes_nothing(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    plain = snapshot()
    assert Relaxing(tmp_path).snapshot(plain, NOW) is plain


def test_nobody_relaxes_for_longer_than_a_day(tmp_path: Path) -> None:
    write(tmp_path, replace(asked(), until=NOW + LONGEST + timedelta(seconds=1)))
    assert read(tmp_path) is None
    plain = snapshot()
    assert Relaxing(tmp_path).snapshot(plain, NOW) is plain


def test_no_draft_stays_behind(tmp_path: Path) -> None:
    write(tmp_path, asked())
    assert [path.name for path in tmp_path.iterdir()] == [FILE]
