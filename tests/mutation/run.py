"""``make mutate``: whether the tests of the policy would notice if ``decide`` or the loader were a little different.

Every change of ``mutants`` is put in place of the module, in a process of its own that runs the tests of tests/policy
and tests/policies until one fails. A change that no test notices is a survivor: a test is missing, or the change is
none (docs/mutation.md says why of each that is left). Nothing on the disk is changed.

What is known is kept in build/mutation/ and not done again while module and tests are the same, so a run may be ended
at any time, or by ``--seconds``. Exit code 1 where somebody survived, 75 where time ran out first.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import importlib
import importlib.abc
import importlib.util
import json
import os
import resource
import signal
import sys
import time
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from mutation.mutants import Mutant, mutants  # noqa: E402

POLICY = ROOT / "milter/vanthu/policy"
KEPT = ROOT / "build/mutation"
# The tests that know most come first. What decides, and what loads.
GROUPS = {
    ("decide", "settle", "truth", "lifting"): ("decide", "decide_edges", "twenty", "lifting", "properties", "bad"),
    ("load", "sources", "linking", "building"): (
        "load",
        "linking",
        "sources",
        "bad",
        "shipped",
        "twenty",
        "lifting",
        "hostile",
    ),
}
EVERYBODY = 60.0  # seconds of processor time until a change counts as noticed: the tests never end
_LIBRARIES = (
    "hypothesis",
    "msgspec",
    "yaml",
    "re2",
    "pydantic",
    "jinja2",
    "vanthu.facts.gather",
    "vanthu.settings.load",
)


class _Swap(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Gives one module another source."""

    def __init__(self, name: str, file: Path, mutant: Mutant) -> None:
        self.name, self.file, self.mutant = name, file, mutant

    def find_spec(self, fullname: str, path: object, target: object = None) -> ModuleSpec | None:
        if fullname != self.name:
            return None
        return importlib.util.spec_from_file_location(fullname, self.file, loader=self)

    def exec_module(self, module: ModuleType) -> None:
        exec(compile(self.mutant.tree(), str(self.file), "exec"), module.__dict__)


def noticed(module: str, mutant: Mutant, tests: Sequence[str]) -> bool:
    """Whether a test fails, or they do not end."""
    pid = os.fork()
    if pid == 0:
        code = 3
        try:
            os.setsid()
            resource.setrlimit(resource.RLIMIT_CPU, (int(EVERYBODY), int(EVERYBODY) + 1))
            silence = os.open(os.devnull, os.O_RDWR)
            for descriptor in (0, 1, 2):
                os.dup2(silence, descriptor)
            sys.meta_path.insert(0, _Swap(f"vanthu.policy.{module}", POLICY / f"{module}.py", mutant))
            code = int(pytest.main(["-x", "-q", "-p", "no:cacheprovider", "-p", "no:randomly", *tests]))
        finally:
            os._exit(code)
    status = os.waitpid(pid, 0)[1]
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)
    return status != 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("modules", nargs="*", help="of vanthu.policy; all that decide and load without")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="stop after so many")
    asked = parser.parse_args()
    end = time.monotonic() + asked.seconds
    os.chdir(ROOT)
    for library in _LIBRARIES:
        importlib.import_module(library)
    assert not any(name.startswith("vanthu.policy.") for name in sys.modules), "no change would be seen"
    survivors = 0
    for group, names in GROUPS.items():
        tests = [str(_test(name)) for name in names]
        for module in group:
            if asked.modules and module not in asked.modules:
                continue
            known, done = _hunt(module, tests, end)
            left = [name for name, seen in known.items() if not seen]
            print(f"{module}: {len(known) - len(left)} of {len(known)} changes noticed" + ("" if done else " so far"))
            print("".join(f"  survived: {POLICY.name}/{module}.py:{name}\n" for name in left), end="", flush=True)
            if not done:
                return 75
            survivors += len(left)
    return 1 if survivors else 0


def _test(name: str) -> Path:
    folder = "policies" if name in ("bad", "shipped", "twenty") else "policy"
    return ROOT / "tests" / folder / f"test_{name}.py"


def _hunt(module: str, tests: Sequence[str], end: float) -> tuple[dict[str, bool], bool]:
    """What is known of every change, and whether that is all."""
    source = (POLICY / f"{module}.py").read_text("utf-8")
    kept = KEPT / f"{module}.json"
    digest = _digest(source, *(Path(test).read_text("utf-8") for test in tests))
    before = json.loads(kept.read_text()) if kept.exists() else {}
    same_source = before.get("source") == _digest(source)
    changes = {mutant.name: mutant for mutant in mutants(source)}
    # Tests only grow: who was noticed still is, unless a test went, which a run from nothing would tell.
    known: dict[str, bool] = {
        name: seen
        for name, seen in before.get("known", {}).items()
        if name in changes and same_source and (seen or before["digest"] == digest)
    }
    for mutant in changes.values():
        if mutant.name in known:
            continue
        if time.monotonic() > end:
            return known, False
        known[mutant.name] = noticed(module, mutant, tests)
        KEPT.mkdir(parents=True, exist_ok=True)
        kept.write_text(json.dumps({"digest": digest, "source": _digest(source), "known": known}))
    return known, True


def _digest(*texts: str) -> str:
    return hashlib.sha256("".join(texts).encode()).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
