"""Encoded blocks that stand inside a text: noted, since a filter that reads only words would pass them by."""

from __future__ import annotations

import re

_UUENCODE = re.compile(r"^begin(?:-base64)? [0-7]{3,4} \S", re.MULTILINE)
_YENC = re.compile(r"^=ybegin (?:part=\d{1,9} )?(?:total=\d{1,9} )?line=\d", re.MULTILINE)
_BASE64_LINE = re.compile(r"[A-Za-z0-9+/]{60,}={0,2}\Z")
_ENOUGH_LINES = 8
_ENOUGH_IN_ONE = 600


def noted(text: str) -> list[str]:
    """Defects: ``uuencode``, ``yenc``, ``pgp_message``, ``base64_in_text``."""
    found: list[str] = []
    if "begin" in text and _UUENCODE.search(text):
        found.append("uuencode")
    if "=ybegin" in text and _YENC.search(text):
        found.append("yenc")
    if "-----BEGIN PGP MESSAGE-----" in text:
        found.append("pgp_message")
    if len(text) > _ENOUGH_IN_ONE and _base64(text):
        found.append("base64_in_text")
    return found


def _base64(text: str) -> bool:
    """Eight lines of 60 or more base64 characters in a row, or one of 600; both cases and a digit must occur."""
    run: list[str] = []
    for line in text.split("\n"):
        if len(line) < 60:
            run = []
            continue
        bare = line.strip("> \t")
        if " " in bare or not _BASE64_LINE.match(bare):
            run = []
            continue
        run.append(bare)
        if len(run) >= _ENOUGH_LINES or len(bare) >= _ENOUGH_IN_ONE:
            if _mixed("".join(run)):
                return True
            run = []
    return False


def _mixed(block: str) -> bool:
    return not (block.islower() or block.isupper() or block.isalpha() or block.isdigit()) and len(set(block)) > 30
