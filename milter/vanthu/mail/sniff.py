"""The media type of octets by their content: what an attachment is, whatever its name says. Never raises.

Looks at magic numbers and, in ZIP containers, at the names of the members, a bounded number of them.
"""

from __future__ import annotations

import re

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
_LOOK = 4096
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"BM", "image/bmp"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"\x1f\x8b", "application/gzip"),
    (b"BZh", "application/x-bzip2"),
    (b"\xfd7zXZ\0", "application/x-xz"),
    (b"\x28\xb5\x2f\xfd", "application/zstd"),
    (b"MSCF", "application/vnd.ms-cab-compressed"),
    (b"{\\rtf", "application/rtf"),
    (b"\x78\x9f\x3e\x22", "application/ms-tnef"),
    (b"\xdb\xa5\x2d\0", "application/msword"),  # Word 2
    (b"MZ", "application/vnd.microsoft.portable-executable"),
    (b"\x7fELF", "application/x-elf"),
    (b"ID3", "audio/mpeg"),
    (b"OggS", "audio/ogg"),
    (b"\x00\x00\x01\x00", "image/vnd.microsoft.icon"),
    (b"AT&TFORM", "image/vnd.djvu"),
    (b"SQLite format 3\0", "application/vnd.sqlite3"),
    (b"-----BEGIN PGP MESSAGE", "application/pgp-encrypted"),
    (b"-----BEGIN PGP SIGNATURE", "application/pgp-signature"),
    (b"-----BEGIN PKCS7", "application/pkcs7-mime"),
    (b"BEGIN:VCALENDAR", "text/calendar"),
    (b"BEGIN:VCARD", "text/vcard"),
    (b"\xef\xbb\xbfBEGIN:VCALENDAR", "text/calendar"),
    (b"\xef\xbb\xbfBEGIN:VCARD", "text/vcard"),
)
# What no text begins with: a part that declares text and begins so is none.
BINARY = (
    b"%PDF-", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF8",
    b"Rar!\x1a\x07", b"7z\xbc\xaf", b"\x1f\x8b\x08", b"{\\rtf1", b"\x78\x9f\x3e\x22", b"BZh9", b"\xfd7zXZ\0",
)  # fmt: skip
# A package of Microsoft's (ECMA-376) by the folder in which its main part stands.
OOXML = (
    (b"word/", DOCX),
    (b"xl/", XLSX),
    (b"ppt/", PPTX),
    (b"visio/", "application/vnd.ms-visio.drawing.main+xml"),
)
_PACKAGE = (b"[content_types].xml", b"_rels/", b"docprops/")
_MOST_NAMES = 2000
_OLE_STREAMS = (
    ("WordDocument", "application/msword"),
    ("Workbook", "application/vnd.ms-excel"),
    ("Book", "application/vnd.ms-excel"),
    ("PowerPoint Document", "application/vnd.ms-powerpoint"),
    ("__nameid_version1.0", "application/vnd.ms-outlook"),
    ("__properties_version1.0", "application/vnd.ms-outlook"),
    ("EncryptedPackage", "application/x-ole-encrypted-package"),
)
_MAIL_FIELD = re.compile(
    rb"^(received|return-path|delivered-to|from|to|cc|subject|date|message-id|mime-version|content-type|reply-to"
    rb"|x-[a-z-]{2,40}|dkim-signature|sender|in-reply-to|references)[ \t]*:",
    re.IGNORECASE | re.MULTILINE,
)
# What a package may say of itself: anything else would put it beyond every reader.
_DECLARED = re.compile(
    rb"application/(?:epub\+zip|vnd\.oasis\.opendocument\.(?:text|spreadsheet|presentation|graphics)(?:-template)?"
    rb"|vnd\.oasis\.opendocument\.text-master)(?![a-z.-])"
)
_HTML = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html|head|body|table|div|meta)\b", re.IGNORECASE)


def sniff(data: bytes) -> str | None:
    """The media type, or None where the content shows none."""
    head = data[:_LOOK]
    if head.startswith(b"PK\x03\x04"):
        return _zip(data)
    if head.startswith((b"PK\x05\x06", b"PK\x07\x08", b"PK00PK\x03\x04")):
        return "application/zip"
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _ole(data)
    if b"%PDF-" in head[:1024]:
        return "application/pdf"
    for magic, name in _MAGIC:
        if head.startswith(magic):
            return name
    return _inner_magic(head) or _text(head)


def _inner_magic(head: bytes) -> str | None:
    if head[:4] == b"RIFF":
        return {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}.get(head[8:12])
    if head[4:8] == b"ftyp":
        if head[8:12] in (b"heic", b"heix", b"mif1", b"msf1", b"hevc"):
            return "image/heic"
        return "image/avif" if head[8:12] == b"avif" else "video/mp4"
    if head[257:262] == b"ustar":
        return "application/x-tar"
    if len(head) > 7 and head[2:7] == b"-lh5-":
        return "application/x-lzh-compressed"
    return "audio/mpeg" if head[:2] in (b"\xff\xfb", b"\xff\xf3", b"\xff\xf2") else None


def _zip(data: bytes) -> str:
    """ZIP containers by their members: OOXML, OpenDocument (whose first member is ``mimetype``), EPUB, or plain."""
    if data[30:38] == b"mimetype":
        declared = _DECLARED.match(data, 38)
        if declared:
            return declared[0].decode("ascii")
    names = [name.replace(b"\\", b"/").lstrip(b"/").lower() for name in _member_names(data)]
    if any(name.startswith(_PACKAGE) for name in names):
        for prefix, kind in OOXML:
            if any(name.startswith(prefix) for name in names):
                return kind
    return "application/java-archive" if b"meta-inf/manifest.mf" in names else "application/zip"


def _member_names(data: bytes) -> list[bytes]:
    """The names in the archive's own directory (APPNOTE 4.3.12), or, where that is cut or strange, in what looks like
    headers near both ends; a bounded number of them."""
    end = data.rfind(b"PK\x05\x06", max(0, len(data) - 65_557))
    if end >= 0:
        at = end - int.from_bytes(data[end + 12 : end + 16], "little")
        names: list[bytes] = []
        while len(names) < _MOST_NAMES and at >= 0 and data[at : at + 4] == b"PK\x01\x02":
            name, extra, comment = (
                int.from_bytes(data[at + place : at + place + 2], "little") for place in (28, 30, 32)
            )
            names.append(data[at + 46 : at + 46 + min(name, 200)])
            at += 46 + name + extra + comment
        if names:
            return names
    return _names_nearby(data[:65536]) + _names_nearby(data[-65536:])


def _names_nearby(data: bytes) -> list[bytes]:
    """The names in local headers (PK 3 4) and in the central directory (PK 1 2), at most 200."""
    names: list[bytes] = []
    at = 0
    while len(names) < 200 and (at := data.find(b"PK", at)) >= 0:
        kind = data[at + 2 : at + 4]
        if kind in (b"\x03\x04", b"\x01\x02"):
            length_at, name_at = (26, 30) if kind == b"\x03\x04" else (28, 46)
            length = int.from_bytes(data[at + length_at : at + length_at + 2], "little")
            names.append(data[at + name_at : at + name_at + min(length, 200)])
        at += 2
    return names


def _ole(data: bytes) -> str:
    """OLE compound files by the names in their directory, which are UTF-16."""
    for stream, kind in _OLE_STREAMS:
        if stream.encode("utf-16-le") + b"\0\0" in data:
            return kind
    return "application/x-ole-storage"


def _text(head: bytes) -> str | None:
    if _HTML.match(head):
        return "text/html"
    stripped = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if stripped.startswith(b"<?xml"):
        return "image/svg+xml" if b"<svg" in head else "application/xml"
    if not head or b"\0" in head:
        return None
    controls = len(head.translate(None, bytes(range(9, 14)) + b"\x1b" + bytes(range(32, 256))))
    if controls:
        return None
    if head.isascii():
        return "text/plain"
    high = len(head.translate(None, bytes(range(128))))
    return "text/plain" if high * 2 < len(head) or _is_utf8(head) else None


def _is_utf8(head: bytes) -> bool:
    try:
        head[: len(head) - 4].decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start > len(head) - 8
    return True


def looks_like_message(data: bytes) -> bool:
    """Whether the octets begin as an Internet message: a field at once, and three different ones in 4 kB."""
    head = data[:_LOOK].lstrip()
    if head.startswith((b"From ", b">From ")):
        head = head.partition(b"\n")[2]
    if not _MAIL_FIELD.match(head):
        return False
    section = re.split(rb"\r?\n\r?\n", head, maxsplit=1)[0]
    names = {found[1].lower() for found in _MAIL_FIELD.finditer(section)}
    return len(names) >= 3 and bool(names & {b"from", b"received", b"return-path", b"sender"})
