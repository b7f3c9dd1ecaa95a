"""What grows is found, what only fills its caches is not, and the chart shows every curve."""

from __future__ import annotations

from xml.etree import ElementTree

from soak.chart import chart
from soak.run import KINDS, Look, grown, picture


def looks(rss: list[int], descriptors: int = 10) -> list[Look]:
    return [
        Look(
            (number + 1) * 1000, number + 1.0, dict.fromkeys(KINDS, 50_000_000) | {"worker": bytes_},
            dict.fromkeys(KINDS, 10) | {"worker": 10 if number < 10 else descriptors}, 1.0, 9.0,
        )
        for number, bytes_ in enumerate(rss)
    ]  # fmt: skip


def test_steady_memory_is_no_growth() -> None:
    filling = [40_000_000 + 1_000_000 * number for number in range(4)]
    assert grown(looks(filling + [50_000_000] * 16)) == []


def test_growing_memory_and_descriptors_are_found() -> None:
    rising = [40_000_000 + 2_000_000 * number for number in range(20)]
    assert [one.partition(":")[0] for one in grown(looks(rising, descriptors=14))] == ["worker", "worker"]


def test_the_chart_has_a_curve_for_each_series() -> None:
    drawn = ElementTree.fromstring(picture(looks([50_000_000] * 20)))
    assert len(drawn.findall(".//{http://www.w3.org/2000/svg}path")) == 2 * len(KINDS) + 2
    assert ElementTree.fromstring(chart("<x>", [0.0], [("y", {"z": [0.0]})])) is not None
