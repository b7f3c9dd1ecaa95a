"""How sure a share is: Wilson's interval (1927), which is honest for small samples and where nothing was found."""

from __future__ import annotations

from math import sqrt

_Z = 1.959964  # of the normal distribution, for 95 %

ENFORCE_BOUND = 0.0002
"""A rule that stops mail may be recommended if at most so many of honest mails are stopped (upper bound): 0.02 %."""
ENFORCE_NEGATIVES = 20_000
"""… shown on at least so many of them."""


def wilson(found: int, total: int) -> tuple[float, float]:
    """Lower and upper end of the 95 % interval of the share ``found / total``; (0, 1) where nothing was seen."""
    if total == 0:
        return 0.0, 1.0
    share, z2 = found / total, _Z * _Z
    middle = share + z2 / (2 * total)
    spread = _Z * sqrt(share * (1 - share) / total + z2 / (4 * total * total))
    low, high = (middle - spread) / (1 + z2 / total), (middle + spread) / (1 + z2 / total)
    return max(0.0, low) if found else 0.0, min(1.0, high) if found < total else 1.0


def alarm_bound(hits: int, mails: int, wrong: int, labelled: int) -> float:
    """Upper bound of the share of mails that a rule stops wrongly: ``wrong`` of ``labelled`` hits, which are a random
    sample of ``hits``, were honest mail. The larger of what the sample and what the traffic leave open.
    """
    if mails == 0 or (hits and not labelled):
        return 1.0
    share = wrong / labelled if labelled else 0.0
    by_sample = hits / mails * wilson(wrong, labelled)[1] if hits else 0.0
    by_traffic = wilson(round(hits * share), max(mails - round(hits * (1 - share)), 1))[1]
    return min(1.0, max(by_sample, by_traffic))
