"""The snapshot that a command works with: the very same loading that the service does."""

from __future__ import annotations

import socket
from datetime import datetime

from ..inspection import snapshot
from ..inspection.dns import Dns
from ..settings.load import Loaded


def open_house(loaded: Loaded) -> snapshot.Snapshot:
    """Loads policy, register and lists; Problems when they do not load."""
    today = datetime.now(loaded.settings.zone).date()
    return snapshot.load(loaded, today, loaded.settings.node or socket.gethostname())


def open_dns(loaded: Loaded, wanted: bool) -> Dns | None:
    """The enquiry of ``--dns``, which is made even where the settings switch it off for the service."""
    return Dns(**loaded.settings.dns.model_dump() | {"enabled": True}) if wanted else None
