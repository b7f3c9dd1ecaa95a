"""One target under atheris (``run.py`` starts it): ``guided.py TARGET CORPUS [libFuzzer options]``."""

from __future__ import annotations

import sys
from pathlib import Path

import atheris

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "milter"), str(ROOT / "tests")]

name, corpus, *options = sys.argv[1:]
with atheris.instrument_imports(include=["vanthu"]):
    from fuzz.targets import target

    wanted = target(name)


def main() -> None:
    """Does not return: atheris ends the process."""
    for number, seed in enumerate(wanted.seeds):
        Path(corpus, f"seed-{number}").write_bytes(seed[: wanted.longest])
    words = Path(corpus).with_suffix(".dict")
    escaped = ("".join(f"\\x{octet:02x}" for octet in word) for word in wanted.octets())
    words.write_text("".join(f'"{word}"\n' for word in escaped))
    atheris.Setup([sys.argv[0], corpus, f"-max_len={wanted.longest}", f"-dict={words}", *options], wanted)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
