"""What a new installation starts from: rules and provider lists, inside the wheel or in the source tree."""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).resolve().parent


def policies() -> Path:
    """The folder of shipped policies."""
    installed = _HERE / "shipped" / "policies"
    return installed if installed.is_dir() else _HERE.parents[1] / "policies"


def providers() -> Path:
    """The folder of shipped provider lists."""
    return policies() / "providers"
