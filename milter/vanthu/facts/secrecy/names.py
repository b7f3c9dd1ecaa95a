"""Marks in subjects and file names: ``[MẬT] …``, ``MẬT - …``, ``1017_UBND-VX_MẬT.pdf``.

Contract: pure. A mark has to be set apart by brackets or signs; in running words it is none. Without diacritics it
needs a document's number beside it. ``[Mật]`` in square brackets before everything else may be written small.
"""

from __future__ import annotations

from collections.abc import Sequence

from vanthu.facts.official import names as numbers
from vanthu.facts.reading import Reading
from vanthu.facts.secrecy import marks
from vanthu.facts.secrecy.texts import Candidate


def of_name(reading: Reading, all_names: Sequence[Reading]) -> list[Candidate]:
    """The mark that a subject or file name carries, as candidates."""
    text = reading.text[:400]
    written = marks.WRITTEN.match(text) if "ật" in text else None
    # Only a mark written small is told by this: capitals are looked for below, whatever word stands behind them.
    if written and "ật" in written["mark"] and (level := marks.of_label(written["mark"])):
        return [
            Candidate(level, 0.8, reading.where, f"in brackets before {reading.where}: {written[0][:40].strip()}")
        ]
    if "M" not in text:
        return []
    for pattern, exact in ((marks.BRACKETED, 0.95), (marks.LEADING, 0.85), (marks.TRAILING, 0.8)):
        found = pattern.search(text)
        mark = marks.of_words(found["mark"]) if found else None
        if mark is None:
            continue
        if mark.how == "exact":
            score = exact
        else:
            numbered = any(numbers.of_name(other.text) or numbers.of_subject(other.text) for other in all_names)
            score = (0.7 if numbered else 0.3) if mark.level == "mat" else (0.8 if numbered else 0.55)
        return [Candidate(mark.level, score, reading.where, f"set apart in {reading.where}: {found[0][:40].strip()}")]  # type: ignore[index]
    return []
