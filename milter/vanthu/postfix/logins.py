"""Who logged in to a mailbox, when and from where, out of logs of Dovecot and Zimbra. Pure; refused logins are none.

Read are lines of Dovecot's login processes (imap, pop3, managesieve, submission), by syslog (time stamps of RFC 3164
or RFC 3339) or in a log file of its own, and Zimbra's audit.log and mailbox.log. All else in a log is passed over.
A syslog line names no year: it is the last in which the day is not in the future.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address
from zoneinfo import ZoneInfo

_LONGEST = 4096  # characters of a line
_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTHS = {name: number for number, name in enumerate(_NAMES, 1)}
_STAMP = re.compile(
    r"(?:(?P<iso>\d{4}-\d\d-\d\d)[T ](?P<clock>\d\d:\d\d:\d\d)(?:[.,]\d{1,9})?(?P<zone>Z|[+-]\d\d:?\d\d)?"
    r"|(?P<month>[A-Z][a-z]{2}) {1,2}(?P<day>\d{1,2}) (?P<time>\d\d:\d\d:\d\d))\s"
)
_DOVECOT = re.compile(
    r"\b(?P<protocol>imap|pop3|managesieve|submission)-login: (?:Info: )?(?:Login|Logged in): (?P<rest>.{1,2000})"
)
_USER = re.compile(r"\buser=<(?P<user>[^<>]{1,320})>")
_REMOTE = re.compile(r"\brip=(?P<ip>[0-9A-Fa-f.:]{2,45})")
_ZIMBRA = re.compile(r"\bsecurity - cmd=Auth; account=(?P<user>[^;\s]{1,320});(?P<rest>.{0,2000})")
_ZIMBRA_PROTOCOL = re.compile(r"\bprotocol=(?P<protocol>[a-z0-9_]{1,20})")
_ZIMBRA_MAILBOX = re.compile(r"\b(?P<protocol>imap|pop) - user (?P<user>[^\s,;]{1,320}) authenticated\b")
# ``oip`` is the client behind the proxy, ``ip`` the proxy where there is one.
_ZIMBRA_REMOTE = re.compile(r"(?<=[\[;])(?P<kind>oip|ip)=(?P<ip>[0-9A-Fa-f.:]{2,45})(?=[;\]])")


@dataclass(frozen=True, slots=True)
class Login:
    """``user`` as the log has it, ``time`` in UTC, ``remote`` None where the log does not tell."""

    user: str
    time: datetime
    protocol: str
    remote: IPv4Address | IPv6Address | None


def logins(lines: Iterable[str], zone: ZoneInfo, now: datetime) -> Iterator[Login]:
    """Every login, in the order of the lines; ``zone`` is that of stamps which name none."""
    for line in lines:
        text = line[:_LONGEST]
        if "ogin: " in text or "cmd=Auth" in text or "authenticated" in text:
            found = _dovecot(text) or _zimbra(text)
            moment = _time(text, zone, now) if found is not None else None
            if found is not None and moment is not None:
                yield Login(found[0], moment, found[1], found[2])


_Found = tuple[str, str, IPv4Address | IPv6Address | None]


def _dovecot(line: str) -> _Found | None:
    login = _DOVECOT.search(line)
    user = _USER.search(login["rest"]) if login is not None else None
    if login is None or user is None:
        return None
    remote = _REMOTE.search(login["rest"])
    return user["user"], login["protocol"], _address(remote["ip"]) if remote is not None else None


def _zimbra(line: str) -> _Found | None:
    audit = _ZIMBRA.search(line)
    if audit is not None and "error=" not in audit["rest"]:
        protocol = _ZIMBRA_PROTOCOL.search(audit["rest"])
        return audit["user"], protocol["protocol"] if protocol is not None else "soap", _behind(line)
    mailbox = _ZIMBRA_MAILBOX.search(line) if audit is None else None
    if mailbox is None:
        return None
    return mailbox["user"], {"pop": "pop3"}.get(mailbox["protocol"], mailbox["protocol"]), _behind(line)


def _behind(line: str) -> IPv4Address | IPv6Address | None:
    found = {match["kind"]: match["ip"] for match in _ZIMBRA_REMOTE.finditer(line)}
    text = found.get("oip") or found.get("ip")
    return _address(text) if text else None


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def _time(line: str, zone: ZoneInfo, now: datetime) -> datetime | None:
    stamp = _STAMP.match(line.removeprefix("dovecot: "))
    if stamp is None:
        return None
    try:
        if stamp["iso"]:
            told = datetime.fromisoformat(f"{stamp['iso']}T{stamp['clock']}{stamp['zone'] or ''}")
            return (told if told.tzinfo is not None else told.replace(tzinfo=zone)).astimezone(UTC)
        clock = time.fromisoformat(stamp["time"])
        return _latest(_MONTHS[stamp["month"]], int(stamp["day"]), clock, zone, now)
    except (KeyError, ValueError, OverflowError):
        return None


def _latest(month: int, day: int, clock: time, zone: ZoneInfo, now: datetime) -> datetime | None:
    """A day without a year is the last of that name; the 29th of February may lie four years back."""
    for year in range(now.year + 1, now.year - 8, -1):
        try:
            found = datetime.combine(date(year, month, day), clock, zone).astimezone(UTC)
        except ValueError:
            continue
        if found <= now + timedelta(days=1):
            return found
    return None
