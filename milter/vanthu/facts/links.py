"""Links to file shares (contract: ``links``): a document handed out by link leaves the mail all the same.

Hosts are data; a host matches at a label boundary. There is no score: a link is there or not. Read are the bodies, as
text and as markup, so that the address behind an anchor counts and not only what the reader sees.

| text | links |
|---|---|
| ``https://drive.google.com/file/d/1`` | family ``google_drive`` |
| ``<a href="https://x-my.sharepoint.com/…">tài liệu</a>`` | ``sharepoint`` |
| ``https://drive.google.com.evil.example/x`` | none: another host |
| ``https://hathanh.gov.vn/van-ban`` | none: a web page |

Not seen: what lies behind a link; shorteners and redirects; an address without ``https://``; links in attachments;
a share under a host that the list does not have, such as an office's own cloud.

Limits: 2,000 links of a body are looked at.
"""

from __future__ import annotations

import re

from ..mail.message import Message
from .model import Link

_SHARES = {
    "drive.google.com": "google_drive",
    "docs.google.com": "google_drive",
    "photos.app.goo.gl": "google_photos",
    "1drv.ms": "onedrive",
    "onedrive.live.com": "onedrive",
    "sharepoint.com": "sharepoint",
    "dropbox.com": "dropbox",
    "dropboxusercontent.com": "dropbox",
    "db.tt": "dropbox",
    "box.com": "box",
    "mega.nz": "mega",
    "mega.io": "mega",
    "mediafire.com": "mediafire",
    "wetransfer.com": "wetransfer",
    "we.tl": "wetransfer",
    "icloud.com": "icloud",
    "fshare.vn": "fshare",
    "pcloud.com": "pcloud",
    "pcloud.link": "pcloud",
    "disk.yandex.ru": "yandex_disk",
    "disk.yandex.com": "yandex_disk",
    "yadi.sk": "yandex_disk",
    "cloud.mail.ru": "mailru_cloud",
    "pan.baidu.com": "baidu",
    "terabox.com": "terabox",
    "1024terabox.com": "terabox",
    "sendspace.com": "sendspace",
    "transfernow.net": "transfernow",
    "gofile.io": "gofile",
    "filemail.com": "filemail",
    "smash.com": "smash",
    "fromsmash.com": "smash",
    "4shared.com": "4shared",
    "mshare.io": "mshare",
    "upfile.vn": "upfile",
    "swisstransfer.com": "swisstransfer",
}
_HOST = re.compile(r"https?://(?:[^\s/@<>\"']{1,64}@)?([A-Za-z0-9.-]{1,253})", re.IGNORECASE)
MAX_LINKS = 2000


def find_links(message: Message) -> tuple[Link, ...]:
    """One entry for each file share that the mail links to, in alphabetical order."""
    families: set[str] = set()
    for body in message.bodies:
        for text in (body.text, body.markup):
            if "://" in text:
                families.update(_families(text))
    return tuple(Link("file_share", family) for family in sorted(families))


def _families(text: str) -> set[str]:
    found: set[str] = set()
    for count, match in enumerate(_HOST.finditer(text)):
        if count >= MAX_LINKS:
            break
        labels = match.group(1).lower().rstrip(".").split(".")
        for start in range(len(labels) - 1):
            family = _SHARES.get(".".join(labels[start:]))
            if family is not None:
                found.add(family)
                break
    return found
