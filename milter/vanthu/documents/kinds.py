"""What kind of document octets are: the sniffer of the mail room, and a second look where a document tells more."""

from __future__ import annotations

import io
import re

import olefile

from ..mail.charsets import decode_bytes
from ..mail.sniff import OOXML, looks_like_message, sniff
from .archives.zip_directory import directory

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STREAMS = (
    ("EncryptedPackage", "application/x-ole-encrypted-package"),
    ("WordDocument", "application/msword"),
    ("Workbook", "application/vnd.ms-excel"),
    ("Book", "application/vnd.ms-excel"),
    ("PowerPoint Document", "application/vnd.ms-powerpoint"),
    ("__properties_version1.0", "application/vnd.ms-outlook"),
)
# What the sniffer takes from names anywhere in the octets has to stand in the archive's own directory: a document
# that lies in a plain archive unpacked brings names of its own.
_ZIPPED = {kind: folder.decode() for folder, kind in OOXML} | {"application/java-archive": "meta-inf/manifest.mf"}
_MOST_ENTRIES = 2000
_WORD_XML = re.compile(rb'progid="Word\.Document"|<pkg:package')
_SEQUENCE = b"\x30"
_CMS = re.compile(rb"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07[\x02\x03]")  # signed or enveloped data, RFC 5652
_MHT = re.compile(
    rb"\s*(?:From: <Saved by|MIME-Version:[^\n]{1,80}\r?\n(?:[^\n]{0,200}\r?\n){0,6}?Content-Type: ?multi)", re.I
)
_TEXT_NAMES = re.compile(r"\.(?:txt|csv|log|md|tsv|ini|conf|text|asc|nfo)$", re.IGNORECASE)
_BOMS = (b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")
UNKNOWN = "application/octet-stream"
EMPTY = "application/x-empty"


def kind_of(content: bytes, name: str | None) -> str:
    """The media type; ``application/octet-stream`` for what shows none."""
    if not content:
        return EMPTY
    if content.startswith(_OLE):
        return _ole(content)
    if content.startswith(_SEQUENCE) and _CMS.search(content[:40]):
        return "application/pkcs7-mime"  # before a look at what it carries: the file inside begins not far behind
    kind = sniff(content)
    if kind in _ZIPPED:
        kind = _zipped(content, kind)
    if kind in (None, "text/plain") and (looks_like_message(content) or _MHT.match(content[:2000])):
        return "application/mbox" if content.startswith(b"From ") else "message/rfc822"
    return _xml(content) if kind == "application/xml" else kind or _text(content, name)


def _xml(content: bytes) -> str:
    """Office documents that are one XML file."""
    if b"<office:document" in content[:4096]:
        return "application/vnd.oasis.opendocument.text-flat-xml"
    if _WORD_XML.search(content[:2048]):
        return "application/vnd.ms-word.2003xml"
    return "application/xml"


def _zipped(content: bytes, kind: str) -> str:
    prefix = _ZIPPED[kind]
    listed = directory(content, _MOST_ENTRIES).entries
    inside = any(entry.name.replace("\\", "/").lstrip("/").lower().startswith(prefix) for entry in listed)
    return kind if inside else "application/zip"


def _ole(content: bytes) -> str:
    """By the streams in the root storage: embedded objects have storages of their own."""
    try:
        with olefile.OleFileIO(io.BytesIO(content)) as storage:
            for stream, kind in _STREAMS:
                if storage.exists(stream):
                    return kind
    except Exception:
        return sniff(content) or UNKNOWN
    return "application/x-ole-storage"


def _text(content: bytes, name: str | None) -> str:
    """UTF-16 with or without a byte order mark, and text whose name says so."""
    head = content[:2000]
    if not head.strip(b"\0 \r\n\t"):
        return UNKNOWN
    zeros = max(head[::2].count(0), head[1::2].count(0))
    wide = zeros * 5 > len(head) and head.count(0) * 10 < len(head) * 6 and not head.count(b"\0\0\0")
    if wide or head.startswith(_BOMS):
        decoded = decode_bytes(head, None)[0].lstrip("\ufeff")
        return sniff(decoded.encode("utf-8", "replace")) or "text/plain"
    return "text/plain" if name and _TEXT_NAMES.search(name) and b"\0" not in head else UNKNOWN
