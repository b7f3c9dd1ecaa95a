"""What the facts of a mail cost by themselves: parsing and all recognisers in this process, no milter around them."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import yaml

from bench import workload
from vanthu.facts.gather import gather
from vanthu.inspection import snapshot as snapshots
from vanthu.mail.envelope import Envelope, Recipient
from vanthu.mail.parse import parse
from vanthu.settings.load import load as load_settings

ROOT = Path(__file__).resolve().parents[2]
NAME = "facts alone"
PEER = "pymilter no-reply"
_REPEATS = 3


class Facts:
    """Shipped policies and lists, the demo's register."""

    def __init__(self, folder: Path, kind: str) -> None:
        settings = folder / "vanthu.yaml"
        settings.write_text(
            yaml.safe_dump(
                {
                    "installation": "bench",
                    "policies": str(ROOT / "policies"),
                    "register": str(ROOT / "deploy" / "demo" / "register.yaml"),
                    "journal": {"path": str(folder / "journal")},
                    "state": {"path": str(folder / "state")},
                }
            ),
            encoding="utf-8",
        )
        self._snapshot = snapshots.load(load_settings(settings), date.today(), "bench")
        self._kind = kind
        self._mails = [mail.raw for mail in workload.mails(kind)]
        self._envelope = Envelope(
            sender=workload.SENDER.decode(),
            recipients=(Recipient(workload.RECIPIENT.decode(), None),),
            time=datetime.now(UTC),
            origin="submission",
            hop="submission",
            login=workload.SENDER.decode(),
            client_address="10.20.30.1",
            client_name="pc-1",
            queue_id="4Zzw0001x0Jz9q1",
            parameters=(),
        )
        gc.collect()
        gc.freeze()  # as the daemon does before it forks
        self._once(64)

    def cpu_us(self, messages: int) -> float:
        """Microseconds of CPU a mail; the least of three goes, since others share this machine."""
        return min(self._once(messages) for _ in range(_REPEATS))

    def _once(self, messages: int) -> float:
        mails, limits, house, envelope = self._mails, self._snapshot.limits, self._snapshot.house, self._envelope
        started = time.thread_time()
        for number in range(messages):
            gather(parse(mails[number % len(mails)], limits), envelope, house)
        return (time.thread_time() - started) / messages * 1e6


def beside(
    rows: Iterable[Mapping[str, Any]], facts: Facts, found: list[dict[str, Any]]
) -> Iterator[Mapping[str, Any]]:
    """Passes the rows of the raw protocol on; behind each of the no-reply pymilter the facts are measured too."""
    for row in rows:
        yield row
        if row["peer"] == PEER:
            kept = {key: row[key] for key in ("round", "kind", "messages")}
            found.append({**kept, "peer": PEER, "cpu_us": row["cpu_us"]})
            found.append({**kept, "peer": NAME, "cpu_us": facts.cpu_us(row["messages"] // _REPEATS)})
