"""What callbacks append is the message that was sent, whatever its size; memory is given back."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from vanthu.mail.transaction import Transaction


class Account:
    """A budget that says no past a limit."""

    def __init__(self, limit: int = 1 << 30) -> None:
        self.limit = limit
        self.taken = 0

    def __call__(self, size: int) -> bool:
        self.taken += size
        return self.taken <= self.limit


def transaction(account: Account, spill_above: int = 1000) -> Transaction:
    return Transaction("a@x.vn", (), spill_above, account)


@given(st.lists(st.binary(max_size=400), max_size=20))
def test_the_body_comes_back_whole_on_either_side_of_the_spill(chunks: list[bytes]) -> None:
    account = Account()
    mail = transaction(account)
    mail.add_field(b"Subject", b" a\n b")
    for chunk in chunks:
        mail.add_body(chunk)
    assert mail.raw() == b"Subject: a\r\n b\r\n\r\n" + b"".join(chunks)
    assert mail.raw() == mail.raw()
    assert mail.body_size == sum(map(len, chunks))
    assert account.taken <= 1000 + 400 + 20
    mail.close()
    assert account.taken == 0


def test_the_fingerprint_sees_through_what_a_hop_adds() -> None:
    def fingerprint(*fields: tuple[bytes, bytes], body: bytes = b"text", recipient: str = "b@y.vn") -> str:
        mail = transaction(Account())
        mail.add_recipient(f"<{recipient}>", recipient, None)
        for name, value in ((b"Subject", b" x"), *fields):
            mail.add_field(name, value)
        mail.add_body(body)
        return mail.fingerprint()

    first = fingerprint((b"Received", b" by a"), (b"Message-ID", b" <1@a>"))
    assert first == fingerprint((b"received", b" by b"), (b"Date", b" now"))
    assert first != fingerprint(body=b"other")
    assert first != fingerprint(recipient="c@y.vn")
    assert first != fingerprint((b"X-Other", b" x"))


def test_many_small_pieces_are_accounted_for() -> None:
    account = Account(limit=10_000)
    mail = transaction(account)
    for _ in range(1000):
        mail.add_field(b"X", b"y" * 100)
    assert mail.refused == "busy"
    assert 10_000 < account.taken < 40_000
    mail.close()
    assert account.taken == 0


def test_over_the_budget_a_mail_is_refused_and_costs_nothing_more() -> None:
    account = Account(limit=10_000)
    mail = transaction(account)
    mail.add_body(b"x" * 20_000)
    for _ in range(1000):
        mail.add_body(b"x" * 200)
        mail.add_field(b"X", b"y" * 100)
    assert mail.refused == "busy"
    assert account.taken == 20_000
    mail.close()
    assert account.taken == 0
