"""Finds and loads vanthu.yaml: ``--config``, ``$VANTHU_CONFIG``, ./vanthu.yaml, /etc/vanthu/vanthu.yaml, defaults.

Relative paths in the file are made absolute from the folder of the file. Nothing set means shipped: policies and
provider lists travel inside the package, so every command works in an empty folder.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .. import shipped
from ..errors import Problem, Problems, UsageError
from ..located import Located, parse
from ..validation import validate
from .model import Settings

PLACES = (Path("vanthu.yaml"), Path("/etc/vanthu/vanthu.yaml"))
_PATHS = ("policies", "register_", "providers")


@dataclass(frozen=True, slots=True)
class Loaded:
    """Settings, the file they came from (None: shipped defaults), and the file's places for later problems."""

    settings: Settings
    file: Path | None
    located: Located | None


def find(explicit: str | None, environment: Mapping[str, str] = os.environ) -> Path | None:
    """The settings file to use; UsageError when one was asked for and is not there."""
    asked = explicit or environment.get("VANTHU_CONFIG")
    if asked:
        path = Path(asked)
        if not path.is_file():
            raise UsageError(f"{asked}: no such settings file; give --config FILE or set VANTHU_CONFIG")
        return path
    return next((place for place in PLACES if _there(place)), None)


def _there(place: Path) -> bool:
    """Whether a file is there: somebody else's current folder (``sudo -u vanthu`` in /root) has none for us.

    UsageError where the host has settings that we may not read: the defaults would tell lies about it.
    """
    try:
        return place.is_file()
    except PermissionError:
        if place.is_absolute():
            raise UsageError(f"{place}: may not be read; run it as root, or as sudo -u vanthu vanthu …") from None
        return False


def load(path: Path | None) -> Loaded:
    """Settings from a file, or the defaults; Problems when it does not load."""
    if path is None:
        return Loaded(_anchored(Settings(), Path.cwd()), None, None)
    located = parse(read_text(path), str(path))
    settings, problems = validate(Settings, located)
    if settings is None:
        raise Problems(problems)
    return Loaded(_anchored(settings, path.resolve().parent), path, located)


def read_text(path: Path) -> str:
    """A text file of an operator, in UTF-8 (with or without byte order mark); Problems when it cannot be read."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = error.object[: error.start]
        line = before.count(b"\n") + 1
        column = error.start - (before.rfind(b"\n") + 1) + 1
        raise Problems([Problem(str(path), line, column, "error", "not UTF-8; save the file as UTF-8")]) from None
    except OSError as error:
        raise Problems([Problem(str(path), 0, 0, "error", f"cannot be read: {error.strerror}")]) from None


def _anchored(settings: Settings, folder: Path) -> Settings:
    changes: dict[str, Any] = {
        name: folder / value for name in _PATHS if (value := getattr(settings, name)) is not None
    }
    changes.setdefault("policies", shipped.policies())
    changes.setdefault("providers", shipped.providers())
    if settings.documents.trust is not None:
        anchored = {"trust": folder / settings.documents.trust}
        changes["documents"] = settings.documents.model_copy(update=anchored)
    if settings.notices.templates is not None:
        anchored = {"templates": folder / settings.notices.templates}
        changes["notices"] = settings.notices.model_copy(update=anchored)
    changes["journal"] = settings.journal.model_copy(update={"path": folder / settings.journal.path})
    changes["state"] = settings.state.model_copy(update={"path": folder / settings.state.path})
    return settings.model_copy(update=changes)
