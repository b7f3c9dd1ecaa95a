"""How many official documents are found, how many other papers are taken for one, which fields are right.

Part of ``make accuracy``. Both parts are made; the unseen part comes from other seeds, which were never looked at
while the recogniser was built.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Iterator

from letters import compose, noise, others
from tally import Tally

from vanthu.facts.model import Document
from vanthu.facts.official import recognise
from vanthu.facts.reading import Reading

SEEDS = {"seen": 0, "unseen": 1_000_003}
CONDITIONS = (
    "clean",
    "no diacritics",
    "NFD",
    "flattened",
    "broken lines",
    "light OCR",
    "bad OCR",
    "English OCR",
    "awful OCR",
)


def _spoilt(text: str, condition: str, rng: random.Random) -> tuple[str, bool]:
    if condition == "no diacritics":
        return noise.plain(text), False
    if condition == "NFD":
        return unicodedata.normalize("NFC", unicodedata.normalize("NFD", text)), False
    if condition == "flattened":
        return noise.flat(text), False
    if condition == "broken lines":
        return noise.broken(text, rng), False
    if condition == "light OCR":
        return noise.specks(noise.ocr(text, rng, 0.02, english=False), rng), True
    if condition == "bad OCR":
        return noise.specks(noise.ocr(text, rng, 0.10, english=False), rng), True
    if condition == "English OCR":
        return noise.specks(noise.ocr(text, rng, 0.04, english=True), rng), True
    if condition == "awful OCR":
        return noise.specks(
            noise.broken(noise.ocr(noise.ocr(text, rng, 0.10, english=True), rng, 0.06, english=False), rng), rng
        ), True
    return text, False


def positives(part: str, size: int) -> Iterator[tuple[str, str, compose.Letter, Reading]]:
    """Layout, condition, truth and reading of ``size`` made documents."""
    for i in range(size):
        rng = random.Random(SEEDS[part] + i)
        condition = CONDITIONS[i % len(CONDITIONS)]
        layout = rng.choice(
            [
                x
                for x in compose.LAYOUTS
                if condition != "flattened" or x in ("stacked", "web", "left_right", "interleaved")
            ]
        )
        made = compose.letter(rng, draft=rng.random() < 0.08)
        text, scanned = _spoilt(compose.render(made, layout, rng), condition, rng)
        yield layout, condition, made, Reading("attachment:1", text, "scan.pdf", "ocr" if scanned else "text")


def negatives(part: str, size: int, makers: dict) -> Iterator[tuple[str, Reading]]:
    """Kind and reading of ``size`` papers that are no documents."""
    names = list(makers)
    for i in range(size):
        rng = random.Random(SEEDS[part] + 500_000 + i)
        kind = names[i % len(names)]
        text = makers[kind](rng)
        roll = rng.random()
        if roll < 0.12:
            text = noise.plain(text)
        elif roll < 0.2:
            text = noise.flat(text)
        elif roll < 0.3:
            text = noise.ocr(text, rng, 0.05, english=False)
        yield kind, Reading("body", text)


def found(reading: Reading):  # type: ignore[no-untyped-def]
    return recognise([reading], agency_named=lambda _: None, sender_agency=None, signed=frozenset())


def _same(a: str | None, b: str | None) -> bool:
    return noise.plain(a or "").upper() == noise.plain(b or "").upper()


def fields(made: compose.Letter, document: Document, text: str) -> dict[str, bool]:
    """Which fields are right, of those that the noise has left readable."""
    right: dict[str, bool] = {}
    plain = noise.plain(text)
    if made.number is None or made.number in text:
        right["number"] = document.number == made.number
    if noise.plain(made.symbol) in plain:
        right["symbol"] = _same(document.symbol, made.symbol)
    if made.date:
        year, month, day = made.date.split("-")
        if re.search(rf"\b{day}\b[^\d\n]{{2,12}}\b{month}\b[^\d\n]{{2,10}}\b{year}\b", plain):
            right["date"] = document.date == made.date
    right["kind"] = document.kind == made.kind
    right["stage"] = document.stage == made.stage
    right["issuer"] = _same(document.issuer, made.issuer.replace(",", "")) or _same(
        (document.issuer or "").replace(",", ""), made.issuer.replace(",", "")
    )
    return right


_SCANS = frozenset({"light OCR", "English OCR"})
_BAD = frozenset({"bad OCR", "awful OCR"})


def measure(part: str, size: int) -> Iterator[Tally]:
    """Found by how the text was read, fields right, false alarms."""
    text = Tally("official", "found, text", 0.98)
    scans = Tally("official", "found, scans read well", 0.95)
    bad = Tally("official", "found, dispatches after bad OCR", 0.95)
    right = Tally("official", "number, symbol and date right, of those found", 0.95)
    more = Tally("official", "kind, stage and issuer right, of those found", 0.9)
    for layout, condition, made, reading in positives(part, size):
        official = found(reading)
        hit = official.score >= 0.5
        tally = bad if condition in _BAD else scans if condition in _SCANS else text
        tally.add(f"{condition}, {layout}", hit, f"{official.score}\n{reading.text[:600]}")
        if hit:
            best = max(official.documents, key=lambda document: document.score)
            for name, ok in fields(made, best, reading.text).items():
                counted = right if name in ("number", "symbol", "date") else more
                counted.add(f"{name}, {condition}", ok, f"{getattr(made, name)!r} read as {getattr(best, name)!r}")
    yield from (text, scans, bad, right, more)
    for title, makers, goal, many in (
        ("other Vietnamese text called official", others.ORDINARY, 0.002, 2 * size),
        ("petitions, contracts, forms with Quốc hiệu", others.LOOKALIKE, 0.05, size),
    ):
        alarms = Tally("official", title, goal, alarms=True)
        for kind, reading in negatives(part, many, makers):
            official = found(reading)
            note = f"{official.documents[0].evidence}\n{reading.text[:400]}" if official.documents else ""
            alarms.add(kind, official.score >= 0.5, note)
        yield alarms
