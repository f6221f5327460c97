"""Sums known by their noun alone: "a 30m concessional loan", "a grant of 4.7 million"."""

import re

from extractors.mentions.amounts.context import Context
from extractors.mentions.amounts.cues import any_of
from extractors.mentions.amounts.drafts import Draft
from extractors.mentions.amounts.numbers import Number

_LEAST = 10_000
_BEFORE = re.compile(rf"\b{any_of('one_sum')}\s(?:about |some |further |new |total of )?\Z")
_NOUN = re.compile(
    rf"[\s\-]{{1,2}}(?:{any_of('lent_how')}[,\s]{{1,2}}){{0,3}}{any_of('lent')}(?![^\W_]|-)(?! {any_of('not_lent')})"
)
_LENT_OF = re.compile(rf"\b{any_of('lent')} of (?:about |some |around |nearly |over |up to )?\Z")
_ENDS = re.compile(rf"\s?[.,;:)](?!\d)|\s{any_of('goes_on')}(?![^\W_])|\Z")


def unnamed(low: str, number: Number, context: Context) -> Draft | None:
    """Read a large number that its noun alone makes a sum of money.

    Args:
        low: Folded text in lower case.
        number: The number, with its scale.
        context: What the text says about currencies.

    Returns:
        The draft, in the currency that the text writes most or else in dollars, as ``assumed`` tells; None where no
        noun makes it money.
    """
    if number.scale is None or number.value < _LEAST:
        return None
    before = low[max(0, number.start - 40) : number.start]
    lent = _BEFORE.search(before) and _NOUN.match(low, number.end)
    if not lent and not (_LENT_OF.search(before) and _ENDS.match(low, number.end)):
        return None
    number = number.undotted
    unit, assumed = context.prevailing()
    return Draft(
        number, number.start, number.end, "money", unit=unit, assumed=assumed, value=number.value, scale=number.scale
    )
