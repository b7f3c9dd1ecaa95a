"""What all tests share: how hypothesis works, and servers that take seconds to start, one for each test process.

Hypothesis tries the same examples in every run, so that a red run says something about the change;
``pytest --hypothesis-profile=explore`` looks for new ones; ``make fuzz`` is the place for bytes.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import settings

from support.postgres import Postgres

# No deadline for a single example: machines are noisy, and tests of speed measure on their own.
settings.register_profile("fixed", derandomize=True, deadline=None)
settings.register_profile("explore", derandomize=False, deadline=None, max_examples=1000)
settings.load_profile("fixed")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A running PostgreSQL; take a ``database()`` of your own."""
    with Postgres() as server:
        yield server
