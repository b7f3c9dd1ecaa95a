"""What has to be done so that whatever leaves this host passes us: a second Postfix instance. Reads, never writes.

The first instance gives all mail for other hosts to the second one, which asks us, and delivers. Only so are copies
seen that ``.forward``, /etc/aliases, virtual aliases and Sieve make: inside one instance no milter sees them. Mail
for ``relay_domains`` is not given to it, because those hosts are inside, and because bounces of the second instance
come back to the first one.

The plan is a list of commands, each with its reason; an empty plan means that everything is in place already.
Refuses where a service by name ``egress`` is there already that is not ours.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from milters import address, split
from postconf import Postconf, Refused

NAME = "postfix-egress"
TRANSPORT = "egress"
# What says how mail leaves moves to the instance that sends it; so do waiting times.
MOVED = re.compile(
    r"(smtp|lmtp|tls|smtputf8)_\w+|(default|sender|relay)_destination_\w+|relayhost|transport_maps|inet_protocols|"
    r"sender_dependent_(relayhost|default_transport)_maps|default_transport|fallback_transport(_maps)?|"
    r"(maximal|bounce)_queue_lifetime|(minimal|maximal)_backoff_time|queue_run_delay|delay_warning_time|"
    r"mydomain|myorigin|compatibility_level|append_dot_mydomain|biff|line_length_limit|header_size_limit"
)
# A host that greets itself by its own name takes that for a loop; outside, the old name is what counts.
NOBODY_HERE = (
    "mydestination", "local_recipient_maps", "alias_maps", "alias_database", "virtual_alias_maps",
    "virtual_alias_domains", "virtual_mailbox_domains", "smtpd_recipient_restrictions", "smtpd_sender_restrictions",
)  # fmt: skip
LISTENER = "smtpd -o syslog_name=postfix-egress/smtpd -o smtpd_client_connection_count_limit=0"
CLIENT = (
    "smtp -o syslog_name=postfix/egress -o smtp_send_xforward_command=yes -o smtp_tls_security_level=none "
    "-o smtp_sasl_auth_enable=no -o smtp_bind_address= -o smtp_bind_address6= -o smtp_fallback_relay= "
    "-o smtp_generic_maps= -o smtp_header_checks= -o smtp_body_checks= -o smtp_nested_header_checks="
)


@dataclass(frozen=True, slots=True)
class Step:
    """One command, and why."""

    command: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Plan:
    """``outer`` builds the second instance, ``inner`` then turns the first one towards it."""

    outer: tuple[Step, ...]
    inner: tuple[Step, ...]
    notes: tuple[str, ...]
    folder: Path

    @property
    def steps(self) -> tuple[Step, ...]:
        return self.outer + self.inner


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the operator may choose. ``at_once``: recipients in one mail between the instances."""

    port: int
    back: int
    socket: str
    at_once: int
    content_timeout: int


def make(first: Postconf, second: Postconf | None, wishes: Wishes) -> Plan:
    """The plan; ``second`` is the instance as it is, or None where it has still to be made."""
    folder = first.folder.with_name(NAME)
    if second is None and folder.exists():
        raise Refused(
            f"{folder} is there, but {first.folder} does not know of it; after looking at it, "
            f"`postmulti -I {NAME} -G vanthu -e import config_directory={folder}`, or remove it"
        )
    outer: list[Step] = []
    if second is None:
        if not first.value("multi_instance_wrapper"):
            outer.append(Step(("postmulti", "-e", "init"), "this Postfix is to have more than one instance"))
        outer.append(Step(("postmulti", "-I", NAME, "-G", "vanthu", "-e", "create"), "the instance that delivers"))
    outer += _second(first, second, wishes, folder)
    if second is None or second.value("multi_instance_enable") != "yes":
        outer.append(Step(("postmulti", "-i", NAME, "-e", "enable"), "start and reload of Postfix are for both"))
    return Plan(tuple(outer), tuple(_first(first, wishes)), tuple(_notes(first)), folder)


def _second(first: Postconf, second: Postconf | None, wishes: Wishes, folder: Path) -> Iterator[Step]:
    wanted = {name: value for name, value in first.set.items() if MOVED.fullmatch(name)}
    if is_ours(wanted.get("default_transport", "")):
        # Already turned: what was moved then stands in the second instance.
        kept = ("default_transport", "sender_dependent_default_transport_maps", "fallback_transport_maps")
        wanted = {name: value for name, value in wanted.items() if name not in kept}
    for name, value in wanted.items():
        wanted[name] = re.sub(r"\$(config_directory\b|{config_directory})", str(first.folder), value)
    size = int(first.expanded("message_size_limit") or 0)
    host = first.expanded("myhostname")
    own = " ".join(
        filter(None, map(first.expanded, ("mydestination", "virtual_alias_domains", "virtual_mailbox_domains")))
    )
    milter = address(wishes.socket, Path("/nowhere"))
    wanted |= {
        "myhostname": f"egress.{host}",
        "smtp_helo_name": first.set.get("smtp_helo_name", host),
        "inet_interfaces": "loopback-only",
        "mynetworks": "127.0.0.0/8 [::1]/128",
        "relay_domains": " ".join(filter(None, (own, first.expanded("relay_domains")))),
        "relay_transport": f"smtp:[127.0.0.1]:{wishes.back}",
        "smtpd_client_restrictions": "permit_mynetworks, reject",
        "smtpd_relay_restrictions": "permit_mynetworks, reject",
        "smtpd_authorized_xforward_hosts": "$mynetworks",
        "smtpd_tls_security_level": "none",
        "master_service_disable": "",
        "local_transport": "error:nobody is at home here",
        "message_size_limit": str(size and size + (1 << 20)),
        "enable_long_queue_ids": "yes",
        "vanthu_milter": f"{{ {milter}, default_action=tempfail, protocol=6, connect_timeout=10s, "
        f"command_timeout=20s, content_timeout={wishes.content_timeout}s }}",
        "smtpd_milters": "$vanthu_milter",
        "non_smtpd_milters": "$vanthu_milter",
        "milter_macro_daemon_name": "egress",
        **dict.fromkeys(NOBODY_HERE, ""),
    }
    there = second.set if second is not None else {}
    texts = tuple(f"{name} = {value}" for name, value in wanted.items() if not _same(there.get(name), value))
    if texts:
        why = "it takes mail from this host only, asks us, delivers by the same ways, and sends bounces back"
        yield Step(("postconf", "-c", str(folder), "-e", *texts), why)
    yield from _services(first, second, wishes, folder)


def _services(first: Postconf, second: Postconf | None, wishes: Wishes, folder: Path) -> Iterator[Step]:
    there = second.services() if second is not None else {}
    listener = f"127.0.0.1:{wishes.port}/inet"
    where = ("postconf", "-c", str(folder))
    if second is None or "smtp/inet" in there:
        yield Step((*where, "-MX", "smtp/inet"), "port 25 stays with the first instance")
    entries = [f"{name}={_unchrooted(line)}" for name, line in first.clients() if name != f"{TRANSPORT}/unix"]
    if second is not None:
        known = dict(second.clients())
        entries = [entry for entry in entries if not _same_line(known.get(entry.partition("=")[0]), entry)]
    if listener not in there:
        entries.append(f"{listener}=127.0.0.1:{wishes.port} inet n - n - - {LISTENER}")
    if entries:
        yield Step((*where, "-Me", *entries), "the door between the instances, and the first one's ways out")
    if second is None or any(second.chrooted(name) for name in there):
        why = "our socket is not below its queue folder, and a chroot needs files that Debian lays out at start only"
        yield Step((*where, "-Fe", "*/*/chroot=n"), why)


def _first(first: Postconf, wishes: Wishes) -> Iterator[Step]:
    there = first.services().get(f"{TRANSPORT}/unix")
    entry = f"{TRANSPORT} unix - - n - - {CLIENT}"
    where = ("postconf", "-c", str(first.folder))
    if there and not is_ours(first.value("default_transport")):
        raise Refused(f"master.cf has a service {TRANSPORT}/unix of another purpose; rename that one first")
    if not there:
        yield Step(
            (*where, "-Me", f"{TRANSPORT}/unix={entry}"), "the way to the second instance, without TLS or login"
        )
    wanted = {"default_transport": f"{TRANSPORT}:[127.0.0.1]:{wishes.port}"}
    if wishes.at_once != 50 or first.set.get(f"{TRANSPORT}_destination_recipient_limit"):
        wanted[f"{TRANSPORT}_destination_recipient_limit"] = str(wishes.at_once)
    if first.value("sender_dependent_default_transport_maps"):
        wanted["sender_dependent_default_transport_maps"] = ""
    texts = tuple(f"{name} = {value}" for name, value in wanted.items() if first.set.get(name) != value)
    if texts:
        yield Step((*where, "-e", *texts), "all mail for other hosts goes by the second instance")


def _notes(first: Postconf) -> Iterator[str]:
    if maps := first.value("transport_maps"):
        yield (
            f"transport_maps = {maps} comes before default_transport: take domains of others out of it in "
            f"{first.folder} (the second instance has the same maps)"
        )
    if first.value("smtpd_milters") or first.value("non_smtpd_milters"):
        yield "DKIM signers may stay at submission: what is taken off on the way out is not signed by any of them"
    for name, value in first.set.items():
        words = set(re.findall(r"\$[({]?(\w+)", value)) if MOVED.fullmatch(name) else set()
        if own := words - first.known:
            yield f"{name} = {value}: {', '.join(sorted(own))} is your own parameter; set it in {NAME}, too"


def _unchrooted(line: str) -> str:
    """An entry of master.cf (service, type, private, unprivileged, chroot, …) without a chroot."""
    fields = line.split(" ")
    return " ".join((*fields[:4], "n", *fields[5:]))


def is_ours(transport: str) -> bool:
    """Whether a default_transport is the one that this script sets."""
    return transport.startswith(f"{TRANSPORT}:[127.0.0.1]:")


def _same(one: str | None, other: str) -> bool:
    return one is not None and split(one) == split(other)


def _same_line(line: str | None, entry: str) -> bool:
    return line is not None and line.split() == entry.partition("=")[2].split()
