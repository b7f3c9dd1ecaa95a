"""Forwards: whether, and how, this mail passes on another one; and whose mail it quotes.

Looks for, in this order:

1. **automatic**: traces of rules, aliases and filters on our own hosts (``forwards/automatic.py``);
2. **resent**: ``Resent-From`` and the like (RFC 5322 §3.6.6), but for mailing lists;
3. **attached**: a whole message as an attachment (``forwards/attached.py``), but not in bounces, reports and digests;
4. **inline**: the outermost quotation of the text (``forwards/marker.py``): the line that announces it, the header
   block below it (``forwards/block.py``), the prefix of the subject (``forwards/subject.py``), and whether the mail
   goes to the author quoted (an answer) or to somebody else (``forwards/people.py``); weighed in
   ``forwards/judge.py``.
   ``X-Forwarded-Message-Id`` (Thunderbird) is certain.

From a score of 0.5 on a forward counts as found; below, ``kind`` is ``none`` and the score still stands. Found: the
forms of the clients and languages in ``forwards/words.json``; in other languages a block whose values are an address,
a date and a subject. Not found: text copied without its header, a screenshot, a block that the writer rewrote, a
``Fwd:`` subject over a text that quotes nothing (0.42). Beyond 2,000 lines that could begin a quotation a text is not
searched on; where nothing was found by then, ``/forward`` is unavailable (``too_many``).

| mail | kind |
|---|---|
| ``---------- Forwarded message ---------`` over ``Từ: … Date: … Subject: … To: …`` | inline |
| ``From: … Sent: … To: … Subject: …`` below a rule, sent to somebody whom the quoted mail did not know | inline |
| the same, sent to the author quoted, or under ``Re:`` | none; the author's class is in ``quoted`` |
| ``On … X wrote:`` over ``> ---------- Forwarded message`` | none: an answer to a forward |
| ``Từ: 8h``, ``Đến: 10h``, ``Ngày: 12/3/2026`` | none: a journey or a meeting |
| ``X-Sieve-Redirected-From: a@x.gov.vn`` above our own ``Received`` | automatic, by ``a@x.gov.vn`` |

``Original.date`` is as printed in the quoted header, ``Original.from`` the address, or the name where no address is
printed. ``Quoted.class`` is the most official class among the authors of all mails quoted in the text, at any depth.
Pure; never raises; takes time linear in the size of the text.
"""

from __future__ import annotations

from collections.abc import Callable, Set
from typing import Final, cast

from msgspec.structs import replace

from vanthu.facts.forwards.attached import carried
from vanthu.facts.forwards.automatic import automatic
from vanthu.facts.forwards.block import addresses
from vanthu.facts.forwards.judge import inline, settled
from vanthu.facts.forwards.marker import Mark, Marks, marks
from vanthu.facts.forwards.people import People, direction, people
from vanthu.facts.forwards.subject import Prefix, first_word, prefix, without_prefix
from vanthu.facts.model import AddressClass, Forward, Original, Quoted
from vanthu.mail.envelope import Envelope
from vanthu.mail.message import Message

FOUND: Final = 0.5
LIMIT_REACHED: Final = "not searched to its end: too many lines that could begin a quotation"
"""Evidence of a text that reached the limit; ``gather`` makes ``/forward`` unavailable where nothing was found."""
OFFICIALNESS: Final = ("official", "government", "other", "hosted", "isp", "list", "relay", "public", "disposable")
"""Classes from the most to the least official."""

_NOTHING: Final = Forward()
_NO_QUOTE: Final = Quoted()
_RESENT: Final = frozenset({"resent-from", "resent-to", "resent-sender", "resent-date", "resent-message-id"})
_LIST: Final = frozenset({"list-id", "list-post", "list-unsubscribe"})
_BULK: Final = ("bulk", "list", "junk")

Classify = Callable[[str], str | None]


def recognise(
    message: Message, envelope: Envelope, classify: Classify, own_hosts: Callable[[str], bool]
) -> tuple[Forward, Quoted]:
    """Forward and Quoted of one mail. ``own_hosts`` says of a host name whether it is one of our own."""
    names = message.values.keys()
    mechanical = _mechanical(message, envelope, names)
    found = marks_of(message)
    quoted = _quoted(found, classify) if found else _NO_QUOTE
    candidates = [_by_machine(message, envelope, names, own_hosts)]
    if not mechanical:
        candidates += [_resent(message, names), _attached(message, names, classify)]
        candidates.append(_inline(message, envelope, names, found, classify))
    candidates = [forward for forward in candidates if forward.score]
    cut = (LIMIT_REACHED,) if found.cut else ()
    if not candidates:
        return Forward(evidence=cut) if cut else _NOTHING, quoted
    best = next((forward for forward in candidates if forward.score >= FOUND), None)
    if best is None:
        best = max(candidates, key=lambda forward: forward.score)
        return Forward(score=best.score, evidence=best.evidence + cut), quoted
    if best.original == Original() and best.kind in ("automatic", "resent"):
        best = replace(best, original=_original_of(message, classify))
    return best, quoted


def marks_of(message: Message) -> Marks:
    """The marks of quotation in the text with most to say; the alternatives of one text say the same."""
    found = Marks()
    cut = False
    for body in message.bodies:
        if body.where == "body":
            these = marks(body.text)
            cut = cut or these.cut
            if these and (not found or (found[0].block is None and these[0].block is not None)):
                found = these
    found.cut = cut
    return found


def _mechanical(message: Message, envelope: Envelope, names: Set[str]) -> bool:
    """Whether the mail is a bounce, report, digest or answer of a machine: nobody forwarded what it carries."""
    kind = (message.first("Content-Type") or "").lower() if "content-type" in names else ""
    if "multipart/report" in kind or "multipart/digest" in kind or "x-failed-recipients" in names:
        return True
    if "auto-submitted" in names and (message.first("Auto-Submitted") or "").lower().startswith(("auto-r", "auto-g")):
        return True
    if not names.isdisjoint(_LIST) and "digest" in (message.subject or "").lower():
        return True
    author = (message.first("From") or "").lower()
    return not envelope.sender and any(daemon in author for daemon in ("mailer-daemon", "postmaster", "no-reply"))


def _quoted(found: list[Mark], classify: Classify) -> Quoted:
    classes = {classify(author) for mark in found for author in mark.authors}
    best = next((name for name in OFFICIALNESS if name in classes), None)
    return Quoted(best)


def _by_machine(message: Message, envelope: Envelope, names: Set[str], own_hosts: Callable[[str], bool]) -> Forward:
    result = automatic(message, envelope, names, own_hosts)
    return Forward("automatic", result.score, result.evidence, by=result.by) if result.score else _NOTHING


def _resent(message: Message, names: Set[str]) -> Forward:
    present = names & _RESENT
    if not present or not names.isdisjoint(_LIST):
        return _NOTHING
    if (message.first("Precedence") or "").lower() in _BULK:
        return _NOTHING
    by = next(iter(addresses(message.first("Resent-From") or message.first("Resent-Sender") or "")), None)
    return Forward("resent", 0.93 if by else 0.7, (f"{min(present).title()} header",), by=by)


def _attached(message: Message, names: Set[str], classify: Classify) -> Forward:
    if not message.attachments:
        return _NOTHING
    part = carried(message)
    if part is None:
        return _NOTHING
    inner = part.message
    score = 0.95
    evidence = [f"carries a message: {(part.name or part.type)[:60]}"]
    answered = message.first("In-Reply-To") if "in-reply-to" in names else None
    if (
        inner is not None
        and answered
        and inner.first("Message-ID") == answered
        and prefix(message.subject) == "reply"
    ):
        score = 0.3
        evidence.append("it is the mail that this one answers")
    if "x-spam-flag" in names and "x-spam-checker-version" in names:
        score = 0.3
        evidence.append("wrapped by a spam filter")
    return Forward("attached", score, tuple(evidence), original=_original_of(inner, classify))


def _inline(message: Message, envelope: Envelope, names: Set[str], found: list[Mark], classify: Classify) -> Forward:
    raw = prefix(message.subject)
    certain = "x-forwarded-message-id" in names
    if not found and raw != "forward" and not certain:
        return _NOTHING
    mark = found[0] if found else None
    if mark is not None and mark.manner == "quote" and len(found) > 1 and found[1].line <= mark.line + 1:
        mark = found[1]
    meant: Prefix = settled(raw, first_word(message.subject), mark)
    who = people(message, envelope)
    towards = direction(mark, who) if mark is not None else "unknown"
    carries = bool(message.attachments) or "references" in names or (mark is None and _strangers(message, who))
    score = inline(mark, meant, towards, "in-reply-to" in names, carries)
    if meant != "forward" and mark is not None and mark.manner in ("block", "rule") and not names.isdisjoint(_LIST):
        score *= 0.5
    evidence = []
    if certain:
        score = max(score, 0.99)
        evidence.append("X-Forwarded-Message-Id header")
    if meant == "forward":
        evidence.append(f"subject begins as a forward: {(message.subject or '')[:40]}")
    if mark is not None:
        evidence.append(f"{_MANNERS[mark.manner]}: {mark.text[:60]}" if mark.text else _MANNERS[mark.manner])
        if towards == "to_author":
            evidence.append("goes to the author quoted")
        elif towards == "to_others":
            evidence.append("goes to people whom the quoted mail did not know")
    told = mark
    if mark is not None and mark.block is None and not mark.authors:
        told = next((one for one in found if one.authors and mark.line < one.line <= mark.line + 2), mark)
    return Forward(
        "inline", round(score, 2), tuple(evidence), original=_original_of_mark(told, message.subject, classify)
    )


def _strangers(message: Message, who: People) -> bool:
    """Whether the text names an address of somebody who neither writes nor gets this mail."""
    return any(address not in who.senders | who.recipients for address in addresses(message.text[:20_000]))


_MANNERS: Final = {
    "forward": "announced forward",
    "original": "announced original message",
    "rule": "below a rule",
    "block": "header block",
    "attribution": "attribution line",
    "quote": "quoted text",
}


def _class(classify: Classify, address: str | None) -> AddressClass | None:
    return cast("AddressClass | None", classify(address)) if address else None


def _original_of(message: Message | None, classify: Classify) -> Original:
    if message is None:
        return Original()
    author = next(iter(addresses(message.first("From") or "")), None)
    return Original(author, _class(classify, author), message.subject, message.first("Date"))


def _original_of_mark(mark: Mark | None, subject: str | None, classify: Classify) -> Original:
    block = mark.block if mark is not None else None
    bare = without_prefix(subject) or None
    if mark is None or block is None:
        author = next(iter(mark.authors), None) if mark is not None else None
        return Original(author, _class(classify, author), bare)
    author = next(iter(block.addresses("from")), None)
    printed = block.values.get("from", "").strip("\"' ")[:254] or None
    subject = block.values.get("subject") or bare
    return Original(author or printed, _class(classify, author), subject, block.values.get("date"))
