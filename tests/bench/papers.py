"""Mails with documents in them, of the sizes that offices send: what the bench sends beside plain letters.

Each maker takes a number and gives another file for each, of the same content: what stands behind the end of a
document changes its hash, not its text. So a document is new to every cache, and all cost the same.
"""

from __future__ import annotations

import io
import random
import zipfile
from email.message import EmailMessage
from functools import cache
from html import escape
from pathlib import Path

import docx
import pypdfium2

from bench import workload
from support.attached import mail

SAMPLES = Path(__file__).resolve().parents[1] / "documents" / "samples"
HTML_BYTES, DOCX_BYTES, PDF_BYTES = 20_000, 100_000, 300_000
_PARAGRAPHS = 200  # about five pages
_STYLE = "margin:0cm;line-height:115%;font-size:13.0pt;font-family:&quot;Times New Roman&quot;,serif"


def plain_of(size: int, number: int) -> bytes:
    """A letter that goes on until it has ``size`` bytes."""
    head, _, text = workload.KINDS["plain"](number).partition(b"\n\n")
    return (head + b"\n\n" + text * (size // len(text) + 1))[:size].decode("utf-8", "ignore").encode("utf-8") + b"\n"


def html(number: int) -> bytes:
    """A letter as a mail program with styles writes it: plain and HTML side by side, 20 kB together."""
    text = workload.LETTER
    cell = '<p class=MsoNormal style="{}"><span lang=VI style="color:#1F1F1F">{}</span></p>\n'
    shown = [cell.format(_STYLE, escape(line) or "&nbsp;") for line in text.splitlines()]
    rows: list[str] = []
    # Base64 makes four of three; the plain part is there, too.
    while sum(len(row.encode()) for row in rows) < (HTML_BYTES - len(text.encode()) * 4 / 3 - 800) * 3 / 4:
        rows.append(shown[len(rows) % len(shown)])
    made = EmailMessage()
    made["From"], made["To"] = workload.SENDER.decode(), workload.RECIPIENT.decode()
    made["Subject"] = f"Lịch khám số {number}"
    made["Message-ID"] = f"<{number}.html@soyte.hathanh.gov.vn>"
    made.set_content(text, cte="base64")
    made.add_alternative(f"<html><body lang=VI>{''.join(rows)}</body></html>", subtype="html", cte="base64")
    return bytes(made)


@cache
def _letter() -> bytes:
    """Five pages as python-docx writes them, with a font inside that makes up the size, as fonts do."""
    document = docx.Document()
    for number in range(_PARAGRAPHS):
        line = [one for one in workload.LETTER.splitlines() if one][number % 12]
        document.add_paragraph(f"{number}. {line}")
    made = io.BytesIO()
    document.save(made)
    with zipfile.ZipFile(made, "a") as archive:
        font = random.Random(1).randbytes(DOCX_BYTES - len(made.getvalue()) - 300)
        archive.writestr("word/fonts/font1.odttf", font, zipfile.ZIP_STORED)
    return made.getvalue()


def docx_file(number: int) -> bytes:
    """100 kB; the number is the comment of the archive."""
    made = io.BytesIO(_letter())
    with zipfile.ZipFile(made, "a") as archive:
        archive.comment = b"%d" % number
    return made.getvalue()


@cache
def _pages() -> bytes:
    """As many times the same page as give the size, each with fonts of its own."""
    page = pypdfium2.PdfDocument(SAMPLES / "pdf" / "justified-weasyprint.pdf")
    document = pypdfium2.PdfDocument.new()
    made = io.BytesIO()
    while len(made.getvalue()) < PDF_BYTES:
        document.import_pages(page)
        made = io.BytesIO()
        document.save(made)
    return made.getvalue()


def pdf_file(number: int) -> bytes:
    """300 kB with text; the number is a comment behind its end."""
    return _pages() + b"\n%% %d\n" % number


@cache
def _scan() -> bytes:
    return (SAMPLES / "pdf" / "scan.pdf").read_bytes()


def scan_file(number: int) -> bytes:
    """One page without text, 77 kB."""
    return _scan() + b"\n%% %d\n" % number


def with_file(name: str, content: bytes, number: int) -> bytes:
    """A letter with one attachment."""
    return mail(workload.SENDER.decode(), f"Lịch khám số {number}", (name, content))


def forward(number: int) -> bytes:
    """A letter that was passed on as an attachment, as mail programs do it: a message within the message."""
    inner = workload.KINDS["plain"](number)
    mark = f"=-{number:08d}-lab"
    head = f"From: {workload.SENDER.decode()}\nTo: {workload.RECIPIENT.decode()}\nSubject: Fwd: lich kham {number}\n"
    head += f'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="{mark}"\n\n--{mark}\n'
    head += "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\nXin chuyển bà thư này.\n\n"
    head += f"--{mark}\nContent-Type: message/rfc822\nContent-Disposition: attachment\n\n"
    return head.encode() + inner + f"\n--{mark}--\n".encode()
