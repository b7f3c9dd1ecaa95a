"""Gathers the Facts of one mail: the whole of what the rules may look at. Pure; whatever it needs comes as argument.

Read from top to bottom, ``gather`` is the table of contents of Facts; each fact has its own module beside this one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from ..directory.model import Register
from ..documents.model import Reason
from ..mail.envelope import Envelope
from ..mail.mended import encodable
from ..mail.message import Message
from ..providers.model import Providers
from . import asked as enquiries
from . import attachments, challenge, forward, official, parties, secrecy, signature
from .attachments import Extracted
from .links import find_links
from .model import AddressClass, Attachment, Client, Detected, Facts, Forward, Hop, Missing, Official, Secrecy
from .official.page import Pages
from .reading import Reading


@dataclass(frozen=True, slots=True)
class House:
    """What is known before any mail comes: the register, the provider lists, the operator's text detectors."""

    register: Register
    providers: Providers
    zone: ZoneInfo
    detect: Callable[[Sequence[Reading]], dict[str, Detected]] = lambda _: {}
    own_hosts: tuple[str, ...] = ()
    verify: challenge.Verify = lambda subject, _login, _time: (challenge.NONE, subject)

    def class_of(self, address: str) -> AddressClass:
        """What kind of mailbox an address is, by the lists."""
        return self.providers.classify(address).class_

    def is_own_host(self, host: str) -> bool:
        """Whether a host name in a trace field lies below one of our domains."""
        name = host.rstrip(".").lower()
        return any(name == own or name.endswith("." + own) for own in self.own_hosts)


def gather(
    message: Message,
    envelope: Envelope,
    house: House,
    extracted: Extracted | None = None,
    path: str | None = None,
    asked: enquiries.Asked = enquiries.NOBODY,
) -> Facts:
    """The facts of one mail. ``extracted`` holds, by attachment, what was read of documents."""
    extracted = extracted or {}
    answered, message = challenge.take(message, envelope, house.verify)
    sender, direction, recipients, missing = parties.judge(
        message, envelope, house.register, house.providers, house.zone, asked
    )
    listed = attachments.describe(message, extracted)
    readings = attachments.readings(message, extracted)
    signatures = signature.find(message, extracted)
    covered = signature.covered(message, signatures, readings)
    forwarded, quoted = forward.recognise(message, envelope, house.class_of, house.is_own_host)
    if forwarded.by is not None:
        forwarded = replace(forwarded, agency=house.register.agency_of(forwarded.by))
    pages = Pages()
    documents = official.recognise(
        readings,
        agency_named=house.register.agency_named,
        sender_agency=sender.agency,
        signed=covered,
        pages=pages,
    )
    marks = secrecy.recognise(readings, message.fields + attachments.labels(extracted), pages)
    missing += unread(listed, documents.score, marks.score, forwarded.score, attachments.cut_short(message))
    missing += unsearched(readings, documents, marks, forwarded)
    return Facts(
        path=None if path is None else encodable(path),
        time=envelope.time,
        size=message.size,
        defects=message.defects,
        origin=envelope.origin,
        direction=direction,
        hop=Hop(name=envelope.hop),
        client=Client(envelope.client_address, envelope.client_name),
        login=envelope.login,
        subject=message.subject,
        sender=sender,
        recipients=recipients,
        forward=forwarded,
        quoted=quoted,
        official=documents,
        secrecy=marks,
        signatures=signatures,
        attachments=listed,
        links=find_links(message),
        detected=house.detect(readings),
        challenge=answered,
        unavailable=missing,
    )


def unsearched(
    readings: Sequence[Reading], documents: Official, marks: Secrecy, forwarded: Forward
) -> tuple[Missing, ...]:
    """What a recogniser's own limit leaves open: a text that was read, but too long to be searched to its end."""
    found: list[Missing] = []
    if documents.score < 0.5 and official.cut(readings):
        found.append(Missing("/official", "too_large"))
    if marks.score < 0.5 and secrecy.cut(readings):
        found.append(Missing("/secrecy", "too_large"))
    if forwarded.score < forward.FOUND and forward.LIMIT_REACHED in forwarded.evidence:
        found.append(Missing("/forward", "too_many"))
    return tuple(found)


def unread(
    listed: Sequence[Attachment], official_score: float, secrecy_score: float, forward_score: float,
    cut_short: Reason | None = None,
) -> tuple[Missing, ...]:  # fmt: skip
    """A part that could carry text and was not read leaves open what was not found elsewhere, and so does a mail of
    which parts were not even seen (``cut_short``).

    ``unsupported`` is the exception: it says that no reader exists for the type, which a rule may ask by itself.
    """
    reasons = [one.reason for one in listed if one.could_carry_text and one.reason not in (None, "unsupported")]
    reason = next(iter(reasons), None) or cut_short
    if reason is None:
        return ()
    found = {"/official": official_score, "/secrecy": secrecy_score, "/forward": forward_score}
    return tuple(Missing(fact, reason) for fact, score in found.items() if score < 0.5)
