"""Forwards as dozens of clients write them, and mail that only looks like one, written by hand (``by_hand.yaml``)."""

from __future__ import annotations

from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import yaml

from vanthu.facts.forward import recognise
from vanthu.facts.forwards.block import addresses
from vanthu.facts.model import Forward
from vanthu.mail.envelope import Envelope, Recipient
from vanthu.mail.parse import parse

_DATA = yaml.safe_load((Path(__file__).parent / "by_hand.yaml").read_text("utf-8"))
ME = "annv@soyte.hathanh.gov.vn"


def forward_of(given: dict[str, Any]) -> Forward:
    made = EmailMessage()
    made["From"], made["To"] = given.get("from", ME), given.get("to", "ban@gmail.com")
    if "subject" in given:
        made["Subject"] = given["subject"]
    for name, value in given.get("headers", {}).items():
        made[name] = value
    if "text" in given:
        made.set_content(given["text"], cte="base64")
    else:
        made.set_content(given["html"], subtype="html", cte="base64")
    recipients = tuple(map(Recipient, addresses(given.get("to", "ban@gmail.com"))))
    envelope = Envelope(ME, recipients, datetime(2026, 9, 28, 3, 0, tzinfo=UTC), "submission")
    return recognise(parse(made.as_bytes()), envelope, lambda address: "other", lambda host: False)[0]


@pytest.mark.parametrize("given", _DATA["forwards"], ids=lambda given: given["name"])
def test_a_forward_is_found_with_its_author(given: dict[str, Any]) -> None:
    forward = forward_of(given)
    assert forward.kind == "inline"
    assert forward.original.from_ in given.get("authors", ["blv@moh.gov.vn"])
    assert forward.original.subject in given.get("subjects", ["Hop", "Họp", "Re: Hop"])


@pytest.mark.parametrize("given", _DATA["others"], ids=lambda given: given["name"])
def test_an_answer_a_form_a_ticket_and_prose_are_none(given: dict[str, Any]) -> None:
    assert forward_of(given).kind == "none"
