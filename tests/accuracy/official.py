"""How many official documents are found, how many other papers are taken for one, which fields are right.

``python tests/accuracy/official.py [--part seen|unseen] [--size N] [--misses N]``. Both parts are made; the unseen
part comes from other seeds, which were never looked at while the recogniser was built.
"""

from __future__ import annotations

import argparse
import random
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator

from letters import compose, measure, noise, others

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


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--part", choices=SEEDS, default="unseen")
    parser.add_argument("--size", type=int, default=1200)
    parser.add_argument("--misses", type=int, default=10)
    parser.add_argument("--fields", type=int, default=0)
    args = parser.parse_args()
    tally: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    missed, wrong = [], []
    for layout, condition, made, reading in positives(args.part, args.size):
        official = found(reading)
        hit = official.score >= 0.5
        for group, name in (("condition", condition), ("layout", layout), ("kind", made.kind)):
            tally[group][name][0] += hit
            tally[group][name][1] += 1
        if not hit:
            missed.append((condition, layout, official.score, reading.text))
            continue
        best = max(official.documents, key=lambda d: d.score)
        for name, right in fields(made, best, reading.text).items():
            for group in ("field", f"field {name}"):
                tally[group][name if group == "field" else condition][0] += right
                tally[group][name if group == "field" else condition][1] += 1
            if not right and condition not in ("bad OCR"):
                wrong.append((name, condition, layout, getattr(made, name), getattr(best, name), reading.text))
    for group, rows in tally.items():
        measure.table(
            f"documents found, by {group}" if not group.startswith("field") else f"{group} right",
            [(n, *c) for n, c in rows.items()],
        )
    alarms = []
    for title, makers, size in (
        ("false alarms: other Vietnamese text", others.ORDINARY, 2 * args.size),
        ("false alarms: petitions, contracts, forms", others.LOOKALIKE, args.size),
    ):
        counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        for kind, reading in negatives(args.part, size, makers):
            official = found(reading)
            counts[kind][0] += official.score >= 0.5
            counts[kind][1] += 1
            if official.score >= 0.5:
                alarms.append((kind, official.documents[0], reading.text))
        measure.table(title, [(n, *c) for n, c in counts.items()])
    for condition, layout, score, text in missed[: args.misses]:
        print(f"\n--- missed: {condition}, {layout}, score {score}\n{text[:900]}")
    for kind, document, text in alarms[: args.misses]:
        print(f"\n--- false alarm: {kind} {document.evidence}\n{text[:700]}")
    for name, condition, layout, truth, said, text in wrong[: args.fields]:
        print(f"\n--- {name}: {condition}, {layout}: {truth!r} read as {said!r}\n{text[:700]}")


if __name__ == "__main__":
    main()
