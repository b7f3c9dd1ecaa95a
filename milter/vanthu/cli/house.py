"""The snapshot that a command works with: the very same loading that the service does."""

from __future__ import annotations

import socket
from datetime import datetime

from ..directory.load import load as load_register
from ..inspection import snapshot
from ..inspection.dns import Dns
from ..providers.load import load as load_providers
from ..providers.model import Providers
from ..settings.load import Loaded


def open_house(loaded: Loaded) -> snapshot.Snapshot:
    """Loads policy, register and lists; Problems when they do not load."""
    today = datetime.now(loaded.settings.zone).date()
    return snapshot.load(loaded, today, loaded.settings.node or socket.gethostname())


def open_dns(loaded: Loaded, wanted: bool) -> Dns | None:
    """The enquiry of ``--dns``, which is made even where the settings switch it off for the service."""
    return Dns(**loaded.settings.dns.model_dump() | {"enabled": True}) if wanted else None


def open_providers(loaded: Loaded) -> Providers:
    """The provider lists of an installation, without its policy; Problems when they do not load."""
    settings = loaded.settings
    assert settings.providers is not None, "settings.load fills in the shipped folder"
    return load_providers(
        settings.providers,
        official=settings.own.domains,
        government=settings.government.domains,
        register=load_register(settings.register_).domains,
    )
