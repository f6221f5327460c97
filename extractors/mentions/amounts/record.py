"""From a mention to the amount of a record: dollars of the act's year, and checks of sums stated twice."""

from datetime import date

from extractors.mentions import AmountMention
from extractors.mentions.amounts.numbers import tidy
from extractors.mentions.amounts.rates import Rate, annual_rate, day_rate
from extractors.mentions.amounts.tables import names, normal
from schemas import Amount, Check, Derivation, Span, Stated

_DOLLARS = Rate(1.0, "US dollars")  # which are what they are, whatever the year
_TOLERANCE = 1.25  # a second currency may differ from the rate by a quarter


def _span(mention: AmountMention) -> Span:
    return Span(start=mention.start, end=mention.end, text=mention.text)


def _minor(mention: AmountMention) -> tuple[str, float]:
    """Give unit and factor of a sum in minor units: 50 cents are half a dollar."""
    minor = names().get(normal(mention.unit))
    if minor is None or not minor.minor:
        return mention.unit, 1.0
    code = (mention.assumed or minor.codes[0])[:3]
    return code, minor.in_units(1, code)


def _rate(unit: str, act_year: int | None, day: date | None) -> Rate | None:
    daily = day_rate(unit, day) if day else None
    yearly = annual_rate(unit, act_year) if act_year else None
    return daily or yearly or (_DOLLARS if unit == "USD" else None)


def _check(value: float, rate: Rate | None, other: Stated, year: int | None) -> Check | None:
    other_rate = annual_rate(other.unit, year) if year else None
    if not (value and rate and other_rate):
        return None
    ratio = (other.value / other_rate.value) / (value / rate.value)
    if 1 / _TOLERANCE <= ratio <= _TOLERANCE:
        return None
    detail = f"{other.span.text} is {ratio:.2f} times the sum at the rates of {year}"
    return Check(code="stated_disagrees", detail=detail, ratio=round(ratio, 4))


def to_amount(mention: AmountMention, act_year: int | None = None, *, day: date | None = None) -> Amount:
    """Make the amount of a record.

    Args:
        mention: A mention with a value.
        act_year: Year of the act; without it (and without ``day``) no dollars are given.
        day: The day of the act, where the text states one and the rate of that day is wanted.

    Returns:
        The amount, dollars rounded to whole ones, with a check for each conversion that is off by more than a quarter.

    Raises:
        ValueError: If the mention has no value ("several hundred million").
    """
    if mention.value is None:
        raise ValueError(f"no value in {mention.text!r}")
    unit, factor = _minor(mention) if mention.kind == "money" else (mention.unit, 1.0)
    value = tidy(mention.value * factor)
    rate = _rate(unit, act_year, day) if mention.kind == "money" else None
    stated = [
        Stated(value=one.value, unit=one.unit, span=_span(one)) for one in mention.stated if one.value is not None
    ]
    checks = (_check(value, rate, one, act_year or (day.year if day else None)) for one in stated)
    return Amount(
        kind=mention.kind,
        value=value,
        unit=unit,
        bound=mention.bound if mention.bound != "unknown" else "exact",
        per=mention.per,
        low=mention.low,
        high=mention.high,
        usd=round(value / rate.value) if rate else None,
        usd_rate=rate.value if rate else None,
        usd_rate_basis=rate.basis if rate else None,
        derivation=Derivation(
            surface=mention.text,
            number=mention.number,
            scale=mention.scale,
            currency=mention.currency,
            assumed=mention.assumed,
        ),
        stated=tuple(stated),
        checks=tuple(check for check in checks if check),
        span=_span(mention),
    )
