"""What each element of the form is worth: log-odds that add up, and the logistic curve that makes a score of them.

The start stands for the odds that a text with no element is a document. An element counts once. The numbers say:
a number line with two more elements of the head is a document; Quốc hiệu, Kính gửi and a date alone (petitions and
contracts have them) are not; a title of a private paper outweighs all that such papers share with official ones.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

START = -5.0
WEIGHTS = {
    "quoc_hieu": 1.6, "tieu_ngu": 0.8, "party_heading": 2.2,
    "number": 3.4, "legal_number": 3.8, "party_number": 3.4, "mended_number": 2.8, "illegible_number": 2.6, "blank_number": 2.2, "bare_number": 0.8,  # noqa: E501
    "issuer": 1.4, "place_date": 1.2, "about": 1.4, "type_title": 1.4, "addressed": 0.9,
    "basis": 0.7, "bases": 1.2, "articles": 0.8, "end_mark": 1.0,
    "authority": 1.6, "title": 0.7,
    "recipients": 1.6, "filed": 1.6, "as_above": 0.6,
    "annex": 5.6, "annex_line": 2.0, "copy": 1.4, "draft": 0.9, "mark": 0.6,
    "private_title": -6.0, "petition": -9.0, "contract": -6.0, "contract_number": -3.0, "parties": -3.0, "first_person": -3.5, "applicant": -3.0,  # noqa: E501
    "placeholders": -3.5, "template": -12.0, "headless": -3.0, "unnumbered": -2.2, "company": -5.0, "private_number": -2.0,  # noqa: E501
    "named_alike": 1.0, "named": 0.4,
}  # fmt: skip


def logit(elements: Iterable[str]) -> float:
    """Sum of the log-odds."""
    return START + sum(WEIGHTS[element] for element in elements)


def score(log_odds: float) -> float:
    """Log-odds as a number from 0 to 1, two digits kept."""
    return round(1 / (1 + math.exp(-max(-30.0, min(30.0, log_odds)))), 3)
