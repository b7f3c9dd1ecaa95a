"""Is vanthu asked on every way in?"""

from __future__ import annotations

from collections.abc import Iterator

from ..configuration import INBOUND, SUBMISSION, Service
from ..milters import Entry
from .model import Hit, Patient, check


@check("no-submission", "warning")
def no_submission(patient: Patient) -> Iterator[Hit]:
    """No service takes mail from users with a login.

    Then users submit by a way that nobody filters, or on another host, which needs vanthu of its own.

    Mend: postconf -Me 'submission/inet=submission inet n - y - - smtpd' &&
    /opt/vanthu/deploy/postfix/submission.py apply
    """
    if patient.primary and not any(patient.submissions()):
        yield Hit("master.cf has no submission service (587, 465) and no smtpd that asks for a login")


@check("submission-unfiltered", "error")
def submission_unfiltered(patient: Patient) -> Iterator[Hit]:
    """A service where users submit mail does not ask vanthu.

    Whatever is sent there goes out unjudged, and no record tells of it.

    Mend: /opt/vanthu/deploy/postfix/submission.py apply --service <service> && postfix reload
    """
    for service in patient.submissions():
        if service.port in SUBMISSION and not _overridden(service) and not patient.ours(service):
            yield _at(service, "vanthu is not among its smtpd_milters")


@check("login-unfiltered", "error")
def login_unfiltered(patient: Patient) -> Iterator[Hit]:
    """A service on another port asks for logins and does not ask vanthu.

    Mail programs that are set to that port go past the filter; port 25 with logins is the usual one.

    Mend: /opt/vanthu/deploy/postfix/submission.py apply --service <service> && postfix reload
    """
    for service in patient.submissions():
        if service.port not in SUBMISSION and not _overridden(service) and not patient.ours(service):
            yield _at(service, "smtpd_sasl_auth_enable = yes, and vanthu is not among its smtpd_milters")


@check("override-unfiltered", "error")
def override_unfiltered(patient: Patient) -> Iterator[Hit]:
    """A service of master.cf has an smtpd_milters of its own, without vanthu.

    An override replaces the list of main.cf as a whole; an empty one switches every filter off.

    Mend: /opt/vanthu/deploy/postfix/submission.py apply --service <service> && postfix reload
    """
    for service in patient.submissions():
        if _overridden(service) and not patient.ours(service):
            yield _at(service, f"-o smtpd_milters={service.options['smtpd_milters']}")


@check("sendmail-unfiltered", "error")
def sendmail_unfiltered(patient: Patient) -> Iterator[Hit]:
    """Mail of the sendmail command does not pass vanthu.

    Cron, web applications and anybody with a shell send by it; non_smtpd_milters says what filters it.

    Mend: postconf -e 'non_smtpd_milters = $vanthu_milter' && postfix reload
    """
    if patient.primary and not patient.ours(parameter="non_smtpd_milters"):
        yield Hit("vanthu is not in non_smtpd_milters")


@check("cleanup-unfiltered", "error")
def cleanup_unfiltered(patient: Patient) -> Iterator[Hit]:
    """A service on the way of the sendmail command has other milters than main.cf says.

    cleanup(8) asks the milters of non_smtpd_milters; an override on it, or another cleanup behind pickup, hides us.

    Mend: postconf -PX '<service>/non_smtpd_milters' && postfix reload
    """
    pickup = patient.postfix.service("pickup/unix") or patient.postfix.service("pickup/fifo")
    name = pickup.values.get("cleanup_service_name", "cleanup") if pickup else "cleanup"
    service = patient.postfix.service(f"{name}/unix")
    if service and patient.ours(parameter="non_smtpd_milters") and not patient.ours(service, "non_smtpd_milters"):
        yield _at(service, f"-o non_smtpd_milters={service.options.get('non_smtpd_milters', '')}")


@check("no-milters", "error")
def no_milters(patient: Patient) -> Iterator[Hit]:
    """receive_override_options switches milters off on a way in.

    With no_milters in it, Postfix asks no filter at all there, whatever smtpd_milters says.

    Mend: postconf -Pe '<service>/receive_override_options=<rest>' && postfix reload
    """
    pickup = patient.postfix.service("pickup/unix")
    for service in (*patient.submissions(), *((pickup,) if pickup else ())):
        words = service.values.get("receive_override_options", "").replace(",", " ").split()
        if "no_milters" in words:
            rest = ",".join(word for word in words if word != "no_milters")
            yield Hit(f"{service.name}: receive_override_options = {' '.join(words)}",
                      {"service": service.name, "rest": rest})  # fmt: skip


@check("exempted-clients", "error")
def exempted_clients(patient: Patient) -> Iterator[Hit]:
    """smtpd_milter_maps gives some clients other milters, or none.

    A client that it names with DISABLE goes past every filter on a submission service.

    Mend: postconf -Pe '<service>/smtpd_milter_maps=' && postfix reload
    """
    for service in patient.submissions():
        if tables := service.values.get("smtpd_milter_maps"):
            yield _at(service, f"smtpd_milter_maps = {tables}")


@check("proxy-filter", "error")
def proxy_filter(patient: Patient) -> Iterator[Hit]:
    """A before-queue content filter takes the mail before vanthu sees its text.

    With smtpd_proxy_filter, milters of that service get the envelope, but no header and no body (MILTER_README).

    Mend: postconf -Pe '<service>/smtpd_proxy_filter=' && postfix reload
    """
    for service in patient.submissions():
        if proxy := service.values.get("smtpd_proxy_filter"):
            yield _at(service, f"smtpd_proxy_filter = {proxy}")


@check("milter-order", "error")
def milter_order(patient: Patient) -> Iterator[Hit]:
    """Another milter stands before vanthu.

    A DKIM signer there signs what vanthu then changes, so signatures break; a filter that refuses leaves no record.

    Mend: /opt/vanthu/deploy/postfix/submission.py apply --service <service> && postfix reload
    """
    for service in patient.submissions():
        listed = patient.milters(service)
        if any(map(patient.is_ours, listed)) and not patient.is_ours(listed[0]):
            yield _at(service, f"{listed[0].address} is asked before vanthu")


@check("asked-twice", "warning")
def asked_twice(patient: Patient) -> Iterator[Hit]:
    """The same mail is given to vanthu more than once.

    Each mail then has two records and is counted twice.

    Mend: postconf -Pe '<service>/smtpd_milters=$vanthu_milter' && postfix reload
    """
    for service in patient.submissions():
        if len(patient.ours(service)) > 1:
            yield _at(service, "vanthu stands more than once in smtpd_milters")


@check("inbound-closed", "warning")
def inbound_closed(patient: Patient) -> Iterator[Hit]:
    """Mail from outside waits whenever vanthu is away.

    On port 25 vanthu counts and never refuses; a filter that is down must not stop a province's incoming mail.

    Mend: postconf -Pe '<service>/smtpd_milters={<address>,default_action=accept}' && postfix reload
    """
    for service in patient.postfix.services:
        if service.program != "smtpd" or service.port not in INBOUND or service.takes_submissions:
            continue
        for entry in patient.ours(service):
            if _action(entry, service) != "accept":
                values = {"service": service.name, "address": entry.address}
                yield Hit(f"{service.name}: default_action is {_action(entry, service)}", values)


def _action(entry: Entry, service: Service) -> str:
    return entry.options.get("default_action") or service.values.get("milter_default_action", "tempfail")


def _overridden(service: Service) -> bool:
    return "smtpd_milters" in service.options


def _at(service: Service, what: str) -> Hit:
    return Hit(f"{service.name}: {what}", {"service": service.name})
