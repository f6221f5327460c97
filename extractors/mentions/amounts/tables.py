"""The tables of this folder: currencies, minor units, scales, bounds. Curators edit the CSV files, not the code."""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple, cast

from extractors.mentions.patterns import split_cell
from schemas import Bound
from schemas.packaged import packaged_rows

Row = dict[str, str]
UNREAD_CODES = frozenset({"ETH"})  # currency codes that are country codes too (ether, Ethiopia); not matched
_SIGNS = ("€", "$", "£", "¥", "US$", "kr")  # marks that a scale may be attached to, besides codes


class Money(NamedTuple):
    """What a currency surface may mean: candidate ISO codes (the first is the default) and the rule to choose one."""

    codes: tuple[str, ...]
    rule: str = ""  # "" unambiguous; "explicit": by currencies named elsewhere; "places": by countries named; "weak"
    minor: str = ""  # name of the minor unit ("cent"), where the surface is one
    per_unit: tuple[int, ...] = ()  # minor units in one unit of each of ``codes``
    scale: str = ""  # the scale attached to the surface: "m" in "MUSD"

    def in_units(self, value: float, code: str) -> float:
        """Convert a number of minor units to units of ``code``: 50 cents are 0.5 dollars."""
        place = self.codes.index(code) if code in self.codes else 0  # 0 for an older currency of the same name
        return value / self.per_unit[place]


def rows(name: str) -> list[Row]:
    """Return the rows of a table in this folder."""
    return packaged_rows("extractors.mentions.amounts", f"tables/{name}")


def fold_blanks(surface: str) -> str:
    """Replace blanks and hyphens in a surface by single blanks, unless ``MARKS`` has it with its hyphens."""
    return surface if surface in MARKS else re.sub(r"[\s\-]+", " ", surface)


def fold_name(surface: str) -> str:
    """Fold a name for look-up: lower case, single blanks for blanks and hyphens."""
    return re.sub(r"[\s\-]+", " ", surface.lower())


def _name_forms(row: Row) -> list[str]:
    return [row["unit"], *split_cell(row["plurals"])] if row["unit"] else []


CURRENCIES = {row["code"]: row for row in rows("currencies.csv")}
UNIT_NAMES = {code: row["unit"] for code, row in CURRENCIES.items() if row["unit"]}
"""Base name ("dollar") by code."""
PLACES = {code: split_cell(row["adjectives"]) for code, row in CURRENCIES.items()}
"""Words for the country of each currency, used to choose among currencies of one name."""
_CODES_BY_NAME: dict[str, list[str]] = defaultdict(list)  # codes by form of the name: rupees -> INR, LKR, MUR …
for _code, _row in CURRENCIES.items():
    for _form in _name_forms(_row):
        _CODES_BY_NAME[_form.lower()].append(_code)
_AMBIGUOUS = rows("ambiguous.csv")
WORD_MARKS = frozenset(row["code"] for row in rows("word_codes.csv"))
"""Codes and marks that are also English words or common abbreviations: a currency only beside a large sum."""
LABELS = {row["surface"]: (float(row["never"] or 0), float(row["unless_named"])) for row in rows("labels.csv")}
"""By mark that also names goals, forms or models ("SDG 4"): up to which number it does so in any text, and up to which
where the text does not name the country of the currency."""
ERAS = {row["code"]: (row["before"], int(row["last_year"])) for row in rows("eras.csv")}
"""By code, the code of the currency before a redenomination, and the last year in which it was used."""
_SCALES = rows("scales.csv")
SCALES = {row["surface"]: float(row["factor"]) for row in _SCALES}
"""Factor by scale word, lower case."""
STOPS_IN_THOUSANDS = frozenset(row["surface"] for row in _SCALES if row["stop"] == "thousands")
"""Scale words of languages in which a full stop separates thousands: "3.500 millones"."""
BOUNDS = {
    side: {fold_name(row["phrase"]): cast(Bound, row["bound"]) for row in rows("bounds.csv") if row["side"] == side}
    for side in ("before", "after")
}
"""Bound by phrase, for the phrases before and after an amount."""


def scale_surfaces(kind: str) -> list[str]:
    """Return the surfaces of one kind of scale: ``word``, ``letter``, ``count``, ``plural`` or ``chinese``."""
    return [row["surface"] for row in _SCALES if row["kind"] == kind]


def _names_in(row: Row) -> Iterator[str]:
    """Yield the names of the currency in a row: "Ghanaian cedis", "cedi", "cedis (GHS)"."""
    forms = _name_forms(row)
    for form in forms:
        yield form
        for adjective in split_cell(row["adjectives"]):
            yield f"{adjective} {form}"
            if "." not in adjective and row["code"] != "USD":
                yield f"{adjective}n {form}"  # "Botswanan", "Chinan": harmless where no such word exists
    yield from split_cell(row["names"])
    if forms and len(_CODES_BY_NAME[forms[0].lower()]) == 1:
        yield f"{forms[-1]} ({row['code']})"


def _ambiguous(kind: str) -> Iterator[tuple[str, Money]]:
    for row in _AMBIGUOUS:
        if row["kind"] == kind:
            named = split_cell(row["codes"]) or [row["surface"].lower()]
            codes = [*split_cell(row["default"]), *(code for one in named for code in _CODES_BY_NAME.get(one, [one]))]
            yield row["surface"], Money(tuple(dict.fromkeys(codes)), "weak" if kind == "weak" else row["rule"])


def _minor(row: Row) -> Money:
    """Read a minor unit; ``AED=100`` in its cell ``units`` overrides the usual number of minor units for AED."""
    units = [cell.partition("=") for cell in split_cell(row["units"])]
    per_unit = {
        code: other or row["per_unit"] for unit, _, other in units for code in _CODES_BY_NAME.get(unit.lower(), [unit])
    }
    default = next((one["default"] for one in _AMBIGUOUS if one["surface"] == units[0][0]), "")
    codes = tuple(dict.fromkeys([*split_cell(default), *per_unit]))
    rule = "places" if len(codes) > 1 else ""
    return Money(codes, rule, row["singular"], tuple(int(per_unit[code]) for code in codes))


def _names() -> dict[str, Money]:
    found: dict[str, Money] = {}
    for code, row in CURRENCIES.items():
        for name in _names_in(row):
            found.setdefault(fold_name(name), Money((code,)))
    for row in rows("minor_units.csv"):
        for form in (row["singular"], row["plural"]):
            found.setdefault(fold_name(form), _minor(row))
    found.update((fold_name(surface), money) for surface, money in _ambiguous("name"))
    return found | {" ".join(name.replace(".", " . ").split()): money for name, money in found.items() if "." in name}


def _with_glued_scales(known: dict[str, Money]) -> dict[str, Money]:
    """Return marks with a scale attached: before as banks write it ("MUSD", "kEUR"), or after as in tables ("US$m")."""
    kept = [mark for mark in known if mark in CURRENCIES or mark in _SIGNS]
    dollars = [mark for mark in known if mark.endswith("$") and " " not in mark]
    glued: dict[str, Money] = {}
    for row in rows("glued.csv"):
        is_suffix, some = row["side"] == "behind", split_cell(row["marks"])
        for letters in split_cell(row["letters"]):
            for mark in [*some, *dollars] if is_suffix else some or kept:
                surface = f"{mark}{letters}" if is_suffix else f"{letters}{mark}"
                if surface not in known:
                    glued[surface] = known[mark]._replace(scale=row["scale"] or letters.lower())
    return glued


def _with_spaced_stops(known: dict[str, Money]) -> dict[str, Money]:
    """Return marks with full stops as tokenised text has them: "U . S . $", "rs .", "u . s . $"."""
    apart = {" . ".join(mark.split(".")).replace("  ", " "): money for mark, money in known.items() if ".S." in mark}
    apart |= {f"{mark[:-1]} .": money for mark, money in known.items() if re.fullmatch(r"[A-Za-z]{2,5}\.", mark)}
    return apart | {mark.lower(): money for mark, money in apart.items()}


def _with_spaced_dollars(known: dict[str, Money]) -> dict[str, Money]:
    """Return "HK $" for "HK$", and "MXN$" and "MXN $" for every dollar and peso."""
    signed = {f"{code}$": Money((code,)) for code, unit in UNIT_NAMES.items() if unit in ("dollar", "peso")}
    prefixed = {mark: money for mark, money in known.items() if mark.endswith("$") and mark[:-1].isalpha()}
    both = {mark: money for mark, money in (signed | prefixed).items() if len(mark) > 2 or mark in ("C$", "R$")}
    return signed | {f"{mark[:-1]} $": money for mark, money in both.items()}


def _marks() -> dict[str, Money]:
    found = {code: Money((code,)) for code in CURRENCIES if code not in UNREAD_CODES}
    for code, row in CURRENCIES.items():
        found.update((mark, Money((code,))) for mark in split_cell(row["marks"]))
    found.update(_ambiguous("mark"))
    found.update(_with_spaced_dollars(found))
    found.update(_with_spaced_stops(found) | _with_glued_scales(found))
    lowered = {mark.lower(): money for mark, money in found.items() if any(sign in mark for sign in "$£¥€")}
    return lowered | found


NAMES = _names()
"""What each name of a currency or minor unit may mean; the names are folded."""
MARKS = _marks()
"""What each symbol, short form or ISO code may mean; case is significant."""
PRICING_MARKS = frozenset(
    mark for mark in MARKS if mark.isascii() and mark.isalpha() and len(mark) > 1 and mark not in WORD_MARKS
)
"""Codes and short forms in letters that make even "2000" a sum: "KES 2000"."""
WEAK_MARKS = dict(_ambiguous("weak"))
"""Single letters that are a currency only beside a large sum in a text about its country."""
COINS_PER_UNIT: dict[str, int] = {}  # by code, of the smallest coin: 1000 for KWD (1000 fils make a dinar)
for _money in NAMES.values():
    for _code, _many in zip(_money.codes, _money.per_unit, strict=False):
        COINS_PER_UNIT[_code] = max(_many, COINS_PER_UNIT.get(_code, 0))
