"""Generated mail as octets: header, a plain or HTML body, one of several encodings."""

from __future__ import annotations

import html
import random
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP

from .people import Person


@dataclass(frozen=True)
class Sample:
    """One generated mail: what it is (``forward`` or not), where it comes from, and its octets."""

    name: str
    language: str
    is_forward: bool
    raw: bytes
    author: str | None = None
    subject: str | None = None
    recipients: tuple[str, ...] = field(default=())
    sender: str = ""


def to_markup(text: str, rng: random.Random) -> str:
    """Plain text as mail clients turn it into HTML."""
    lines = [html.escape(line).replace("  ", " &nbsp;") for line in text.split("\n")]
    manner = rng.randrange(3)
    if manner == 0:
        return "<html><body>" + "<br>\r\n".join(lines) + "</body></html>"
    if manner == 1:
        return "<html><body>" + "\n".join(f"<div>{line or '<br>'}</div>" for line in lines) + "</body></html>"
    return (
        "<html><body>"
        + "\n".join(f'<p class="MsoNormal">{line or "&nbsp;"}</p>' for line in lines)
        + "</body></html>"
    )


def build(
    rng: random.Random,
    sender: Person,
    recipients: list[Person],
    subject: str,
    text: str,
    markup: str | None = None,
    headers: dict[str, str] | None = None,
    shape: str | None = None,
    files: int = 0,
) -> bytes:
    """The mail; ``shape`` is plain, html or both (chosen where None)."""
    message = EmailMessage(policy=SMTP.clone(max_line_length=200))
    message["From"] = sender.shown
    message["To"] = ", ".join(recipient.shown for recipient in recipients)
    message["Subject"] = subject
    message["Message-ID"] = f"<{rng.randrange(10**12)}@mail.example>"
    message["Date"] = "Mon, 28 Sep 2026 10:00:00 +0700"
    for name, value in (headers or {}).items():
        message[name] = value
    shape = shape or rng.choice(["plain", "plain", "html", "both"])
    cte = rng.choice(["8bit", "quoted-printable", "base64"])
    source = markup if markup is not None else to_markup(text, rng)
    if shape == "plain":
        message.set_content(text, cte=cte)
    elif shape == "html":
        message.set_content(source, subtype="html", cte=cte)
    else:
        message.set_content(text, cte=cte)
        message.add_alternative(source, subtype="html", cte=cte)
    for number in range(files):
        message.add_attachment(b"%PDF-1.4 x" * 20, maintype="application", subtype="pdf", filename=f"cv-{number}.pdf")
    return message.as_bytes()
