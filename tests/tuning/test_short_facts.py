"""The short form: what is said stands, all else is an ordinary letter."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vanthu import shipped
from vanthu.directory.load import load as load_register
from vanthu.facts.model import Document
from vanthu.policy.detectors import detector
from vanthu.providers.load import load as load_providers
from vanthu.tuning.short_facts import ShortFacts, ShortFactsError, nested

REGISTER = load_register(None)
PROVIDERS = load_providers(shipped.providers(), official=("x.gov.vn",), register=REGISTER.domains, government=())
CCCD = detector("cccd", "x", distinct=False)
SHORT = ShortFacts(REGISTER, PROVIDERS, (CCCD,))


def test_nothing_said_is_a_letter_from_an_official_who_logged_in() -> None:
    facts = SHORT.facts({})
    assert (facts.direction, facts.origin, facts.login) == ("outbound", "submission", facts.sender.address)
    assert facts.detected[CCCD.key].count == 0


def test_classes_come_from_the_lists_unless_said_otherwise() -> None:
    people = {"firm": {"address": "a@firm.vn", "class": "hosted"}}
    facts = SHORT.facts({"recipients": ["b@gmail.com", "c@soyte.x.gov.vn", "firm"]}, people)
    assert [one.class_ for one in facts.recipients] == ["public", "official", "hosted"]
    assert facts.recipients[0].family == "google"
    assert facts.recipients[0].domain == "gmail.com"


@pytest.mark.parametrize(
    ("said", "direction"),
    [
        ({"recipients": ["c@soyte.x.gov.vn"]}, "internal"),
        ({"recipients": ["c@soyte.x.gov.vn", "b@gmail.com"]}, "outbound"),
        ({"sender": "b@gmail.com", "recipients": ["c@soyte.x.gov.vn"]}, "inbound"),
        ({"origin": "outside", "recipients": ["c@soyte.x.gov.vn"]}, "inbound"),
        ({"direction": "foreign"}, "foreign"),
    ],
)
def test_the_direction_follows(said, direction) -> None:
    assert SHORT.facts(said).direction == direction


def test_documents_give_the_score() -> None:
    facts = SHORT.facts({"documents": [{"kind": "QĐ", "score": 0.7}, {"urgency": "khan"}]})
    assert facts.official.score == 0.97
    assert facts.official.documents[0] == Document("attachment:1", kind="QĐ", stage="issued", score=0.7)


def test_dotted_keys_and_maps_are_joined() -> None:
    assert nested({"a.b.c": 1, "a": {"b.d": 2}, "e": 3}) == {"a": {"b": {"c": 1, "d": 2}}, "e": 3}


def test_a_file_with_a_reason_was_not_read() -> None:
    facts = SHORT.facts({"attachments": [{"name": "a.zip", "reason": "encrypted"}, {"name": "b.pdf"}]})
    assert [(one.where, one.inspected) for one in facts.attachments] == [
        ("attachment:1", False),
        ("attachment:2", True),
    ]


def test_a_mistake_tells_where() -> None:
    with pytest.raises(ShortFactsError, match="facts have no clas here") as caught:
        SHORT.facts({"recipients": [{"address": "a@b.c", "clas": "public"}]})
    assert caught.value.path == ("recipients", 0, "clas")


NAMES = st.sampled_from(["address", "class", "score", "kind", "reason", "where", "count"]) | st.text(max_size=3)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=6,
)
KEYS = st.sampled_from(
    ["sender", "recipients", "documents", "attachments", "detected", "official", "time", "direction", "login", "size",
     "origin", "forward.score", "sender.role", "unavailable", "links", "challenge", ""]
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.dictionaries(KEYS, VALUES, max_size=3))
def test_whatever_is_written_ends_in_facts_or_in_a_mistake(said) -> None:
    try:
        facts = SHORT.facts(said)
    except ShortFactsError as error:
        assert str(error)
    else:
        assert facts.recipients is not None
