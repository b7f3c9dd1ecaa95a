"""Makes ``seeds/seal.*``: an authority, and what somebody signed with its certificate. Run once; no key is kept.

PYTHONPATH=milter:tests faketime 2024-01-02 python tests/fuzz/make_seals.py   (so that no clock is behind them)
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding

from support.authority import Authority, sign_mail, sign_pdf

SEEDS = Path(__file__).parent / "seeds"
ENTITY = "Content-Type: text/plain; charset=utf-8\r\n\r\nSố: 1017/UBND-VX\r\nKính gửi các sở\r\n".encode()
_OBJECTS = (
    b"<</Type/Catalog/Pages 2 0 R>>",
    b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
    b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]>>",
)


def plain_pdf() -> bytes:
    """An empty page."""
    made = b"%PDF-1.7\n"
    places = []
    for number, body in enumerate(_OBJECTS, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 4\n0000000000 65535 f \n" + table
    return made + head + b"trailer\n<</Size 4/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(made)


def main() -> None:
    """Certificates that outlast this program."""
    root = Authority("Root CA")
    who = root.issue("Ủy ban nhân dân tỉnh", until=datetime(2099, 1, 1, tzinfo=UTC))
    (SEEDS / "seal.root.der").write_bytes(root.certificate.public_bytes(Encoding.DER))
    (SEEDS / "seal.opaque.p7m").write_bytes(sign_mail(ENTITY, who, "-binary", "-outform", "DER", "-nodetach"))
    (SEEDS / "seal.detached.p7s").write_bytes(sign_mail(ENTITY, who, "-binary", "-outform", "DER"))
    (SEEDS / "seal.signed.pdf").write_bytes(sign_pdf(plain_pdf(), who))


if __name__ == "__main__":
    main()
