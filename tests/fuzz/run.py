"""``make fuzz``: every target for some seconds each, several side by side; exits 1 where one fails.

    python tests/fuzz/run.py [--seconds N] [--jobs N] [--seed N] [--keep DIR] [--input FILE] [TARGET…]

With atheris, guided by coverage (its locked wheel is fetched where one exists for this Python, never built); without
it seeds are changed at random, which finds less, and the first line says so. Every target has a process of its own.
What failed is written to ``DIR/TARGET-…`` (default ``build/fuzz``); ``--input`` runs one such file again, under a
debugger if you like. Make it a test before mending it.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(ROOT / "milter"), str(ROOT / "tests")]

from fuzz.targets import NAMES, target  # noqa: E402  the path comes first

LOCKED = ROOT / "deploy" / "setup" / "requirements-fuzz.txt"
HANGS = 120  # seconds by the clock after which an input is given up; what counts is processor time (target.SLOW)
SPARE = 300  # seconds beside the time of a target: to start, and for its last input


def have_atheris() -> bool:
    """Whether atheris can be used; tries to install its wheel once."""
    if importlib.util.find_spec("atheris") is None:
        wheel = ["--quiet", "--only-binary", ":all:", "--require-hashes", "--no-deps", "-r", str(LOCKED)]
        subprocess.run([sys.executable, "-m", "pip", "install", *wheel], check=False, capture_output=True)
        importlib.invalidate_caches()
    return importlib.util.find_spec("atheris") is not None


def fuzzed(name: str, seconds: int, keep: Path, guided: bool, seed: int) -> str | None:
    """One target; what went wrong, or None."""
    prefix = f"{keep}/{name}-"
    if guided:
        corpus = keep / "corpus" / name
        corpus.mkdir(parents=True, exist_ok=True)
        command = [
            sys.executable, str(HERE / "guided.py"), name, str(corpus), f"-max_total_time={seconds}",
            f"-timeout={HANGS}", "-rss_limit_mb=3072", f"-artifact_prefix={prefix}",
            f"-seed={seed}",
        ]  # fmt: skip
    else:
        command = [sys.executable, str(HERE / "unguided.py"), name, str(seconds), prefix, str(seed)]
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            timeout=seconds + SPARE,
            env=os.environ | ({"PYTHONHASHSEED": "0"} if seed else {}),
        )
    except subprocess.TimeoutExpired:
        return f"did not end within {seconds + SPARE} s"
    runs = re.search(r"Done (\d+) runs", done.stderr)
    if done.returncode == 0 and runs:
        print(f"  {name:12} {runs[1]:>9} inputs", flush=True)
        return None
    said = [line for line in (done.stdout + done.stderr).splitlines() if not line.startswith(("INFO", "#"))]
    return "\n".join(said)[-4000:] or f"ended with {done.returncode}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=5, help="for each target")
    parser.add_argument(
        "--jobs", type=int, default=os.cpu_count() or 1, help="targets at a time (default: processors)"
    )
    parser.add_argument(
        "--seed", type=int, default=0, help="the same inputs in the same order (0: others every time)"
    )
    parser.add_argument("--keep", type=Path, default=ROOT / "build" / "fuzz")
    parser.add_argument("--input", type=Path, help="run this one input, through one target, and stop")
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=", ".join(NAMES))
    args = parser.parse_args()
    if unknown := set(args.targets).difference(NAMES):
        parser.error(f"no target {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}")
    if args.input is not None:
        target(args.targets[0])(args.input.read_bytes())
        return 0
    args.keep.mkdir(parents=True, exist_ok=True)
    guided = have_atheris()
    names = args.targets or NAMES
    how = "guided by coverage" if guided else "at random: atheris has no wheel for this Python"
    print(f"{len(names)} targets, {args.seconds} s each, {args.jobs} at a time, {how}", flush=True)
    failed = 0
    with ThreadPoolExecutor(max(1, args.jobs)) as pool:
        for name, wrong in zip(
            names, pool.map(lambda one: fuzzed(one, args.seconds, args.keep, guided, args.seed), names), strict=True
        ):
            if wrong is not None:
                failed += 1
                print(f"  {name:12} FAILED, input kept in {args.keep}\n{wrong}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
