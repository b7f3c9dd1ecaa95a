"""What happens to mail after vanthu has judged it: copies, forwards, other hosts, a full disk."""

from __future__ import annotations

import os
import pwd
from collections.abc import Iterator
from pathlib import Path

from ..maps import Row, rows, targets
from ..milters import written
from .model import Hit, Patient, check

_ALIASES = ("virtual_alias_maps", "alias_maps", "recipient_canonical_maps", "canonical_maps")
_COPIES = ("always_bcc", "sender_bcc_maps", "recipient_bcc_maps")
_LARGEST = 1 << 16  # bytes of a .forward file


@check("aliases-outward", "warning")
def aliases_outward(patient: Patient) -> Iterator[Hit]:
    """Aliases send mail on to other domains, behind vanthu.

    They are expanded after the mail was judged by its first address, so what they send out passes no rule.

    Mend: vanthu forwards audit; then take the outside targets out, or filter what leaves by a second instance:
    /opt/vanthu/deploy/postfix/egress.py apply
    """
    if patient.has_egress:
        return
    own = patient.own_domains
    for parameter in _ALIASES:
        found = [
            (row.key, target)
            for row in rows(patient.postfix.instance, patient.postfix.values.get(parameter, ""))
            if isinstance(row, Row)
            for target in row.targets
            if _leaves(own, target)
        ]
        if found:
            shown = ", ".join(f"{key} to {target}" for key, target in found[:3])
            yield Hit(f"{parameter}: {len(found)} outside target(s): {shown}")


@check("dot-forward", "warning")
def dot_forward(patient: Patient) -> Iterator[Hit]:
    """.forward files send mail on to other domains, behind vanthu.

    local(8) reads them at delivery, long after the mail was judged.

    Mend: vanthu forwards audit; then remove <file>, or postconf -e 'forward_path =' && postfix reload
    """
    if not patient.postfix.values.get("forward_path") or not patient.primary or patient.has_egress:
        return
    own = patient.own_domains
    for home in dict.fromkeys(entry.pw_dir for entry in pwd.getpwall()):
        file = Path(home) / ".forward"
        try:
            text = file.read_text(encoding="utf-8", errors="replace")[:_LARGEST]
        except OSError:
            continue
        if outside := [one for one in targets(text) if _leaves(own, one)]:
            yield Hit(f"{file} forwards to {', '.join(outside[:3])}", {"file": file})


@check("copies", "warning")
def copies(patient: Patient) -> Iterator[Hit]:
    """Postfix adds recipients that vanthu never sees.

    always_bcc and its maps add hidden copies after the filter was asked.

    Mend: postconf -X <parameter> && postfix reload
    """
    own = patient.own_domains
    for parameter in _COPIES:
        value = patient.postfix.values.get(parameter, "")
        if value and (parameter != "always_bcc" or _leaves(own, value)):
            yield Hit(f"{parameter} = {value}", {"parameter": parameter})


@check("content-filter", "note")
def content_filter(patient: Patient) -> Iterator[Hit]:
    """Mail takes a round through a content filter after vanthu.

    That is in order as long as vanthu is not asked at the port where it comes back; else all is counted twice.

    Mend: postconf -P '*/smtpd_milters'
    """
    seen = {service.values.get("content_filter", "") for service in patient.submissions()}
    for value in sorted(seen | {patient.postfix.values.get("content_filter", "")}):
        if value:
            yield Hit(f"content_filter = {value}")


@check("routes", "note")
def routes(patient: Patient) -> Iterator[Hit]:
    """Mail leaves by a route of its own.

    vanthu has judged it by then. Hosts that send past this one need vanthu of their own.

    Mend: postconf <parameter>
    """
    if patient.is_egress or patient.has_egress:
        return
    for parameter in ("relayhost", "transport_maps", "sender_dependent_relayhost_maps", "default_transport"):
        if value := patient.postfix.set.get(parameter):
            yield Hit(f"{parameter} = {value}", {"parameter": parameter})


@check("open-relay", "error")
def open_relay(patient: Patient) -> Iterator[Hit]:
    """Everybody on the Internet counts as a network of ours.

    mynetworks lets him send by this host without a login, under any official's name.

    Mend: postconf -e 'mynetworks = 127.0.0.0/8 [::1]/128' && postfix reload
    """
    given = patient.postfix.values.get("mynetworks", "").replace(",", " ").split()
    if wide := [one for one in given if one.endswith("/0")]:
        yield Hit(f"mynetworks holds {' '.join(wide)}")


@check("disk-queue", "error")
def disk_queue(patient: Patient) -> Iterator[Hit]:
    """The disk of Postfix's queue is nearly full.

    Postfix then takes no mail (452), and held mail is what fills it unseen.

    Mend: vanthu hold list --older 7d; df -h <folder>
    """
    try:
        status = os.statvfs(patient.postfix.queue)
    except OSError as error:
        yield Hit(f"{patient.postfix.queue}: {error.strerror}", {"folder": patient.postfix.queue})
        return
    if status.f_bavail * status.f_frsize < patient.house.min_free:
        yield Hit(f"{patient.postfix.queue}: {status.f_bavail * status.f_frsize >> 20} MiB free",
                  {"folder": patient.postfix.queue})  # fmt: skip


@check("zimbra", "note")
def zimbra(patient: Patient) -> Iterator[Hit]:
    """This is Zimbra's Postfix.

    Zimbra writes main.cf and master.cf anew at each restart; what was set by postconf is gone then.

    Mend: zmprov ms $(zmhostname) zimbraMtaSmtpdMilters '<address>' zimbraMtaNonSmtpdMilters '<address>'
    zimbraMtaMilterDefaultAction tempfail zimbraMtaMilterContentTimeout 40s && zmmtactl restart (before 8.5:
    zmlocalconfig -e postfix_milter_default_action=tempfail postfix_milter_content_timeout=40s)
    """
    if any("/opt/zimbra/" in value for value in (f"{patient.postfix.folder}/", *patient.postfix.set.values())):
        address = written(patient.house.settings.milter.socket)
        yield Hit(f"{patient.postfix.folder} belongs to Zimbra", {"address": address})


def _leaves(own: frozenset[str], target: str) -> bool:
    """Whether an address is of a domain that is neither ours nor one that this Postfix delivers itself."""
    domain = target.strip("<>").rpartition("@")[2].lower() if "@" in target and target[:1] not in "|/:" else ""
    return bool(domain) and domain not in own
