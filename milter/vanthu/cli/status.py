"""``vanthu status``: what is up, at a glance."""

from __future__ import annotations

import json
import os
import time
import urllib.request
from typing import Any

import click

from ..documents.broker_client import statistics
from ..service import status as published
from ..service.handshake import answers
from ..settings.load import Loaded

_PATIENCE = 5.0  # seconds: after a reload the new steward answers within a second or two
_SHOWN = {
    "vanthu_journal_lag_seconds": "journal lag (s)",
    "vanthu_store_lag_seconds": "store lag (s)",
    "vanthu_notices_pending": "notices waiting",
    "vanthu_held_messages": "held messages",
}


@click.command("status")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of text.")
@click.pass_obj
def command(loaded: Loaded, as_json: bool) -> int:
    """Tell what is up, the policy in force, the last reload, queues and lags; exit 1 when something is down.

    Example: vanthu status
    """
    state = published.read(loaded.settings.state.path)
    state["supervisor"] = "up" if _alive(state["pid"]) else "down"
    state["milter"] = "up" if answers(loaded.settings.milter.socket) else "down"
    state["gauges"] = _gauges(loaded.settings.metrics.listen, _PATIENCE if state["supervisor"] == "up" else 0.0)
    state["steward"] = "up" if state["gauges"] is not None else "down"
    reading = statistics(loaded.settings.state.path)
    state["documents"] = "up" if reading is not None else "down"
    state["reading"] = None if reading is None else {"ocr": reading.ocr, "counts": reading.counts, "now": reading.now}
    click.echo(json.dumps(state, ensure_ascii=False) if as_json else _text(state))
    return 0 if all(state[one] == "up" for one in ("supervisor", "milter", "steward", "documents")) else 1


def _text(state: dict[str, Any]) -> str:
    workers = [child for child in state["children"] if child["kind"] == "worker"]
    draining = sum(child["draining"] for child in workers)
    lines = [
        f"supervisor   {state['supervisor']} (pid {state['pid']}, node {state['node']})",
        f"milter       {state['milter']} ({state['socket']})",
        f"workers      {len(workers) - draining} of generation {state['generation']}, {draining} draining",
        f"steward      {state['steward']}",
        f"documents    {state['documents']}{_reading(state['reading'])}",
        f"policy       {state['digests']['policy']}",
        f"last reload  {'good' if state['last_reload']['ok'] else 'REFUSED'} at {state['last_reload']['time']}",
        *(f"             {problem}" for problem in state["last_reload"].get("problems", [])),
    ]
    lines += [f"{label:<21}{value:g}" for label, value in (state["gauges"] or {}).items()]
    return "\n".join(lines)


def _reading(reading: dict[str, Any] | None) -> str:
    """What the readers of attachments have to say for themselves."""
    if reading is None:
        return ""
    problem = reading["ocr"]
    ocr = "OCR not known yet" if problem is None else f"OCR DOES NOT WORK: {problem}" if problem else "OCR ready"
    now = reading["now"]
    return f" ({now['waiting']} waiting, {now['cache_entries']} known, {ocr})"


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _gauges(listen: str, patience: float) -> dict[str, float] | None:
    """A few gauges from the metrics page; None when nobody answers there for so many seconds."""
    end = time.monotonic() + patience
    while (text := _page(listen)) is None:
        if time.monotonic() >= end:
            return None
        time.sleep(0.1)
    found = {}
    for line in text.splitlines():
        name, _, value = line.partition(" ")
        if name in _SHOWN:
            found[_SHOWN[name]] = float(value)
    return found


def _page(listen: str) -> str | None:
    try:
        with urllib.request.urlopen(f"http://{listen}/metrics", timeout=2) as page:
            return str(page.read().decode("utf-8"))
    except (OSError, ValueError):
        return None
