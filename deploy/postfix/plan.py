"""What has to change in a Postfix configuration so that submitted mail passes us. Reads, never writes.

The plan is a list of edits, each with its reason; an empty plan means that everything is in place already.
Refuses what would let mail pass unfiltered or make every mail wait: no submission service, milters switched off on
it, a socket that a chrooted service cannot see.
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


def make(postfix: Postconf, socket: str, asked: tuple[str, ...], timeouts: Timeouts) -> Plan:
    """The plan for a socket (``unix:/path`` or ``inet:PORT@HOST``); ``asked`` names services, else all submission."""
    services = _services(postfix, asked)
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
    _main(postfix, edits, _definition(where, timeouts))
    for service in services:
        _service(postfix, service, edits, notes)
    if postfix.value("smtpd_milter_maps"):
        notes.append("smtpd_milter_maps is set: clients that it names can bypass the filter; look at it")
    return Plan(tuple(edits), tuple(notes), where)


def _definition(where: str, timeouts: Timeouts) -> str:
    return (
        f"{{ {where}, default_action=tempfail, protocol=6, connect_timeout={timeouts.connect}s, "
        f"command_timeout={timeouts.command}s, content_timeout={timeouts.content}s }}"
    )


def _services(postfix: Postconf, asked: tuple[str, ...]) -> tuple[str, ...]:
    there = postfix.services()
    for name in asked:
        if there.get(name) != "smtpd":
            raise Refused(f"master.cf has no smtpd service {name}; `postconf -M` lists all, write them as smtp/inet")
    found = asked or tuple(
        name
        for name, command in there.items()
        if command == "smtpd" and name.removesuffix("/inet").rpartition(":")[2] in SUBMISSION_PORTS
    )
    if not found:
        raise Refused(NO_SERVICE)
    return found


def _main(postfix: Postconf, edits: list[Edit], definition: str) -> None:
    wanted = {
        "vanthu_milter": (definition, "our milter, in one place; tempfail concerns this milter only"),
        "non_smtpd_milters": (ours_first(postfix.value("non_smtpd_milters")), "filters mail of the sendmail command"),
        "enable_long_queue_ids": ("yes", "short queue ids recur; the journal tells mails apart by them"),
    }
    for parameter, needed in NEEDED_MACROS.items():
        present = split(postfix.value(parameter))
        missing = [macro for macro in needed if macro not in present]
        if missing:
            wanted[parameter] = (" ".join([*present, *missing]), f"{' '.join(missing)} was taken out of the default")
    for parameter, (value, why) in wanted.items():
        if split(postfix.value(parameter)) != split(value):
            edits.append(Edit(("-e", f"{parameter} = {value}"), why))


def _service(postfix: Postconf, service: str, edits: list[Edit], notes: list[str]) -> None:
    options = postfix.override(service, "receive_override_options") or postfix.value("receive_override_options")
    if "no_milters" in split(options):
        raise Refused(f"receive_override_options switches milters off for {service}; take no_milters out first")
    own = postfix.override(service, "smtpd_milters")
    present = postfix.value("smtpd_milters") if own is None else own
    wanted = without_spaces(ours_first(present))
    if wanted is None:
        raise Refused(f"smtpd_milters of {service} has nested braces; give that milter a name of its own in main.cf")
    others = [item for item in split(present) if item != OURS]
    if own is None and others:
        notes.append(
            f"{service} took its milters from smtpd_milters in main.cf ({', '.join(others)}); "
            "it now has a list of its own: later changes of smtpd_milters have to be made there too"
        )
    edits += _override(postfix, service, ("smtpd_milters", wanted), "our milter first: before DKIM signing")
    name = postfix.override(service, "milter_macro_daemon_name")
    if name not in (None, "submission") and others:
        notes.append(f"{service} was called {name} in {{daemon_name}}; tell milters that look for it")
    why = "{daemon_name} is $myhostname otherwise"
    edits += _override(postfix, service, ("milter_macro_daemon_name", "submission"), why)


def _override(postfix: Postconf, service: str, wanted: tuple[str, str], why: str) -> list[Edit]:
    parameter, value = wanted
    present = postfix.override(service, parameter)
    if present is not None and split(present) == split(value):
        return []
    return [Edit(("-Pe", f"{service}/{parameter}={value}"), why)]
