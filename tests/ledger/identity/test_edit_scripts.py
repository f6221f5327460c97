"""Random edit scripts: acts that nobody touched keep their ids (benchmarks/release.py runs a thousand)."""

from tests.support.edit_scripts import script


def test_untouched_acts_keep_their_ids():
    tallies = [script(seed) for seed in range(120)]
    untouched, kept = sum(one.untouched for one in tallies), sum(one.kept for one in tallies)
    assert untouched > 1000
    assert kept / untouched >= 0.995
