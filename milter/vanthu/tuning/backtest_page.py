"""The outcome of a backtest as one HTML page that needs nothing else: no script, no font, no address is loaded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from html import escape
from pathlib import Path
from typing import Any

from .backtest import touched

_STYLE = (Path(__file__).with_name("backtest.css")).read_text("utf-8")
_WIDTH, _HEIGHT, _ROW, _LEFT = 900, 260, 26, 260  # pixels
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def page(found: Mapping[str, Any], title: str) -> str:
    """The page for a summary (``backtest.summary``); ``title`` says which policy and which mail."""
    return "\n".join(_page(found, title)) + "\n"


def _page(found: Mapping[str, Any], title: str) -> Iterator[str]:
    changed = found["changed"]
    yield '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
    yield f"<title>{escape(title)}</title>\n<style>\n{_STYLE}</style>\n</head>\n<body>\n<h1>{escape(title)}</h1>"
    yield f"<p>{found['records']} records judged; <strong>{changed['mails']} mails</strong> are decided otherwise"
    yield f"({changed['tries']} with all tries).</p>"
    if found["not_judged"]:
        share = f"{found['not_judged']} of {found['records']}"
        yield f"<p class=note>{share} records could not be judged by every rule.</p>"
    if found["damaged"]:
        yield f"<p class=note>{found['damaged']} damaged lines were left out.</p>"
    if changed["not_listed"]:
        yield f"<p class=note>{changed['not_listed']} more changes are only counted.</p>"
    for name, key in (("Verdict", "verdicts"), ("Agency", "agencies"), ("Most affected senders", "senders")):
        if found[key]:
            yield f"<h2>{name}</h2>"
            yield _bars(found[key])
    if found["rules"]:
        yield "<h2>Rules</h2>"
        yield _table(("rule", "before", "after", "gained", "lost", "marginal", "unknown"), _rules(found["rules"]))
    if found["sweep"]:
        yield f"<h2>Mails that are not simply accepted, by {escape(found['sweep']['condition'])}</h2>"
        yield _curve(found["sweep"]["points"])
    for pair, examples in found["examples"].items():
        yield f"<h2>Examples: {escape(pair)}</h2>"
        yield _table(("record", "time", "sender", "recipients", "tries", "rules"), _examples(examples))
    yield "</body>\n</html>"


def _bars(counts: Mapping[str, int]) -> str:
    """Horizontal bars, each with its name and number."""
    most = max(counts.values())
    rows = [
        f'<text x="{_LEFT - 8}" y="{_ROW * row + 17}" text-anchor="end">{escape(_cut(name))}</text>'
        f'<rect x="{_LEFT}" y="{_ROW * row + 4}" width="{_length(count, most):.1f}" height="{_ROW - 8}"/>'
        f'<text x="{_LEFT + _length(count, most) + 6:.1f}" y="{_ROW * row + 17}">{count}</text>'
        for row, (name, count) in enumerate(counts.items())
    ]
    return _svg(_ROW * len(counts), rows)


def _length(count: int, most: int) -> float:
    return (_WIDTH - _LEFT - 70) * count / most


def _curve(points: list[dict[str, Any]]) -> str:
    """Mails that are touched, over the value of the threshold."""
    counts = [touched(point) for point in points]
    most = max(*counts, 1)
    low, high = points[0]["value"], points[-1]["value"]
    places = [
        (60 + (point["value"] - low) / (high - low) * (_WIDTH - 120), _HEIGHT - 40 - count / most * (_HEIGHT - 80))
        for point, count in zip(points, counts, strict=True)
    ]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    labels = [
        f'<text x="{x:.1f}" y="{y - 8:.1f}" text-anchor="middle">{count}</text>'
        f'<text x="{x:.1f}" y="{_HEIGHT - 14}" text-anchor="middle">{point["value"]:g}</text>'
        for (x, y), point, count in zip(places, points, counts, strict=True)
    ]
    return _svg(_HEIGHT, [f'<polyline points="{line}"/>', *labels])


def _svg(height: int, parts: Iterable[str]) -> str:
    return f'<svg viewBox="0 0 {_WIDTH} {height}" role="img">{"".join(parts)}</svg>'


def _rules(rules: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[Any, ...]]:
    for id_, one in rules.items():
        reasons = ", ".join(f"{reason} {count}" for reason, count in one["unknown"].items())
        marginal = "–" if one["marginal"] is None else one["marginal"]
        yield id_, one["before"], one["after"], one["gained"], one["lost"], marginal, reasons


def _examples(examples: Iterable[Mapping[str, Any]]) -> Iterator[tuple[Any, ...]]:
    for one in examples:
        rules = " ".join([f"+{rule}" for rule in one["gained"]] + [f"−{rule}" for rule in one["lost"]])
        yield one["id"], one["time"], one["sender"], one["recipients"], one["tries"], rules


def _table(heads: Iterable[str], rows: Iterable[tuple[Any, ...]]) -> str:
    lines = ["<tr>" + "".join(f"<th>{head}</th>" for head in heads) + "</tr>"]
    lines += ["<tr>" + "".join(map(_cell, row)) + "</tr>" for row in rows]
    return "<table>\n" + "\n".join(lines) + "\n</table>"


def _cell(value: Any) -> str:
    return f"<td class=n>{value}</td>" if isinstance(value, int) else f"<td>{escape(str(value))}</td>"


def _cut(name: str) -> str:
    return name if len(name) <= 36 else f"{name[:35]}…"
