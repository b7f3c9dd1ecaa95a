"""What notices say: Vietnamese first, then English; what happened, to whom, which rule, what to do now. Pure.

Where secrecy is suspected, neither subject nor names are given, and the advice is another one: do not send it again,
report it (1468/UBND-VHXH 2014 §1; Law 117/2025). Everything that comes from mail is cut and made printable.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from ..facts.model import Facts
from ..journal.redaction import SUSPECTED
from ..policy.challenge import find
from ..policy.decision import Decision, RuleHit
from .counting import is_held

Kind = Literal["sender", "security", "agency", "forwarder", "monthly"]
Describe = Callable[[str], tuple[str, str, Sequence[str]]]
"""Rule id to its title in Vietnamese and English, and its bases as people quote them."""

_WIDTH = 76
_MOST_RECIPIENTS = 20
_LONGEST = 200  # characters of one value from mail

_HAPPENED = {
    "warn": ("Thư đã được gửi đi, nhưng không đúng quy định.", "The message was delivered, but it breaks a rule."),
    "strip": (
        "Thư không được gửi tới những người nhận nêu dưới đây; những người nhận khác vẫn nhận được.",
        "The message was not sent to the recipients listed above; all others got it.",
    ),
    "challenge": ("Thư chưa được gửi đi.", "The message has not been sent."),
    "hold": ("Thư đang được giữ lại để kiểm tra.", "The message is being held for review."),
    "reject": ("Thư không được gửi đi.", "The message was not sent."),
}
_ADVICE = (
    "Việc công xin trao đổi qua hộp thư công vụ của người nhận. Nếu người nhận là công dân hoặc doanh nghiệp, hãy "
    "trả lời từ hộp thư của cơ quan. Nếu cho rằng có nhầm lẫn, hãy báo cho bộ phận công nghệ thông tin, kèm mã thư.",
    "Please use the recipient's official mailbox for official matters. If the recipient is a citizen or a firm, "
    "answer from your agency's mailbox. If you think this is a mistake, tell your IT desk and quote the reference.",
)
_SECRET_ADVICE = (
    "Không gửi lại thư này bằng thư điện tử, kể cả trong nội bộ. Hãy báo ngay cho người phụ trách bảo vệ bí mật nhà "
    "nước của đơn vị, kèm mã thư.",
    "Do not send this message again by mail, not even internally. Report at once to your unit's officer for the "
    "protection of state secrets and quote the reference.",
)
_CODE_ADVICE = (
    "Nếu vì công việc vẫn cần gửi, hãy gửi lại thư này và ghi thêm [LD {code}: lý do] vào tiêu đề; lý do được lưu "
    "lại để cơ quan xem xét. Nếu hệ thống nhận nhầm, ghi [LD {code}: nhầm]. Mã dùng được hết ngày mai.",
    "If it must go all the same, send it again with [LD {code}: your reason] in the subject; the reason is kept "
    "for your agency to see. If we are wrong, write [LD {code}: nham]. Good today and tomorrow.",
)
_WATCH_ADVICE = (
    "Xem đầy đủ bằng lệnh: vanthu explain --record {id}",
    "For the full record: vanthu explain --record {id}",
)


@dataclass(frozen=True, slots=True)
class Entry:
    """What a notice needs to know of one record; small, so that a digest can be made of many."""

    record: str
    time: datetime
    verdict: str
    sender: str
    recipients: tuple[str, ...]
    rules: tuple[str, ...]
    subject: str | None
    secret: bool
    code: str | None = None


def entry(record: str, facts: Facts, decision: Decision) -> Entry:
    """The entry of a judged mail: the recipients that rules hit for real, and those rules."""
    hits = real_hits(decision)
    touched = sorted({index for hit in hits for index in hit.recipients})
    if decision.verdict == "strip":
        # Beside those who were stripped, others may only have been warned about: they got the mail.
        touched = [index for index in touched if decision.recipients[index] == "strip"]
    secret = facts.secrecy.score >= SUSPECTED
    return Entry(
        record=record,
        time=facts.time,
        verdict="hold" if is_held(decision) else decision.verdict,
        sender=plain(facts.sender.address),
        recipients=tuple(
            plain(facts.recipients[index].address) for index in touched if index < len(facts.recipients)
        ),
        rules=tuple(dict.fromkeys(hit.id for hit in hits)),
        subject=None if secret or not facts.subject else plain(facts.subject),
        secret=secret,
        code=_code(decision),
    )


def _code(decision: Decision) -> str | None:
    """The challenge code that the reply gave; mail programs hide SMTP texts, so the notice says it again."""
    tag = find(decision.reply) if decision.verdict == "challenge" and decision.reply else None
    return tag.code if tag else None


def real_hits(decision: Decision) -> list[RuleHit]:
    """Hits that had an effect which somebody should hear of: not shadow, and more than counted."""
    return [hit for hit in decision.rules if hit.mode in ("warn", "enforce") and hit.action != "count"]


def single(kind: Kind, one: Entry, describe: Describe, zone: ZoneInfo) -> tuple[str, str]:
    """Subject and text of the notice on one mail."""
    happened = _HAPPENED.get(one.verdict, _HAPPENED["warn"])
    advice = _advice(kind, one)
    local = one.time.astimezone(zone)
    subject = "Thông báo về thư bạn đã gửi" if kind == "sender" else "Thông báo về thư đã xử lý theo quy định"
    described = [describe(rule) for rule in one.rules]
    vietnamese = [
        happened[0],
        "",
        f"Thời gian: {local:%H:%M ngày %d/%m/%Y}",
        *([f"Tiêu đề: {one.subject}"] if one.subject else []),
        *([] if kind == "sender" else [f"Người gửi: {one.sender}"]),
        *_listed("Người nhận liên quan:", one.recipients, "và {} người nhận khác"),
        *_listed("Quy định:", [_rule(vi, bases, "căn cứ") for vi, _, bases in described], ""),
        f"Mã thư: {one.record}",
        "",
        advice[0],
    ]
    english = [
        happened[1],
        "",
        f"Time: {local:%Y-%m-%d %H:%M %Z}",
        *_listed("Rule:", [_rule(en, bases, "basis") for _, en, bases in described], ""),
        f"Reference: {one.record}",
        "",
        advice[1],
    ]
    return f"{subject} ({one.record})", wrapped(vietnamese, english)


def digest(kind: Kind, entries: Sequence[Entry], describe: Describe, zone: ZoneInfo) -> tuple[str, str]:
    """Subject and text of the notice on all the mails of the past hour that had none of their own."""
    count = len(entries)
    secret = next((one for one in entries if one.secret), None)
    advice = _advice(kind, secret or entries[0])
    lines = []
    for one in entries:
        titles = "; ".join(describe(rule)[0] for rule in one.rules)
        people = ", ".join(one.recipients[:3]) + (" …" if len(one.recipients) > 3 else "")
        code = f" · [LD {one.code}: lý do]" if kind == "sender" and one.code else ""
        lines.append(f"- {one.time.astimezone(zone):%H:%M %d/%m} · {people} · {plain(titles)} · {one.record}{code}")
    vietnamese = [f"Trong giờ qua còn {count} thư được xử lý theo cùng quy định:", "", *lines, "", advice[0]]
    english = [f"{count} more messages met the same rules within the hour; they are listed above.", "", advice[1]]
    return f"Tổng hợp {count} thư được xử lý theo quy định", wrapped(vietnamese, english)


def plain(text: str) -> str:
    """One printable line of bounded length."""
    line = " ".join(text.split())
    line = "".join(sign if sign.isprintable() else "?" for sign in line)
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"


def _advice(kind: Kind, one: Entry) -> tuple[str, str]:
    if one.secret:
        return _SECRET_ADVICE
    if kind in ("security", "agency"):
        return _WATCH_ADVICE[0].format(id=one.record), _WATCH_ADVICE[1].format(id=one.record)
    if kind == "sender" and one.code:
        return _CODE_ADVICE[0].format(code=one.code), _CODE_ADVICE[1].format(code=one.code)
    return _ADVICE


def _rule(title: str, bases: Sequence[str], word: str) -> str:
    return plain(title) + (f" ({word}: {plain('; '.join(bases))})" if bases else "")


def _listed(heading: str, items: Sequence[str], more: str) -> list[str]:
    if not items:
        return []
    left = len(items) - _MOST_RECIPIENTS
    return [
        heading,
        *(f"- {item}" for item in items[:_MOST_RECIPIENTS]),
        *([f"- {more.format(left)}"] if left > 0 else []),
    ]


def wrapped(*languages: Sequence[str]) -> str:
    """Lines of each language as paragraphs of mail."""
    return "\n\n----\n\n".join("\n".join(map(_wrapped, lines)) for lines in languages) + "\n"


def _wrapped(line: str) -> str:
    indent = "  " if line.startswith("- ") else ""
    return textwrap.fill(line, _WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
