"""The filters that the bench sets beside each other, each with its own configuration in a folder of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from support.process import Daemon, accepts
from support.vanthu import Vanthu

_HERE = Path(__file__).resolve().parent
ROOT = _HERE.parents[1]
# rspamd's compiled patterns, by their hash: 15 s of CPU that need not be spent in every run.
_CACHE = ROOT / "build" / "bench" / "rspamd"


@dataclass(frozen=True, slots=True)
class Peer:
    """A filter that runs: ``address`` as Postfix writes it, ``pid`` of the root of its process tree."""

    name: str
    address: str
    pid: int


@contextmanager
def _daemon(name: str, folder: Path, command: list[str | Path], ready: Callable[[], bool]) -> Iterator[Peer]:
    daemon = Daemon(command, output=folder / "output")
    try:
        # The first time, rspamd compiles its patterns, which takes a while on a busy machine.
        daemon.wait_until(ready, seconds=90)
        (folder / "socket").chmod(0o666)
        yield Peer(name, f"unix:{folder}/socket", daemon.pid)
    finally:
        daemon.stop()


@contextmanager
def noop_c(folder: Path) -> Iterator[Peer]:
    """libmilter in C, doing nothing."""
    compiler: list[str | Path] = ["gcc", "-O2", "-o", folder / "noop", _HERE / "noop.c", "-lmilter", "-lpthread"]
    subprocess.run(compiler, check=True)
    socket = folder / "socket"
    with _daemon("C no-op", folder, [folder / "noop", f"unix:{socket}"], lambda: accepts(socket)) as peer:
        yield peer


@contextmanager
def noop_pymilter(folder: Path) -> Iterator[Peer]:
    """pymilter, doing nothing."""
    socket = folder / "socket"
    command: list[str | Path] = [sys.executable, _HERE / "noop_pymilter.py", f"unix:{socket}"]
    with _daemon("pymilter no-op", folder, command, lambda: accepts(socket)) as peer:
        yield peer


@contextmanager
def rspamd(folder: Path) -> Iterator[Peer]:
    """rspamd as a milter, reduced to one recipient map, one content pattern and one composite of the two."""
    with _rspamd("rspamd", folder, rules=folder / "rspamd.lua") as peer:
        yield peer


@contextmanager
def rspamd_rules(folder: Path) -> Iterator[Peer]:
    """The same, with the rules of rspamd's package besides: all modules off but these, as an operator would do it."""
    with _rspamd("rspamd+rules", folder, rules=Path("/usr/share/rspamd/rules/rspamd.lua")) as peer:
        yield peer


@contextmanager
def _rspamd(shown: str, folder: Path, *, rules: Path) -> Iterator[Peer]:
    for name in ("rspamd.conf", "rspamd.lua", "rspamd.map"):
        text = (_HERE / "rspamd" / name).read_text(encoding="utf-8")
        text = text.replace("FOLDER", str(folder)).replace("RULES", str(rules)).replace("CACHE", str(_CACHE))
        (folder / name).write_text(text, encoding="utf-8")

    _CACHE.mkdir(parents=True, exist_ok=True)

    def ready() -> bool:
        # The workers take the compiled patterns from these files as soon as the helper has written them.
        return accepts(folder / "socket") and any(_CACHE.glob("*.hs"))

    command: list[str | Path] = ["rspamd", "-f", "--insecure", "-c", folder / "rspamd.conf"]
    with _daemon(shown, folder, command, ready) as peer:
        yield peer


@contextmanager
def vanthu(folder: Path) -> Iterator[Peer]:
    """vanthu with the shipped policies and all recognisers; it keeps its journal and store as it always does."""
    with Vanthu(policies=ROOT / "policies") as daemon:
        yield Peer("vanthu", daemon.socket, daemon.pid)


PEERS: Mapping[str, Callable[[Path], AbstractContextManager[Peer]]] = {
    "vanthu": vanthu,
    "pymilter": noop_pymilter,
    "c": noop_c,
    "rspamd": rspamd,
    "rspamd-rules": rspamd_rules,
}
