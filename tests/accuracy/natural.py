"""Text that nobody wrote for this project: negatives from whatever packages lie on this machine, and where from.

None of it was generated to fit, none of it is an official document, a secrecy mark or a forward. Nothing is copied
into the repository; a source that is not installed is missing from the table, with its name. More sources: unpack
Debian packages (``dpkg -x manpages-vi_*.deb DIR``) and give the folder as a further root.

What it is not: mail of Vietnamese offices. Translated programs, manuals and help pages have the letters and the
prose, but few of the forms (numbers, headings in capitals, lists of addressees) that honest office mail has.
"""

from __future__ import annotations

import gettext
import gzip
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path

CHUNK = 1500  # characters of a text: the length of a mail
_TAG = re.compile(r"<(?:script|style)\b.*?</(?:script|style)>|<[^>]{0,2000}>", re.S | re.I)
_BLOCK = re.compile(r"</(?:p|h\d|div|li|tr|td|pre)>|<br\s*/?>", re.I)
_ROFF = re.compile(r"\\f[A-Z]|\\[-&|~^]|^\.[A-Z]{1,2}\s?", re.M)
_PASTED = re.compile(r"^\W{0,8}(?:From|To): .{0,80}@", re.M)
_FLUENT = re.compile(r"^[\w.-]+ ?= ?(.+)$", re.M)


@dataclass(frozen=True, slots=True)
class Source:
    """Where a text is from; ``pattern`` is looked for below each root."""

    name: str
    language: str
    pattern: str
    read: Callable[[Path], Iterator[str]]


def chunks(text: str) -> Iterator[str]:
    """A long text as texts of mail's length, cut between lines."""
    part: list[str] = []
    size = 0
    for line in text.split("\n"):
        part.append(line)
        size += len(line) + 1
        if size >= CHUNK:
            yield "\n".join(part)
            part, size = [], 0
    if size > 80:
        yield "\n".join(part)


def _plain(path: Path) -> Iterator[str]:
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    yield from chunks(data[:2_000_000].decode("utf-8", "replace"))


def _manual(path: Path) -> Iterator[str]:
    for text in _plain(path):
        yield _ROFF.sub("", text)


def _catalogue(path: Path) -> Iterator[str]:
    with path.open("rb") as file:
        said = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    texts = [text for source, text in said.items() if source and isinstance(text, str)]
    yield from chunks("\n".join(texts))


def _page(path: Path) -> Iterator[str]:
    markup = path.read_bytes().decode("utf-8", "replace")
    yield from chunks(re.sub(r"\n\s*\n\s*", "\n", unescape(_TAG.sub(" ", _BLOCK.sub("\n", markup)))))


def _messages(path: Path) -> Iterator[str]:
    texts = json.loads(path.read_text("utf-8"))
    yield from chunks("\n".join(text for text in texts.values() if isinstance(text, str)))


def _archive(path: Path) -> Iterator[str]:
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.endswith((".ftl", ".properties", ".dtd")):
                text = archive.read(name).decode("utf-8", "replace")
                yield from chunks("\n".join(_FLUENT.findall(text)))


SOURCES = (
    Source("translations of programs (gettext)", "vi", "usr/share/locale/vi/LC_MESSAGES/*.mo", _catalogue),
    Source("LibreOffice help", "vi", "usr/share/libreoffice/help/vi/**/*.html", _page),
    Source("manual pages", "vi", "usr/share/man/vi/man*/*.gz", _manual),
    Source("Debian maintainer's guide", "vi", "usr/share/doc/maint-guide-vi/html/*.vi.html", _page),
    Source("Firefox and Thunderbird", "vi", "usr/lib/**/langpack-vi@*.xpi", _archive),
    Source("MediaWiki messages", "vi", "usr/share/mediawiki/**/i18n/**/vi.json", _messages),
    Source("DokuWiki", "vi", "usr/share/dokuwiki/inc/lang/vi/*", _plain),
    Source("changelogs (dates, addresses, numbers)", "en", "usr/share/doc/*/changelog*.gz", _plain),
    Source("READMEs and news", "en", "usr/share/doc/*/*[A-Z][A-Z]*", _plain),
    Source("copyright files", "en", "usr/share/doc/*/copyright", _plain),
)


def texts(roots: list[Path], most: int) -> Iterator[tuple[Source, str]]:
    """At most ``most`` different texts of each source, in the order of the files."""
    for source in SOURCES:
        seen: set[int] = set()
        for root in roots:
            for path in sorted(root.glob(source.pattern)):
                if len(seen) >= most or not path.is_file():
                    continue
                for text in source.read(path):
                    mark = hash(text)
                    if mark not in seen and len(seen) < most:
                        seen.add(mark)
                        yield source, text


def mails(roots: list[Path]) -> Iterator[tuple[str, bytes]]:
    """Whole messages that come with other programs' tests: Python's ``test_email``, SpamAssassin's examples."""
    patterns = (
        ("Python's test_email", "root/.pyenv/versions/*/lib/python3*/test/test_email/data/msg_*.txt"),
        ("Python's test_email", "usr/lib/python3*/test/test_email/data/msg_*.txt"),
        ("SpamAssassin's examples", "usr/share/doc/spamassassin/examples/sample-*.txt"),
        ("mail-parser's test mails", "**/mail_parser-*/tests/mails/mail_*"),
    )
    seen: set[bytes] = set()
    for root in roots:
        for name, pattern in patterns:
            if pattern.startswith("**") and root == Path("/"):
                continue  # a whole machine is not searched
            for path in sorted(root.glob(pattern)):
                raw = path.read_bytes()
                if raw not in seen and path.is_file():
                    seen.add(raw)
                    yield name, raw


def passes_on(text: str) -> bool:
    """Whether a mail is pasted into the text with its header, as some copyright files have it: that is a forward."""
    return any("subject:" in text[max(0, at.start() - 600) : at.end() + 600].lower() for at in _PASTED.finditer(text))
