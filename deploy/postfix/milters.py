"""Milter lists as Postfix writes them: split, put ours first, join. Pure.

Postfix separates milters by commas or white space; a milter with settings stands in braces:
``{ unix:vanthu/milter.sock, default_action=tempfail }`` (Postfix MILTER_README, "Advanced milter configuration").
"""

from __future__ import annotations

from pathlib import Path

OURS = ("$vanthu_milter", "$vanthu_inbound_milter")


def split(value: str) -> list[str]:
    """The milters (or words) of a list, each as written; a brace that is never closed takes the rest."""
    items: list[str] = []
    current, depth = "", 0
    for character in value:
        if depth == 0 and character in ", \t\r\n":
            items.append(current)
            current = ""
            continue
        depth += {"{": 1, "}": -1}.get(character, 0)
        current += character
    items.append(current)
    return [item for item in items if item]


def ours_first(value: str, ours: str) -> str:
    """The list with our milter at its head, as ``ours`` writes it.

    First means before every DKIM signer, so that a signature covers the headers that we add or take away, and
    before filters that could refuse a mail that the journal should know.
    """
    return ", ".join([ours, *(item for item in split(value) if item not in OURS)])


def without_spaces(value: str) -> str | None:
    """The same list without white space, as ``postconf -Pe`` wants it; None where white space has a meaning.

    >>> without_spaces("$vanthu_milter, { inet:localhost:8891, default_action=accept }")
    '$vanthu_milter,{inet:localhost:8891,default_action=accept}'
    """
    items = split(value)
    squeezed = []
    for item in items:
        if not item.startswith("{"):
            squeezed.append(item)
            continue
        inner = split(item[1:].removesuffix("}"))
        if any(part.startswith("{") for part in inner):
            return None
        squeezed.append("{" + ",".join(inner) + "}")
    return ",".join(squeezed)


def address(socket: str, queue: Path) -> str:
    """How Postfix is to write our socket: relative to the queue folder if it is inside, so that a chroot sees it.

    >>> address("unix:/var/spool/postfix/vanthu/milter.sock", Path("/var/spool/postfix"))
    'unix:vanthu/milter.sock'
    >>> address("inet:8891@127.0.0.1", Path("/var/spool/postfix"))
    'inet:127.0.0.1:8891'
    """
    scheme, _, rest = socket.partition(":")
    if scheme in ("inet", "inet6") and "@" in rest:
        port, _, host = rest.partition("@")
        return f"inet:[{host}]:{port}" if ":" in host else f"inet:{host}:{port}"
    path = Path(rest)
    if scheme == "unix" and path.is_relative_to(queue):
        return f"unix:{path.relative_to(queue)}"
    return socket
