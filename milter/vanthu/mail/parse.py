"""``parse``: the octets of a mail to a ``Message``. Never raises for any input; time is linear in the size.

What is wrong with the mail stands in ``Message.defects`` (a nested message has its own):

| defect | meaning |
|---|---|
| ``header_too_large`` | a header section over ``max_header_bytes`` or ``max_fields``; what is beyond is not seen |
| ``missing_header_end`` | a line that is no field ended the header section |
| ``bad_content_type`` | a Content-Type that is none; read as ``text/plain`` |
| ``missing_boundary``, ``wrong_boundary``, ``boundary_not_found`` | a multipart without a usable boundary |
| ``unterminated_multipart`` | no closing delimiter |
| ``too_many_parts``, ``too_many_attachments``, ``too_deep``, ``text_truncated`` | a limit was reached |
| ``bad_base64``, ``unknown_transfer_encoding`` | a part could only partly be decoded |
| ``charset_mismatch``, ``unknown_charset``, ``undecodable`` | a body is not in the charset that it declares |
| ``legacy_tcvn3``, ``legacy_vni``, ``legacy_viqr`` | text before Unicode was recognised and converted |
| ``bare_cr`` | lines end with CR alone |
| ``nul`` | a body holds NUL, which was taken out |
| ``hidden_text`` | HTML keeps text from view (``Body.hidden``) |
| ``lying_type`` | declared text is something else (then an attachment), or plain text is an HTML page |
| ``uuencode``, ``yenc`` | a file stands inside a text, and counts as an attachment |
| ``base64_in_text``, ``pgp_message`` | an encoded block stands inside a text |
| ``message_partial``, ``external_body`` | the content is elsewhere (RFC 2046 §5.2.2 and §5.2.3) |
"""

from __future__ import annotations

from .limits import MailLimits
from .message import Message
from .walk import Walk

_DEFAULT = MailLimits()


def parse(raw: bytes, limits: MailLimits = _DEFAULT) -> Message:
    """The message in ``raw``, with LF or CRLF line ends, with or without an mbox ``From `` line."""
    walk = Walk(limits)
    return walk.message(raw, "")
