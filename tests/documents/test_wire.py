"""Packets and memory files: what is handed over arrives whole, can change no more, and fits any folder."""

from __future__ import annotations

import fcntl
import os
import socket
from pathlib import Path

import pytest

from vanthu.documents import wire


def test_a_sealed_file_can_never_change() -> None:
    descriptor = wire.seal(b"content")
    assert wire.content_of(descriptor) == b"content"
    for change in (
        lambda: os.pwrite(descriptor, b"x", 0),
        lambda: os.ftruncate(descriptor, 1),
        lambda: os.ftruncate(descriptor, 100),
        lambda: fcntl.fcntl(descriptor, fcntl.F_ADD_SEALS, 0),
    ):
        with pytest.raises(PermissionError):
            change()
    os.close(descriptor)


@pytest.mark.parametrize("content", [b"", b"x", bytes(5_000_000)])
def test_content_of_any_length_arrives_whole(content: bytes) -> None:
    descriptor = wire.seal(content)
    assert wire.sealed_size(descriptor) == len(content)
    assert wire.content_of(descriptor) == content
    os.close(descriptor)


def test_what_is_no_sealed_file_is_refused(tmp_path: Path) -> None:
    plain = os.open(tmp_path, os.O_RDONLY)
    soft = os.memfd_create("soft", os.MFD_ALLOW_SEALING)
    for descriptor in (plain, soft):
        with pytest.raises(wire.WireError):
            wire.sealed_size(descriptor)
        os.close(descriptor)


@pytest.mark.parametrize("size", [0, 10, wire.INLINE + 1, 3_000_000])
def test_answers_of_any_length_arrive(size: int) -> None:
    answers = (wire.Answer("read", None, b"x" * size), wire.Answer("failed", "crashed"))
    one, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with one, other:
        wire.send_answers(one, answers)
        assert wire.receive_reply(other) == wire.Answers(answers)


def test_the_largest_enquiry_fits_into_a_packet() -> None:
    items = tuple(wire.Item("f" * 64, 1 << 40, "ệ" * 60) for _ in range(wire.MOST_ITEMS))
    one, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with one, other:
        wire.send(one, wire.Enquiry(1.0, items))
        assert wire.receive_request(other, bytearray(wire.LARGEST)) == (wire.Enquiry(1.0, items), None)


@pytest.mark.parametrize(
    "packet",
    [
        b"\x82\xa4type\xa7Content\xa5\xff\xfe\xfd\xfc\xfb\x01",  # no UTF-8
        b"\x82\xa4type\xa3Ask\xa1a" + b"\x91" * 100_000 + b"\x00",  # deeper than any stack
        b"\xc1",
        b"\x81\xa4type\xa7Answers\xff",
    ],
)
def test_a_packet_that_is_none(packet: bytes) -> None:
    for receive in (lambda one: wire.receive_request(one, bytearray(wire.LARGEST)), wire.receive_reply):
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with ours, theirs:
            ours.send(packet)
            with pytest.raises(wire.WireError):
                receive(theirs)  # type: ignore[operator]


def test_a_folder_may_lie_deep(tmp_path: Path) -> None:
    folder = tmp_path / ("deep" * 30) / ("er" * 60)
    folder.mkdir(parents=True)
    with wire.listen(folder) as listener, wire.connect(folder, 1.0) as connection:
        assert (folder / wire.SOCKET).stat().st_mode & 0o777 == 0o600
        accepted, _ = listener.accept()
        with accepted:
            wire.send(connection, wire.Ask())
            assert wire.receive_request(accepted, bytearray(1000)) == (wire.Ask(), None)


def test_a_new_listener_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    with wire.listen(tmp_path) as old, wire.listen(tmp_path) as new, wire.connect(tmp_path, 1.0):
        with pytest.raises(BlockingIOError):
            old.accept()
        new.accept()[0].close()
