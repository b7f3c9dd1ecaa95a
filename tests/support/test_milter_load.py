"""The load generator says to a filter what the plain client says, and counts its verdicts."""

from __future__ import annotations

from collections import Counter

from .milter_client import Mail, MilterSession
from .milter_load import load
from .places import open_folder
from .recorder import Recorder

RAW = b"Subject: x\nTo: y\n\ntext\n"


def test_same_frames_as_the_client() -> None:
    mail = Mail(b"a@x.vn", [b"b@y.vn", b"c@y.vn"], RAW, login=b"a")
    for flags in (0, 0xFF080):
        with open_folder("load") as folder, Recorder(folder / "socket", flags) as recorder:
            done = load(f"unix:{folder}/socket", [mail], messages=2, sessions=1)
            with MilterSession(f"unix:{folder}/socket") as session:
                session.send(mail)
                session.send(mail)
            recorder.wait_for_end(2)
            loaded, sent = recorder.sessions
            assert [frame for frame in loaded if frame[0] != b"A"] == [frame for frame in sent if frame[0] != b"A"]
            assert done.verdicts == Counter(accept=2)


def test_every_mail_is_answered() -> None:
    mails = [Mail(b"a@x.vn", [b"b@y.vn"], RAW, queue_id=b"Q%d" % number) for number in range(3)]
    with open_folder("load") as folder, Recorder(folder / "socket", 0xFF080) as recorder:
        done = load(f"unix:{folder}/socket", mails, messages=50, sessions=8)
        recorder.wait_for_end(8)
        assert len(done.latencies) == 50
        assert sum(command == b"E" for session in recorder.sessions for command, _ in session) == 50
        assert len(recorder.sessions) == 8
