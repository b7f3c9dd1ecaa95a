"""Is vanthu itself in order: what it was given, where it writes, what frees held mail?"""

from __future__ import annotations

import contextlib
import os
import socket
import stat
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from ...journal.reader import SUFFIX
from ..helper import PROGRAM
from ..holdings import held
from ..instance import PostfixError
from .model import Hit, House, Patient, check

_OLD = timedelta(days=7)
_LIBMILTER = (1, 0, 1)  # macros by stage, all of protocol 6
_LEAP = timedelta(minutes=5)
_FIRST_YEAR = 2026


@check("files", "error", of="vanthu")
def files(house: House) -> Iterator[Hit]:
    """Policy, register or lists do not load.

    The daemon goes on with what it had; after a restart it would not start at all, and all mail would wait.

    Mend: vanthu check
    """
    if house.problems:
        more = f" (and {len(house.problems) - 1} more)" if len(house.problems) > 1 else ""
        yield Hit(house.problems[0] + more)


@check("last-reload", "error", of="vanthu")
def last_reload(house: House) -> Iterator[Hit]:
    """The last reload was refused.

    What was edited since is not in force; the old rules are.

    Mend: vanthu check && systemctl reload vanthu
    """
    last = (house.status or {}).get("last_reload")
    if isinstance(last, dict) and not last.get("ok", True):
        yield Hit(f"refused at {last.get('time')}: {'; '.join(map(str, last.get('problems', [])[:1]))}")


@check("own-domains", "warning", of="vanthu")
def own_domains(house: House) -> Iterator[Hit]:
    """vanthu does not know which domains are ours.

    Without them no mail counts as outbound, and no rule about officials can hit.

    Mend: set own.domains in vanthu.yaml, then vanthu check && systemctl reload vanthu
    """
    if not house.settings.own.domains:
        yield Hit("own.domains is empty")


@check("no-register", "warning", of="vanthu")
def no_register(house: House) -> Iterator[Hit]:
    """There is no register of agencies and mailboxes.

    Every mailbox counts as unregistered: no figures by agency, no notices to heads, no rule about roles.

    Mend: set register in vanthu.yaml, then vanthu check && systemctl reload vanthu
    """
    if house.settings.register_ is None:
        yield Hit("register is not set")


@check("journal-optional", "warning", of="vanthu")
def journal_optional(house: House) -> Iterator[Hit]:
    """Mail passes even if its record cannot be written.

    A full disk then means mail that nobody can account for.

    Mend: set journal.on_failure to tempfail in vanthu.yaml, then systemctl reload vanthu
    """
    if house.settings.journal.on_failure != "tempfail":
        yield Hit(f"journal.on_failure is {house.settings.journal.on_failure}")


@check("disk-journal", "error", of="vanthu")
def disk_journal(house: House) -> Iterator[Hit]:
    """The disk of the journal is nearly full.

    Without a record no mail is answered: all of it waits (451).

    Mend: df -h <folder>
    """
    folder = house.settings.journal.path
    try:
        status = os.statvfs(folder)
    except OSError as error:
        yield Hit(f"{folder}: {error.strerror}", {"folder": folder})
        return
    free = status.f_bavail * status.f_frsize
    if free < house.min_free:
        yield Hit(f"{folder}: {free >> 20} MiB free", {"folder": folder})


@check("folder-open", "error", of="vanthu")
def folder_open(house: House) -> Iterator[Hit]:
    """Somebody else may write to vanthu's journal or state folder.

    He can put a relaxation, a key or a request for held mail there, or take the journal away.

    Mend: chown vanthu:vanthu <folder> && chmod 0750 <folder>
    """
    folders = (house.settings.journal.path, house.settings.state.path)
    daemon = Path(f"/proc/{(house.status or {}).get('pid')}")
    try:
        own = (daemon if daemon.is_dir() else folders[0]).stat().st_uid
    except OSError:
        return  # disk-journal says that it is not there
    for folder in dict.fromkeys(folders):
        with contextlib.suppress(OSError):
            status = folder.stat()
            if status.st_mode & stat.S_IWOTH or status.st_uid not in (0, own):
                said = f"{folder} belongs to user {status.st_uid} and has mode {stat.S_IMODE(status.st_mode):04o}"
                yield Hit(said, {"folder": folder})


@check("clock", "error", of="vanthu")
def clock(house: House) -> Iterator[Hit]:
    """The clock of this host is wrong.

    Records, working hours, challenge codes and validity of rules go by it.

    Mend: timedatectl set-ntp true && timedatectl
    """
    if house.now.year < _FIRST_YEAR:
        yield Hit(f"it is {house.now:%Y-%m-%d}, which is before vanthu was written")
        return
    newest = max((_modified(file) for file in house.settings.journal.path.glob(f"*{SUFFIX}")), default=0.0)
    if newest > (house.now + _LEAP).timestamp():
        yield Hit(f"the journal was written in the future ({newest - house.now.timestamp():.0f} s from now)")


@check("libmilter", "error", of="vanthu")
def libmilter(house: House) -> Iterator[Hit]:
    """libmilter is missing or old.

    vanthu needs 1.0.1 or newer to ask Postfix for macros and to speak protocol 6.

    Mend: apt-get install --reinstall libmilter1.0.1
    """
    if house.libmilter is None or house.libmilter < _LIBMILTER:
        yield Hit("not found" if house.libmilter is None else f"version {'.'.join(map(str, house.libmilter))}")


@check("hold-helper", "warning", of="vanthu")
def hold_helper(house: House) -> Iterator[Hit]:
    """The helper that frees held mail is missing, or others could change it.

    It runs as root; without it `vanthu hold` can list and not free.

    Mend: install -o root -g root -m 0755 deploy/postfix/hold-helper <path>, or see docs/hold.md for the socket
    """
    where = house.settings.postfix.helper or PROGRAM
    path = Path(where.removeprefix("unix:"))
    try:
        status = path.stat()
    except OSError as error:
        yield Hit(f"{path}: {error.strerror}", {"path": path})
        return
    if where.startswith("unix:"):
        if not stat.S_ISSOCK(status.st_mode) or status.st_mode & 0o002:
            yield Hit(f"{path} is no socket, or everybody may use it", {"path": path})
    elif status.st_uid != 0 or status.st_mode & 0o022 or not status.st_mode & 0o100:
        yield Hit(f"{path} is not root's alone, or cannot be run", {"path": path})


@check("notices", "warning", of="vanthu")
def notices(house: House) -> Iterator[Hit]:
    """Notices have nowhere to go.

    Senders and agencies are not told what happened to their mail.

    Mend: set notices.smtp in vanthu.yaml to the port of the local Postfix, then systemctl reload vanthu
    """
    if not house.settings.notices.enabled:
        return
    host, _, port = house.settings.notices.smtp.rpartition(":")
    try:
        socket.create_connection((host.strip("[]"), int(port)), 3.0).close()
    except (OSError, ValueError) as error:
        yield Hit(f"notices.smtp {house.settings.notices.smtp}: {error}")


@check("old-holds", "warning")
def old_holds(patient: Patient) -> Iterator[Hit]:
    """Mail has been on hold for more than a week.

    Its sender believes that somebody looks at it; Postfix never returns held mail by itself.

    Mend: vanthu hold list --older 7d --config-dir <folder>
    """
    try:
        waiting = [one for one in held(patient.postfix.instance) if patient.house.now - one.arrival >= _OLD]
    except PostfixError:
        return  # Postfix is not running: its queue cannot be asked
    if waiting:
        yield Hit(f"{len(waiting)} mail(s)", {"folder": patient.postfix.folder})


def _modified(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except OSError:
        return 0.0
