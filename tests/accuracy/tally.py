"""One measurement: what was counted, by kind, what it should be, and what went wrong."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from letters.measure import wilson


@dataclass(slots=True)
class Tally:
    """Counts of one question. ``goal``: the share that the issue asks for, as a floor or (``alarms``) a ceiling.

    ``origin`` says where the samples are from: ``made`` by this project, or ``found`` in packages, not made to fit.
    """

    recogniser: str
    title: str
    goal: float
    alarms: bool = False
    origin: str = "made"
    rows: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    wrong: list[str] = field(default_factory=list)

    def add(self, kind: str, hit: bool, note: str = "") -> None:
        """One sample; ``note`` is kept where it went wrong."""
        self.rows[kind][0] += hit
        self.rows[kind][1] += 1
        if hit == self.alarms and note:
            self.wrong.append(f"{kind}: {note}")

    @property
    def hits(self) -> int:
        return sum(hits for hits, _ in self.rows.values())

    @property
    def total(self) -> int:
        return sum(total for _, total in self.rows.values())

    @property
    def met(self) -> bool:
        """Whether the share itself reaches the goal."""
        if not self.total:
            return False
        share = self.hits / self.total
        return share <= self.goal if self.alarms else share >= self.goal

    def line(self) -> str:
        """The row of the summary."""
        low, high = wilson(self.hits, self.total)
        sign = "≤" if self.alarms else "≥"
        share = f"{self.hits / max(1, self.total):9.3%}  [{low:8.3%}, {high:8.3%}]"
        said = "ok" if self.met else "MISSED" if self.total else "no samples"
        return (
            f"{self.recogniser:9} {self.title:54} {self.origin:6} {self.hits:6} / {self.total:<6} {share}  "
            f"{sign} {self.goal:.2%}  {said}"
        )

    def kinds(self) -> str:
        """The table by kind."""
        lines = [f"\n{self.recogniser}: {self.title} ({self.origin})"]
        for kind, (hits, total) in self.rows.items():
            low, high = wilson(hits, total)
            lines.append(
                f"  {kind[:44]:44} {hits:6} / {total:<6} {hits / max(1, total):9.2%}   [{low:7.2%}, {high:7.2%}]"
            )
        return "\n".join(lines)
