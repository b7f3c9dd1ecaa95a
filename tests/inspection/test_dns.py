"""The enquiry about mail exchangers, against a DNS server of our own on loopback."""

from __future__ import annotations

import threading
import time

import pytest

from support.dns_server import DnsServer
from support.waiting import wait_until
from vanthu.answers import Absent, Known, Unavailable
from vanthu.inspection import dns as enquiry
from vanthu.inspection.dns import WAITING, Dns, Found
from vanthu.inspection.resolver import open_resolver

GOOGLE = {"alt1.aspmx.l.google.com": 5, "ASPMX.L.GOOGLE.COM": 1}
ZONE = {
    "firm.vn": GOOGLE,
    "own.vn": {"mx.own.vn": 10},
    "none.vn": {},
    "null.vn": {"": 0},
    "broken.vn": "servfail",
    "shut.vn": "refused",
    "large.vn": "truncated",
    "dumb.vn": "silent",
    "garbled.vn": "garbage",
    "liar.vn": "liar",
    "xn--cngty-pqa.vn": GOOGLE,
}
TIMEOUT, ERROR = Unavailable("dns_timeout"), Unavailable("dns_error")


def ask(dns: Dns, *domains: str) -> Found:
    asking = dns.ask(domains, time.monotonic() + 20)
    return asking.found() if asking is not None else enquiry.NOTHING


def open_dns(server: DnsServer, seconds: float = 0.5, **options: object) -> Dns:
    return Dns(servers=(server.address,), seconds=seconds, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("domain", "answer"),
    [
        ("firm.vn", Known(("aspmx.l.google.com", "alt1.aspmx.l.google.com"))),
        ("own.vn", Known(("mx.own.vn",))),
        ("xn--cngty-pqa.vn", Known(("aspmx.l.google.com", "alt1.aspmx.l.google.com"))),
        ("large.vn", Known(("aspmx.l.google.com", "alt1.aspmx.l.google.com"))),
        ("none.vn", Absent()),
        ("null.vn", Absent()),
        ("nobody.vn", Absent()),
        ("broken.vn", ERROR),
        ("shut.vn", ERROR),
        ("dumb.vn", TIMEOUT),
        ("liar.vn", TIMEOUT),
        ("garbled.vn", TIMEOUT),
        ("a" * 64 + ".vn", Absent()),
        ("a..vn", Absent()),
        ("x\\300.vn", Absent()),
        (".".join(["a" * 60] * 5), Absent()),
    ],
)
def test_answers_are_values(domain: str, answer: object) -> None:
    with DnsServer(ZONE) as server:
        assert ask(open_dns(server), domain).answers == {domain: answer}


def test_all_domains_of_a_mail_share_one_deadline_and_the_rest_is_known() -> None:
    zone = {**ZONE, "slow.vn": lambda _: time.sleep(0.1) or GOOGLE, "slower.vn": lambda _: time.sleep(3) or GOOGLE}
    with DnsServer(zone) as server:
        began = time.monotonic()
        found = ask(open_dns(server, 1.0), "firm.vn", "slow.vn", "slower.vn", "dumb.vn", "none.vn")
        assert 0.9 < time.monotonic() - began < 2.0  # one after the other they would take 2.1
    assert [type(answer) for answer in found.answers.values()].count(Known) == 2
    assert found.answers["slower.vn"] == found.answers["dumb.vn"] == TIMEOUT
    assert found.results == {"known": 2, "absent": 1, "dns_timeout": 2}


def test_what_was_said_is_kept_and_so_is_silence() -> None:
    with DnsServer(ZONE) as server:
        dns = open_dns(server)
        first = ask(dns, "firm.vn", "nobody.vn", "dumb.vn", "broken.vn")
        asked = dict(server.asked)
        began = time.perf_counter()
        again = ask(dns, "firm.vn", "nobody.vn", "dumb.vn", "broken.vn")
        assert time.perf_counter() - began < 0.25  # half of what one question may take
        assert again.answers == first.answers
        assert again.results == {"cached": 4}
        assert {name: server.asked[name] for name in asked if name != "."} == {
            name: count for name, count in asked.items() if name != "."
        }


def test_the_cache_is_bounded_and_forgets_the_longest_unused() -> None:
    with DnsServer({f"d{number}.vn": GOOGLE for number in range(4)}) as server:
        dns = open_dns(server, cache=3)
        for domain in ("d0.vn", "d1.vn", "d2.vn", "d0.vn", "d3.vn", "d0.vn", "d1.vn"):
            ask(dns, domain)
        assert server.asked == {"d0.vn": 1, "d1.vn": 2, "d2.vn": 1, "d3.vn": 1}


def test_a_name_in_use_is_renewed_before_its_time_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    with DnsServer(ZONE, ttl=600) as server:
        dns = open_dns(server)
        ask(dns, "firm.vn")
        late = time.monotonic() + 570
        monkeypatch.setattr(enquiry.time, "monotonic", lambda: late)
        server.zone["firm.vn"] = {"mx.own.vn": 1}
        assert ask(dns, "firm.vn").results == {"cached": 1}
        wait_until(lambda: ask(dns, "firm.vn").answers["firm.vn"] == Known(("mx.own.vn",)))
        assert server.asked["firm.vn"] == 2


def test_a_failed_renewal_keeps_what_is_still_good(monkeypatch: pytest.MonkeyPatch) -> None:
    with DnsServer(ZONE, ttl=600) as server:
        dns = open_dns(server)
        kept = ask(dns, "firm.vn").answers
        late = time.monotonic() + 570
        monkeypatch.setattr(enquiry.time, "monotonic", lambda: late)
        server.zone["firm.vn"] = "servfail"
        ask(dns, "firm.vn")
        wait_until(lambda: server.asked["firm.vn"] >= 2)
        time.sleep(0.1)
        assert ask(dns, "firm.vn").answers == kept


def test_many_mails_ask_once_and_too_many_questions_are_busy() -> None:
    domains = [f"d{number}.vn" for number in range(WAITING)]
    gate = threading.Event()
    with DnsServer({domain: lambda _: gate.wait(5) and GOOGLE for domain in domains}) as server:
        dns = open_dns(server, seconds=3.0)
        begun = [dns.ask(domains, time.monotonic() + 9) for _ in range(5)]
        assert ask(dns, "firm.vn").answers == {"firm.vn": Unavailable("busy")}
        gate.set()
        for asking in begun:
            assert asking is not None
            assert all(isinstance(answer, Known) for answer in asking.found().answers.values())
        assert server.asked == dict.fromkeys(domains, 1)


def test_mail_from_outside_leaves_half_of_the_places_to_mail_that_goes_out() -> None:
    gate = threading.Event()
    slow = [f"d{number}.vn" for number in range(WAITING // 2)]
    with DnsServer({**ZONE, **{domain: lambda _: gate.wait(5) and GOOGLE for domain in slow}}) as server:
        dns = open_dns(server, seconds=3.0)
        begun = dns.ask(slow, time.monotonic() + 9, outside=True)
        again = dns.ask(["own.vn"], time.monotonic() + 9, outside=True)
        assert again is not None
        assert again.found().answers == {"own.vn": Unavailable("busy")}
        assert ask(dns, "own.vn").answers == {"own.vn": Known(("mx.own.vn",))}
        gate.set()
        assert begun is not None
        assert begun.found().results == {"known": len(slow)}


def test_the_systems_resolver_may_move(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(enquiry, "_AGAIN", 0.2)
    with DnsServer(ZONE) as old, DnsServer(ZONE) as new:
        dns = open_dns(old)
        monkeypatch.setattr(dns, "_meant", False)
        assert isinstance(ask(dns, "own.vn").answers["own.vn"], Known)
        old.mute = True
        ask(dns, "firm.vn")
        wait_until(lambda: dns._away is not None)
        monkeypatch.setattr(enquiry, "open_resolver", lambda *_: open_resolver((new.address,), 0.5))
        wait_until(lambda: isinstance(ask(dns, "none.vn").answers["none.vn"], Absent))


def test_a_resolver_that_is_away_costs_one_deadline_and_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(enquiry, "_AGAIN", 0.2)
    with DnsServer(ZONE) as server:
        dns = open_dns(server)
        assert isinstance(ask(dns, "own.vn").answers["own.vn"], Known)
        server.mute = True
        assert ask(dns, "firm.vn").answers == {"firm.vn": TIMEOUT}
        wait_until(lambda: dns._away is not None)
        began = time.perf_counter()
        domains = [f"d{number}.vn" for number in range(40)]
        assert ask(dns, *domains).answers == dict.fromkeys(domains, TIMEOUT)
        assert time.perf_counter() - began < 0.25  # half of what one question may take
        assert server.asked["d0.vn"] == 0
        server.mute = False
        wait_until(lambda: isinstance(ask(dns, "d0.vn").answers["d0.vn"], Absent))


def test_one_lame_domain_does_not_switch_the_resolver_off() -> None:
    with DnsServer(ZONE) as server:
        dns = open_dns(server)
        assert ask(dns, "dumb.vn").answers == {"dumb.vn": TIMEOUT}
        wait_until(lambda: server.asked["."] == 1)
        assert isinstance(ask(dns, "firm.vn").answers["firm.vn"], Known)


def test_the_systems_resolver_that_never_answered_is_no_outage(monkeypatch: pytest.MonkeyPatch) -> None:
    with DnsServer(ZONE) as server:
        dns = open_dns(server)
        monkeypatch.setattr(dns, "_meant", False)  # as if /etc/resolv.conf had named it
        server.mute = True
        assert ask(dns, "firm.vn") == Found({}, {"offline": 1})
        wait_until(lambda: dns._away is not None)
        began = time.perf_counter()
        assert ask(dns, "firm.vn", "own.vn") == Found({}, {"offline": 2})
        assert time.perf_counter() - began < 0.25  # half of what one question may take


def test_switched_off_or_without_a_resolver_nobody_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Dns(enabled=False).ask(["firm.vn"], time.monotonic() + 1) is None
    from vanthu.inspection import resolver

    def unconfigured(*_: object, **__: object) -> None:
        raise resolver.dns.resolver.NoResolverConfiguration

    monkeypatch.setattr(resolver.dns.resolver, "Resolver", unconfigured)
    assert Dns().ask(["firm.vn"], time.monotonic() + 1) is None


def test_nothing_to_ask_is_nothing_asked() -> None:
    with DnsServer(ZONE) as server:
        assert open_dns(server).ask([], time.monotonic() + 1) is None
        assert server.asked == {}
