"""Every currency of the tables, by each of its names and marks."""

import pycountry
import pytest

from extractors.mentions.amounts import find_amounts
from extractors.mentions.amounts.tables import CURRENCIES, MARKS, NAMES, UNREAD_CODES


def test_every_iso_currency_is_known() -> None:
    assert {one.alpha_3 for one in pycountry.currencies} - set(CURRENCIES) <= {"XXX"}


def read(text: str) -> list[tuple[float | None, str, str]]:
    return [(one.value, one.unit, one.text) for one in find_amounts(text) if one.kind == "money"]


@pytest.mark.parametrize("form", ["{} 25 million", "25 million {}", "{}25m"])
def test_every_code_before_and_after(form: str) -> None:
    texts = {code: form.format(code) for code in CURRENCIES.keys() - UNREAD_CODES}
    assert {code: read(f"It lent {text} in all.") for code, text in texts.items()} == {
        code: [(25_000_000, code, text)] for code, text in texts.items()
    }


def test_every_name() -> None:
    every = [name for name, currency in NAMES.items() if not currency.minor]
    found = {name: read(f"It lent 25 million {name}, they say.") for name in every}
    told = {name: [(value, text) for value, _, text in some] for name, some in found.items()}
    assert len(every) > 2_500 and told == {name: [(25_000_000, f"25 million {name}")] for name in every}


def test_every_mark() -> None:
    every = [mark for mark in MARKS if not mark[0].isspace()]
    found = {mark: read(f"It lent {mark} 25 million, they say.") for mark in every}
    assert {mark: [value for value, _, _ in some] for mark, some in found.items()} == dict.fromkeys(every, [25_000_000])
