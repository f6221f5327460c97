"""Closed lists of values: kinds, statuses, party types, OECD CRS sectors, science fields, countries, currencies."""

from functools import cache
from typing import Literal

from schemas.packaged import packaged_rows

Kind = Literal[
    "agreement", "grant", "loan", "export_credit", "debt_relief", "investment", "acquisition", "technical_assistance",
    "training", "joint_facility", "joint_research", "programme", "membership", "dialogue", "supply", "other",
]  # fmt: skip
Status = Literal["pledged", "committed", "implementing", "completed", "suspended", "cancelled", "unknown"]
PartyType = Literal["country", "government", "organisation", "company", "university", "person", "group"]
AmountKind = Literal["money", "count", "share"]
Bound = Literal["exact", "about", "at_least", "at_most", "range"]
UNSPECIFIED_SECTOR = "998"


def _rows(table: str) -> list[dict[str, str]]:
    return packaged_rows("schemas", f"tables/{table}")


@cache
def crs_sectors() -> dict[str, str]:
    """Map each three-digit OECD DAC/CRS sector code to its name, as AidData writes it."""
    return {row["code"]: row["name"] for row in _rows("crs_sectors.csv")}


@cache
def fields() -> dict[str, str]:
    """Map each science and technology field's id to its name."""
    return {row["id"]: row["name"] for row in _rows("fields.csv")}


@cache
def countries() -> dict[str, str]:
    """Map each ISO 3166-1 alpha-3 code (and XKX, Kosovo, which has none of its own) to the country's English name."""
    return {row["code"]: row["name"] for row in _rows("countries.csv")}


@cache
def _code_of_country() -> dict[str, str]:
    return {name.casefold(): code for code, name in countries().items()}


def country_code(typed: str) -> str:
    """Return the code of a country given by its English name or code, in any case; anything else in capitals."""
    plain = typed.strip()
    return _code_of_country().get(plain.casefold(), plain.upper())


@cache
def currencies() -> dict[str, str]:
    """Map each ISO 4217 code, including those of former currencies, to the currency's English name."""
    return {row["code"]: row["name"] for row in _rows("currencies.csv")}


@cache
def field_words() -> dict[str, tuple[str, ...]]:
    """Map each field's id to the words that often signal it."""
    column = "words that often signal it"
    return {row["id"]: tuple(word.strip() for word in row[column].split(";")) for row in _rows("fields.csv")}
