"""docs/documents.md, made of the readers' own docstrings, so that it says what they say."""

from __future__ import annotations

from types import ModuleType

from . import ocr, seals
from .formats import READERS
from .model import DocumentLimits
from .seals import judge

_HEAD = """# Documents

What is read of attachments, with which library, and what is not. This page is made of the readers' docstrings by
`python tests/documents/test_manual.py`; a test keeps it in step.

A document is told by its content, never by its name or by what the mail says of it. Each is read in a child process
of its own, without network, without a file that it could write, and with the limits below. What could not be read
has a **reason** in the facts: `encrypted`, `too_large`, `too_many`, `too_deep`, `bomb`, `timeout`, `crashed`,
`malformed` (broken or cut, a volume is missing, or packed in a way that no library here undoes), `unsupported` (no
reader for the type) or `unavailable` (OCR is needed, and off or missing). What was read before a limit was reached
counts. Nothing of a document is ever written to disk.

Try it: `vanthu facts --document --text FILE`. All samples at a glance: `python tests/documents/table.py`; a folder of
your own, format by format: `python tests/documents/table.py --summary FOLDER`.
"""


def page() -> str:
    """The whole page, in Markdown."""
    sections = [_HEAD, "## Formats\n"]
    sections += [_section(reader) for reader in READERS]
    sections += ["## Scans and pictures\n", _text(ocr), "## Signatures\n", _text(seals)]
    sections += [_text(judge), "## Limits\n", _limits()]
    return "\n".join(sections).rstrip("\n") + "\n"


def _text(module: ModuleType) -> str:
    return (module.__doc__ or "").replace("``", "`").strip() + "\n"


def _section(reader: ModuleType) -> str:
    first, _, rest = _text(reader).partition("\n\n")
    formats, _, how = " ".join(first.split()).partition(": ")
    how = f"{how[:1].upper()}{how[1:]}"
    return f"### {formats}\n\n{how}\n\n{rest}\nMedia types: {', '.join(f'`{kind}`' for kind in reader.TYPES)}.\n"


def _limits() -> str:
    """The settings below ``documents:``; their defaults."""
    rows = [f"| `{name}` | {value} |" for name, value in zip(
        DocumentLimits.__struct_fields__, DocumentLimits.__struct_defaults__, strict=True
    ) if name != "trust"]  # fmt: skip
    return "\n".join(
        (
            "Settings below `documents:` (sizes in bytes, times in seconds).\n",
            "| limit | default |",
            "|---|---|",
            *rows,
        )
    )
