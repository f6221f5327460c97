"""Every currency of the tables, by each of its names and marks."""

import pycountry
import pytest

from extractors.mentions.amounts import find_amounts
from extractors.mentions.amounts.tables import UNREAD, currency_rows, marks, names


def test_every_iso_currency_is_known() -> None:
    assert {one.alpha_3 for one in pycountry.currencies} - set(currency_rows()) <= {"XXX"}


@pytest.mark.parametrize("code", sorted(currency_rows().keys() - UNREAD))
def test_every_code_before_and_after(code: str) -> None:
    for text in (
        f"It lent {code} 25 million in all.",
        f"It lent 25 million {code} in all.",
        f"It lent {code}25m in all.",
    ):
        (mention,) = find_amounts(text)
        assert (mention.value, mention.unit) == (25_000_000, code)


@pytest.mark.parametrize("name", sorted(name for name in names() if not names()[name].minor))
def test_every_name(name: str) -> None:
    (mention,) = [one for one in find_amounts(f"It lent 25 million {name}, they say.") if one.kind == "money"]
    assert mention.value == 25_000_000
    assert mention.text == f"25 million {name}"


@pytest.mark.parametrize("mark", sorted(mark for mark in marks() if not mark[0].isspace()))
def test_every_mark(mark: str) -> None:
    (mention,) = [one for one in find_amounts(f"It lent {mark} 25 million, they say.") if one.kind == "money"]
    assert mention.value == 25_000_000
