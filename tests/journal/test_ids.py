import os
import threading

from hypothesis import given
from hypothesis import strategies as st

from vanthu.journal.ids import LENGTH, Ids, milliseconds


@given(st.lists(st.integers(0, 2**41), min_size=1, max_size=50))
def test_ids_rise_whatever_the_clock_does(ticks: list[int]) -> None:
    times = iter(tick * 1_000_000 for tick in ticks)
    ids = Ids(clock=lambda: next(times))
    made = [ids.new() for _ in ticks]
    assert made == sorted(set(made))
    assert milliseconds(made[0]) == ticks[0]
    assert all(len(one) == LENGTH for one in made)


def test_threads_share_no_id() -> None:
    ids = Ids()
    made: list[str] = []

    def draw() -> None:
        made.extend(ids.new() for _ in range(2000))

    threads = [threading.Thread(target=draw) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 16_000


def test_two_forked_workers_never_hand_out_the_same_id() -> None:
    ids = Ids(clock=lambda: 1_700_000_000_000_000_000)  # one and the same millisecond for everybody
    before = ids.new()
    read, write = os.pipe()
    for _ in range(2):
        if os.fork() == 0:
            os.write(write, "".join(ids.new() + "\n" for _ in range(20)).encode())
            os._exit(0)
    os.wait(), os.wait()
    os.close(write)
    with os.fdopen(read) as pipe:
        made = pipe.read().split() + [ids.new() for _ in range(20)]
    assert len(set(made)) == 60
    assert all(one > before for one in made)
