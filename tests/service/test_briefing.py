"""Whom an agency's notices go to: its contacts, or those of the office above."""

from __future__ import annotations

from vanthu.directory.model import Agency, Register
from vanthu.service.briefing import offices

REGISTER = Register(
    {
        one.slug: one
        for one in (
            Agency("ubnd", "UBND tỉnh", contacts=("vpub@x.gov.vn",)),
            Agency("so-y-te", "Sở Y tế", parent="ubnd", contacts=("lanhdao@soyte.x.gov.vn",)),
            Agency("tram", "Trạm Y tế", parent="phong"),
            Agency("phong", "Phòng Y tế", parent="ubnd"),
            Agency("a", "A", parent="b"),
            Agency("b", "B", parent="a"),
        )
    },
    {},
)


def test_its_own_or_those_of_the_office_above() -> None:
    office = offices(REGISTER)
    assert office("so-y-te") == ("Sở Y tế", ("lanhdao@soyte.x.gov.vn",))
    assert office("tram") == ("Trạm Y tế", ("vpub@x.gov.vn",))
    assert office("gone") == ("gone", ())


def test_a_circle_of_offices_ends() -> None:
    assert offices(REGISTER)("a") == ("A", ())
