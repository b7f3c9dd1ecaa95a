"""``make chaos``: rounds of load through real Postfix in which anything may break, each ended by the accountant.

    python tests/chaos/run.py [--rounds N] [--seed N] [--house N] [--large N]

Round by round the seed rises by one from ``--seed`` (default: drawn, and printed); ``--rounds 1 --seed N`` has a
round again, as far as clocks and kernels let it. A house lives until a seed that ``--house`` divides; every second
one has PostgreSQL as its store, so that too goes by the seed. Everything is ours: loopback only, file systems in a
mount namespace of our own. Exits 1 with the whole story where books are not clean.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
from collections import deque
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "milter"), str(ROOT / "tests")]

from chaos.plan import HOUSE  # noqa: E402  the path comes first

_INSIDE = "VANTHU_CHAOS_INSIDE"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seed", type=int, default=None, help="of the first round")
    parser.add_argument("--house", type=int, default=HOUSE, help="rounds that a house lives for, at most")
    parser.add_argument("--large", type=int, default=6, help="mails of 50 MB at once, where a round has them")
    parser.add_argument("--events", action="store_true", help="tell what happened in clean rounds too")
    given = parser.parse_args()
    if _INSIDE not in os.environ:
        words = ["unshare", "--mount", "--propagation", "private", sys.executable, *sys.argv]
        os.environ[_INSIDE] = "1"
        os.execvp(words[0], words)
    seed = given.seed if given.seed is not None else random.SystemRandom().randrange(1_000_000)
    print(f"chaos: {given.rounds} rounds from seed {seed}", flush=True)
    return beat(given.rounds, seed, given.house, given.large, given.events)


def beat(rounds: int, first: int, of_a_house: int, many: int, events: bool) -> int:
    """All rounds; 1 where one is not clean."""
    from chaos.house import House
    from chaos.leaks import table
    from chaos.plan import has_postgres
    from chaos.round import Account, Round

    failed: list[int] = []
    seeds = deque(range(first, first + rounds))
    while seeds:
        block = seeds[0] // of_a_house
        with House(postgres=has_postgres(seeds[0], of_a_house)) as house:
            account = Account()
            while seeds and seeds[0] // of_a_house == block:
                outcome = Round(house, account, seeds.popleft(), many).run()
                print(outcome.line(), flush=True)
                if outcome.wrong or events:
                    print("\n".join([*outcome.events, "", *outcome.wrong, ""]), flush=True)
                if outcome.wrong:
                    failed.append(outcome.seed)
                    print(f"again: tests/chaos/run.py --rounds 1 --seed {outcome.seed} --house {of_a_house}")
                    break  # what is wrong in the books would be wrong in every round from here on
            print(f"  {table(house)}", flush=True)
    verdict = f"{len(failed)} not clean: seeds {failed}" if failed else "all clean"
    print(f"chaos: {rounds} rounds, {verdict}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
