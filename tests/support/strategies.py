"""Hypothesis strategies: sentences, texts of them, and records that differ in any field."""

from hypothesis import strategies as st

from tests.support.toys import COUNTRIES, EXTRAS, TOPICS, VERBS, read, sentence

countries = st.sampled_from(sorted(COUNTRIES))
partners = st.lists(countries, min_size=1, max_size=3, unique=True).map(" and ".join)
sentences = st.builds(
    sentence,
    countries,
    st.sampled_from(sorted(VERBS)),
    partners,
    st.one_of(st.just(0), st.integers(1, 99)),
    st.integers(1990, 1996),
    st.sampled_from(TOPICS),
    st.sampled_from(EXTRAS),
)
fillers = st.sampled_from(["A gap 🌧.", "Nobody knew 誰も.", "  ", "The rains came."])
lines = st.lists(st.one_of(sentences, fillers), max_size=7)
acts = st.lists(sentences, min_size=1, max_size=7, unique=True)


def extraction(name, text_lines, **options):
    return read(name, " ".join(text_lines), **options)


extractions = st.builds(
    extraction,
    st.just("d.txt"),
    lines,
    code=st.sampled_from(["1", "2"]),
    amounts=st.sampled_from([1, 2]),
    skip=st.sampled_from([(), ("lent",), ("granted", "trained")]),
    confidence=st.sampled_from([0.8, 0.85]),
)
