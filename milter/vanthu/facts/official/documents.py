"""Documents out of a reading: each segment judged, its boxes made into a ``Document``.

Contract: pure; at most 20 documents a reading, each with evidence of at most 80 quoted characters.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable

import msgspec

from vanthu.facts.model import Document, Stage
from vanthu.facts.official import addressees, annexes, codes, dates, elements, head, lines, weights
from vanthu.facts.official.judge import judge
from vanthu.facts.official.number import Number, kind_of
from vanthu.facts.official.page import Box, Pages, Segment, segments
from vanthu.facts.reading import Reading

_MOST = 20
# Without one of these nothing counts; ``glance`` looks for them in the raw text.
ANCHORS = frozenset(
    {
        "number",
        "legal_number",
        "party_number",
        "mended_number",
        "illegible_number",
        "blank_number",
        "quoc_hieu",
        "tieu_ngu",
        "party_heading",
        "recipients",
        "filed",
    }
)
# The superior's place, which tells one province's department from another's.
_PLACE_OF = re.compile(r"(?:^|\s)((?:TINH|THANH PHO|HUYEN|QUAN|XA|PHUONG|THI XA)\s.+)$")
AgencyNamed = Callable[[str], str | None]


def of_reading(
    reading: Reading,
    agency_named: AgencyNamed,
    sender_agency: str | None,
    signed: frozenset[str],
    pages: Pages,
) -> list[Document]:
    """All documents of a reading, the unlikely ones with their low score."""
    boxes, cut = pages.of(reading.text)
    leaves = _Leaves(reading)
    found = []
    for segment in segments(boxes)[:_MOST]:
        document = _of_segment(segment, reading)
        agency = _agency(head.issuers(segment), document.symbol, agency_named)
        found.append(
            msgspec.structs.replace(
                document,
                page=leaves.of(_standing(segment)),
                issuer_agency=agency,
                own_issue=agency is not None and agency == sender_agency,
                signed=reading.where in signed,
            )
        )
    own = {(d.number, d.symbol) for d in found if d.score >= 0.5}
    for at, reference in annexes.of(boxes):
        annex = _annex(boxes, at, reference, reading, signed)
        if annex is not None and (not own or len(found) < _MOST):
            found.append(msgspec.structs.replace(annex, page=leaves.of(boxes[at].line.row)))
    if cut:
        found = [
            msgspec.structs.replace(d, evidence=(*d.evidence, "text longer than the reading limit")) for d in found
        ]
    return _sifted(found)


class _Leaves:
    """The pages of a reading by the rows of its boxes; looked at only where there are any."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._starts: list[int] | None = None

    def of(self, row: int) -> int | None:
        """The number of the page on which a row begins."""
        if len(self._reading.pages) < 2:
            return self._reading.page_at(0)
        if self._starts is None:
            self._starts = lines.starts(self._reading.text)
        return self._reading.page_at(self._starts[row])


def _standing(segment: Segment) -> int:
    """The row of the number line; without one, of the first line that a form element stands in."""
    if segment.head is not None:
        return segment.boxes[segment.head].line.row
    anchored = next((box for box in segment.boxes if box.elements & ANCHORS), segment.boxes[0])
    return anchored.line.row


def _sifted(found: list[Document]) -> list[Document]:
    """Likely documents, or where there is none the likeliest."""
    likely = [d for d in found if d.score >= 0.5]
    return likely or sorted(found, key=lambda d: -d.score)[:1]


def _of_segment(segment: Segment, reading: Reading) -> Document:
    counted, titled = judge(segment)
    box = segment.boxes[segment.head] if segment.head is not None else None
    number = box.number if box else None
    names = head.issuers(segment)
    issuer = names[-1] if names else None
    dated = _dated(segment)
    code = kind_of(number, titled, "about" in counted, " ".join(lines.bare(n) for n in names)) if number else titled
    at = head.title(segment)
    return Document(
        where=reading.where,
        name=reading.name,
        number=number.number if number else None,
        year=number.year if number else None,
        symbol=number.symbol if number else None,
        kind=code or ("CV" if "about" in counted else None),
        issuer=issuer,
        place=dated.place if dated else None,
        date=dated.date if dated else None,
        abstract=head.abstract(segment, at[1] if at else None),
        urgency=head.mark(segment, elements.URGENCY),  # type: ignore[arg-type]
        circulation=head.mark(segment, elements.CIRCULATION),  # type: ignore[arg-type]
        addressees=addressees.of(segment),
        stage=_stage(counted, number, reading.read_by, dated),
        read_by=reading.read_by,
        score=weights.score(weights.logit(counted)) if ANCHORS & set(counted) else 0.0,
        evidence=_evidence(counted, box),
    )


def _dated(segment: Segment) -> dates.PlaceDate | None:
    """The box of place and date nearest to the number box, the head's before any other."""
    at = segment.head or 0
    places = [(abs(i - at), i, box.dated) for i, box in enumerate(segment.boxes) if box.dated]
    if not places:
        near_number = segment.boxes[max(0, at - 6) : at + 7]
        return next((dated for box in near_number if (dated := dates.of_line(box.line, loose=True))), None)
    near = sorted(places, key=lambda p: (p[0] > 30, p[2].place is None and p[2].date is None, p[0]))
    return near[0][2]


def _stage(counted: list[str], number: Number | None, read_by: str, dated: dates.PlaceDate | None) -> Stage:
    if "draft" in counted:
        return "draft"
    waits = number is not None and number.number is None and number.form != "illegible_number"
    if waits and not (read_by == "ocr" and dated is not None and dated.date):
        return "draft"  # a scan of an issued letter may have lost a figure written by hand
    if "copy" in counted:
        return "copy"
    if number is None:
        return "unknown"
    return "legal" if _is_law(number) else "issued"


def _is_law(number: Number) -> bool:
    symbol = number.symbol or ""
    dated = number.year is not None or symbol.startswith(("NQ-UBTVQH", "L-CTN"))
    return dated and codes.is_law(symbol)


def _evidence(counted: list[str], box: Box | None) -> tuple[str, ...]:
    said = [name.replace("_", " ") for name in counted]
    if box is not None:
        said[0:1] = [f"{said[0]}: {box.line.raw[:80]}"]
    return tuple(said)


def _agency(names: list[str], symbol: str | None, agency_named: AgencyNamed) -> str | None:
    """The register's id of the issuer: by the whole letterhead, then with the superior's place; else by the symbol.

    Where a superior is printed, the lower line never counts alone: every province has a ``SỞ Y TẾ``.
    """
    names = [" ".join(name.split()) for name in names[-2:]]
    tries = ["\n".join(names)] if names else []
    if len(names) > 1:
        superior, body = names
        place = _PLACE_OF.search(lines.bare(superior))
        if place:
            tries.append(f"{body} {superior[place.start(1) :]}")
        tries.append(f"{body} {superior}")
    if symbol:
        tries.append(symbol)
    over = agency_named(names[0]) if len(names) > 1 else None
    for name in tries:
        agency = agency_named(name)
        if agency is not None and agency != over:  # the superior is known, the issuer below it is not
            return agency
    return None


def _annex(boxes: list[Box], at: int, reference: str, reading: Reading, signed: frozenset[str]) -> Document | None:
    found = annexes.REFERENCE.search(reference)
    title = next((b.line.raw for b in reversed(boxes[max(0, at - 5) : at]) if b.line.raw and b.line.capital), None)
    counted = ["annex"] + (
        ["annex_line"] if any("annex_title" in b.elements for b in boxes[max(0, at - 7) : at + 1]) else []
    )
    if not found:
        counted.remove("annex")
        counted.append("number")
    return Document(
        where=reading.where,
        name=reading.name,
        number=(found["n"] or found["pn"]) if found else None,
        year=int(found["y"]) if found and found["y"] else None,
        symbol=(found["s"] or found["ps"]).replace("–", "-") if found else None,
        abstract=title[:300] if title else None,
        stage="annex",
        signed=reading.where in signed,
        read_by=reading.read_by,
        score=weights.score(weights.logit(counted)),
        evidence=(f"annex: {boxes[at].line.raw[:80]}",),
    )


def of_name(reading: Reading, number: Number, score: float) -> Document:
    """What a file name or a subject says of a document."""
    return Document(
        where=reading.where,
        name=reading.name or (reading.text if reading.where == "filename" else None),
        number=number.number,
        year=number.year,
        symbol=number.symbol,
        kind=kind_of(number, None, False, ""),
        stage="legal" if _is_law(number) else "issued",
        score=score,
        evidence=(f"number in {reading.where}: {reading.text[:80]}",),
    )


def raised(document: Document, element: str) -> Document:
    """The document with one more element counted."""
    odds = min(max(document.score, 1e-6), 1 - 1e-6)
    score = weights.score(math.log(odds / (1 - odds)) + weights.WEIGHTS[element])
    return msgspec.structs.replace(
        document, score=max(score, document.score), evidence=(*document.evidence, element.replace("_", " "))
    )
