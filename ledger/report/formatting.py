"""Formatting for the pages: numbers, money, countries, field values, and word-by-word differences."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from typing import Any, Literal

import pycountry
from babel import Locale

_STEPS = ((1e12, "tn"), (1e9, "bn"), (1e6, "m"), (1e3, "k"))
_WORDS = re.compile(r"\s+|\w+|[^\w\s]")
_MAX_ALIGNED = 4_000
INVISIBLE: Mapping[str, str] = {
    "\u200b": "ZWSP", "\u2060": "WJ", "\ufeff": "BOM", "\u00ad": "SHY", "\u200e": "LRM", "\u200f": "RLM",
    "\u061c": "ALM", "\u202a": "LRE", "\u202b": "RLE", "\u202c": "PDF", "\u202d": "LRO", "\u202e": "RLO",
    "\u2066": "LRI", "\u2067": "RLI", "\u2068": "FSI", "\u2069": "PDI", "\u180e": "MVS",
}  # fmt: skip
"""Characters that are invisible or change the direction of the text after them, with their names."""
INVISIBLE_CHARACTER = re.compile("[" + "".join(INVISIBLE) + "]")


@cache
def _territories() -> Mapping[str, str]:
    names: Mapping[str, str] = Locale("en").territories
    return names


def visible(text: str) -> str:
    """Return a text with each character of INVISIBLE replaced by its name."""
    return text if text.isascii() else INVISIBLE_CHARACTER.sub(_character_name, text)


def _character_name(found: re.Match[str]) -> str:
    return f"⟨{INVISIBLE[found[0]]}⟩"


def shown(value: Any) -> Any:
    """Return a template's value as it is shown (Jinja's ``finalize``): plain text is made ``visible``."""
    return visible(value) if type(value) is str else value


@cache
def country_name(code: str) -> str:
    """Return the English name of a country (ISO 3166-1 alpha-3); anything else is returned unchanged."""
    country = pycountry.countries.get(alpha_3=code) if len(code) == 3 and code.isupper() else None
    return _territories().get(country.alpha_2, country.name) if country else code


def number(value: float) -> str:
    """Return a number with thousands separators; two decimals unless it is whole."""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.2f}"


def money(dollars: float) -> str:
    """Return dollars in short form: $1.2bn."""
    for size, sign in _STEPS:
        if dollars >= size:
            short = f"{dollars / size:.1f}".removesuffix(".0")
            return f"${short}{sign}"
    return f"${dollars:,.0f}"


def percent(share: float) -> str:
    """Return a share (0 to 1) as a percentage."""
    return f"{share:.1%}" if 0 < share < 0.1 else f"{share:.0%}"


def plain(name: str) -> str:
    """Return a code as words: underscores become blanks."""
    return name.replace("_", " ")


def value(given: Any, name: str = "") -> str:
    """Return a field's JSON value as text; ``name`` is its dotted path, so that years get no thousands separator."""
    if name.startswith("year.") and isinstance(given, int):
        return str(given)
    if given is None:
        return "none"
    if isinstance(given, str):
        return given
    if isinstance(given, bool | int | float):
        return number(given)
    if isinstance(given, Mapping):
        return _object_text(given)
    return json.dumps(given, ensure_ascii=False, sort_keys=True)


def _object_text(given: Mapping[str, Any]) -> str:
    if "name" in given:
        country = given.get("country")
        return f"{given['name']} ({country_name(country)})" if country else str(given["name"])
    if "unit" in given:
        per = f" a {given['per']}" if given.get("per") else ""
        return f"{number(given['value'])} {given['unit']}{per}"
    if "start" in given and "text" not in given:
        return years(given)
    return str(given.get("text") or json.dumps(given, ensure_ascii=False, sort_keys=True))


def years(year: Mapping[str, Any]) -> str:
    """Return a year or a range of years as text."""
    start, end = year["start"], year.get("end")
    if end == start:
        return str(start)
    return f"{start}–{end}" if end else f"since {start}"


def headline(record: Mapping[str, Any]) -> str:
    """Return a record in one line: kind, actor → partner, year, amount."""
    partner = record.get("partner")
    parties = f"{record['actor']['name']} → {partner['name'] if partner else 'no partner named'}"
    rest = [value(record[name]) for name in ("year", "amount") if record.get(name)]
    return " · ".join([plain(record["kind"]), parties, *rest])


@dataclass(frozen=True, slots=True)
class WordRun:
    """A run of text that both sides have, or only one of them."""

    kind: Literal["same", "before", "after"]
    text: str


def marks(before: str, after: str) -> list[WordRun]:
    """Align two texts word by word; very long ones are not aligned, but returned whole."""
    if len(before) + len(after) > _MAX_ALIGNED:
        return [WordRun("before", before), WordRun("after", after)]
    return list(_marks(_WORDS.findall(before), _WORDS.findall(after)))


def _marks(old: list[str], new: list[str]) -> Iterator[WordRun]:
    for tag, old_start, old_end, new_start, new_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield WordRun("same", "".join(old[old_start:old_end]))
            continue
        if old_end > old_start:
            yield WordRun("before", "".join(old[old_start:old_end]))
        if new_end > new_start:
            yield WordRun("after", "".join(new[new_start:new_end]))
