"""Writes docs/recognisers.md from the recognisers' own docstrings: ``python docs/recognisers.py``.

What a recogniser does is said once, beside its code; ``tests/facts/test_recognisers_page.py`` fails where the page
is not what this writes.
"""

from __future__ import annotations

import importlib
import re
from pathlib import Path

PAGE = Path(__file__).with_suffix(".md")
MODULES = (
    ("Official documents", "vanthu.facts.official"),
    ("Secrecy marks", "vanthu.facts.secrecy"),
    ("Sensitivity labels and header fields", "vanthu.facts.secrecy.headers"),
    ("Forwards and quoted mail", "vanthu.facts.forward"),
    ("Automatic forwards", "vanthu.facts.forwards.automatic"),
    ("Subject prefixes", "vanthu.facts.forwards.subject"),
    ("Whose mailbox", "vanthu.facts.relation"),
    ("Who answers whom", "vanthu.facts.conversation"),
    ("Class of a mailbox: lists", "vanthu.providers.model"),
    ("Class of a mailbox: DNS", "vanthu.facts.exchangers"),
    ("Look-alike domains", "vanthu.providers.lookalike"),
    ("Signatures", "vanthu.facts.signature"),
    ("Links to file shares", "vanthu.facts.links"),
    ("Operators' detectors", "vanthu.policy.detectors"),
    ("Vietnamese before Unicode", "vanthu.vietnamese.legacy"),
    ("Text encoded twice", "vanthu.mail.mended"),
)
HEAD = """# Recognisers

<!-- Written by docs/recognisers.py from the modules' docstrings; change those. -->

What each recogniser looks for and why, from which score on it counts, what it finds and leaves alone, and what it
cannot see. What all facts mean: [facts.md](facts.md).

How often each is right: `make accuracy`. `make accuracy ROOT=DIR` also measures samples of your own, by the folder
that they lie in: `DIR/official/yes`, `DIR/official/no`, and the same for `secrecy` and `forward`; messages, texts,
documents and scans. `a.pdf.expected.yaml` beside `a.pdf` says what must be read of it (`number: '815'`).

A score is a probability-like number; from 0.5 on something counts as found. What could not be read or searched to
its end is never "clean": the fact is then *unavailable* with a reason, and a rule sees it as unknown.

"""
TAIL = """## Ways around, named honestly

Each line that a mail filter can see is a test in `tests/facts/test_ways_around.py`.

| way | what the facts say |
|---|---|
| inline screenshot, scan | read by OCR where it is on; else the picture is an attachment that was not read, and `/official`, `/secrecy`, `/forward` are unknown (`timeout`, `too_large` …) |
| archive with a password, part of a multi-volume archive | `attachments[].reason` `encrypted` or `malformed`; all three facts unknown |
| S/MIME or PGP encrypted body | an attachment that was not read, `encrypted` |
| renamed file | the type is by content; it is read as what it is |
| pasted text, also behind `>` | read like any text |
| long base64, uuencode, yEnc in the text | defect `base64_in_text`, `uuencode`, `yenc`; not decoded |
| letters of other scripts, full-width letters, characters without width | folded before anything is looked for |
| text that HTML hides | defect `hidden_text`; not taken for what the reader sees |
| UTF-8 encoded twice, TCVN3, VNI, VIQR, VISCII | decoded; a defect says so |
| link to a cloud share | `links[]` has class and family; what lies behind it is not fetched |
| `+tag`, dots at Gmail | the same mailbox |
| alias services | class `relay` |
| calendar entries, business cards | their text is read, folded lines and escapes undone |
| TNEF (`winmail.dat`) | its body, files and messages are read as others are |
| a text of megabytes before the document | beyond the reading limit the fact is unknown, `too_large` or `too_many` |
| the document told again in one's own words | **not seen** |
| a code word agreed beforehand, steganography | **not seen** |
| Zalo and other messengers, a phone's photograph of the screen, USB sticks | **out of reach** of a mail filter |
"""  # noqa: E501


def _markdown(docstring: str) -> str:
    text = re.sub(r"``(.+?)``", r"`\1`", docstring.strip(), flags=re.S)
    return re.sub(r"(?<!\n)\n- ", "\n\n- ", text, count=1)


def page() -> str:
    """The whole page."""
    sections = []
    for title, name in MODULES:
        docstring = importlib.import_module(name).__doc__ or ""
        sections.append(
            f"## {title}\n\n`{name.removeprefix('vanthu.').replace('.', '/')}`\n\n{_markdown(docstring)}\n\n"
        )
    return HEAD + "".join(sections) + TAIL


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
