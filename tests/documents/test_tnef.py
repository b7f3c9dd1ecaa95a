"""``winmail.dat``: what Outlook put into it is seen, and nothing in it can hurt."""

from __future__ import annotations

import struct
import time

from documents import tnef_maker as tnef
from vanthu.documents.model import DocumentLimits, Extraction
from vanthu.documents.read import read

LIMITS = DocumentLimits(ocr="off")


def said(content: bytes) -> Extraction:
    found = read(content, "winmail.dat", LIMITS)
    assert found.type == "application/ms-tnef"
    return found


def test_a_message_in_a_message_keeps_its_subject_body_and_files() -> None:
    inner = tnef.message(tnef.wide(0x37, "Công văn 1017"), tnef.wide(0x1000, "Kính gửi: Sở Y tế"))
    inner += tnef.attachment(b"a.txt", "Số: 1017/UBND-VX".encode())
    found = said(tnef.message() + tnef.attachment(b"x", b"", tnef.wide(0x3707, "thư.msg"), tnef.embedded(inner)))
    (member,) = found.members
    assert member.name == "thư.msg"
    assert [text.text for text in member.extraction.texts] == ["Công văn 1017", "Kính gửi: Sở Y tế"]
    assert member.extraction.members[0].extraction.texts[0].text == "Số: 1017/UBND-VX"


def test_the_long_unicode_name_counts_before_the_short_one() -> None:
    found = said(tnef.message() + tnef.attachment(b"CONGVA~1.TXT", b"x", tnef.wide(0x3707, "Công văn.txt")))
    assert [member.name for member in found.members] == ["Công văn.txt"]


def test_hidden_text_of_an_html_body_is_told() -> None:
    page = "<p>thấy</p><p style='display:none'>giấu</p>".encode()
    found = said(tnef.message((tnef.BINARY, 0x1013, page)))
    assert [(text.part, text.text.strip()) for text in found.texts] == [("", "thấy"), ("hidden", "giấu")]


def test_a_line_end_behind_it_is_no_flaw_and_a_cut_is_one() -> None:
    whole = tnef.message(tnef.wide(0x37, "Một"), body=b"hai") + tnef.attachment(b"a.txt", b"ba")
    assert said(whole + b"\r\n").reason is None
    for cut in range(6, len(whole), 7):
        assert said(whole[:cut]).reason in (None, "malformed")
    assert said(whole[:-5]).reason == "malformed"
    assert [text.text for text in said(whole[:-5]).texts] == ["Một", "hai"]


def test_lies_about_sizes_and_counts_end_in_a_reason() -> None:
    lies = [
        struct.pack("<I", 0xFFFFFFFF),
        struct.pack("<IHH", 1, 0x1003, 0x37) + struct.pack("<I", 0xFFFFFFFF),
        struct.pack("<IHHII", 1, tnef.WIDE, 0x37, 1, 0xFFFFFFFF),
        struct.pack("<IHH", 1, 0x7777, 0x37),
        struct.pack("<IHH", 1, tnef.WIDE, 0x8001) + bytes(16) + struct.pack("<II", 1, 0xFFFFFFF0),
    ]
    for lie in lies:
        content = tnef.SIGNATURE + tnef.attribute(1, 0x00069003, lie)
        assert said(content).reason == "malformed"
    assert said(tnef.SIGNATURE + struct.pack("<BII", 1, 0x0002800C, 0xFFFFFFFF)).reason == "malformed"


def test_messages_nest_only_so_deep_and_many_attributes_take_linear_time() -> None:
    content = tnef.message(body=b"core")
    for _ in range(30):
        content = tnef.message() + tnef.attachment(b"x", b"", tnef.embedded(content))
    found, depth = said(content), 0
    while found.members:
        found, depth = found.members[0].extraction, depth + 1
    assert (found.reason, depth) == ("too_deep", LIMITS.max_depth + 1)
    started = time.monotonic()
    said(tnef.SIGNATURE + tnef.attribute(1, 0x0002800C, b"") * 200_000)
    assert time.monotonic() - started < 5


def test_files_beyond_the_limit_are_told() -> None:
    found = said(tnef.message() + tnef.attachment(b"a.txt", b"x") * 1500)
    assert (found.reason, len(found.members)) == ("too_many", LIMITS.max_members)
