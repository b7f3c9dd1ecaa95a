"""The dashboard over a laboratory with lively traffic, as a static page: how docs/pictures/dashboard.png was made.

    .venv/bin/python deploy/grafana/picture.py page.html --minutes 5

Starts the daemon and a Prometheus as own children on loopback, sends the letters of the demo and many plain ones, and
draws the page from that Prometheus (render.py). What is seen is measured; only a day of work is pressed into minutes.
"""

from __future__ import annotations

import argparse
import math
import random
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "deploy" / "grafana")]

import render  # noqa: E402

from support.prometheus import Prometheus  # noqa: E402
from support.prometheus_traffic import Province  # noqa: E402

_HOLDS = 5  # an hour; towards the end the limit is reached
_BUSY = 3.0  # mails a second at the height of the day
_SPIKE = 0.7  # at this share of the time one office sends its documents home


def main() -> int:
    """Runs the laboratory and writes the page."""
    parser = argparse.ArgumentParser()
    parser.add_argument("page", type=Path)
    parser.add_argument("--minutes", type=float, default=5.0)
    given = parser.parse_args()
    chance = random.Random(4504)  # noqa: S311 (traffic, not a secret)
    length = given.minutes * 60
    rules = ROOT / "deploy" / "prometheus" / "vanthu.rules.yml"
    with Province(holds=_HOLDS) as province, Prometheus(province.vanthu.metrics_port, rules=rules) as prometheus:
        prometheus.wait_for('up{job="vanthu"} == 1')
        began = time.time()
        while (passed := time.time() - began) < length:
            hour = passed / length
            rate = _BUSY * (0.25 + math.sin(math.pi * hour) ** 2) * (2 if abs(hour - _SPIKE) < 0.04 else 1)
            province.one(chance, leaking=abs(hour - _SPIKE) < 0.04)
            time.sleep(chance.expovariate(rate))
        province.kill_workers(1)
        time.sleep(10)  # two bars more, so that the last of it is seen
        return render.main([prometheus.url, str(given.page), "--last", f"{round(length) + 10}s", "--scrape", "1"])


if __name__ == "__main__":
    sys.exit(main())
