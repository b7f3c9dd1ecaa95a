"""``make fuzz``: every target of ``targets.py`` for some seconds each; exits 1 where one fails, and keeps its input.

    python tests/fuzz/run.py [--seconds N] [--keep DIR] [TARGET…]

With atheris (coverage-guided; fetched as a wheel where one exists for this Python, never built) in a process of its
own per target; without it the seeds are changed at random, which finds less, and the first line says so.
A crash is written to ``DIR/TARGET-….bin`` (default ``build/fuzz``); make it a test before mending it.
"""

from __future__ import annotations

import argparse
import importlib.util
import random
import re
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "milter"), str(ROOT / "tests")]
SLOW = 5  # seconds after which one input counts as a failure


def have_atheris() -> bool:
    """Whether atheris can be used; tries to install its wheel once."""
    if importlib.util.find_spec("atheris") is None:
        wheel = [sys.executable, "-m", "pip", "install", "--quiet", "--only-binary", ":all:", "atheris"]
        subprocess.run(wheel, check=False, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        importlib.invalidate_caches()
    return importlib.util.find_spec("atheris") is not None


def guided(name: str, seconds: int, keep: Path) -> str | None:
    """One target under atheris; what went wrong, or None."""
    corpus = keep / "corpus" / name
    corpus.mkdir(parents=True, exist_ok=True)
    command = [
        sys.executable, str(Path(__file__).with_name("guided.py")), name, str(corpus),
        f"-max_total_time={seconds}", f"-timeout={SLOW}", "-max_len=20000", "-rss_limit_mb=4096",
        f"-artifact_prefix={keep}/{name}-",
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    runs = re.search(r"Done (\d+) runs", done.stderr)
    if done.returncode == 0 and runs:
        print(f"  {name:10} {runs[1]:>9} inputs, guided by coverage", flush=True)
        return None
    said = [line for line in (done.stdout + done.stderr).splitlines() if not line.startswith(("INFO", "#"))]
    return "\n".join(said)[-4000:]


def mutated(data: bytes, words: list[bytes], rng: random.Random) -> bytes:
    """A seed with some of its bytes changed, cut, doubled, or with a word in it."""
    for _ in range(rng.randint(1, 8)):
        at, to = sorted((rng.randint(0, len(data)), rng.randint(0, len(data))))
        piece = rng.choice([b"", data[at:to] * 2, rng.randbytes(rng.randint(1, 8)), *words])
        data = data[:at] + piece + data[rng.choice([at, to]) :]
    return data[:20_000]


def at_random(name: str, seconds: int, keep: Path) -> str | None:
    """One target without atheris."""
    from fuzz.targets import TARGETS

    target = TARGETS[name]
    rng = random.Random(time.time_ns())
    words = [word.encode() for word in target.words] or [b"\0"]
    end, count = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        data = mutated(rng.choice(target.seeds), words, rng)
        count += 1
        started = time.monotonic()
        try:
            target.run(data)
        except Exception as error:
            (keep / f"{name}-random.bin").write_bytes(data)
            return repr(error)
        if time.monotonic() - started > SLOW:
            (keep / f"{name}-slow.bin").write_bytes(data)
            return f"an input took {time.monotonic() - started:.1f} s"
    print(f"  {name:10} {count:>9} inputs, at random", flush=True)
    return None


def main() -> int:
    from fuzz.targets import TARGETS

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=5, help="for each target")
    parser.add_argument("--keep", type=Path, default=ROOT / "build" / "fuzz")
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=", ".join(TARGETS))
    args = parser.parse_args()
    args.keep.mkdir(parents=True, exist_ok=True)
    fuzz = guided if have_atheris() else at_random
    if fuzz is at_random:
        print("atheris has no wheel for this Python: seeds are changed at random, without looking at coverage")
    failed = 0
    for name in args.targets or TARGETS:
        wrong = fuzz(name, args.seconds, args.keep)
        if wrong is not None:
            failed += 1
            print(f"  {name:10} FAILED, input kept in {args.keep}\n{wrong}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
