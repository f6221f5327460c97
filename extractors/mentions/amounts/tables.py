"""The tables of this folder: currencies, minor units, scales, bounds. Curators edit the CSV files, not the code."""

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple, cast

from schemas import Bound
from schemas.packaged import packaged_rows

Row = dict[str, str]
_GLUED = (
    ("M", "m", ()),
    ("m", "m", ("€", "£", "kr")),
    ("Mn", "mn", ()),
    ("k", "k", ()),
    ("K", "k", ("€", "£", "USD", "EUR", "GBP", "CHF", "SEK", "NOK", "DKK")),
    ("bn", "bn", ()),
    ("Mio", "mio", ("€",)),
    ("Mrd", "mrd", ("€",)),
    ("T", "k", ("EUR", "CHF", "€", "DEM", "SEK", "NOK", "DKK", "USD", "GBP", "kr")),
    ("t", "k", ("kr", "EUR", "USD", "CHF", "GBP")),
    ("B", "b", ("USD", "EUR", "GBP", "SEK", "NOK", "DKK")),
    ("md", "mrd", ("kr",)),
    ("Md", "mrd", ("kr",)),
)
"""What banks glue before a code or sign: the letters, their scale, and the few marks they stand at (all, if none)."""

_GLUED_BEHIND = (
    *("US$", "$", "€", "£", "¥", "A$", "C$", "USD", "EUR", "GBP", "JPY", "CHF", "SEK", "NOK", "DKK", "AUD", "CAD"),
    *("CNY", "RMB", "INR", "ZAR"),
)
"""The codes and signs that heads of tables glue a scale to: "US$m", "EURbn"."""

UNREAD = frozenset({"ETH"})  # codes that are a country's too, as ether's is Ethiopia's: not read beside a number


class Money(NamedTuple):
    """What a surface says: ISO codes it may stand for (the first is the default) and how to choose among them."""

    codes: tuple[str, ...]
    rule: str = ""  # "" certain; "explicit": by dollars written out elsewhere; "places": by countries named; "weak"
    minor: str = ""  # name of the minor unit ("cent"), where the surface is one
    per_unit: tuple[int, ...] = ()  # how many minor units make one of each of ``codes``
    scale: str = ""  # the scale that is glued to it: "m" in "MUSD"

    def in_units(self, value: float, code: str) -> float:
        """Turn a number of minor units into units of a currency: 50 cents are half a dollar."""
        place = self.codes.index(code) if code in self.codes else 0  # an older currency of the same name
        return value / self.per_unit[place]


def rows(name: str) -> list[Row]:
    """Read a table of this folder."""
    return packaged_rows("extractors.mentions.amounts", f"tables/{name}")


def parts(cell: str | None) -> list[str]:
    """Split a cell of alternatives."""
    return [part for part in (cell or "").split("|") if part]


def blanks(surface: str) -> str:
    """Fold the blanks and hyphens of a surface as the patterns do, unless it is one with hyphens of its own."""
    return surface if surface in marks() else re.sub(r"[\s\-]+", " ", surface)


def normal(surface: str) -> str:
    """Fold a name for look-up: lower case, single blanks."""
    return re.sub(r"[\s\-]+", " ", surface.lower())


@cache
def currency_rows() -> dict[str, Row]:
    """Rows of currencies.csv by code."""
    return {row["code"]: row for row in rows("currencies.csv")}


@cache
def units() -> dict[str, str]:
    """Base name ("dollar") by code."""
    return {code: row["unit"] for code, row in currency_rows().items() if row["unit"]}


@cache
def places() -> dict[str, tuple[str, ...]]:
    """Words for the country of each currency, for choosing among currencies of one name."""
    return {code: tuple(parts(row["adjectives"])) for code, row in currency_rows().items()}


@cache
def sharing() -> dict[str, tuple[str, ...]]:
    """Codes that share a name, by each form of the name: ``rupees`` -> INR, LKR, MUR ..."""
    found: dict[str, list[str]] = {}
    for code, row in currency_rows().items():
        for form in [row["unit"], *parts(row["plurals"])] if row["unit"] else []:
            found.setdefault(form.lower(), []).append(code)
    return {form: tuple(codes) for form, codes in found.items()}


def _row_names(row: Row) -> Iterator[str]:
    forms = [row["unit"], *parts(row["plurals"])] if row["unit"] else []
    for form in forms:
        yield form
        for adjective in parts(row["adjectives"]):
            yield f"{adjective} {form}"
            if "." not in adjective and row["code"] != "USD":
                yield f"{adjective}n {form}"  # "Botswanan", "Chinan": harmless where no such word exists
    yield from parts(row["names"])
    if forms and len(sharing()[forms[0].lower()]) == 1:
        yield f"{forms[-1]} ({row['code']})"


@cache
def _ambiguous_rows() -> tuple[Row, ...]:
    return tuple(rows("ambiguous.csv"))


def _ambiguous(kind: str) -> Iterator[tuple[str, Money]]:
    for row in _ambiguous_rows():
        if row["kind"] == kind:
            codes = parts(row["codes"]) or [row["surface"].lower()]
            codes = [code for one in codes for code in sharing().get(one, (one,))]
            first = [row["default"]] if row["default"] else []
            yield row["surface"], Money(tuple(dict.fromkeys(first + codes)), "weak" if kind == "weak" else row["rule"])


def _minor(row: Row) -> Money:
    """Read a minor unit; ``AED=100`` among its units is one with another number of them."""
    cells = [cell.partition("=") for cell in parts(row["units"])]
    many = {code: own or row["per_unit"] for unit, _, own in cells for code in sharing().get(unit.lower(), (unit,))}
    default = next((one["default"] for one in _ambiguous_rows() if one["surface"] == cells[0][0]), "")
    codes = tuple(dict.fromkeys(([default] if default else []) + list(many)))
    return Money(codes, "places" if len(codes) > 1 else "", row["singular"], tuple(int(many[code]) for code in codes))


@cache
def names() -> dict[str, Money]:
    """Names of currencies and minor units, folded, with what they stand for."""
    found: dict[str, Money] = {}
    for code, row in currency_rows().items():
        for name in _row_names(row):
            found.setdefault(normal(name), Money((code,)))
    for row in rows("minor_units.csv"):
        for form in (row["singular"], row["plural"]):
            found.setdefault(normal(form), _minor(row))
    found.update((normal(surface), money) for surface, money in _ambiguous("name"))
    return found | {" ".join(name.replace(".", " . ").split()): money for name, money in found.items() if "." in name}


@cache
def finest() -> dict[str, int]:
    """How many of its smallest coins make one of each currency: 1000 fils a dinar of Kuwait."""
    many: dict[str, int] = {}
    for money in names().values():
        for code, per_unit in zip(money.codes, money.per_unit, strict=False):
            many[code] = max(per_unit, many.get(code, 0))
    return many


def _glued(known: dict[str, Money]) -> dict[str, Money]:
    """Write a scale before a code or sign as banks do: "MUSD", "kEUR", "bn€", "TCHF" for thousands."""
    kept = [mark for mark in known if mark in currency_rows() or mark in ("€", "$", "£", "¥", "US$", "kr")]
    glued: dict[str, Money] = {}
    for letters, scale, few in _GLUED:
        for mark in few or kept:
            if f"{letters}{mark}" not in known:
                glued[f"{letters}{mark}"] = known[mark]._replace(scale=scale)
    dollars = [mark for mark in known if mark.endswith("$") and mark not in _GLUED_BEHIND and " " not in mark]
    behind = (
        (f"{mark}{letters}", mark, letters.lower())
        for mark in (*_GLUED_BEHIND, *dollars)
        for letters in ("m", "M", "mn", "bn", "k", "'000")
    )
    return glued | {both: known[mark]._replace(scale=scale) for both, mark, scale in behind if both not in known}


def _apart(known: dict[str, Money]) -> dict[str, Money]:
    """Write marks with stops as tokenised text has them: "U . S . $", "rs .", "u . s . $"."""
    apart = {" . ".join(mark.split(".")).replace("  ", " "): money for mark, money in known.items() if ".S." in mark}
    apart |= {f"{mark[:-1]} .": money for mark, money in known.items() if re.fullmatch(r"[A-Za-z]{2,5}\.", mark)}
    return apart | {mark.lower(): money for mark, money in apart.items()}


def _spaced_dollars(known: dict[str, Money]) -> dict[str, Money]:
    """Write "HK $" for "HK$", and "MXN $" for every currency whose sign is a dollar's."""
    signed = {f"{code}$": Money((code,)) for code, unit in units().items() if unit in ("dollar", "peso")}
    prefixed = {mark: money for mark, money in known.items() if mark.endswith("$") and mark[:-1].isalpha()}
    both = {mark: money for mark, money in (signed | prefixed).items() if len(mark) > 2 or mark in ("C$", "R$")}
    return signed | {f"{mark[:-1]} $": money for mark, money in both.items()}


@cache
def marks() -> dict[str, Money]:
    """Symbols, short forms and ISO codes, case kept."""
    found = {code: Money((code,)) for code in currency_rows() if code not in UNREAD}
    for code, row in currency_rows().items():
        found.update((mark, Money((code,))) for mark in parts(row["marks"]))
    found.update(_ambiguous("mark"))
    found.update((row["code"].lower(), Money((row["code"],))) for row in rows("lower_codes.csv"))
    found.update(_spaced_dollars(found))
    found.update(_apart(found) | _glued(found))
    lowered = {mark.lower(): money for mark, money in found.items() if any(sign in mark for sign in "$£¥€")}
    return lowered | found


@cache
def word_marks() -> frozenset[str]:
    """Codes and marks that are English words or common abbreviations too: a currency only beside a large sum."""
    return frozenset(row["code"] for row in rows("word_codes.csv"))


@cache
def weak_marks() -> dict[str, Money]:
    """Single letters that stand for a currency only beside a large sum in a text about its country."""
    return dict(_ambiguous("weak"))


@cache
def eras() -> dict[str, tuple[str, int]]:
    """The code a currency had before a redenomination, and the last year of it."""
    return {row["code"]: (row["before"], int(row["last_year"])) for row in rows("eras.csv")}


@cache
def scales() -> dict[str, float]:
    """Factor by scale word, lower case."""
    return {row["surface"]: float(row["factor"]) for row in rows("scales.csv")}


@cache
def stops_in_thousands() -> frozenset[str]:
    """Scale words of languages whose full stop parts thousands: "3.500 millones"."""
    return frozenset(row["surface"] for row in rows("scales.csv") if row["stop"] == "thousands")


@cache
def scale_surfaces(kind: str) -> tuple[str, ...]:
    """Surfaces of one kind of scale: ``word``, ``letter``, ``count``, ``plural`` or ``chinese``."""
    return tuple(row["surface"] for row in rows("scales.csv") if row["kind"] == kind)


@cache
def bounds(side: str) -> dict[str, Bound]:
    """Bound by phrase, of the phrases that stand ``before`` or ``after`` an amount."""
    return {normal(row["phrase"]): cast(Bound, row["bound"]) for row in rows("bounds.csv") if row["side"] == side}
