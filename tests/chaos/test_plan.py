"""A round can be had again, and nothing that may happen is forgotten."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from chaos.plan import SECONDS, WEIGHTS, has_postgres, plan
from chaos.strikes import Strikes
from chaos.traffic import Traffic
from support.vanthu import ROOT


def test_the_same_seed_gives_the_same_round() -> None:
    for seed in range(50):
        assert plan(seed, postgres=False) == plan(seed, postgres=False)
        one, other = Traffic(str(seed)), Traffic(str(seed))
        assert [one.next(n).key for n in range(20)] == [other.next(n).key for n in range(20)]
        assert one.promises == other.promises
    assert plan(1, postgres=False) != plan(2, postgres=False)


def test_everything_happens_sooner_or_later() -> None:
    seen = {strike.name for seed in range(300) for store in (False, True) for strike in plan(seed, postgres=store)}
    assert seen == set(WEIGHTS)


@pytest.mark.parametrize("name", WEIGHTS)
def test_every_strike_is_known_and_explained(name: str) -> None:
    assert hasattr(Strikes, "_" + name.partition("_")[0])
    page = Path(ROOT / "docs" / "chaos.md").read_text("utf-8")
    assert re.search(rf"`{name}`", page)


def test_strikes_stay_inside_the_load_and_fit_the_store() -> None:
    for seed in range(300):
        for postgres in (False, True):
            for strike in plan(seed, postgres):
                assert 0 < strike.at < SECONDS
                assert strike.name.startswith("postgres") <= postgres
                assert (strike.name == "full_store") <= (not postgres)


def test_promises_follow_the_kinds_of_mail() -> None:
    traffic = Traffic("7")
    mails = [traffic.next(number) for number in range(600)]
    assert set(traffic.promises) == {mail.key for mail in mails}
    fates = {mail.key.split(".")[1]: traffic.promises[mail.key].fate for mail in mails}
    assert fates["reject"] == "reject"
    assert fates["hold"] == "hold"
    assert {fates[kind] for kind in ("plain", "docx", "scan", "strip", "unlisted")} == {"pass"}
    assert len({mail.raw for mail in mails}) == len(mails)


def test_the_rounds_of_every_change_see_most_kinds_of_strikes() -> None:
    found = re.search(r" SEED=(\d+)", (ROOT / ".ci" / "run").read_text("utf-8"))
    assert found is not None
    names = {one.name for n in range(5) for one in plan(int(found[1]) + n, has_postgres(int(found[1]) + n))}
    assert len(names) > 20
    assert "large" not in names  # it has more to write than a minute holds
