"""Parts are named, or all of them run."""

from __future__ import annotations

import pytest

from bench.run import PARTS, TARGETS, _parts


def test_parts() -> None:
    assert _parts("idle,raw") == ("idle", "raw")
    with pytest.raises(ValueError, match="stre"):
        _parts("raw,stre")


def test_every_target_belongs_to_a_part() -> None:
    assert {one.section for one in TARGETS} <= {*PARTS, "facts", "end_to_end"}
    assert len({one.name for one in TARGETS}) == len(TARGETS)
