"""What a text says that it does not know."""

import pytest

from extractors.headline.scene import count_unstated


@pytest.mark.parametrize(
    ("text", "gaps"),
    [
        ("Japan built a school in Peru. The amount is unknown.", (1, 1)),
        ("Japan built a school in Peru. It is unclear who runs it.", (0, 1)),
        ("It is not known how much Japan contributed to the $9 million, nor was its share disclosed.", (1, 1)),
        ("The value was not given. The terms are unspecified. The date is uncertain.", (2, 3)),
        ("Japan gave an amount of $5 million, a sum well known to all.", (0, 0)),
        ("", (0, 0)),
    ],
)
def test_gaps_are_counted_by_sentence(scene, text, gaps):
    assert count_unstated(scene(text)) == gaps
