"""``read``: the octets of a document to what it says. Never raises, whatever the octets are.

The type is found by content; each format has its reader in ``formats``. Runs in a child process of its own (memory
and processor time are limited there): what no limit in here catches, a crash or a hang inside a library, costs that
child.

Nothing of a document is written to disk: readers work in memory, OCR over pipes.
"""

from __future__ import annotations

from msgspec.structs import replace

from . import kinds
from .archives.volumes import is_later, unfinished
from .formats import TABLE
from .model import DocumentLimits, Extraction
from .work import Found, Stop, Work


def read(content: bytes, name: str | None, limits: DocumentLimits) -> Extraction:
    """What stands in ``content``. ``name`` only helps where the content says nothing (plain text formats)."""
    work = Work(limits, len(content), _read)
    found = _read(content, name, work)
    return replace(found, pictures=work.pictures) if work.pictures else found


def _read(content: bytes, name: str | None, work: Work) -> Extraction:
    found = Found("application/octet-stream", name, work)
    try:
        found.type = kinds.kind_of(content, name)
        if len(content) > work.limits.max_size:
            raise Stop("too_large")
        if work.depth > work.limits.max_depth:
            raise Stop("too_deep")
        work.look_at_clock()
        reader = TABLE.get(found.type)
        if reader is not None:
            reader(content, found)
        elif found.type != kinds.EMPTY:
            found.flaw("malformed" if is_later(name) or unfinished(content) else "unsupported")
    except Stop as stop:
        found.flaw(stop.reason)
    except MemoryError:
        found.flaw("too_large")
    except RecursionError:
        found.flaw("too_deep")
    except Exception:
        # Whatever a library or a reader makes of a broken file: no caller can do more about it than name it.
        found.flaw("malformed")
    return found.extraction()
