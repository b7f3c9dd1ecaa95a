"""Every metric that vanthu exposes: name, kind, labels, meaning. docs/metrics.md says the same (a test).

Names and labels are a contract (dashboards and alerts rely on them). No label ever holds an address, a subject or a
document number: values come from closed sets, and ``agency`` from the register plus the three names below.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

UNREGISTERED = "unregistered"
"""Agency of our own senders (and recipients of inbound mail) that are not in the register."""
EXTERNAL = "external"
"""Agency of mail that neither comes from nor goes to one of our mailboxes."""
WITHHELD = "withheld"
"""Agency of mail with a secrecy score of 0.2 or more: a label must not tell whose it was."""

Kind = Literal["counter", "gauge", "histogram"]
Source = Literal["journal", "scrape"]


@dataclass(frozen=True, slots=True)
class Metric:
    """``source`` journal: counted from records and kept over restarts; scrape: asked for at each scrape."""

    name: str
    kind: Kind
    labels: tuple[str, ...]
    source: Source
    help: str


def _counted(name: str, labels: str, text: str) -> Metric:
    return Metric(name, "counter", tuple(labels.split()), "journal", text)


def _asked(name: str, labels: str, text: str, kind: Kind = "gauge") -> Metric:
    return Metric(name, kind, tuple(labels.split()), "scrape", text)


METRICS = (
    _counted("vanthu_messages_total", "agency direction verdict", "Messages judged, once each, at their first hop."),
    _counted("vanthu_recipients_total", "agency class family verdict", "Recipients judged, at every hop."),
    _counted("vanthu_official_documents_total", "agency direction kind", "Official documents found, by kind."),
    _counted("vanthu_forwards_total", "agency kind class", "Forwards, once for each class of their recipients."),
    _counted("vanthu_rule_hits_total", "agency rule mode action", "Messages that a rule hit, shadow rules included."),
    _counted("vanthu_rule_unknown_total", "rule reason", "Messages for which a rule could not be judged."),
    _counted("vanthu_overrides_total", "agency rule", "Rules lifted by a sender's challenge code."),
    _counted("vanthu_uninspected_attachments_total", "agency reason", "Attachments that were not read."),
    Metric("vanthu_inspection_seconds", "histogram", (), "journal", "Time from end of message to the decision."),
    Metric("vanthu_inspection_step_seconds", "histogram", ("step",), "journal", "The same, by step."),
    _counted("vanthu_tempfails_total", "reason", "Mails that vanthu itself could not judge."),
    _counted("vanthu_enquiries_total", "kind result", "Enquiries made for the facts (DNS, documents)."),
    _counted("vanthu_worker_restarts_total", "reason", "Workers that ended and were replaced."),
    _counted("vanthu_journal_damage_total", "kind", "Lines or files of the journal that were changed or lost."),
    Metric(
        "vanthu_held_messages", "gauge", (), "journal", "Mails held by vanthu and not yet released, as journalled."
    ),
    Metric("vanthu_config_last_reload_successful", "gauge", (), "journal", "1 if the last reload was accepted."),
    Metric("vanthu_policy_info", "gauge", ("digest",), "journal", "Digest of the policy in force; always 1."),
    _asked("vanthu_relaxed", "", "1 while the policy is relaxed (break-glass)."),
    _asked("vanthu_exception_expiry_timestamp_seconds", "rule exception", "When an exception ends."),
    _asked("vanthu_journal_lag_seconds", "", "Time since metrics had last read the whole journal."),
    _asked("vanthu_journal_writable", "", "1 if the journal's disk takes what is written to it."),
    _asked("vanthu_store_lag_seconds", "", "Time since the store had last read the whole journal."),
    _asked("vanthu_notices_total", "kind status", "Notices by what became of them.", "counter"),
    _asked("vanthu_notices_pending", "", "Notices that wait to be sent."),
    _asked("vanthu_configured_forwards", "kind class", "Forwards that the last audit found."),
    _asked("vanthu_forwards_audit_timestamp_seconds", "", "When forwards were audited last (--publish)."),
    _asked("vanthu_build_info", "version", "Version of vanthu; always 1."),
)

BUCKETS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 60.0)
"""Upper bounds in seconds: half a millisecond (plain mail) to the deadline of 20 s and what lies beyond."""
