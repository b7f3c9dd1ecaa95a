"""Reads every place where a forward can stand: alias and virtual maps, .forward files, Sieve scripts.

Files of users are hostile: they are read up to a limit, never followed out of regular files, and never run.
"""

from __future__ import annotations

import os
import pwd
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

from ..configuration import Configuration
from ..maps import Unlisted, rows, targets
from .model import Kind, Step, Unseen
from .sieve import redirects

_TABLES: tuple[tuple[str, Kind], ...] = (
    ("virtual_alias_maps", "virtual"),
    ("recipient_canonical_maps", "virtual"),
    ("alias_maps", "alias"),
)
_LARGEST = 1 << 20  # bytes of a user's file
_MOST = 1_000_000  # files below one folder
_ACTIVE = ".dovecot.sieve"

Seen = Step | Unseen


def tables(postfix: Configuration) -> Iterator[Seen]:
    """Alias and virtual maps of one instance, and the files that aliases include."""
    for parameter, kind in _TABLES:
        for row in rows(postfix.instance, postfix.values.get(parameter, "")):
            if isinstance(row, Unlisted):
                yield Unseen(row.table, row.why)
                continue
            for target in row.targets:
                yield from _target(kind, row.table, row.key, target, row.targets)


def forward_files(homes: dict[str, Path]) -> Iterator[Seen]:
    """``~/.forward`` of every user, as local(8) reads it; extensions (``.forward+x``) included."""
    for user, home in homes.items():
        for file in sorted([home / ".forward", *_matching(home, ".forward+*")]):
            text = _read(file)
            if isinstance(text, Unseen):
                yield text
            elif text is not None:
                found = [(number, target) for number, line in _lines(text) for target in targets(line)]
                for number, target in found:
                    yield from _target("forward", f"{file}:{number}", user, target, tuple(one for _, one in found))


def sieve_scripts(folder: Path) -> Iterator[Seen]:
    """Every Sieve script below a folder; the mailbox is told from the path.

    Dovecot uses the script that ``.dovecot.sieve`` is or points to; others below its folder are switched off.
    """
    yield from _sieve(_scripts(folder), lambda file: _owner(file, folder))


def sieve_home(home: Path, user: str) -> Iterator[Seen]:
    """The Sieve scripts of a local user: ``~/.dovecot.sieve`` and ``~/sieve``, where Pigeonhole has them."""
    yield from _sieve([home / _ACTIVE, *_scripts(home / "sieve")], lambda _: user)


def _sieve(scripts: list[Path], owner: Callable[[Path], str]) -> Iterator[Seen]:
    links = [file for file in scripts if file.name == _ACTIVE]
    active = {link.parent: link.resolve() for link in links}
    for file in scripts:
        if file.is_symlink():
            continue  # what it points to is read where it lies
        text = _read(file)
        if isinstance(text, Unseen):
            yield text
        elif text is not None:
            home = next((parent for parent in file.parents if parent in active), None)
            on = home is None or active[home] == file.resolve()
            source = owner(file)
            for one in redirects(text):
                yield Step("sieve", f"{file}:{one.line}", source, one.address, one.copy, on)


def homes() -> dict[str, Path]:
    """Local users and their home folders."""
    return {entry.pw_name: Path(entry.pw_dir) for entry in pwd.getpwall()}


def _target(kind: Kind, where: str, source: str, target: str, beside: tuple[str, ...]) -> Iterator[Seen]:
    if target.startswith(":include:"):
        yield from _included(source, Path(target.removeprefix(":include:")))
        return
    plain = target.lstrip("\\")  # \user: deliver to this user without looking at his .forward again
    keeps = any(one.startswith("\\") or one.lower() == source.lower() for one in beside)
    if plain.lower() != source.lower():
        yield Step(kind, where, source, plain, keeps)


def _included(source: str, file: Path) -> Iterator[Seen]:
    text = _read(file)
    if text is None or isinstance(text, Unseen):
        yield text or Unseen(str(file), "there is no such file")
        return
    for number, line in _lines(text):
        for target in targets(line):
            yield Step("include", f"{file}:{number}", source, target)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Lines with their numbers, comments left out."""
    return ((number, line) for number, line in enumerate(text.splitlines(), 1) if not line.lstrip().startswith("#"))


def _read(file: Path) -> str | Unseen | None:
    """The text of a regular file; None where there is none."""
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        return Unseen(str(file), error.strerror or "cannot be read")
    with os.fdopen(descriptor, "rb") as opened:
        status = os.fstat(opened.fileno())
        if not stat.S_ISREG(status.st_mode):
            return Unseen(str(file), "not a regular file")
        if status.st_size > _LARGEST:
            return Unseen(str(file), "larger than 1 MiB")
        return opened.read(_LARGEST).decode("utf-8", "replace")


def _matching(folder: Path, pattern: str) -> list[Path]:
    try:
        return list(folder.glob(pattern))
    except OSError:
        return []


def _scripts(folder: Path) -> list[Path]:
    found: list[Path] = []
    for place, _, names in os.walk(folder):
        found += [Path(place) / name for name in names if name.endswith(".sieve")]
        if len(found) > _MOST:
            break
    return sorted(found)


def _owner(file: Path, folder: Path) -> str:
    """The mailbox by the usual layouts: …/user@domain/…, …/domain/user/…, …/user/…"""
    parts = file.relative_to(folder).parts[:-1]
    for number, part in enumerate(parts):
        if "@" in part:
            return part
        if "." in part.strip(".") and number + 1 < len(parts):
            return f"{parts[number + 1]}@{part}"
    return parts[0] if parts else folder.name
