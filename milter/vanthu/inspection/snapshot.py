"""Everything that stands still between two reloads: settings, policy, register, lists, and their digests.

Loaded and compiled once, before workers are forked, so that they share its memory; nothing in it ever changes.
"""

from __future__ import annotations

import hashlib
import socket
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import TypeVar

from .. import __version__
from ..directory.load import load as load_register
from ..documents.model import DocumentLimits, Trust
from ..errors import Problem, Problems
from ..facts.gather import House
from ..journal.record import Digests
from ..mail.limits import MailLimits
from ..policy.challenge import Verifier
from ..policy.detectors import detect
from ..policy.load import PolicyContext
from ..policy.load import load as load_policy
from ..policy.model import Policy
from ..providers.load import load as load_providers
from ..settings.load import Loaded
from ..settings.model import Settings
from .keys import CHALLENGE, HOP, read_keys

T = TypeVar("T")
_READING = DocumentLimits()


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One generation's knowledge. ``warnings`` are what ``check`` would warn of. Without ``challenge_keys`` a
    challenge is carried out as hold; without ``hop_keys`` no identity travels from hop to hop. ``reading``: how
    documents are read."""

    settings: Settings
    policy: Policy
    house: House
    limits: MailLimits
    digests: Digests
    node: str
    warnings: tuple[Problem, ...]
    challenge_keys: tuple[bytes, ...] = ()
    hop_keys: tuple[bytes, ...] = ()
    reading: DocumentLimits = _READING


def load(loaded: Loaded, today: date, node: str) -> Snapshot:
    """Loads and compiles everything; raises Problems with all errors of all files in one go."""
    settings = loaded.settings
    errors: list[Problem] = []
    register = _collect(errors, lambda: load_register(settings.register_))
    known = register if register is not None else load_register(None)
    providers = _collect(
        errors,
        lambda: load_providers(
            _folder(settings.providers),
            official=settings.own.domains,
            register=known.domains,
            government=settings.government.domains,
        ),
    )
    context = PolicyContext.of(settings, agencies=frozenset(known.agencies), today=today)
    policy = _collect(errors, lambda: load_policy(_folder(settings.policies), context))
    keys = _collect(errors, lambda: read_keys(settings.state.path, CHALLENGE))
    hop_keys = _collect(errors, lambda: read_keys(settings.state.path, HOP) if settings.egress.enabled else ())
    trust = _collect(errors, lambda: _trust(settings.documents.trust))
    if errors or None in (register, providers, policy, keys, hop_keys, trust):
        raise Problems(errors)
    assert register is not None and providers is not None and policy is not None
    assert keys is not None and hop_keys is not None and trust is not None
    house = House(
        register=register,
        providers=providers,
        zone=settings.zone,
        detect=partial(detect, policy.policy.detectors),
        # Local delivery agents name the host as it names itself, which need not be below one of our domains.
        own_hosts=(*settings.own.domains, socket.gethostname().lower()),
        verify=Verifier.of(policy.policy, keys),
    )
    digests = Digests(
        policy=policy.policy.digest,
        register=register.digest,
        lists=providers.digest,
        recognisers=recognisers_digest(),
    )
    limits = _limits(settings)
    return Snapshot(
        settings, policy.policy, house, limits, digests, node, policy.warnings, keys, hop_keys,
        settings.documents.reading(trust),
    )  # fmt: skip


def _collect(errors: list[Problem], load_one: Callable[[], T]) -> T | None:
    try:
        return load_one()
    except Problems as problems:
        errors.extend(problems.problems)
        return None


def _folder(path: Path | None) -> Path:
    assert path is not None, "settings.load fills in the shipped folders"
    return path


def _trust(folder: Path | None) -> Trust:
    if folder is None:
        return Trust()
    from ..documents.seals.trust import load as load_trust  # noqa: PLC0415 (its libraries, only for who has a folder)

    return load_trust(folder)


def _limits(settings: Settings) -> MailLimits:
    limits = settings.limits
    return MailLimits(
        max_parts=limits.max_parts,
        max_depth=limits.max_depth,
        max_header_bytes=limits.max_header_bytes,
        max_fields=limits.max_fields,
        max_text=limits.max_text,
        max_total_text=limits.max_total_text,
        max_attachments=limits.max_attachments,
    )


@cache
def recognisers_digest() -> str:
    """Changes with any line of code or data that facts are made from."""
    root = Path(__file__).resolve().parents[1]
    digest = hashlib.sha256(__version__.encode())
    for room in ("facts", "mail", "vietnamese", "documents"):
        for file in sorted((root / room).rglob("*")):
            if file.is_file() and file.suffix in (".py", ".json", ".yaml"):
                digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()[:12]
