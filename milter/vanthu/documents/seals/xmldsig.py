"""XML signatures (XML-DSig, W3C; XAdES, ETSI EN 319 132): whom each names, and when it says that it was made.

In XML files (e-invoices and tax papers sign ``SigningTime`` as a property), in Office Open XML (``SignatureTime``)
and in OpenDocument (``date``). Nothing is verified. XML that breaks off gives what stood before.
"""

from __future__ import annotations

import re

from ..work import Stop, Work
from ..xml import walk
from .naming import NOBODY, Signer, of_base64

NAMESPACE = b"http://www.w3.org/2000/09/xmldsig#"
_MOST = 50
_TIMES = ("SigningTime", "Value", "date")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:\d\d)?")
_LONGEST = 20_000


def signers(content: bytes, work: Work) -> list[Signer]:
    """One for each signature element, at most fifty. Stop(timeout) when time is up."""
    handler = _Signatures()
    try:
        walk(content, handler, work)
    except Stop as stop:
        if stop.reason == "timeout":
            raise
    return handler.found


class _Signatures:
    """A signature inside another one (XAdES counter-signature) counts with it: its certificate comes later."""

    def __init__(self) -> None:
        self.found: list[Signer] = []
        self._depth = 0
        self._certificate = ""
        self._time = ""
        self._field = ""
        self._text: list[str] = []
        self._length = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "Signature":
            self._depth += 1
            if self._depth == 1:
                self._certificate = self._time = ""
        elif self._depth and (name == "X509Certificate" or name in _TIMES):
            self._field, self._text, self._length = name, [], 0

    def text(self, data: str) -> None:
        if self._field and self._length < _LONGEST:
            self._text.append(data)
            self._length += len(data)

    def end(self, name: str) -> None:
        if self._field == name:
            self._field = ""
            value = "".join(self._text).strip()
            if name == "X509Certificate":
                self._certificate = self._certificate or value
            elif not self._time and _TIME.fullmatch(value):
                self._time = value
        elif name == "Signature" and self._depth:
            self._depth -= 1
            if not self._depth and len(self.found) < _MOST:
                signer = of_base64(self._certificate) if self._certificate else NOBODY
                self.found.append(signer._replace(time=self._time or None))
