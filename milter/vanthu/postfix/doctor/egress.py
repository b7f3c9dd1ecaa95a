"""Does whatever leaves pass vanthu, where a second instance is to see to it?"""

from __future__ import annotations

from collections.abc import Iterator

from ..maps import Row, rows
from .model import Hit, Patient, check

_INSIDE = frozenset({"local", "virtual", "lmtp", "error", "retry", "discard", "dovecot", "maildrop", "hold"})


@check("egress-off", "error")
def egress_off(patient: Patient) -> Iterator[Hit]:
    """Postfix has an instance for what leaves, and vanthu does not know of it.

    Nothing tells the second hop who was judged at the first: every mail is judged and counted twice.

    Mend: write `egress: {enabled: true}` into vanthu.yaml && systemctl reload vanthu
    """
    if patient.is_egress and not patient.house.settings.egress.enabled:
        yield Hit("milter_macro_daemon_name is egress, and egress.enabled is false")


@check("egress-missing", "error")
def egress_missing(patient: Patient) -> Iterator[Hit]:
    """vanthu counts on an instance for what leaves, and mail for other hosts does not go there.

    Our header, which that instance takes off, leaves with the mail and shows who logged in; forwards are not seen.

    Mend: /opt/vanthu/deploy/postfix/egress.py apply && postfix reload
    """
    if patient.primary and patient.house.settings.egress.enabled and not patient.has_egress:
        transport = patient.postfix.values.get("default_transport", "")
        yield Hit(f"default_transport = {transport} leads to no instance whose milter_macro_daemon_name is egress")


@check("egress-unfiltered", "error")
def egress_unfiltered(patient: Patient) -> Iterator[Hit]:
    """The instance for what leaves does not ask vanthu.

    Then forwarded copies go out unjudged, and our header with them.

    Mend: postconf -e 'smtpd_milters = $vanthu_milter' && postfix reload
    """
    for service in patient.egress_services():
        if not patient.ours(service):
            yield Hit(f"{service.name}: vanthu is not among its smtpd_milters")


@check("egress-open", "error")
def egress_open(patient: Patient) -> Iterator[Hit]:
    """Others than this host may send by the instance for what leaves.

    What they send passes no submission, so it is judged as ours without anybody having logged in.

    Mend: postconf -e 'inet_interfaces = loopback-only' 'mynetworks = 127.0.0.0/8 [::1]/128' && postfix reload
    """
    if not patient.is_egress:
        return
    interfaces = patient.postfix.values.get("inet_interfaces", "")
    local = {"loopback-only", "127.0.0.1", "localhost", "::1", "[::1]"}
    listens_on = [service.name for service in patient.egress_services() if not service.name.startswith("127.")]
    if listens_on and not set(interfaces.replace(",", " ").split()) <= local:
        yield Hit(f"{listens_on[0]}: inet_interfaces = {interfaces}")
    networks = patient.postfix.values.get("mynetworks", "").replace(",", " ").split()
    if wide := [one for one in networks if not one.startswith(("127.", "[::1]", "[::ffff:127."))]:
        yield Hit(f"mynetworks holds {' '.join(wide)}")


@check("egress-bypass", "error")
def egress_bypass(patient: Patient) -> Iterator[Hit]:
    """Mail for other hosts goes past the instance for what leaves.

    transport_maps and sender_dependent_default_transport_maps come before default_transport.

    Mend: postconf <parameter>; then take the domains of others out of it, or
    postconf -X <parameter> && postfix reload
    """
    if not (patient.primary and patient.has_egress):
        return
    parameter = "sender_dependent_default_transport_maps"
    if value := patient.postfix.values.get(parameter, ""):
        yield Hit(f"{parameter} = {value}", {"parameter": parameter})
    found = [
        f"{row.key} by {target}"
        for row in rows(patient.postfix.instance, patient.postfix.values.get("transport_maps", ""))
        if isinstance(row, Row)
        for target in row.targets
        if _leads_out(patient, row.key, target)
    ]
    if found:
        yield Hit(f"transport_maps: {', '.join(found[:3])}", {"parameter": "transport_maps"})


def _leads_out(patient: Patient, key: str, target: str) -> bool:
    transport, colon, _ = target.partition(":")
    if target == ":":  # as if there were no table, transport(5)
        return False
    if colon and (transport in _INSIDE or transport == patient.egress_transport):
        return False
    domain = key.rpartition("@")[2].strip(".").lower()
    own = patient.own_domains
    return bool(domain) and not any(domain == one or domain.endswith(f".{one}") for one in own)
