"""Where a reader of the journal stands: one small value, kept by each projection together with its own data."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import msgspec
from msgspec import Struct


class Place(Struct, frozen=True):
    """How far one file has been read.

    ``offset`` counts bytes of whole lines; ``head`` is the SHA-256 of the last of them (None at the start, ``""``
    after a line that could not be trusted). ``done``: nothing more will come, because the file ended with ``close``
    or its writer is gone.
    """

    offset: int = 0
    head: str | None = None
    done: bool = False


Cursor = Mapping[str, Place]
"""File name to place. A file that is not in it has not been read."""

START: Cursor = MappingProxyType({})

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Place)


def to_text(place: Place) -> str:
    """For a column of a table."""
    return _encoder.encode(place).decode()


def from_text(text: str) -> Place:
    """What ``to_text`` wrote; msgspec.DecodeError for other JSON or none."""
    return _decoder.decode(text)
