"""One mail as it comes in over the milter protocol: callbacks append, ``raw`` gives the whole message.

Header fields stay bytes, with the folding that they came with. A body over ``spill_above`` bytes goes to an
unlinked file, so that a large mail costs a worker no memory while it arrives; ``close`` gives everything back.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable
from typing import IO

from .envelope import Recipient

_PIECE = 16 << 10  # bytes
# What differs between two tries of the same mail: every hop adds Received, and Postfix a missing Message-ID or Date.
_VOLATILE = frozenset((b"received", b"message-id", b"date"))


class Transaction:
    """The envelope and content of one mail in the making.

    ``account(n)`` is told of memory taken and given back; when it says no, the mail is refused as ``busy`` and
    nothing more of it is kept.
    """

    __slots__ = (
        "_account", "_chunks", "_file", "_held", "_owed", "_spill_above",
        "body_size", "fields", "parameters", "recipients", "refused", "sender", "tokens",
    )  # fmt: skip

    def __init__(self, sender: str, parameters: tuple[str, ...], spill_above: int, account: Callable[[int], bool]):
        self.sender = sender
        self.parameters = parameters
        self.recipients: list[Recipient] = []
        self.tokens: list[str] = []  # recipients just as the MTA wrote them: what delete-recipient must repeat
        self.fields: list[tuple[bytes, bytes]] = []
        self.body_size = 0
        self.refused: str | None = None  # why this mail will get a temporary failure whatever it says
        self._chunks: list[bytes] = []
        self._file: IO[bytes] | None = None
        self._spill_above = spill_above
        self._account = account
        self._held = self._owed = 0  # bytes accounted for, and not yet

    def add_recipient(self, token: str, address: str, orcpt: str | None) -> None:
        """One RCPT TO that the MTA accepted."""
        self.tokens.append(token)
        self.recipients.append(Recipient(address, orcpt))

    def add_field(self, name: bytes, value: bytes) -> None:
        """One header field; ``value`` begins right behind the colon, and is folded with LF."""
        if self._take(len(name) + len(value)):
            self.fields.append((name, value))

    def add_body(self, chunk: bytes) -> None:
        """The next piece of the body."""
        self.body_size += len(chunk)
        if self._file is not None:
            self._file.write(chunk)
            return
        if not self._take(len(chunk)):
            return
        self._chunks.append(chunk)
        if self.body_size > self._spill_above:
            self._spill()

    def raw(self) -> bytes:
        """The whole message with CRLF line ends in its header, as it would stand on the wire."""
        head = b"".join(b"%b:%b\r\n" % (name, value.replace(b"\n", b"\r\n")) for name, value in self.fields)
        return b"".join((head, b"\r\n", *self._body()))

    def fingerprint(self) -> str:
        """The same for every try of the same mail: sender, recipients, content without what each hop changes."""
        digest = hashlib.blake2b(digest_size=16)
        for part in (self.sender, *(recipient.address for recipient in self.recipients)):
            digest.update(part.encode("utf-8", "surrogateescape") + b"\0")
        for name, value in self.fields:
            if name.lower() not in _VOLATILE:
                digest.update(b"%b:%b\n" % (name, value))
        for chunk in self._body():
            digest.update(chunk)
        return digest.hexdigest()

    def close(self) -> None:
        """Gives memory and file back; the transaction is over."""
        if self._held:
            self._account(-self._held)
        self._held = self._owed = 0
        self._chunks.clear()
        self.fields.clear()
        if self._file is not None:
            self._file.close()
            self._file = None

    def _take(self, size: int) -> bool:
        """Small pieces are accounted for together: a lock for each header field would cost more than it is worth."""
        self._owed += size
        if self._owed >= _PIECE and self.refused is None:
            self._held += self._owed
            if not self._account(self._owed):
                self.refused = "busy"
            self._owed = 0
        return self.refused is None

    def _spill(self) -> None:
        # Unlinked from the start, and closed with the transaction.
        self._file = tempfile.TemporaryFile(prefix="vanthu-", buffering=1 << 16)  # noqa: SIM115
        freed = min(self._held, sum(map(len, self._chunks)))
        self._file.writelines(self._chunks)
        self._chunks.clear()
        self._held -= freed
        self._account(-freed)

    def _body(self) -> list[bytes]:
        if self._file is None:
            return self._chunks
        self._file.seek(0)
        content = self._file.read()
        return [content]
