"""One target without atheris (``run.py`` starts it): ``unguided.py TARGET SECONDS PREFIX SEED``.

The input that fails is written to ``PREFIX…``, and the process ends with 1.
"""

from __future__ import annotations

import random
import sys
import time
import traceback
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "milter"), str(ROOT / "tests")]

from fuzz.target import SlowError  # noqa: E402
from fuzz.targets import target  # noqa: E402  the path comes first


def mutated(data: bytes, words: tuple[bytes, ...], rng: random.Random, longest: int) -> bytes:
    """A seed with some of its bytes changed, cut, doubled, or with a word in it."""
    for _ in range(rng.randint(1, 8)):
        at, to = sorted((rng.randint(0, len(data)), rng.randint(0, len(data))))
        piece = rng.choice([b"", data[at:to] * 2, rng.randbytes(rng.randint(1, 8)), *words])
        data = data[:at] + piece + data[rng.choice([at, to]) :]
    return data[:longest]


def main() -> int:
    """Says how many inputs there were, as libFuzzer does."""
    name, seconds, prefix, seed = sys.argv[1:]
    wanted = target(name)
    rng = random.Random(int(seed) or time.time_ns())
    words = wanted.octets() or (b"\0",)
    end, count = time.monotonic() + float(seconds), 0
    while time.monotonic() < end:
        data = mutated(rng.choice(wanted.seeds), words, rng, wanted.longest)
        count += 1
        try:
            wanted(data)
        except (Exception, SlowError):
            Path(f"{prefix}random.bin").write_bytes(data)
            traceback.print_exc()
            return 1
    print(f"Done {count} runs", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
