"""The mail of a chaos round: everything that offices send, each letter with its promise. The rules of
tests/e2e/policies go by subject, so what must become of a letter is known before anybody has judged it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from io import BytesIO
from random import Random

from PIL import Image, ImageDraw, ImageFont

from support.attached import LETTER, docx, mail
from support.ledger import Promise
from support.load import AN, HOA, Mail
from support.vanthu import ROOT

sys.path.append(str(ROOT / "deploy" / "demo"))

from letters import BINH, DISPATCH, FORWARD, INTERNAL

_GMAIL = "thuky.hung@gmail.com"
_FONT = "/usr/share/fonts/truetype/croscore/Tinos-Regular.ttf"
# How often each kind of mail comes, in a hundred.
_SHARES = {
    "plain": 39, "forward": 8, "dispatch": 8, "docx": 8, "same_docx": 6, "scan": 1, "unlisted": 10, "reject": 6,
    "hold": 5, "strip": 5, "tag": 4,
}  # fmt: skip
LARGE = 50 << 20


class Traffic:
    """``next`` makes one mail after the other, the same for the same seed; ``promises`` by key."""

    def __init__(self, seed: str, scans: bool = True) -> None:
        self.promises: dict[str, Promise] = {}
        self._seed = seed
        self._random = Random(seed)
        self._count = 0
        self._scan = _scan()
        self._shares = {kind: share for kind, share in _SHARES.items() if scans or kind != "scan"}
        self._kinds: dict[str, Callable[[str], tuple[str, bytes]]] = {
            "forward": lambda key: (HOA, _text("Fwd: Lịch họp", FORWARD)),
            "dispatch": lambda key: (BINH, _text("Công văn 1215/SYT-NVY", DISPATCH)),
            "docx": lambda key: (HOA, mail(AN, "Công văn", ("cong-van.docx", docx(*LETTER, key, padding=20_000)))),
            "same_docx": lambda key: (HOA, mail(AN, "Công văn", ("cong-van.docx", docx(*LETTER, padding=20_000)))),
            "scan": lambda key: (HOA, mail(AN, "Quét", ("quet.jpg", self._scan + key.encode()))),
            "unlisted": lambda key: (f"ai.do@{self._count}.unlisted.example", _text("Kết quả", INTERNAL)),
        }

    def next(self, number: int) -> Mail:
        """The next mail; ``number`` is not asked for anything, since several loads may follow each other."""
        (kind,) = self._random.choices(list(self._shares), list(self._shares.values()))
        self._count += 1
        key = f"<{self._count}.{kind}.{self._seed}@lab.example>"
        if kind in self._kinds:
            recipient, raw = self._kinds[kind](key)
            return self._promised(key, raw, Promise("pass", frozenset({recipient}), marked=_official(recipient)))
        raw = _text(f"{kind} {self._count}", INTERNAL)
        if kind in ("reject", "hold"):
            fate: Promise = Promise("reject" if kind == "reject" else "hold", frozenset(), frozenset({HOA}))
            return self._promised(key, raw, fate, HOA)
        stripped = frozenset({_GMAIL}) if kind == "strip" else frozenset[str]()
        return self._promised(key, raw, Promise("pass", frozenset({HOA}), stripped, marked=True), HOA, *stripped)

    def large(self, size: int = LARGE) -> Mail:
        """One mail of many megabytes."""
        self._count += 1
        key = f"<{self._count}.large.{self._seed}@lab.example>"
        line = b"A" * 76 + b"\r\n"
        head = f"From: {AN}\r\nSubject: large\r\nMIME-Version: 1.0\r\nContent-Type: application/octet-stream\r\n"
        raw = f"{head}Content-Transfer-Encoding: base64\r\n\r\n".encode() + line * (size // len(line))
        return self._promised(key, raw, Promise("pass", frozenset({HOA}), marked=True))

    def _promised(self, key: str, raw: bytes, promise: Promise, *recipients: str) -> Mail:
        self.promises[key] = promise
        return Mail(key, AN, recipients or tuple(promise.recipients), f"Message-ID: {key}\r\n".encode() + raw)


def _official(address: str) -> bool:
    return address.endswith(".hathanh.gov.vn")


def _text(subject: str, text: str) -> bytes:
    head = f"From: {AN}\r\nSubject: {subject}\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
    return (f"{head}Content-Transfer-Encoding: 8bit\r\n\r\n" + text.replace("\n", "\r\n")).encode()


def _scan() -> bytes:
    """A page as a scanner gives it; what is appended behind its end makes another file of the same picture."""
    page = Image.new("L", (1240, 260), 250)
    draw = ImageDraw.Draw(page)
    letters = ImageFont.truetype(_FONT, 24)
    for number, line in enumerate(DISPATCH.splitlines()[:5]):
        draw.text((80, 40 + number * 38), line, 20, letters)
    made = BytesIO()
    page.save(made, "JPEG", quality=70)
    return made.getvalue()
