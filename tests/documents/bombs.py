"""Hostile files, made on the spot: what takes a filter down when nobody has thought of it."""

from __future__ import annotations

import gzip
import io
import struct
import zipfile
import zlib

_CHUNK = bytes(1 << 20)


def deflated(megabytes: int) -> bytes:
    """Zeros as a stream of zlib."""
    packer = zlib.compressobj(9)
    return b"".join(packer.compress(_CHUNK) for _ in range(megabytes)) + packer.flush()


def flat_zip(megabytes: int) -> bytes:
    """One member of zeros: a thousand times smaller than what comes out."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive,
        archive.open("zeros.txt", "w") as member,
    ):
        for _ in range(megabytes):
            member.write(_CHUNK)
    return buffer.getvalue()


def zipped(files: dict[str, bytes]) -> bytes:
    """A plain archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content, zipfile.ZIP_STORED if name == "mimetype" else None)
    return buffer.getvalue()


def nested_zip(depth: int, width: int, core: bytes) -> bytes:
    """An archive of archives, as 42.zip is."""
    for _ in range(depth):
        core = zipped({f"{number}.zip": core for number in range(width)})
    return core


def overlapping_zip(entries: int) -> bytes:
    """Many directory entries for the same data (D. Fifield, 2019)."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = packer.compress(_CHUNK) + packer.flush()
    crc = zlib.crc32(_CHUNK)
    local = struct.pack("<IHHHHHIIIHH", 0x04034B50, 20, 0, 8, 0, 0, crc, len(data), len(_CHUNK), 1, 0) + b"a" + data
    one = struct.pack(
        "<IHHHHHHIIIHHHHHII", 0x02014B50, 20, 20, 0, 8, 0, 0, crc, len(data), len(_CHUNK), 1, 0, 0, 0, 0, 0, 0
    )  # fmt: skip
    central = b"".join(one + b"a" for _ in range(entries))
    count = min(entries, 0xFFFF)
    return local + central + struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, count, count, len(central), len(local), 0)


def gzip_quine_like(levels: int) -> bytes:
    """A stream in a stream in a stream."""
    data = b"text"
    for _ in range(levels):
        data = gzip.compress(data)
    return data


def laughs(root: str = "lolz") -> bytes:
    """A billion laughs: ten entities, each ten times the one before."""
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return f'<?xml version="1.0"?><!DOCTYPE {root} [<!ENTITY l0 "lol">{entities}]><{root}>&l9;</{root}>'.encode()


def docx_of(document: bytes) -> bytes:
    """A package with only this as its document part."""
    return zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": document})


def circular_pdf() -> bytes:
    """A page tree that contains itself, and a stream whose length is itself."""
    return (
        b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[2 0 R 3 0 R]/Count 100000>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R>>endobj\n"
        b"4 0 obj<</Length 4 0 R>>stream\nBT ET\nendstream endobj\ntrailer<</Root 1 0 R/Size 5>>\n%%EOF"
    )


def pdf_of_pages(count: int) -> bytes:
    """So many empty pages."""
    kids = " ".join(f"{number + 3} 0 R" for number in range(count))
    body = "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    body += f"2 0 obj<</Type/Pages/Kids[{kids}]/Count {count}>>endobj\n"
    pages = "".join(
        f"{number + 3} 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\n" for number in range(count)
    )
    return (body + pages + f"trailer<</Root 1 0 R/Size {count + 3}>>\n%%EOF").encode()


def huge_page_pdf() -> bytes:
    """A page of 200 by 200 inches with a picture drawn over it."""
    picture = "/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8/Length 1"
    page = "/Page/Parent 2 0 R/MediaBox[0 0 14400 14400]/Contents 4 0 R/Resources<</XObject<</I 5 0 R>>>>"
    objects = (
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        f"<</Type{page}>>",
        "<</Length 34>>stream\nq 14400 0 0 14400 0 0 cm /I Do Q\nendstream ",
        f"<</Type{picture}>>stream\n0\nendstream ",
    )
    body = "".join(f"{number} 0 obj{text}endobj\n" for number, text in enumerate(objects, 1))
    return f"%PDF-1.4\n{body}trailer<</Root 1 0 R/Size 6>>\n%%EOF".encode()


def png_header(width: int, height: int) -> bytes:
    """A picture that claims this size and holds nothing."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunk = b"IHDR" + header
    pixels = zlib.compress(b"\0" * 1000)
    return (
        b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))
        + struct.pack(">I", len(pixels)) + b"IDAT" + pixels + struct.pack(">I", zlib.crc32(b"IDAT" + pixels))
        + struct.pack(">I", 0) + b"IEND" + struct.pack(">I", zlib.crc32(b"IEND"))
    )  # fmt: skip
