"""The text of an SMTP refusal: ASCII, two short lines (English, then Vietnamese without diacritics), a reference.

It names no recipient (there may be Bcc), quotes nothing of the mail, and holds no ``%``, which libmilter takes as
a format and drops the reply for. Of a mail with a secrecy mark it gives no title either.
"""

from __future__ import annotations

from ..facts.model import Challenge
from ..policy.decision import SEVERITY, Decision
from ..policy.model import Policy
from ..vietnamese.text import strip_diacritics
from .answer import Reply

_TITLE = 90  # characters of a rule's title beside a code
MAX_LINE = 300  # RFC 5321 §4.5.3.1.5 allows 512 octets with code and CRLF; clients show less

_SECRET = (
    "State secret mark found: do not send it again, report to the secrecy officer of your unit",
    "Phat hien dau bi mat nha nuoc: khong gui lai, bao can bo phu trach bao mat cua don vi",
)


def refusal(decision: Decision, policy: Policy, record_id: str) -> Reply:
    """The reply for a rejected mail: 550 5.7.1 (RFC 3463: delivery not authorized)."""
    rule = _harshest(decision)
    if rule is not None and policy.by_id[rule].secrecy:
        english, vietnamese = _SECRET
    else:
        english = "Refused by mail policy: " + (policy.title(rule, "en") if rule else "policy")
        vietnamese = "Tu choi theo quy dinh: " + (policy.title(rule, "vi") if rule else "quy dinh")
    return Reply("550", "5.7.1", (_line(english), _line(f"{vietnamese} [ref {record_id}]")))


def request(decision: Decision, policy: Policy, code: str, given: Challenge, record_id: str) -> Reply:
    """The reply that challenges: the code and what to do with it come first, since clients cut; 550 5.7.1."""
    rule = _harshest(decision)
    english = f"If it must go, send it again with [LD {code}: your reason] in the subject. Not sent: "
    vietnamese = (
        f"Neu can gui, ghi [LD {code}: ly do] vao tieu de roi gui lai (may nham: [LD {code}: nham]). Chua gui: "
    )
    if given.status in ("invalid", "expired"):
        english = f"{'The code is too old' if given.status == 'expired' else 'Wrong code or no reason'}. {english}"
        vietnamese = f"{'Ma da het han' if given.status == 'expired' else 'Sai ma hoac thieu ly do'}. {vietnamese}"
    title_en, title_vi = (policy.title(rule, "en"), policy.title(rule, "vi")) if rule else ("policy", "quy dinh")
    return Reply(
        "550",
        "5.7.1",
        (_line(english + title_en[:_TITLE]), _line(f"{vietnamese}{title_vi[:_TITLE]} [ref {record_id}]")),
    )


def _harshest(decision: Decision) -> str | None:
    """The rule that decided: harshest action, first id among equals."""
    real = [hit for hit in decision.rules if hit.mode != "shadow"]
    return min(real, key=lambda hit: (-SEVERITY[hit.action], hit.id)).id if real else None


def _line(text: str) -> str:
    plain = strip_diacritics(text).encode("ascii", "ignore").decode("ascii")
    return "".join(char for char in plain if char.isprintable() and char != "%")[:MAX_LINE]
