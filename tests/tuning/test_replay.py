"""Replay: every record once, however the journal is cut and however many processes work."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from support import records
from support.policies import policy_of, rule
from vanthu.facts.model import Facts
from vanthu.journal.record import Record
from vanthu.policy.decide import decide
from vanthu.tuning import replay
from vanthu.tuning.comparing import Tally, grouped
from vanthu.tuning.replay import Job, Piece, journal_pieces, run

NEW = policy_of(rule("out", {"recipient.class": "public"}, "hold"))


def day(seed: int, count: int) -> list[Record]:
    return [replace(one, message_id=f"<{one.id}@x>") for one in records.a_day(seed, count)]


def written(folder: Path, lines: list[Record], name: str = "a-1.jsonl") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(b"".join(msgspec.json.encode(one) + b"\n" for one in lines))
    return folder


def replayed(folder: Path, workers: int = 1, **job: object) -> Tally:
    since = job.get("since")
    return run(Job(NEW, **job), journal_pieces(folder, since), lambda done: None, workers)  # type: ignore[arg-type]


@pytest.mark.parametrize("piece", [1, 100, 4096, 8 << 20])
def test_every_record_is_judged_once_wherever_the_file_is_cut(tmp_path: Path, monkeypatch, piece: int) -> None:
    lines = day(1, 30)
    written(tmp_path / "j", lines)
    monkeypatch.setattr(replay, "_PIECE", piece)
    tally = replayed(tmp_path / "j")
    messages = [one for one in lines if one.kind == "message"]
    assert tally.records == len(messages)
    changed = {one.id for one in messages if (decide(NEW, one.facts).verdict, decide(NEW, one.facts).recipients)
               != (one.decision.verdict, one.decision.recipients)}  # fmt: skip
    assert {change.id for change in tally.changes} == changed


def test_several_processes_find_the_same(tmp_path: Path, monkeypatch) -> None:
    written(tmp_path / "j", day(2, 60))
    monkeypatch.setattr(replay, "_PIECE", 20_000)
    one, two = replayed(tmp_path / "j"), replayed(tmp_path / "j", 2)
    assert one == two


def test_the_recorded_decisions_of_the_same_policy_do_not_change(tmp_path: Path) -> None:
    lines = [replace(one, decision=decide(NEW, one.facts)) for one in day(3, 40) if one.facts is not None]
    tally = replayed(written(tmp_path / "j", lines))
    assert tally.changes == []
    assert not tally.gained
    assert not tally.lost
    assert tally.hits_before == tally.hits_after


def test_against_an_old_policy_what_was_recorded_does_not_matter(tmp_path: Path) -> None:
    tally = replayed(written(tmp_path / "j", day(4, 40)), old=NEW)
    assert tally.records > 0
    assert tally.changes == []


def test_garbage_and_torn_lines_are_counted_or_left(tmp_path: Path) -> None:
    folder = written(tmp_path / "j", day(5, 5))
    with (folder / "a-1.jsonl").open("ab") as file:
        file.write(b'{"version":1,"kind":"message","id":1}\n{"version":1,"kind":"message"')
    assert replayed(folder).damaged == 1


def test_since_leaves_out_what_is_older(tmp_path: Path) -> None:
    lines = [records.message(time=records.NOON + timedelta(days=days)) for days in range(4)]
    tally = replayed(written(tmp_path / "j", lines), since=records.NOON + timedelta(days=2))
    assert tally.records == 2


def test_tries_of_one_mail_are_one_change() -> None:
    first = records.message(message_id="<a@x>")
    tally = Tally()
    for one in (first, records.message(message_id="<a@x>"), records.message(message_id="<b@x>"), first):
        assert one.facts is not None
        assert one.decision is not None
        tally.add(one.facts, one.decision, decide(NEW, one.facts), one.id, one.message_id)
    assert [(group.change.key, group.tries) for group in grouped(tally.changes)] == [("<a@x>", 3), ("<b@x>", 1)]


def test_marginal_hits_are_those_that_no_rule_in_force_covers() -> None:
    policy = policy_of(
        rule("force", {"recipient.family": "google"}, "hold"),
        rule("softer", {"recipient.class": "public"}, "challenge", mode="shadow"),
        rule("harder", {"recipient.class": "public"}, "reject", mode="shadow"),
    )
    tally = Tally()
    one = records.message()
    assert one.facts is not None
    assert one.decision is not None
    tally.add(one.facts, one.decision, decide(policy, one.facts), one.id, None)
    assert tally.marginal == {"harder": 1}
    assert tally.gained == {"force": 1, "softer": 1, "harder": 1}


def test_mail_files_are_judged_too(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(b"x")
    job = Job(NEW, policy_of(), read_mail=lambda path: iter([replace(records.facts(), path=str(path))] * 2))
    tally = run(job, [Piece(tmp_path / "a.eml", 0, 1, mail=True)], lambda done: None)
    assert tally.records == 2
    assert tally.changes[0].id == str(tmp_path / "a.eml")


def test_the_collector_is_set_aside_only_for_the_work(tmp_path: Path) -> None:
    def read(path: Path) -> Iterator[Facts]:
        assert not gc.isenabled()
        raise OSError(path)

    with pytest.raises(OSError, match=r"a\.eml"):
        run(Job(NEW, read_mail=read), [Piece(tmp_path / "a.eml", 0, 1, mail=True)], lambda done: None)
    assert gc.isenabled()
