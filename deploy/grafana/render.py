"""The dashboard as one static page, drawn from a Prometheus: for a look without Grafana, a report, a picture.

    deploy/grafana/render.py http://127.0.0.1:9090 page.html --last 6h --agency so-y-te

Every query is asked as Grafana would ask it (dashboard.py). The page is self-contained; no script, no request.
Standard library only. Ends with 1 where Prometheus cannot be reached or refuses a query.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).parent))

from charts import drawn
from dashboard import USUAL_SCRAPE, Ask, Window, chosen, evaluate, load, over_http, seconds

HERE = Path(__file__).parent
_COLUMN, _LINE, _GAP = 66, 34, 8  # pixels of one unit of a panel's place, and between panels
_STYLE = f"""
body {{ margin: 16px; background: #f3f4f6; color: #24292f; font: 13px/1.35 system-ui, "DejaVu Sans", sans-serif }}
main {{ display: grid; width: {24 * _COLUMN}px; grid-template-columns: repeat(24, {_COLUMN}px);
  grid-auto-rows: {_LINE}px }}
section {{ margin: 0 {_GAP}px {_GAP}px 0; padding: 7px 10px; background: #fff; border: 1px solid #d8dce1;
  border-radius: 4px; overflow: hidden }}
h1 {{ margin: 0 0 2px; font-size: 20px }} h2 {{ margin: 6px 0; font-size: 15px }}
h3 {{ margin: 0 0 4px; font-size: 13px; white-space: nowrap; overflow: hidden; text-overflow: ellipsis }}
.about {{ margin: 0 0 12px; color: #57606a }}
.stat {{ margin: 12px 0 0; text-align: center; font-size: 30px; font-weight: 600 }}
.of {{ margin: 0; text-align: center; color: #57606a }}
.none {{ text-align: center; color: #8c959f }}
.gauge {{ display: grid; grid-template-columns: 1fr auto; height: 30px }}
.gauge span {{ white-space: nowrap; overflow: hidden; text-overflow: ellipsis }}
.gauge i {{ grid-column: 1 / 3; height: 8px; background: #eef0f3 }} .gauge u {{ display: block; height: 8px }}
table {{ border-collapse: collapse }} th, td {{ padding: 3px 14px 3px 0; text-align: left }}
svg text {{ font-size: 11px; fill: #57606a }} svg .calc {{ fill: #8c959f }}
"""


def page(dashboard: Mapping[str, Any], window: Window, variables: Mapping[str, str], ask: Ask) -> str:
    """The whole page; raises whatever ``ask`` raises."""
    body = "".join(_placed(panel, window, variables, ask) for panel in dashboard["panels"])
    begin, end = (time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(at)) for at in (window.start, window.end))
    who = ", ".join(f"{name}: {'all' if value == '.*' else value}" for name, value in variables.items())
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(dashboard["title"])}</title>'
        f"<style>{_STYLE}</style><h1>{escape(dashboard['title'])}</h1>"
        f'<p class="about">{escape(dashboard["description"])}<br>{begin} to {end}; {escape(who)}</p>'
        f"<main>{body}</main></html>\n"
    )


def _placed(panel: Mapping[str, Any], window: Window, variables: Mapping[str, str], ask: Ask) -> str:
    place = panel["gridPos"]
    where = f"grid-column: {place['x'] + 1} / span {place['w']}; grid-row: {place['y'] + 1} / span {place['h']}"
    if panel["type"] == "row":
        return f'<h2 style="{where}">{escape(panel["title"])}</h2>'
    width, height = place["w"] * _COLUMN - _GAP - 24, place["h"] * _LINE - _GAP - 40
    inside = drawn(panel, evaluate(panel, window, variables, ask), window, width, height)
    about = escape(panel["description"])
    return f'<section style="{where}" title="{about}"><h3>{escape(panel["title"])}</h3>{inside}</section>'


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; its exit code."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("prometheus", help="http://HOST:PORT")
    parser.add_argument("page", type=Path, help="the file to write")
    parser.add_argument("--dashboard", type=Path, default=HERE / "vanthu-agency.json")
    parser.add_argument("--last", default="6h", help="how far back: 15m, 6h, 7d (6h)")
    parser.add_argument("--agency", action="append", default=[], help="may be given more than once; else all")
    parser.add_argument("--scrape", type=float, default=USUAL_SCRAPE, help="seconds between scrapes (15)")
    given = parser.parse_args(arguments)
    try:
        end = time.time()
        window = Window(end - seconds(given.last), end, given.scrape)
        dashboard = load(given.dashboard)
        variables = chosen(dashboard, {"agency": given.agency})
        given.page.write_text(page(dashboard, window, variables, over_http(given.prometheus)), encoding="utf-8")
    except (OSError, ValueError) as error:
        print(f"render: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
