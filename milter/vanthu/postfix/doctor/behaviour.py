"""Does Postfix wait long enough, fail closed, and tell vanthu what it needs to know?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..milters import Entry, same, seconds, written
from .model import Hit, Patient, check

# Postfix's own defaults hold all of these; a main.cf that lists macros itself may have lost some.
_MACROS = {
    "milter_connect_macros": ("j", "{daemon_name}"),
    "milter_mail_macros": ("{auth_type}", "{auth_authen}"),
    "milter_rcpt_macros": ("i",),
    "milter_end_of_data_macros": ("i",),
}
_OUTLOOK = 60.0  # seconds after which it gives up (pitfalls of real clients)
_OLDEST = (3, 5)  # postsuper -f


@check("fails-open", "error")
def fails_open(patient: Patient) -> Iterator[Hit]:
    """When vanthu is away, Postfix does something else than ask the client to come again.

    With accept, mail goes out unfiltered; with reject, people lose mail; only tempfail loses nothing.

    Mend: postconf -e 'vanthu_milter = { <address>, default_action=tempfail, protocol=6, connect_timeout=10s,
    command_timeout=20s, content_timeout=40s }' && postfix reload
    """
    for where, entry, values in patient.closed():
        action = entry.options.get("default_action") or values.get("milter_default_action", "tempfail")
        if action != "tempfail":
            yield _entry(where, entry, f"default_action is {action}")


@check("action-inherited", "warning")
def action_inherited(patient: Patient) -> Iterator[Hit]:
    """vanthu has no default_action of its own.

    It falls back to milter_default_action, which somebody will change one day for the sake of another filter.

    Mend: postconf -e 'vanthu_milter = { <address>, default_action=tempfail, protocol=6, connect_timeout=10s,
    command_timeout=20s, content_timeout=40s }' && postfix reload
    """
    for where, entry, values in patient.closed():
        tempfail = values.get("milter_default_action", "tempfail") == "tempfail"
        if "default_action" not in entry.options and tempfail:
            yield _entry(where, entry, "no default_action inside its braces")


@check("global-action", "warning")
def global_action(patient: Patient) -> Iterator[Hit]:
    """milter_default_action is set for all filters at once.

    It changes what other filters do, and what vanthu does wherever it has no default_action of its own.

    Mend: postconf -X milter_default_action && postfix reload
    """
    if (action := patient.postfix.set.get("milter_default_action", "tempfail")) != "tempfail":
        yield Hit(f"milter_default_action = {action}")


@check("content-timeout-short", "error")
def content_timeout_short(patient: Patient) -> Iterator[Hit]:
    """Postfix gives up before vanthu has answered.

    An inspection may take milter.deadline; with less patience, long mails are never delivered (451 each time).

    Mend: postconf -e 'vanthu_milter = { <address>, default_action=tempfail, protocol=6, connect_timeout=10s,
    command_timeout=20s, content_timeout=40s }' && postfix reload
    """
    for where, entry, values in patient.closed():
        limit = _timeout("content", entry, values)
        if limit < patient.house.settings.milter.deadline + 5:
            yield _entry(where, entry, f"content_timeout is {limit:g} s, milter.deadline is "
                         f"{patient.house.settings.milter.deadline:g} s")  # fmt: skip


@check("content-timeout-long", "warning")
def content_timeout_long(patient: Patient) -> Iterator[Hit]:
    """Postfix waits longer for vanthu than mail programs wait for Postfix.

    Outlook gives up after 60 s and sends again; its user gets an error, and the recipients two copies.

    Mend: postconf -e 'vanthu_milter = { <address>, default_action=tempfail, protocol=6, connect_timeout=10s,
    command_timeout=20s, content_timeout=40s }' && postfix reload
    """
    for where, entry, values in patient.closed():
        if (limit := _timeout("content", entry, values)) >= _OUTLOOK and where != "non_smtpd_milters":
            yield _entry(where, entry, f"content_timeout is {limit:g} s")


@check("other-timeouts", "warning")
def other_timeouts(patient: Patient) -> Iterator[Hit]:
    """connect_timeout or command_timeout is out of a sane range (2 to 45 s).

    Too short, and a reload of vanthu gives 451; too long, and mail programs give up before Postfix does.

    Mend: postconf -e 'vanthu_milter = { <address>, default_action=tempfail, protocol=6, connect_timeout=10s,
    command_timeout=20s, content_timeout=40s }' && postfix reload
    """
    for where, entry, values in patient.closed():
        for name in ("connect", "command"):
            limit = _timeout(name, entry, values)
            if not 2 <= limit <= 45:
                yield _entry(where, entry, f"{name}_timeout is {limit:g} s")


@check("old-protocol", "error")
def old_protocol(patient: Patient) -> Iterator[Hit]:
    """Postfix speaks an old milter protocol with vanthu.

    Below 6, vanthu cannot ask for the macros it needs, nor keep header fields as they came; a hold may be impossible.

    Mend: postconf -e 'vanthu_milter = { <address>, default_action=tempfail, protocol=6, connect_timeout=10s,
    command_timeout=20s, content_timeout=40s }' && postfix reload
    """
    for where, entry, values in patient.closed():
        protocol = entry.options.get("protocol") or values.get("milter_protocol", "6")
        if protocol.split()[:1] != ["6"]:
            yield _entry(where, entry, f"protocol is {protocol}")


@check("wrong-address", "error")
def wrong_address(patient: Patient) -> Iterator[Hit]:
    """Postfix asks at another place than where vanthu listens.

    milter.socket in vanthu.yaml and the address in main.cf have to be the same door, or every mail waits (451).

    Mend: /opt/vanthu/deploy/postfix/submission.py apply --socket <socket> && postfix reload
    """
    socket = patient.house.settings.milter.socket
    for where, entry, _ in patient.closed():
        if not same(entry.address, socket):
            yield Hit(f"{where}: Postfix asks {entry.address}, vanthu listens at {socket}", {"socket": socket})


@check("macros", "error")
def macros(patient: Patient) -> Iterator[Hit]:
    """Postfix does not tell vanthu who logged in, by which service, or the queue id.

    main.cf lists the macros itself and lacks some: vanthu then takes officials for strangers.

    Mend: postconf -X <parameter> && postfix reload
    """
    for parameter, needed in _MACROS.items():
        given = patient.postfix.values.get(parameter, "").replace(",", " ").split()
        if missing := [macro for macro in needed if macro not in given]:
            yield Hit(f"{parameter} lacks {' '.join(missing)}", {"parameter": parameter})


@check("daemon-name", "warning")
def daemon_name(patient: Patient) -> Iterator[Hit]:
    """A submission service does not call itself submission in {daemon_name}.

    Rules and reports tell submitted mail from other mail by this name.

    Mend: postconf -Pe '<service>/milter_macro_daemon_name=submission' && postfix reload
    """
    for service in patient.submissions():
        name = service.values.get("milter_macro_daemon_name", "")
        if name != "submission" and patient.ours(service):
            yield Hit(f"{service.name}: milter_macro_daemon_name = {name}", {"service": service.name})


@check("short-queue-ids", "error")
def short_queue_ids(patient: Patient) -> Iterator[Hit]:
    """Queue ids recur.

    The journal, and `vanthu hold`, tell mails apart by their queue id; short ones are used again within days.

    Mend: postconf -e enable_long_queue_ids=yes && postfix reload
    """
    if patient.postfix.values.get("enable_long_queue_ids") != "yes":
        yield Hit("enable_long_queue_ids is not yes")


@check("size-limit", "error")
def size_limit(patient: Patient) -> Iterator[Hit]:
    """Postfix takes larger mail than vanthu can have in memory.

    A mail above milter.max_bytes_in_flight never gets room: 451 for ever.

    Mend: postconf -e message_size_limit=<limit> && postfix reload
    """
    limit = patient.house.settings.milter.max_bytes_in_flight
    text = patient.postfix.values.get("message_size_limit", "")
    if not text.isdigit() or not 0 < int(text) <= limit:
        yield Hit(f"message_size_limit is {text or 'unlimited'}, milter.max_bytes_in_flight is {limit}",
                  {"limit": min(limit, 50 << 20)})  # fmt: skip


@check("old-postfix", "warning")
def old_postfix(patient: Patient) -> Iterator[Hit]:
    """Postfix is older than 3.5.

    `vanthu hold return` cannot send mail back to its sender; below 3.0, filters have no settings of their own.

    Mend: apt-get install --only-upgrade postfix
    """
    version = patient.postfix.values.get("mail_version", "")
    numbers = version.split("-")[0].split(".")[:2]
    if tuple(int(one) if one.isdigit() else 0 for one in numbers) < _OLDEST:
        yield Hit(f"mail_version is {version}")


@check("mistyped", "warning")
def mistyped(patient: Patient) -> Iterator[Hit]:
    """postconf warns of names that nobody uses or that nobody defined.

    A mistyped name such as $vanthu_miltr expands to nothing, and with it goes the filter.

    Mend: postconf -n && postconf -M
    """
    for warning in patient.postfix.warnings:
        yield Hit(warning)


def _timeout(name: str, entry: Entry, values: Mapping[str, str]) -> float:
    text = entry.options.get(f"{name}_timeout") or values.get(f"milter_{name}_timeout", "")
    return seconds(text) or 0.0


def _entry(where: str, entry: Entry, what: str) -> Hit:
    return Hit(f"{where}: {what}", {"address": written(entry.address)})
