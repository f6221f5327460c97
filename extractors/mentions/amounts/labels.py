"""Currencies and scales that a label tells: "Amount (US$ million): 12.5", "Contract value USD: 1,250,000"."""

import re
from functools import cache

from extractors.mentions.amounts.currencies import Found
from extractors.mentions.amounts.tables import Money, blanks, marks, names, normal, scale_surfaces

_LABEL = re.compile(
    r"(?:\((?:in |all )?(?P<unit>[^()\n]{1,24})\)\s?[:|=]?|\b(?P<code>[^\s():|]{1,4}(?: '?000s?)?)\s?:)\s{0,3}-?\Z"
)
_ENDS = re.compile(r"\s?(?:[|;,)\n]|\.(?!\d)|\Z|\(|[a-z]+\b)")
_LINK = re.compile(r"(?<=[^\W\d_]|[.`])\.? in ")  # "Rs. in crore"
_THOUSANDS = re.compile(r"'?000(?:'?s)?")
_REACH = 40  # characters before a number in which its label stands


def label_before(text: str, low: str, start: int, end: int, floor: int) -> tuple[Found, str | None] | None:
    """Find the currency, and the scale, that the label of a number tells.

    Args:
        text: Folded text.
        low: The same in lower case.
        start: Where the number starts.
        end: Where it ends.
        floor: Where the amount before ends.
    """
    reach = max(floor, start - _REACH)
    closes = low[max(0, start - 5) : start].rstrip("- \n")[-1:]
    if not closes or closes not in ")|:=" or not _ENDS.match(low, end):
        return None
    label = _LABEL.search(text, reach, start)
    group = "unit" if label and label["unit"] else "code"
    told = _read(label[group].strip()) if label else None
    if label is None or told is None:
        return None
    place = label.span(group)
    return Found(told[0], *place, text[slice(*place)], "label"), told[1]


@cache
def _plain_scales() -> dict[str, str]:
    known = {word: word for word in (*scale_surfaces("word"), *scale_surfaces("plural"))}
    return known | {"m": "m", "k": "k", "bn": "bn", "cr": "cr", "cr.": "cr"}


@cache
def _read(label: str) -> tuple[Money, str | None] | None:
    """Read "US$ million", "millions of euros", "$m", "EUR '000"."""
    label = _LINK.sub(" ", label)
    for cut in range(len(label), -1, -1):
        for currency, scale in ((label[:cut], label[cut:]), (label[cut:], label[:cut])):
            money = _money(currency.strip())
            if money and (known := _scale(scale.strip())) is not None:
                return money, known or money.scale or None
    return None


def _money(surface: str) -> Money | None:
    money = marks().get(blanks(surface)) or names().get(normal(surface.removeprefix("of ")))
    return money if money and not money.minor else None


def _scale(surface: str) -> str | None:
    """Return the scale of a label, empty where it has none; None for what is no scale."""
    if not surface or _THOUSANDS.fullmatch(surface):
        return "thousand" if surface else ""
    return _plain_scales().get(surface.lower())
