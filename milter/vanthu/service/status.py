"""What the supervisor tells ``vanthu status``: a small file in the state folder, replaced as a whole."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ..errors import Problems, UsageError
from ..inspection.snapshot import Snapshot
from ..replacing import replace_file

FILE = "status.json"


def publish(snapshot: Snapshot, generation: int, children: list[dict[str, Any]], last_reload: dict[str, Any]) -> None:
    """Writes the file; OSError leaves the old one."""
    content = {
        "pid": os.getpid(),
        "node": snapshot.node,
        "generation": generation,
        "socket": snapshot.settings.milter.socket,
        "digests": {name: getattr(snapshot.digests, name) for name in ("policy", "register", "lists", "recognisers")},
        "children": children,
        "last_reload": last_reload,
    }
    replace_file(snapshot.settings.state.path / FILE, json.dumps(content).encode())


def reload(refused: Problems | None = None) -> dict[str, Any]:
    """How a reload that is over now has ended, for ``last_reload``."""
    time = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    told = {} if refused is None else {"problems": [str(one) for one in refused.problems]}
    return {"ok": refused is None, "time": time, **told}


def read(state: Path) -> dict[str, Any]:
    """What was last published; UsageError where vanthu has never run on this state folder."""
    try:
        content: dict[str, Any] = json.loads((state / FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UsageError(f"{state}: no status there; vanthu has not run with these settings") from None
    except (OSError, ValueError) as error:
        raise UsageError(f"{state / FILE}: cannot be read: {error}") from None
    return content
