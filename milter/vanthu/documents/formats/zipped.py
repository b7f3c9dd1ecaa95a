"""zip: read by our own reader of its directory, which knows limits and mends cut files.

Members are read by content, to any depth within the limits; names are decoded as UTF-8 or as the old code page.
Encrypted members are listed by name with the reason ``encrypted``. Stored, deflated, bzip2 and LZMA members are read;
others are ``malformed``. Entries that share their data are a bomb. Volumes (``.z01``, ``.zip.001``) that come
together are read as one; where one is missing, the rest is ``malformed``.
"""

from __future__ import annotations

import hashlib
from functools import partial

from ..archives import zip_directory
from ..archives.members import unread
from ..archives.volumes import unfinished
from ..work import Found, Stop

TYPES = ("application/zip", "application/java-archive", "application/epub+zip")


def read(content: bytes, found: Found) -> None:
    """Member by member; one that cannot be read costs nothing but itself."""
    work = found.work
    listed = zip_directory.directory(content, work.limits.max_members)
    if listed.overlapping and listed.whole:
        raise Stop("bomb")
    if not listed.whole or unfinished(content):
        found.flaw("malformed")
    for entry in listed.entries:
        if entry.folder:
            continue
        try:
            member = b"".join(work.expand(entry.packed, partial(zip_directory.pieces, content, entry)))
        except Stop as stop:
            unread(found, entry.name, entry.size, stop.reason)
            if stop.reason in ("bomb", "too_large", "timeout"):
                raise
            continue
        work.member(found, entry.name, member, hashlib.sha256(member).hexdigest())
    if listed.too_many:
        raise Stop("too_many")
