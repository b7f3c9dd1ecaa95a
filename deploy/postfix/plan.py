"""What has to change in a Postfix configuration so that mail on one way in passes us. Reads, never writes.

The plan is a list of edits, each with its reason; an empty plan means that everything is in place already.
Refuses what would let mail pass unfiltered or make every mail wait: no such service, milters switched off on it, a
socket that a chrooted service cannot see, logins on a service that fails open.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from milters import OURS, address, ours_first, split, without_spaces
from postconf import Postconf, Refused

# Names and numbers of RFC 6409 and RFC 8314 submission; Postfix called 465 "smtps" before 3.8.
SUBMISSION_PORTS = frozenset({"submission", "587", "submissions", "smtps", "465"})
# Postfix's own defaults hold all of these; a main.cf that lists macros itself may have lost some.
NEEDED_MACROS = {
    "milter_connect_macros": ("j", "{daemon_name}"),
    "milter_mail_macros": ("{auth_type}", "{auth_authen}"),
    "milter_rcpt_macros": ("i",),
    "milter_end_of_data_macros": ("i",),
}
NO_SERVICE = """master.cf has no submission service, so only the sendmail command would be filtered. Make one:
  postconf -Me 'submission/inet=submission inet n - y - - smtpd'
  postconf -Pe submission/inet/syslog_name=postfix/submission submission/inet/smtpd_tls_security_level=encrypt \\
    submission/inet/smtpd_sasl_auth_enable=yes \\
    submission/inet/smtpd_recipient_restrictions=permit_sasl_authenticated,reject
or name the service by which users submit: --service smtp/inet"""


@dataclass(frozen=True, slots=True)
class Way:
    """One way in. ``milter`` names our milter in main.cf, ``action`` is what Postfix does when we are away.

    ``without`` says so in words, ``ports`` are those of its services, ``absent`` is the advice where there is none.
    """

    script: str
    name: str
    milter: str
    action: str
    without: str
    ports: frozenset[str]
    absent: str
    sendmail: bool


SUBMISSION = Way(
    "submission.py", "submission", "vanthu_milter", "tempfail", "submitted mail would get 451", SUBMISSION_PORTS,
    NO_SERVICE, sendmail=True,
)  # fmt: skip
INBOUND = Way(
    "inbound.py", "inbound", "vanthu_inbound_milter", "accept", "mail would come in uncounted",
    frozenset({"smtp", "25"}), "master.cf has no smtpd service on port 25; name the one: --service 10025/inet",
    sendmail=False,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds. Content covers our whole inspection (20 s) and stays under the 60 s after which Outlook gives up."""

    connect: int = 10
    command: int = 20
    content: int = 40


@dataclass(frozen=True, slots=True)
class Edit:
    """One postconf command (``-e`` or ``-Pe``, and what to set), and why."""

    arguments: tuple[str, str]
    why: str


@dataclass(frozen=True, slots=True)
class Plan:
    """Edits in order, what an operator should know beside them, and the address that Postfix will call."""

    edits: tuple[Edit, ...]
    notes: tuple[str, ...]
    address: str


def make(postfix: Postconf, way: Way, socket: str, asked: tuple[str, ...], timeouts: Timeouts) -> Plan:
    """The plan for a socket (``unix:/path`` or ``inet:PORT@HOST``); ``asked`` names services, else all of the way."""
    services = _services(postfix, way, asked)
    queue = Path(postfix.expanded("queue_directory"))
    where = address(socket, queue)
    if where.startswith("unix:/"):
        for service in (*services, "cleanup/unix"):
            if postfix.chrooted(service):
                raise Refused(
                    f"{service} is chrooted to {queue} and cannot see {where}; in vanthu.yaml write "
                    f"milter: {{socket: 'unix:{queue}/vanthu/milter.sock'}}"
                )
    edits: list[Edit] = []
    notes: list[str] = []
    _main(postfix, way, edits, _definition(where, way, timeouts))
    for service in services:
        _service(postfix, way, service, edits, notes)
    if postfix.value("smtpd_milter_maps"):
        notes.append("smtpd_milter_maps is set: clients that it names can bypass the filter; look at it")
    return Plan(tuple(edits), tuple(notes), where)


def _definition(where: str, way: Way, timeouts: Timeouts) -> str:
    return (
        f"{{ {where}, default_action={way.action}, protocol=6, connect_timeout={timeouts.connect}s, "
        f"command_timeout={timeouts.command}s, content_timeout={timeouts.content}s }}"
    )


def _services(postfix: Postconf, way: Way, asked: tuple[str, ...]) -> tuple[str, ...]:
    there = postfix.services()
    for name in asked:
        if there.get(name) != "smtpd":
            raise Refused(f"master.cf has no smtpd service {name}; `postconf -M` lists all, write them as smtp/inet")
    found = asked or tuple(
        name
        for name, command in there.items()
        if command == "smtpd" and name.removesuffix("/inet").rpartition(":")[2] in way.ports
    )
    if not found:
        raise Refused(way.absent)
    return found


def _main(postfix: Postconf, way: Way, edits: list[Edit], definition: str) -> None:
    wanted = {
        way.milter: (definition, f"our milter, in one place; {way.action} concerns this milter only"),
        "enable_long_queue_ids": ("yes", "short queue ids recur; the journal tells mails apart by them"),
    }
    if way.sendmail:
        value = ours_first(postfix.value("non_smtpd_milters"), f"${way.milter}")
        wanted["non_smtpd_milters"] = (value, "filters mail of the sendmail command")
    for parameter, needed in NEEDED_MACROS.items():
        present = split(postfix.value(parameter))
        missing = [macro for macro in needed if macro not in present]
        if missing:
            wanted[parameter] = (" ".join([*present, *missing]), f"{' '.join(missing)} was taken out of the default")
    for parameter, (value, why) in wanted.items():
        if split(postfix.value(parameter)) != split(value):
            edits.append(Edit(("-e", f"{parameter} = {value}"), why))


def _service(postfix: Postconf, way: Way, service: str, edits: list[Edit], notes: list[str]) -> None:
    options = postfix.override(service, "receive_override_options") or postfix.value("receive_override_options")
    if "no_milters" in split(options):
        raise Refused(f"receive_override_options switches milters off for {service}; take no_milters out first")
    logins = postfix.override(service, "smtpd_sasl_auth_enable") or postfix.value("smtpd_sasl_auth_enable")
    if way.action == "accept" and logins == "yes":
        raise Refused(
            f"users log in at {service}: submitted mail must not pass unfiltered, so use submission.py there"
        )
    own = postfix.override(service, "smtpd_milters")
    present = postfix.value("smtpd_milters") if own is None else own
    wanted = without_spaces(ours_first(present, f"${way.milter}"))
    if wanted is None:
        raise Refused(f"smtpd_milters of {service} has nested braces; give that milter a name of its own in main.cf")
    others = [item for item in split(present) if item not in OURS]
    if own is None and others:
        notes.append(
            f"{service} took its milters from smtpd_milters in main.cf ({', '.join(others)}); "
            "it now has a list of its own: later changes of smtpd_milters have to be made there too"
        )
    edits += _override(postfix, service, ("smtpd_milters", wanted), "our milter first: before DKIM signing")
    name = postfix.override(service, "milter_macro_daemon_name")
    if name not in (None, way.name) and others:
        notes.append(f"{service} was called {name} in {{daemon_name}}; tell milters that look for it")
    why = "{daemon_name} is $myhostname otherwise"
    edits += _override(postfix, service, ("milter_macro_daemon_name", way.name), why)


def _override(postfix: Postconf, service: str, wanted: tuple[str, str], why: str) -> list[Edit]:
    parameter, value = wanted
    present = postfix.override(service, parameter)
    if present is not None and split(present) == split(value):
        return []
    return [Edit(("-Pe", f"{service}/{parameter}={value}"), why)]
