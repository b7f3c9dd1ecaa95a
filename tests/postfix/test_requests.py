"""A first person's request, and who may confirm it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from vanthu.postfix import requests
from vanthu.postfix.ledger import Doing
from vanthu.postfix.persons import person

FIRST = Doing("release", "4jXvXv4STMzMKnZ", None, "An", "an", "asked by phone")
SECOND = replace(FIRST, by="Bình", login="binh")


def test_another_person_confirms_the_same_act(tmp_path: Path) -> None:
    assert requests.pending(tmp_path, FIRST.queue_id) is None
    requests.ask(tmp_path, FIRST)
    request = requests.pending(tmp_path, FIRST.queue_id)
    assert requests.confirms(request, SECOND)
    assert not requests.confirms(request, FIRST)
    assert not requests.confirms(request, replace(SECOND, login="an"))
    assert not requests.confirms(request, replace(SECOND, by="AN"))
    assert not requests.confirms(request, replace(SECOND, verb="delete"))
    requests.forget(tmp_path, FIRST.queue_id)
    assert not requests.confirms(requests.pending(tmp_path, FIRST.queue_id), SECOND)


def test_a_request_is_void_after_a_day(tmp_path: Path) -> None:
    requests.ask(tmp_path, FIRST)
    later = datetime.now(UTC) + timedelta(hours=25)
    assert requests.pending(tmp_path, FIRST.queue_id, now=later) is None


def test_a_request_that_cannot_be_read_is_none(tmp_path: Path) -> None:
    requests.ask(tmp_path, FIRST)
    (tmp_path / "hold" / f"{FIRST.queue_id}.json").write_text("{}")
    assert requests.pending(tmp_path, FIRST.queue_id) is None


def test_a_queue_id_is_no_path(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="queue id"):
        requests.ask(tmp_path, replace(FIRST, queue_id="../../etc/x"))


def test_the_audit_id_goes_before_what_sudo_says(tmp_path: Path) -> None:
    audit = tmp_path / "loginuid"
    audit.write_text("1")
    assert person({"SUDO_UID": "2"}, audit) == "daemon"
    audit.write_text("4294967295")
    assert person({"SUDO_UID": "2"}, audit) == "bin"
    assert person({"SUDO_UID": "99999"}, audit) == "uid 99999"
    assert person({}, tmp_path / "none") == "root"
