"""A program called and waited for: nothing on its standard input, what it says as text."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence

from ..errors import VanthuError


class CallError(VanthuError):
    """The program cannot be started, or did not end in time."""


def call(command: Sequence[str], seconds: float) -> subprocess.CompletedProcess[str]:
    """How it ended, whatever its exit code."""
    try:
        return subprocess.run(  # noqa: S603
            command, capture_output=True, text=True, errors="replace", timeout=seconds, check=False,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CallError(str(error)) from None
