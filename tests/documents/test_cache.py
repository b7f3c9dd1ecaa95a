"""What is kept, what is forgotten, and what counts as the same document."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from vanthu.documents.cache import Cache, Entry, edition, key
from vanthu.documents.model import DocumentLimits

DIGEST = "ab" * 32


def test_the_least_recently_used_goes_first() -> None:
    cache = Cache(4000)
    for name in (b"a", b"b", b"c"):
        cache.put(name, Entry(b"x" * 900))
    assert cache.get(b"a", 0.0) is not None
    cache.put(b"d", Entry(b"x" * 900))
    assert [name for name in (b"a", b"b", b"c", b"d") if cache.get(name, 0.0)] == [b"a", b"c", b"d"]


def test_failures_are_forgotten_after_a_while() -> None:
    cache = Cache(4000)
    cache.put(b"a", Entry(None, "timeout", until=10.0))
    assert cache.get(b"a", 9.9) == Entry(None, "timeout", until=10.0)
    assert cache.get(b"a", 10.0) is None
    assert (len(cache), cache.bytes) == (0, 0)


def test_what_would_fill_half_of_it_is_not_kept_and_nothing_goes_for_it() -> None:
    cache = Cache(4000)
    cache.put(b"a", Entry(b"x" * 500))
    cache.put(b"b", Entry(b"x" * 2000))
    assert cache.get(b"b", 0.0) is None
    assert cache.get(b"a", 0.0) is not None


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 3000)), max_size=60), st.integers(1, 10_000))
def test_the_bound_always_holds(puts: list[tuple[int, int]], most: int) -> None:
    cache = Cache(most)
    for name, size in puts:
        cache.put(b"%d" % name, Entry(b"x" * size))
        assert 0 <= cache.bytes <= most
    assert (cache.bytes == 0) == (len(cache) == 0)


def test_the_key_changes_with_all_that_an_extraction_depends_on() -> None:
    limits = DocumentLimits()
    editions = [
        edition("1", limits), edition("2", limits), edition("1", DocumentLimits(ocr="off")),
        edition("1", DocumentLimits(max_text=1)),
    ]  # fmt: skip
    keys = {key(digest, name, made_by) for digest in (DIGEST, "cd" * 32) for name in ("a.csv", "b.txt", None)
            for made_by in editions}  # fmt: skip
    assert len(keys) == 2 * 3 * 4


def test_of_other_names_only_the_suffix_counts() -> None:
    made_by = edition("1", DocumentLimits())
    names = ("a.csv", "b.CSV", "Công văn 1.2.csv")
    assert len({key(DIGEST, name, made_by) for name in names}) == 1
    bare = (None, "", "README", "Công văn số 1017. Về việc tăng cường")
    assert len({key(DIGEST, name, made_by) for name in bare}) == 1


def test_a_volume_behind_the_first_is_another_document_than_what_stands_alone() -> None:
    made_by = edition("1", DocumentLimits())
    for alone, later in (("a.rar", "a.part2.rar"), ("a.ab", "a.zip.ab")):
        assert key(DIGEST, alone, made_by) != key(DIGEST, later, made_by)
    assert key(DIGEST, "a.7z.002", made_by) == key(DIGEST, "b.7z.002", made_by)
