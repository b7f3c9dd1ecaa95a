"""Metrics as a projection of the journal (sole importer of prometheus_client).

Values are kept in state.db together with the cursor, so counters go on over restarts of the steward and each record
counts once. Nothing here uses the library's own counters: a collector hands out the stored values. What is not in the
journal (lags, outbox, expiry of exceptions) is asked for at each scrape through ``Live``.
"""

from __future__ import annotations

import json
import threading
import time
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric

from .. import __version__
from ..journal.batch import Batch, Damage
from ..journal.cursor import Cursor
from ..journal.record import Record
from . import catalogue
from .counting import changes, seconds, settings
from .state import State

Key = tuple[str, tuple[str, ...]]
Samples = Iterable[tuple[tuple[str, ...], float]]
_RELAXED = "relaxed_until"
_INFINITE = "+Inf"
_BOUNDS = (*map(str, catalogue.BUCKETS), _INFINITE)


def _none() -> Samples:
    return ()


@dataclass(slots=True)
class Live:
    """What is asked for at each scrape: functions from nothing to samples, by metric name."""

    sources: dict[str, Callable[[], Samples]] = field(default_factory=dict)

    def ask(self, name: str) -> Samples:
        """Samples of one metric; none where nobody knows."""
        return self.sources.get(name, _none)()


class Metrics:
    """The projection and, at the same time, prometheus_client's collector. Scrapes come from another thread."""

    name = "metrics"

    def __init__(self, state: State, live: Live, report: Callable[[str], None] | None = None) -> None:
        self._state = state
        self._live = live
        self._report = report
        self._lock = threading.Lock()
        self._registry = CollectorRegistry(auto_describe=False)
        self._registry.register(self)  # whatever has collect() is a collector
        self._values: dict[Key, float] = {
            (name, tuple(json.loads(labels))): value for name, labels, value in state.values()
        }
        self._values.setdefault(("vanthu_held_messages", ()), 0.0)
        live.sources.setdefault("vanthu_relaxed", self._relaxed)
        live.sources.setdefault("vanthu_build_info", lambda: [((__version__,), 1.0)])

    def cursor(self) -> Cursor:
        """Where counting stands."""
        return self._state.cursor(self.name)

    def take(self, batch: Batch, before: Cursor) -> None:
        """Counts a batch and commits it with its cursor; sqlite3.Error leaves everything as it was."""
        changed = self._count(batch)
        with self._state.transaction():
            self._state.put_values({(name, json.dumps(labels)): value for (name, labels), value in changed.items()})
            self._state.advance(self.name, before, batch.cursor)
        with self._lock:
            self._values.update(changed)
        for item in batch.items:
            if isinstance(item, Damage) and self._report is not None:
                self._report(f"journal damaged: {item}")

    def page(self) -> bytes:
        """The text that Prometheus scrapes (exposition format 0.0.4)."""
        return generate_latest(self._registry)

    def collect(self) -> Iterator[Metric]:
        """Every metric of the catalogue, also those without samples yet."""
        with self._lock:
            values = dict(self._values)
        for metric in catalogue.METRICS:
            if metric.kind == "histogram":
                yield _histogram(metric, values)
                continue
            kept: Samples = ((key[1], value) for key, value in values.items() if key[0] == metric.name)
            samples = kept if metric.source == "journal" else self._live.ask(metric.name)
            yield _family(metric, samples)

    def _count(self, batch: Batch) -> dict[Key, float]:
        added: dict[Key, float] = {}
        fixed: dict[Key, float] = {}
        for item in batch.items:
            if isinstance(item, Damage):
                _add(added, ("vanthu_journal_damage_total", (item.kind,)), 1)
            else:
                self._record(item.record, added, fixed)
        return {key: self._values.get(key, 0.0) + value for key, value in added.items()} | fixed

    def _record(self, record: Record, added: dict[Key, float], fixed: dict[Key, float]) -> None:
        for name, labels, value in changes(record):
            _add(added, (name, labels), value)
        for name, labels, value in seconds(record):
            bound = _BOUNDS[bisect_left(catalogue.BUCKETS, value)]
            _add(added, (name, (*labels, bound)), 1)
            _add(added, (name + "_sum", labels), value)
        if record.kind in ("reload", "relax"):
            for what, value_set in settings(record).items():
                self._set(what, value_set, fixed)

    def _set(self, what: str, value: str | float, fixed: dict[Key, float]) -> None:
        if what == "policy":
            for key in (*self._values, *fixed):
                if key[0] == "vanthu_policy_info":
                    fixed[key] = 0.0
            fixed["vanthu_policy_info", (str(value),)] = 1.0
        elif what == "reload":
            fixed["vanthu_config_last_reload_successful", ()] = float(value)
        else:
            fixed[_RELAXED, ()] = float(value)

    def _relaxed(self) -> Samples:
        with self._lock:
            until = self._values.get((_RELAXED, ()), 0.0)
        return [((), float(time.time() < until))]


def _add(values: dict[Key, float], key: Key, value: float) -> None:
    values[key] = values.get(key, 0.0) + value


def _family(metric: catalogue.Metric, samples: Samples) -> Metric:
    family: CounterMetricFamily | GaugeMetricFamily
    if metric.kind == "counter":
        family = CounterMetricFamily(metric.name, metric.help, labels=metric.labels)
    else:
        family = GaugeMetricFamily(metric.name, metric.help, labels=metric.labels)
    for labels, value in sorted(samples):
        # A policy that is no longer in force is kept as 0 in the books and not shown.
        if metric.name != "vanthu_policy_info" or value:
            family.add_metric(list(labels), value)
    return family


def _histogram(metric: catalogue.Metric, values: dict[Key, float]) -> Metric:
    family = HistogramMetricFamily(metric.name, metric.help, labels=metric.labels)
    for labels in sorted({key[1] for key in values if key[0] == metric.name + "_sum"}):
        total = 0.0
        buckets = []
        for bound in _BOUNDS:
            total += values.get((metric.name, (*labels, bound)), 0.0)
            buckets.append((bound, total))
        family.add_metric(list(labels), buckets, sum_value=values[metric.name + "_sum", labels])
    return family
