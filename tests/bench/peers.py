"""The filters that the bench sets beside each other, each with its own configuration in a folder of its own."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.measure import settled_cpu_seconds
from support.dns_server import DnsServer
from support.process import Daemon, accepts
from support.vanthu import Vanthu

_HERE = Path(__file__).resolve().parent
ROOT = _HERE.parents[1]
# rspamd's compiled patterns, by their hash: 15 s of CPU that need not be spent in every run.
_CACHE = ROOT / "build" / "bench" / "rspamd"
# Seconds within which vanthu's steward has looked at the journal: the longest ``poll`` of its feeds is 1.
_QUIET = 1.2


@dataclass(frozen=True, slots=True)
class Peer:
    """A filter that runs: ``address`` as Postfix writes it, ``pid`` of the root of its process tree, and for how long
    it may be quiet after a mail (seconds) before it goes to work on that mail again."""

    name: str
    address: str
    pid: int
    quiet: float = 0.1


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
    """pymilter, doing nothing, and answering every event."""
    with _pymilter("pymilter no-op", folder) as peer:
        yield peer


@contextmanager
def noreply_pymilter(folder: Path) -> Iterator[Peer]:
    """The same with an answer to the last event only."""
    with _pymilter("pymilter no-reply", folder, "no-reply") as peer:
        yield peer


@contextmanager
def _pymilter(name: str, folder: Path, *how: str) -> Iterator[Peer]:
    socket = folder / "socket"
    command: list[str | Path] = [sys.executable, _HERE / "noop_pymilter.py", f"unix:{socket}", *how]
    with _daemon(name, folder, command, lambda: accepts(socket)) as peer:
        yield peer


@contextmanager
def rspamd(folder: Path) -> Iterator[Peer]:
    """rspamd as Debian's package sets it up, with one recipient map, one content pattern and one composite besides.

    Names are asked of a server on loopback that knows none, so that it waits for nobody; there is no Redis.
    """
    shutil.copytree("/etc/rspamd", folder / "etc", ignore=shutil.ignore_patterns("local.d", "override.d"))
    (folder / "etc/local.d").mkdir()
    places = {"CONFDIR": folder / "etc", "LOCAL_CONFDIR": folder / "etc"}
    for name in ("RUNDIR", "DBDIR", "LOGDIR"):
        places[name] = folder / name.lower()
        places[name].mkdir()
    words = [word for name, place in places.items() for word in ("--var", f"{name}={place}")]
    with DnsServer({}) as names:
        values = {"NAMESERVER": names.address}
        with _rspamd("rspamd", folder, _HERE / "rspamd/local.d", folder / "etc/local.d", words, values) as peer:
            yield peer


@contextmanager
def rspamd_lean(folder: Path) -> Iterator[Peer]:
    """rspamd with the map, the pattern and the composite, and nothing else at all."""
    with _rspamd("rspamd lean", folder, _HERE / "rspamd/lean", folder / "etc", (), {}) as peer:
        yield peer


@contextmanager
def _rspamd(
    shown: str, folder: Path, templates: Path, filled: Path, words: Sequence[str], values: Mapping[str, str]
) -> Iterator[Peer]:
    cache = _CACHE / shown.replace(" ", "-")
    for place in (cache, filled):
        place.mkdir(parents=True, exist_ok=True)
    pairs = [(one, filled / one.name) for one in templates.iterdir()]
    for template, file in [(_HERE / "rspamd/rspamd.map", folder / "rspamd.map"), *pairs]:
        text = template.read_text(encoding="utf-8")
        for word, value in {"FOLDER": str(folder), "CACHE": str(cache), **values}.items():
            text = text.replace(word, value)
        file.write_text(text, encoding="utf-8")

    def ready() -> bool:
        # The workers take the compiled patterns from these files as soon as the helper has written them.
        return accepts(folder / "socket") and any(cache.glob("*.hs"))

    command: list[str | Path] = ["rspamd", "-f", "--insecure", "-c", folder / "etc/rspamd.conf", *words]
    with _daemon(shown, folder, command, ready) as peer:
        settled_cpu_seconds(peer.pid, 60)  # the first time, the package's many patterns go on being compiled
        yield peer


@contextmanager
def vanthu(folder: Path) -> Iterator[Peer]:
    """vanthu with the shipped policies and all recognisers; it keeps its journal and store as it always does."""
    with Vanthu(policies=ROOT / "policies") as daemon:
        yield as_peer(daemon)


def as_peer(daemon: Vanthu) -> Peer:
    """A daemon that runs, however it was started."""
    return Peer("vanthu", daemon.socket, daemon.pid, _QUIET)


PEERS: Mapping[str, Callable[[Path], AbstractContextManager[Peer]]] = {
    "vanthu": vanthu,
    "pymilter": noop_pymilter,
    "noreply": noreply_pymilter,
    "c": noop_c,
    "rspamd": rspamd,
    "lean": rspamd_lean,
}
