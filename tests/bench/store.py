"""A million records: how fast the steward loads them into SQLite, and how long the monthly report over them takes.

Targets of their own, in absolute figures, since nobody else's store can be measured beside ours. Thirteen months of
mail of two hundred agencies are written as a journal and read as the steward reads it.

    python tests/bench/store.py --records 1000000
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from support import month
from support.places import open_folder
from vanthu.journal.reader import Reader
from vanthu.journal.writer import Writer
from vanthu.projections.store import Store
from vanthu.projections.store_queries import Questions
from vanthu.reports.monthly import make
from vanthu.reports.write import write

BATCH = 2000  # lines of one transaction, as the steward's feed takes them
RATE, SECONDS = 5_000, 10.0


def measured(count: int, folder: Path) -> dict[str, Any]:
    """Loads ``count`` records and makes the report of the last month; figures, wanted and passed."""
    journal, url = folder / "journal", f"sqlite:///{folder}/store.db"
    journal.mkdir()
    _write(journal, count)
    begin, cpu = time.monotonic(), time.process_time()
    _load(journal, url)
    loaded, load_cpu = time.monotonic() - begin, time.process_time() - cpu
    begin, cpu = time.monotonic(), time.process_time()
    with Questions(url) as store:
        report = make(store, month.province(), month.OCTOBER, month.PLACE, month.LATER)
        page = write(report, "html")
    asked, asked_cpu = time.monotonic() - begin, time.process_time() - cpu
    assert report.total.now.sent and page
    return {
        "records": count,
        "load_seconds": loaded,
        "load_cpu_seconds": load_cpu,
        "report_seconds": asked,
        "report_cpu_seconds": asked_cpu,
        "store_bytes": (folder / "store.db").stat().st_size,
        "targets": [
            {"name": "records a second into SQLite", "value": count / loaded, "wanted": f"≥ {RATE}",
             "pass": count / loaded >= RATE},
            {"name": "seconds for a monthly report", "value": asked, "wanted": f"< {SECONDS:g}",
             "pass": asked < SECONDS},
        ],
    }  # fmt: skip


def show(found: dict[str, Any]) -> None:
    """One line a figure; what of it was our own CPU, since the machine may have had other things to do."""
    print(f"\nThe store (SQLite), {found['records']:,} records, {found['store_bytes'] / 1e6:,.0f} MB")
    for one in found["targets"]:
        met = "met   " if one["pass"] else "missed"
        print(f"  {met}  {one['name']}: {one['value']:,.1f} (wanted {one['wanted']})")
    rate = found["records"] / found["load_cpu_seconds"]
    print(f"  of one CPU alone: {rate:,.0f} records a second, report {found['report_cpu_seconds']:.1f} s")


def _load(journal: Path, url: str) -> None:
    store = Store(url, "mx1", month.nothing)
    reader = Reader(journal)
    complete = False
    cursor = store.cursor()
    while not complete:
        batch = reader.read(cursor, BATCH)
        store.take(batch, cursor)
        cursor, complete = batch.cursor, batch.complete
    store.close()


def _write(journal: Path, count: int) -> None:
    writer = Writer(journal, "mx1", sync="none")
    for record in month.many(count):
        writer.append(record)
    writer.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=1_000_000)
    with open_folder("store") as place:
        result = measured(parser.parse_args().records, place)
    show(result)
    sys.exit(0 if all(one["pass"] for one in result["targets"]) else 1)
