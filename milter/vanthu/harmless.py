"""Text that strangers chose, as it may be shown: on a terminal it must not move the cursor, in a spreadsheet it must
not be calculated. Never raises.
"""

from __future__ import annotations


def printable(text: str, instead: str = "?") -> str:
    """The same with ``instead`` for every sign that is not printed (``str.isprintable``): ends of lines, too."""
    return "".join(sign if sign.isprintable() else instead for sign in text)


def one_line(text: str, instead: str = " ") -> str:
    """As a line of its own: ``printable``, with one space where there are several, and none at the ends."""
    return " ".join(printable(text, instead).split())


# The wide signs are those of Chinese and Japanese keyboards; Excel takes them for the same.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def cell(text: str) -> str:
    """The same, with an apostrophe before what a spreadsheet would take for a formula (CWE-1236)."""
    return f"'{text}" if text.startswith(_FORMULA) else text
