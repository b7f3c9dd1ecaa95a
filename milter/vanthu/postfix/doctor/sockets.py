"""Can Postfix's processes reach the socket, and does vanthu answer there?"""

from __future__ import annotations

import os
import pwd
import stat
from collections.abc import Iterator
from pathlib import Path

from .model import Hit, House, Patient, check


@check("silent", "error", of="vanthu")
def silent(house: House) -> Iterator[Hit]:
    """vanthu does not answer at its socket.

    All submitted mail gets 451 and waits. The question was a real one: the opening of a milter session.

    Mend: systemctl restart vanthu && vanthu status
    """
    if not house.probe(house.settings.milter.socket):
        yield Hit(f"no milter answers at {house.settings.milter.socket}")


@check("chroot", "error")
def chroot(patient: Patient) -> Iterator[Hit]:
    """A chrooted service cannot see the socket.

    Debian's services live in the queue folder and see nothing outside of it: every mail gets 451.

    Mend: install -d -o vanthu -g postfix -m 2750 <queue>/vanthu, then in vanthu.yaml milter: {socket:
    "unix:<queue>/vanthu/milter.sock"}, systemctl restart vanthu, /opt/vanthu/deploy/postfix/submission.py apply
    """
    cleanup = patient.postfix.service("cleanup/unix")
    by_sendmail = [cleanup] if cleanup and patient.ours(parameter="non_smtpd_milters") else []
    for service in (*(one for one in patient.submissions() if patient.ours(one)), *by_sendmail):
        parameter = "non_smtpd_milters" if service.program == "cleanup" else "smtpd_milters"
        for entry in patient.ours(service, parameter):
            path = entry.address.removeprefix("unix:")
            absolute = f"unix:{path}" in service.values.get(parameter, "")
            if entry.address.startswith("unix:") and absolute and patient.postfix.chrooted(service):
                yield Hit(f"{service.name} is chrooted to {patient.postfix.queue} and looks for {path} there",
                          {"queue": patient.postfix.queue})  # fmt: skip


@check("socket-permission", "error")
def socket_permission(patient: Patient) -> Iterator[Hit]:
    """Postfix's own user may not open the socket.

    smtpd and cleanup run as mail_owner; where folder or socket shut it out, every mail gets 451.

    Mend: chgrp postfix <folder> && chmod 2750 <folder> && systemctl restart vanthu
    """
    owner = patient.postfix.values.get("mail_owner", "postfix")
    for address in dict.fromkeys(entry.address for _, entry, _ in patient.closed()):
        path = Path(address.removeprefix("unix:"))
        if address.startswith("unix:") and path.exists() and (shut := _shut(path, owner)):
            yield Hit(f"{owner} may not open {shut}", {"folder": path.parent})


@check("socket-open", "warning", of="vanthu")
def socket_open(house: House) -> Iterator[Hit]:
    """Any user of this host may talk to vanthu as if he were Postfix.

    He can ask what the rules say of a mail, and fill the journal with records of mails that never were.

    Mend: set milter.mode to "0660" in vanthu.yaml, then systemctl restart vanthu
    """
    path = Path(house.settings.milter.socket.removeprefix("unix:"))
    if house.settings.milter.socket.startswith("unix:") and path.exists():
        parents = all(one.stat().st_mode & stat.S_IXOTH for one in path.parents)
        if path.stat().st_mode & stat.S_IWOTH and parents:
            yield Hit(f"{path} is writable for everybody")


def _shut(path: Path, user: str) -> Path | None:
    """The first folder on the way that the user may not enter, or the socket that he may not write to."""
    try:
        entry = pwd.getpwnam(user)
    except KeyError:
        return None
    groups = set(os.getgrouplist(user, entry.pw_gid))
    for one in reversed(path.parents):
        if not _may(one, stat.S_IXUSR, entry.pw_uid, groups):
            return one
    return None if _may(path, stat.S_IWUSR, entry.pw_uid, groups) else path


def _may(path: Path, bit: int, uid: int, groups: set[int]) -> bool:
    status = path.stat()
    if status.st_uid == uid:
        return bool(status.st_mode & bit)
    return bool(status.st_mode & (bit >> 3 if status.st_gid in groups else bit >> 6))
