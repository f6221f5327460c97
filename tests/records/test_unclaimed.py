"""Which mentions no record quotes, and why."""

from hypothesis import given
from hypothesis import strategies as st

from extractors.records.unclaimed import SpanIndex

stretches = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 20)).map(lambda pair: (pair[0], pair[0] + pair[1])))


@given(stretches, st.integers(0, 60), st.integers(1, 20))
def test_cover_says_what_looking_at_each_stretch_says(known: list[tuple[int, int]], start: int, length: int) -> None:
    touched = any(a < start + length and start < b for a, b in known)
    assert SpanIndex(known).overlaps(start, start + length) == touched
