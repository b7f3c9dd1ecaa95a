"""Log files that commands read line by line: plain or gzip, as logrotate leaves them."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from ..errors import UsageError

_LONGEST = 1 << 16  # bytes of a line; the rest of a longer one is a line of its own


def lines(files: Iterable[Path]) -> Iterator[str]:
    """All lines of all files; UsageError where one cannot be read."""
    for file in files:
        try:
            with gzip.open(file, "rb") if file.suffix == ".gz" else file.open("rb") as stream:
                while line := stream.readline(_LONGEST):
                    yield line.decode("utf-8", "replace")
        except (OSError, EOFError, zlib.error) as error:
            raise UsageError(f"{file}: cannot be read: {getattr(error, 'strerror', None) or error}") from None
