"""A small house for tests of facts: a register of two departments of one province, and the shipped provider lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.message import EmailMessage
from functools import cache
from pathlib import Path
from types import MappingProxyType
from zoneinfo import ZoneInfo

from vanthu.directory.model import Agency, Mailbox, Register
from vanthu.documents.model import Extraction
from vanthu.facts.asked import NOBODY, Asked
from vanthu.facts.gather import House, gather
from vanthu.facts.model import Facts, from_json, to_json
from vanthu.mail.envelope import Envelope, Origin, Recipient
from vanthu.mail.parse import parse
from vanthu.providers.load import load

TIME = datetime(2026, 9, 28, 3, 0, tzinfo=UTC)
OFFICIAL = "annv@soyte.hathanh.gov.vn"


@cache
def house() -> House:
    """Hà Thành, an invented province."""
    agencies = {
        "ubnd": Agency("ubnd", "UBND tỉnh Hà Thành"),
        "so-y-te": Agency("so-y-te", "Sở Y tế", parent="ubnd", domains=("soyte.hathanh.gov.vn",)),
        "so-khcn": Agency("so-khcn", "Sở Khoa học và Công nghệ", parent="ubnd"),
    }
    people = (
        Mailbox(OFFICIAL, "Nguyễn Văn An", "so-y-te", private=("an.rieng77@gmail.com",)),
        Mailbox("hoalt@soyte.hathanh.gov.vn", "Lê Thị Thanh Hoa", "so-y-te", private=("hoahong@yahoo.com",)),
        Mailbox("motcua@soyte.hathanh.gov.vn", "Bộ phận Một cửa", "so-y-te", role="public_service"),
        Mailbox("soyte@hathanh.gov.vn", "Sở Y tế", "so-y-te", role="agency"),
    )
    register = Register(agencies, {one.address: one for one in people})
    shipped = Path(__file__).resolve().parents[2] / "policies" / "providers"
    providers = load(shipped, official=("hathanh.gov.vn",), register=register.domains, government=())
    return House(register, providers, ZoneInfo("Asia/Ho_Chi_Minh"), own_hosts=("hathanh.gov.vn",))


def mail(
    text: str,
    *,
    subject: str = "",
    to: str = "ban@gmail.com",
    from_: str = OFFICIAL,
    headers: Mapping[str, str] = MappingProxyType({}),
    files: Sequence[tuple[str, str, bytes]] = (),
) -> bytes:
    """A message; ``files`` are name, type and content."""
    made = EmailMessage()
    made["From"], made["To"] = from_, to
    if subject:
        made["Subject"] = subject
    for name, value in headers.items():
        made[name] = value
    made.set_content(text, cte="8bit" if all(len(line) < 900 for line in text.splitlines()) else "base64")
    for name, kind, content in files:
        main, _, sub = kind.partition("/")
        made.add_attachment(content, maintype=main, subtype=sub, filename=name)
    return made.as_bytes()


def facts_of(
    raw: bytes,
    *,
    sender: str = OFFICIAL,
    recipients: Sequence[str] = ("ban@gmail.com",),
    login: str | None = OFFICIAL,
    origin: Origin | None = "submission",
    extracted: Mapping[str, Extraction] | None = None,
    asked: Asked = NOBODY,
) -> Facts:
    """The facts of a message; they always survive the way to JSON and back."""
    envelope = Envelope(sender, tuple(map(Recipient, recipients)), TIME, origin, login=login)
    facts = gather(parse(raw), envelope, house(), extracted, asked=asked)
    assert from_json(to_json(facts)) == facts
    return facts
