from pathlib import Path

from support.places import free_port
from support.sink import Sink
from vanthu.projections.notices import counts, pending
from vanthu.projections.postman import Postman
from vanthu.projections.state import State


class Post:
    def __init__(self, folder: Path, port: int) -> None:
        self.state = State(folder)
        self.now = 1000.0
        self.said: list[str] = []
        self.postman = Postman(self.state, f"127.0.0.1:{port}", self.said.append, lambda: self.now)

    def put(self, number: int, target: str = "an@x.gov.vn") -> None:
        mail = f"Message-ID: <{number}@x>\r\n\r\nhi\r\n".encode()
        self.state.connection.execute(
            "INSERT INTO notices VALUES (?, 'sender', ?, ?, ?, ?, 0)",
            (f"<{number}@x>", target, mail, self.now, self.now),
        )


def test_notices_leave_with_the_null_sender_and_are_counted(tmp_path: Path) -> None:
    with Sink(free_port()) as sink:
        post = Post(tmp_path, sink.port)
        post.put(1)
        post.put(2)
        assert post.postman.sweep() == 2
        assert post.postman.sweep() == 0
        assert [(mail.sender, mail.recipients) for mail in sink.deliveries] == [(b"", (b"an@x.gov.vn",))] * 2
    assert counts(post.state) == [(("sender", "sent"), 2.0)]
    assert pending(post.state) == 0


def test_a_server_that_is_away_is_tried_again_later_and_later(tmp_path: Path) -> None:
    port = free_port()
    post = Post(tmp_path, port)
    post.put(1)
    assert post.postman.sweep() == 0
    assert post.postman.sweep() == 0
    assert dict(counts(post.state)) == {("sender", "retry"): 1}
    post.now += 31
    post.postman.sweep()
    post.now += 31
    post.postman.sweep()
    assert dict(counts(post.state)) == {("sender", "retry"): 2}, "the second pause is longer"
    assert len(post.said) == 1
    with Sink(port) as sink:
        post.now += 3600
        assert post.postman.sweep() == 1
        assert len(sink.deliveries) == 1
    assert "again" in post.said[-1]


def test_a_lasting_refusal_ends_it_a_passing_one_does_not(tmp_path: Path) -> None:
    replies = {b"gone@x.gov.vn": b"550 5.1.1 no such user", b"busy@x.gov.vn": b"450 4.2.1 later"}
    with Sink(free_port(), replies=replies) as sink:
        post = Post(tmp_path, sink.port)
        post.put(1, "gone@x.gov.vn")
        post.put(2, "busy@x.gov.vn")
        post.put(3)
        assert post.postman.sweep() == 1
    assert dict(counts(post.state)) == {("sender", "refused"): 1, ("sender", "retry"): 1, ("sender", "sent"): 1}
    assert pending(post.state) == 1


def test_after_five_days_a_notice_is_given_up(tmp_path: Path) -> None:
    post = Post(tmp_path, free_port())
    post.put(1)
    post.now += 6 * 86_400
    post.postman.sweep()
    assert dict(counts(post.state)) == {("sender", "expired"): 1}
