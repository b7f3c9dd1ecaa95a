"""Logins out of logs as Dovecot and Zimbra write them."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vanthu.postfix.logins import Login, logins

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
TAIL = "user=<an@x.gov.vn>, method=PLAIN, rip=203.0.113.9, lip=192.0.2.1, mpid=16983, TLS, session=<DA631X4hKgB/>"
ZIMBRA = "2026-11-20 08:01:02,123 INFO  [ImapSSLServer-5] [name=an@x.gov.vn;ip=10.0.0.1;oip=203.0.113.9;ua=x;]"


def read(*lines: str) -> list[Login]:
    return list(logins(lines, ZONE, NOW))


@pytest.mark.parametrize(
    ("line", "protocol"),
    [
        (f"Nov 20 08:01:02 mail dovecot: imap-login: Login: {TAIL}", "imap"),
        (f"2026-11-20T08:01:02.123456+07:00 mail dovecot[77]: pop3-login: Login: {TAIL}", "pop3"),
        (f"2026-11-20T01:01:02Z mail dovecot: imap-login: Login: {TAIL}", "imap"),
        (f"2026-11-20 08:01:02 imap-login: Info: Login: {TAIL}", "imap"),
        (f"Nov 20 08:01:02 imap-login: Info: Login: {TAIL}", "imap"),
        (f"dovecot: Nov 20 08:01:02 managesieve-login: Info: Login: {TAIL}", "managesieve"),
        (f"Nov 20 08:01:02 imap-login: Info: Logged in: {TAIL}", "imap"),
        (f"{ZIMBRA} security - cmd=Auth; account=an@x.gov.vn; protocol=imap;", "imap"),
        (f"{ZIMBRA} security - cmd=Auth; account=an@x.gov.vn; protocol=soap;", "soap"),
        (f"{ZIMBRA} imap - user an@x.gov.vn authenticated, mechanism=PLAIN [TLS]", "imap"),
        (f"{ZIMBRA} pop - user an@x.gov.vn authenticated, mechanism=LOGIN [TLS]", "pop3"),
    ],
)
def test_a_login_in_every_log(line: str, protocol: str) -> None:
    (login,) = read(line)
    assert (login.user, login.protocol, str(login.remote)) == ("an@x.gov.vn", protocol, "203.0.113.9")
    assert login.time.replace(microsecond=0) == datetime(2026, 11, 20, 1, 1, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    "line",
    [
        "Nov 20 08:01:02 mail dovecot: imap-login: Disconnected (auth failed): user=<an@x.gov.vn>, rip=1.2.3.4",
        "Nov 20 08:01:02 mail dovecot: imap(an@x.gov.vn): Logged out in=175 out=1335",
        "Nov 20 08:01:02 mail dovecot: imap-login: Login: user=<>, method=PLAIN, rip=1.2.3.4",
        f"{ZIMBRA} security - cmd=Auth; account=an@x.gov.vn; error=authentication failed for [an], invalid password;",
        "no time imap-login: Login: user=<an@x.gov.vn>",
        "Feb 31 08:01:02 mail dovecot: imap-login: Login: user=<an@x.gov.vn>",
        "2026-13-45T08:01:02Z mail dovecot: imap-login: Login: user=<an@x.gov.vn>",
        "Nov 20 08:01:02 mail postfix/smtpd[1]: 4XyZ: client=x[1.2.3.4], sasl_username=an@x.gov.vn",
    ],
)
def test_what_is_no_login(line: str) -> None:
    assert read(line) == []


def test_a_day_without_a_year_is_the_last_of_that_name() -> None:
    (login,) = read(f"Dec 31 23:30:00 mail dovecot: imap-login: Login: {TAIL}")
    assert login.time == datetime(2025, 12, 31, 16, 30, tzinfo=UTC)
    (leap,) = read(f"Feb 29 08:00:00 mail dovecot: imap-login: Login: {TAIL}")
    assert leap.time.year == 2024


def test_addresses_of_every_kind() -> None:
    (six,) = read("Nov 20 08:01:02 m dovecot: imap-login: Login: user=<an>, rip=2404:6800:4003::1b, lip=::1")
    assert (six.user, str(six.remote)) == ("an", "2404:6800:4003::1b")
    (mapped,) = read("Nov 20 08:01:02 m dovecot: imap-login: Login: user=<an>, rip=::ffff:203.0.113.9")
    assert str(mapped.remote) == "203.0.113.9"
    (none,) = read("Nov 20 08:01:02 m dovecot: imap-login: Login: user=<an>, rip=::::")
    assert none.remote is None


@given(st.text(max_size=300))
def test_any_line_ends_in_a_value(text: str) -> None:
    read(
        text, f"Nov 20 08:01:02 m dovecot: imap-login: Login: {text}", f"{ZIMBRA} security - cmd=Auth; account={text}"
    )


def test_a_long_line_takes_linear_time() -> None:
    begin = time.process_time()
    for piece in ("user=<", "imap-login: Login: ", "cmd=Auth; account=", ";ip=1", " "):
        read(f"Nov 20 08:01:02 imap-login: Login: {piece * 200_000}")
    assert time.process_time() - begin < 1.0
