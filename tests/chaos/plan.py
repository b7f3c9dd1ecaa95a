"""What will be broken in a round, when, for how long: drawn from a seed alone, so that a round can be had again."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

SECONDS = 8.0  # of load in a round
HOUSE = 3  # rounds that a house lives for
_FIRST, _LAST = 0.5, 6.5  # seconds between which something begins to go wrong

# How often each strike comes, against the others. What a strike does stands in strikes.py under its name.
WEIGHTS = {
    "kill_worker": 6, "kill_workers": 3, "kill_broker": 3, "kill_fork_server": 2, "kill_reader": 3, "kill_steward": 3,
    "kill_supervisor": 3, "kill_all": 3, "slaughter": 4,
    "writers": 4,
    "stop_worker": 3, "stop_broker": 2, "stop_fork_server": 1, "stop_reader": 1, "stop_steward": 2,
    "stop_supervisor": 2,
    "full_journal": 4, "full_state": 4, "full_store": 3, "full_disk": 3,
    "dns_refused": 1, "dns_servfail": 1, "dns_silent": 2, "dns_liar": 1, "dns_garbage": 1,
    "clock_back": 2, "clock_hours": 2, "clock_days": 3,
    "reload": 4, "reload_bad": 3, "rolling": 2, "restart": 2,
    "flood": 3, "half_open": 2, "slow": 2, "large": 1,
    "postgres_stop": 3, "postgres_kill": 3,
}  # fmt: skip
_POSTGRES = ("postgres_stop", "postgres_kill")
_SQLITE = ("full_store",)


@dataclass(frozen=True, slots=True)
class Strike:
    """``at`` seconds after the load began ``name`` happens, to the ``which``-th of its kind, for ``seconds``."""

    at: float
    name: str
    which: int
    seconds: float

    def __str__(self) -> str:
        return f"{self.at:.1f} s {self.name}({self.which}, {self.seconds:.1f} s)"


def has_postgres(seed: int, of_a_house: int = HOUSE) -> bool:
    """Whether the store of this round is PostgreSQL: that of every second house is."""
    return seed // of_a_house % 2 == 1


def plan(seed: int, postgres: bool) -> list[Strike]:
    """Three to six strikes, in order of time; the same for the same seed and store."""
    chance = Random(f"chaos {seed}")
    absent = _SQLITE if postgres else _POSTGRES
    weights = {name: weight for name, weight in WEIGHTS.items() if name not in absent}
    names = chance.choices(list(weights), list(weights.values()), k=chance.randint(3, 6))
    strikes = [
        Strike(round(chance.uniform(_FIRST, _LAST), 1), name, chance.randrange(8), round(chance.uniform(0.5, 3.0), 1))
        for name in names
    ]
    return sorted(strikes, key=lambda one: one.at)
