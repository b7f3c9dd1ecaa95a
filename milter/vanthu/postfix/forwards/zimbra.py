"""Forwards in a Zimbra export: ``zmprov -l gaa -v`` or LDIF of its directory. Pure; text of any kind ends in a value.

Read are the addresses that a user or an administrator set to forward to, and the user's filters, which are Sieve.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from .model import Step
from .sieve import redirects

_NAME = re.compile(r"# name (?P<name>[^\s@]{1,256}@[^\s@]{1,256})\s*\Z")
_ATTRIBUTE = re.compile(r"(?P<name>[A-Za-z][A-Za-z0-9;-]{0,99})(?P<coded>::?)(?: (?P<value>.*))?\Z", re.DOTALL)
_FORWARDS = ("zimbraprefmailforwardingaddress", "zimbramailforwardingaddress")
_SCRIPTS = ("zimbramailsievescript", "zimbraadminsievescriptbefore", "zimbraadminsievescriptafter")
_ADDRESSES = ("zimbramaildeliveryaddress", "mail")


@dataclass(slots=True)
class _Account:
    line: int
    name: str | None = None
    parts: list[tuple[int, str, list[str]]] = field(default_factory=list)  # line, attribute in small letters, value

    @property
    def values(self) -> Iterator[tuple[int, str, str]]:
        """Line, attribute and value; LDIF writes what is beyond ASCII or has line ends in base64 (``name:: …``)."""
        for line, name, parts in self.parts:
            value = "".join(parts)
            if not name.endswith(":"):
                yield line, name, value
                continue
            try:
                yield line, name[:-1], base64.b64decode(value).decode("utf-8", "replace")
            except (binascii.Error, ValueError):
                continue


def forwards(text: str, file: str) -> Iterator[Step]:
    """Every forward of every account, with the line of the export where it stands."""
    for account in _accounts(text.splitlines()):
        values = list(account.values)
        given = {name: value for _, name, value in reversed(values)}
        mailbox = account.name or next((given[name].strip() for name in _ADDRESSES if given.get(name)), None)
        if mailbox is None:
            continue
        keeps = given.get("zimbraprefmaillocaldeliverydisabled", "").strip().upper() != "TRUE"
        for line, name, value in values:
            if name in _FORWARDS:
                for target in re.split(r"[,\s]+", value.strip()):
                    if target:
                        yield Step("zimbra", f"{file}:{line}", mailbox, target, keeps)
            elif name in _SCRIPTS:
                for one in redirects(value):
                    yield Step("sieve", f"{file}:{line + one.line - 1}", mailbox, one.address, one.copy)


def _accounts(lines: Iterable[str]) -> Iterator[_Account]:
    account: _Account | None = None
    ldif = False
    for number, line in enumerate(lines, 1):
        name = _NAME.match(line)
        if name is not None or line.startswith(("dn: ", "dn:: ")):
            if account is not None:
                yield account
            account, ldif = _Account(number, name["name"] if name is not None else None), name is None
        elif account is not None:
            _add(account, number, line, ldif)
    if account is not None:
        yield account


def _add(account: _Account, number: int, line: str, ldif: bool) -> None:
    found = None if ldif and line.startswith(" ") else _ATTRIBUTE.match(line)
    if found is not None:
        name = found["name"].lower() + (":" if found["coded"] == "::" else "")
        account.parts.append((number, name, [found["value"] or ""]))
    elif account.parts and (not ldif or line.startswith(" ")):
        # LDIF folds long lines; zmprov writes filters over several lines, as they are.
        account.parts[-1][2].append(line[1:] if ldif else f"\n{line}")
