"""Break-glass through real Postfix: refused before, delivered and warned about while it lasts, refused after."""

from __future__ import annotations

import subprocess

from .conftest import LOGIN, House
from .test_effects import HOA, mail


def relax(house: House, period: str) -> None:
    command = [*house.vanthu.command, "policy", "relax", "--for", period, "--by", "Lê Bình", "--reason", "lụt"]
    subprocess.run(command, env=house.vanthu.env, check=True, capture_output=True, timeout=30)


def test_relax_holds_at_once_for_all_workers_and_can_be_ended(house: House) -> None:
    send = lambda: house.client("submission", LOGIN).send(LOGIN, [HOA], mail("reject this")).code  # noqa: E731
    assert send() == 550
    relax(house, "2h")
    assert [send() for _ in range(4)] == [250] * 4
    relax(house, "0")
    assert send() == 550
    records = house.vanthu.wait_for_records(6)
    assert [record["decision"]["verdict"] for record in records] == ["reject", *["warn"] * 4, "reject"]
    assert records[1]["digests"]["policy"] == f"{records[0]['digests']['policy']}+relaxed"
    assert [record["details"]["by"] for record in house.vanthu.records("relax")] == ["Lê Bình"] * 2
    assert len(house.sink.wait_for(4)) == 4
    log = subprocess.run(
        [*house.vanthu.command, "policy", "log", records[0]["digests"]["policy"]],
        env=house.vanthu.env, check=True, capture_output=True, text=True, timeout=30,
    )  # fmt: skip
    assert "lab-reject" in log.stdout
