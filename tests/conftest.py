"""What tests of several rooms share: servers that take seconds to start, one each for a test process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from support.postgres import Postgres


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A running PostgreSQL; take a ``database()`` of your own."""
    with Postgres() as server:
        yield server
