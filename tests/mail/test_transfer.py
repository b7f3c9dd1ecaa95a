"""Base64 of attachments: the quick decoder says what Python's strict one says, and the lenient one takes the rest."""

from __future__ import annotations

import base64
import binascii
import random

import pytest

from vanthu.mail.transfer import decode

ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


def strictly(data: bytes) -> bytes | None:
    try:
        return binascii.a2b_base64(data.translate(None, b"\r\n \t"), strict_mode=True)
    except binascii.Error:
        return None


def bent(rng: random.Random) -> bytes:
    """Base64 as it arrives: whole, or cut, with padding too much or too little, with what does not belong there."""
    data = bytearray(base64.b64encode(rng.randbytes(rng.choice((0, 1, 2, 3, 7, 56, 57, 300)))))
    for _ in range(rng.choice((0, 0, 1, 1, 2, 3))):
        at = rng.randrange(len(data) + 1)
        match rng.randrange(5):
            case 0:
                data[at:at] = rng.choice((b"=", b"==", b"\r\n", b" ", b"-", b"_", b"\0", b"\xff", b"!"))
            case 1:
                del data[at:]
            case 2:
                del data[at : at + 1]
            case 3:
                data += rng.choice((b"=", b"==", b"===", b"\n", b"QQ==", b"QQ"))
            case _:
                data[at : at + 1] = rng.choice(ALPHABET).to_bytes()
    return bytes(data)


@pytest.mark.parametrize("seed", range(8))
def test_the_quick_decoder_says_what_the_strict_one_says(seed: int) -> None:
    rng = random.Random(seed)
    agreed = 0
    for data in (bent(rng) for _ in range(4000)):
        expected, (found, defect) = strictly(data), decode(data, "base64")
        if expected is None:
            assert defect == "bad_base64", data
        else:
            assert (found, defect) == (expected, None), data
            agreed += 1
    assert 1000 < agreed < 3900  # both ways are taken


@pytest.mark.parametrize(
    ("data", "octets", "defect"),
    [
        (b"Q8O0bmcgdsSDbg==", "Công văn".encode(), None),
        (b"Q8O0\r\nbmcg\tdsSD\n bg==\r\n", "Công văn".encode(), None),
        (b"Q8O0bmcgdsSDbg", "Công văn".encode(), "bad_base64"),
        (b"Q8O0bmcg*dsSDbg==", "Công văn".encode(), "bad_base64"),
        (b"Q8O0bmcg==dsSDbg==", "Công văn".encode(), "bad_base64"),
        (b"cA3U=", b"p\r\xd4", None),
        (b"", b"", None),
    ],
)
def test_what_is_made_of_it(data: bytes, octets: bytes, defect: str | None) -> None:
    assert decode(data, "base64") == (octets, defect)


def test_a_large_file_comes_back_whole() -> None:
    content = random.Random(3).randbytes(3_000_001)
    assert decode(base64.encodebytes(content).replace(b"\n", b"\r\n"), "base64") == (content, None)
