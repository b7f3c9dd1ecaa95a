"""The indicators of one agency, or of many together, in one month: plain numbers that can be added.

From the store's counts by agency, and from the register as it was on the last day of the month.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from msgspec import Struct, structs

from ..projections.store_counts import Counts, Details

_OWN = ("outbound", "internal")


class Figures(Struct, frozen=True, kw_only=True):
    """Messages and documents are counted for whoever sent them, inbound ones for whoever got them.

    ``issued`` mailboxes were valid on the last day; ``used`` of them sent on ten working days or more, ``sending`` at
    all. ``carried`` are recipients of our own mail with an official document, ``carried_offices`` those of them at
    offices. ``upheld`` and ``dismissed`` are false alarms that were reviewed. What befell public mailboxes is counted
    by recipient, forwards by message.
    """

    issued: int = 0
    used: int = 0
    sending: int = 0
    sent: int = 0
    internal: int = 0
    received: int = 0
    documents_sent: int = 0
    documents_internal: int = 0
    documents_received: int = 0
    documents_signed: int = 0
    carried: int = 0
    carried_offices: int = 0
    public: int = 0
    public_documents: int = 0
    warned: int = 0
    challenged: int = 0
    stripped: int = 0
    held: int = 0
    refused: int = 0
    confirmed: int = 0
    false_alarms: int = 0
    upheld: int = 0
    dismissed: int = 0
    forwards_by_hand: int = 0
    forwards_automatic: int = 0
    forwards_public: int = 0
    unread: int = 0

    def __add__(self, other: Figures) -> Figures:
        return Figures(**{name: getattr(self, name) + getattr(other, name) for name in self.__struct_fields__})

    @property
    def used_share(self) -> float | None:
        """Of the mailboxes issued."""
        return share(self.used, self.issued)

    @property
    def official_share(self) -> float | None:
        """Of all recipients of official documents, those at offices (M4)."""
        return share(self.carried_offices, self.carried)

    @property
    def signed_share(self) -> float | None:
        """Of the official documents that were sent, out or internally (M7)."""
        return share(self.documents_signed, self.documents_own)

    @property
    def documents_own(self) -> int:
        """Official documents that were sent, out or internally."""
        return self.documents_sent + self.documents_internal

    @property
    def stopped(self) -> int:
        """Recipients at public mailboxes whom a mail did not reach at once."""
        return self.challenged + self.stripped + self.held + self.refused


def share(part: int, whole: int) -> float | None:
    """``part / whole``; None where there is nothing to share."""
    return part / whole if whole else None


def total(figures: Iterable[Figures]) -> Figures:
    """The sum; zeros for nothing."""
    found = Figures()
    for one in figures:
        found += one
    return found


def by_agency(counts: Counts, details: Details | None) -> dict[str, Figures]:
    """The figures that the store knows, by the agency as recorded; those of mailboxes are added elsewhere."""
    found: dict[str, Counter[str]] = {}

    def add(agency: str, name: str, count: int) -> None:
        found.setdefault(agency, Counter())[name] += count

    names = {"outbound": "sent", "internal": "internal", "inbound": "received"}
    for (agency, direction), count in counts.messages.items():
        if direction in names:
            add(agency, names[direction], count)
    for (agency, direction, signed), count in counts.documents.items():
        if direction in names:
            add(agency, f"documents_{names[direction]}", count)
        if direction in _OWN and signed:
            add(agency, "documents_signed", count)
    for (agency, sort, carries), count in counts.recipients.items():
        if sort in ("recipients", "offices"):
            add(agency, "carried" if sort == "recipients" else "carried_offices", count * carries)
        else:
            add(agency, sort, count)
            add(agency, "public_documents", count * (carries and sort == "public"))
    for (agency, kind, public), count in counts.forwards.items():
        add(agency, "forwards_automatic" if kind == "automatic" else "forwards_by_hand", count)
        if public:
            add(agency, "forwards_public", count)
    for agency, name, count in _told(details) if details is not None else ():
        add(agency, name, count)
    return {agency: Figures(**numbers) for agency, numbers in found.items()}


def _told(details: Details) -> Iterator[tuple[str, str, int]]:
    """Agency, name and number of what only whole records tell."""
    for (agency, _), count in details.unread.items():
        yield agency, "unread", count
    for name, given in (
        ("confirmed", details.confirmed),
        ("false_alarms", details.false_alarms),
        ("upheld", details.upheld),
        ("dismissed", details.dismissed),
    ):
        for agency, count in given.items():
            yield agency, name, count


def with_mailboxes(figures: Figures, issued: int, used: int, sending: int) -> Figures:
    """The same with the numbers of mailboxes."""
    return structs.replace(figures, issued=issued, used=used, sending=sending)
