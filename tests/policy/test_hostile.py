"""Whatever stands in a policy file, loading ends in a policy or in Problems, never in anything else."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support.policies import CONTEXT, GMAIL, OFFICE, loaded, mail
from support.policy_strategies import policies
from vanthu.errors import Problems
from vanthu.policy.conditions import COUNT, MESSAGE, QUANTIFIERS, RECIPIENT
from vanthu.policy.decide import decide
from vanthu.policy.load import load

_KEYS = [
    *MESSAGE,
    *RECIPIENT,
    *QUANTIFIERS,
    COUNT,
    "all",
    "any",
    "not",
    "detected.",
    "detected.cccd",
    "min",
    "matches",
    "list",
]
_SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=8), st.sampled_from(_KEYS)
)
_ANYTHING = st.recursive(
    _SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.one_of(st.sampled_from(_KEYS), st.text(max_size=5)), inner, max_size=3),
    ),
    max_leaves=6,
)


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    if isinstance(value, dict | list):
        inner = value.items() if isinstance(value, dict) else enumerate(value)
        for key, one in inner:
            found += _places(one, (*path, key))
    return found


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(policies(), _ANYTHING, st.data())
def test_a_value_of_any_kind_at_any_place(written, value, data) -> None:
    broken = json.loads(json.dumps(copy.deepcopy(written), default=str))
    *above, last = data.draw(st.sampled_from(_places(broken)))
    spot = broken
    for step in above:
        spot = spot[step]
    spot[last] = value
    try:
        policy = loaded(broken).policy
    except Problems as error:
        assert error.problems
        assert all(problem.line >= 1 for problem in error.problems)
    else:
        decide(policy, mail(GMAIL, OFFICE, score=0.9))


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200))
def test_bytes(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "a.yaml").write_bytes(b"version: 1\n" + raw)
    try:
        load(tmp_path, CONTEXT)
    except Problems as error:
        assert error.problems
