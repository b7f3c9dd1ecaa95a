"""How fast a backtest compares the shipped policy with recorded decisions, on one core.

A journal of made-up mail (``support/records.py``: one to four recipients, every kind of verdict, facts that are
missing) is decided by the shipped policy, written, and judged again. Best of some rounds: CPU time is not all ours on
a busy machine.

    python tests/bench/backtest.py --records 100000
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import msgspec

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from support import records
from support.places import open_folder
from vanthu import shipped
from vanthu.policy.decide import decide
from vanthu.policy.load import PolicyContext, load
from vanthu.policy.model import Policy
from vanthu.tuning.replay import Job, journal_pieces, run

RATE = 25_000
ROUNDS = 5
_DAY = 1000  # records of one seed


def write(journal: Path, policy: Policy, count: int) -> None:
    """A journal file as a worker writes it, without the chain, which a backtest does not look at."""
    with (journal / "mx1-1.jsonl").open("wb") as file:
        for seed in range(count // _DAY):
            for one in records.a_day(seed, _DAY):
                decided = (
                    one if one.facts is None else msgspec.structs.replace(one, decision=decide(policy, one.facts))
                )
                file.write(msgspec.json.encode(decided) + b"\n")


def rate(journal: Path, policy: Policy) -> float:
    """Records a second of CPU time; every one is judged, and none is decided otherwise."""
    begin = time.process_time()
    tally = run(Job(policy), journal_pieces(journal, None), lambda _: None, workers=1)
    seconds = time.process_time() - begin
    assert tally.records
    assert not tally.changes
    return tally.records / seconds


def main() -> int:
    """Exit 1 where the target is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=20_000)
    options = parser.parse_args()
    policy = load(shipped.policies(), PolicyContext(installation="demo")).policy
    with open_folder("backtest") as journal:
        write(journal, policy, max(options.records, _DAY))
        rates = [rate(journal, policy) for _ in range(ROUNDS)]
    listed = ", ".join(f"{one:,.0f}" for one in rates)
    print(
        f"records a second of one core, against recorded decisions: {max(rates):,.0f} ({listed}); wanted ≥ {RATE:,}"
    )
    return int(max(rates) < RATE)


if __name__ == "__main__":
    sys.exit(main())
