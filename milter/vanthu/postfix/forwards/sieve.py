"""Where a Sieve script (RFC 5228) sends mail: ``redirect``, and ``notify`` by mail (RFC 5435). Pure.

Only tokens are read, not the tests around them: a redirect under a condition is a forward all the same. An address
that is made of variables (RFC 5229) or comes from a list is told as ``(computed)``. Text of any kind ends in a value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

COMPUTED = "(computed)"
_LONGEST = 100  # tokens of one command

_TOKEN = re.compile(
    r"""
    (?P<space>\s+ | \#[^\n]* | /\*(?:[^*]|\*(?!/))*+(?:\*/)?)
  | (?P<text>text:[ \t]*(?:\#[^\n]*)?\r?\n)
  | "(?P<string>(?:[^"\\]|\\.)*+)"?
  | (?P<tag>:[A-Za-z_][A-Za-z0-9_]*)
  | (?P<word>[A-Za-z_][A-Za-z0-9_]*)
  | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_END = re.compile(r"^\.\r?$", re.MULTILINE)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Redirect:
    """One address, the line on which it stands, and whether a copy stays in the mailbox (``:copy``, RFC 3894)."""

    address: str
    line: int
    copy: bool


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    value: str
    line: int


def redirects(script: str) -> tuple[Redirect, ...]:
    """Every address that a script may send mail to, in order."""
    found = []
    tokens = list(_tokens(script))
    for start, token in enumerate(tokens):
        if token.kind != "word" or token.value.lower() not in ("redirect", "notify"):
            continue
        statement = _statement(tokens, start + 1)
        tags = {one.value.lower() for one in statement if one.kind == "tag"}
        texts = [one for one in statement if one.kind == "string"]
        if token.value.lower() == "redirect" and texts:
            address = COMPUTED if ":list" in tags else _address(texts[-1].value)
            found.append(Redirect(address, token.line, ":copy" in tags))
        elif token.value.lower() == "notify":
            found += [
                Redirect(_address(one.value[len("mailto:") :].partition("?")[0]), token.line, True)
                for one in texts
                if one.value.lower().startswith("mailto:")
            ]
    return tuple(found)


def _statement(tokens: list[_Token], start: int) -> list[_Token]:
    """Tokens up to the semicolon or brace that ends the command; a command that goes on and on is cut."""
    end = start
    while end < min(len(tokens), start + _LONGEST) and not (
        tokens[end].kind == "other" and tokens[end].value in ";{}"
    ):
        end += 1
    return tokens[start:end]


def _tokens(script: str) -> Iterator[_Token]:
    position, line = 0, 1
    while position < len(script):
        match = _TOKEN.match(script, position)
        assert match is not None, "the last alternative takes any character"
        kind, end = match.lastgroup or "other", match.end()
        value = match[kind]
        if kind == "text":
            stop = _END.search(script, end)
            value, kind = script[end : stop.start() if stop else len(script)], "string"
            end = stop.end() if stop else len(script)
        elif kind == "string":
            value = _ESCAPE.sub(r"\1", value)
        if kind != "space":
            yield _Token(kind, value, line)
        line += script.count("\n", position, end)
        position = end


def _address(text: str) -> str:
    return COMPUTED if "${" in text else text.strip().strip("<>")
