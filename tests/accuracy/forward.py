"""Accuracy of the forward recogniser: ``python tests/accuracy/forward.py [--list] [--seed N]`` prints the table.

Generated mail (``tests/facts/forward_samples``) in the words of every client and language; then languages whose words
were taken out of the tables (what the recogniser does with a language that it does not know). Columns: found, missed
or false alarms, share with its 95 % Wilson interval; author and subject of the original read right.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "milter")]

from facts.forward_samples.generate import LOCALES, Sample, forwards, others  # noqa: E402
from vanthu.facts.forward import recognise  # noqa: E402
from vanthu.facts.forwards import words  # noqa: E402
from vanthu.facts.model import Forward  # noqa: E402
from vanthu.mail.envelope import Envelope, Recipient  # noqa: E402
from vanthu.mail.parse import parse  # noqa: E402

TIME = datetime(2026, 9, 28, 3, 0, tzinfo=UTC)


def wilson(hits: int, total: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson)."""
    if not total:
        return 0.0, 1.0
    z = 1.96
    share = hits / total
    centre = (share + z * z / (2 * total)) / (1 + z * z / total)
    half = z * ((share * (1 - share) / total + z * z / (4 * total * total)) ** 0.5) / (1 + z * z / total)
    return max(0.0, centre - half), min(1.0, centre + half)


def judge(sample: Sample) -> Forward:
    envelope = Envelope(sample.sender, tuple(Recipient(address) for address in sample.recipients), TIME, "submission")
    return recognise(parse(sample.raw), envelope, lambda address: "other", lambda host: False)[0]


def table(title: str, samples: Iterable[Sample], show: bool) -> None:
    found = total = right = 0
    wrong: list[str] = []
    for sample in samples:
        total += 1
        forward = judge(sample)
        hit = forward.kind != "none"
        found += hit
        if hit and sample.is_forward:
            subject = (forward.original.subject or "").strip() == (sample.subject or "")
            right += (subject and forward.original.from_ in (sample.author, None)) or (
                subject and "names-only" in sample.name
            )
        if hit != sample.is_forward:
            wrong.append(f"  {sample.language:10} {sample.name:34} {forward.score:.2f} {forward.evidence}")
    low, high = wilson(found, total)
    word = "found" if title.startswith("forwards") else "false alarms"
    print(f"{title:44} {total:6}  {word} {found:6}  {found / max(total, 1):8.2%}  [{low:.2%}, {high:.2%}]", end="")
    print(f"  original right {right / max(found, 1):.1%}" if title.startswith("forwards") else "")
    if show:
        print("\n".join(wrong))


def forget(languages: set[str]) -> None:
    """Take out of the tables the words that only these languages use."""

    def used(inside: bool) -> set[str]:
        texts = (
            text
            for language, clients in LOCALES.items()
            if (language in languages) == inside
            for each in clients.values()
            for text in each.values()
        )
        return {words.fold(text).strip(words.FRAME) for text in texts}

    gone = used(True) - used(False)
    for word in gone & words.LABELS.keys():
        del words.LABELS[word]
    words.FORWARD = frozenset(words.FORWARD - gone)  # type: ignore[misc]
    words.ORIGINAL = frozenset(words.ORIGINAL - gone)  # type: ignore[misc]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--list", action="store_true", help="list misses and false alarms")
    parser.add_argument("--seed", type=int, default=7)
    args = parser.parse_args()
    table("forwards, all clients and languages", forwards(args.seed), args.list)
    table("replies and ordinary mail", others(args.seed), args.list)
    unknown = {language for number, language in enumerate(sorted(LOCALES)) if number % 5 == 3}
    forget(unknown)
    table(f"forwards, {len(unknown)} languages unknown", forwards(args.seed + 1, sorted(unknown)), args.list)
    table(f"replies, {len(unknown)} languages unknown", others(args.seed + 1, sorted(unknown)), args.list)


if __name__ == "__main__":
    main()
