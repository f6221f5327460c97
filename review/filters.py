"""What a list is narrowed to, as it stands in the address: a link shows a colleague the same list."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from urllib.parse import parse_qsl, quote, urlencode

from schemas import country_code

DIMENSIONS: Mapping[str, str] = {
    "why": "Why",
    "verdict": "Decision",
    "curator": "Curator",
    "assigned": "To be decided by",
    "cause": "Cause",
    "field": "Field in question",
    "confidence": "Confidence",
    "kind": "Kind of act",
    "status": "Status",
    "party": "Party",
    "country": "Country",
    "year": "Year",
    "amount": "Amount",
    "sector": "Sector",
    "release": "Last changed in",
    "document": "Document",
}
"""The filters in the order in which the page shows them, each a parameter of the address, any number of times."""

STATES: Mapping[str, str] = {"open": "To review", "decided": "Decided", "all": "All"}
SORTS: Mapping[str, str] = {
    "": "most urgent first",
    "unsure": "least sure first",
    "sure": "surest first",
    "amount": "largest sum first",
    "year": "newest act first",
    "party": "by actor and partner",
    "text": "by document and place",
    "lately": "last decided first",
}
RANGES = frozenset({"year", "amount"})
"""The filters that take a range as well: ``2010..2015``, open where an end is left out."""

_LONGEST, _MOST = 300, 40
_SHORT = re.compile(r"\$?\s*(\d{1,15}(?:\.\d{1,6})?)\s*(k|m|bn|)")
_SCALES = {"": 1, "k": 1e3, "m": 1e6, "bn": 1e9}
_READ: Mapping[str, Callable[[str], str]] = {"country": country_code}
Parameters = Mapping[str, str] | Iterable[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Filters:
    """The values of each filter, any of which will do; ``q`` is looked for in the text; ``page`` counts from one."""

    by: tuple[tuple[str, tuple[str, ...]], ...] = ()
    q: str = ""
    state: str = "open"
    sort: str = ""
    page: int = 1

    @classmethod
    def of(cls, parameters: Parameters) -> "Filters":
        """Read filters from the parameters of an address; what they do not know is left out."""
        pairs = list(parameters.items() if isinstance(parameters, Mapping) else parameters)
        given: dict[str, dict[str, None]] = {name: {} for name in DIMENSIONS}
        for name, value in [*pairs, *_ranges(dict(pairs))][:_MOST]:
            if name in given and value.strip():
                given[name][_READ.get(name, str)(value[:_LONGEST])] = None
        rest = dict(pairs)
        page = rest.get("page", "")
        return cls(
            tuple((name, tuple(values)) for name, values in given.items() if values),
            rest.get("q", "")[:_LONGEST],
            state if (state := rest.get("state", "open")) in STATES else "open",
            sort if (sort := rest.get("sort", "")) in SORTS else "",
            max(1, int(page)) if page.isascii() and page.isdigit() and len(page) < 7 else 1,
        )

    @classmethod
    def of_query(cls, query: str) -> "Filters":
        """Read filters from the query of an address, with or without its question mark."""
        return cls.of(parse_qsl(query.removeprefix("?"), max_num_fields=2 * _MOST))

    @property
    def chosen(self) -> dict[str, tuple[str, ...]]:
        """The filters that are set, each with its values."""
        return dict(self.by)

    @property
    def by_value(self) -> list[tuple[str, str]]:
        """Each filter that is set with each of its values."""
        return [(name, one) for name, values in self.by for one in values]

    @property
    def narrowed(self) -> bool:
        """Whether anything is left out of the list."""
        return bool(self.by or self.q)

    def with_(self, *, state: str | None = None, sort: str | None = None) -> "Filters":
        """Return the same filters for records of another state, or in another order, from the first page."""
        return replace(self, state=self.state if state is None else state, sort=self.sort if sort is None else sort,
                       page=1)  # fmt: skip

    def toggled(self, name: str, value: str) -> "Filters":
        """Return the filters with a value added, or left out if it was there."""
        values = self.chosen.get(name, ())
        left = tuple(one for one in values if one != value) if value in values else (*values, value)
        by = {**self.chosen, name: left}
        return replace(self, by=tuple((one, by[one]) for one in DIMENSIONS if by.get(one)), page=1)

    def without(self, name: str) -> "Filters":
        """Return the filters but for one."""
        return replace(self, by=tuple(one for one in self.by if one[0] != name), page=1)

    def cleared(self) -> "Filters":
        """Return the whole list of the same state and order."""
        return replace(self, by=(), q="", page=1)

    def pairs(self) -> list[tuple[str, str]]:
        """Write the filters as the parameters of an address, all but the page."""
        rest = {"q": (self.q, ""), "state": (self.state, "open"), "sort": (self.sort, "")}
        return self.by_value + [(name, value) for name, (value, usual) in rest.items() if value != usual]

    def query(self, *, page: int = 1) -> str:
        """Write the filters as the query of an address, from a page on; ``?`` before it unless it is empty."""
        return _query(self, page)

    @property
    def here(self) -> str:
        """The query of this very list and page."""
        return self.query(page=self.page)


@lru_cache(maxsize=4096)
def _query(filters: Filters, page: int) -> str:
    parts = filters.pairs() + ([("page", str(page))] if page > 1 else [])
    return f"?{urlencode(parts)}" if parts else ""


def _ranges(given: Mapping[str, str]) -> list[tuple[str, str]]:
    """Read ``year.from`` and ``year.to``, as a form sends them, as one range."""
    ends = {name: (given.get(f"{name}.from", "").strip(), given.get(f"{name}.to", "").strip()) for name in RANGES}
    return [(name, f"{_plain(low)}..{_plain(high)}") for name, (low, high) in ends.items() if low or high]


def _plain(number: str) -> str:
    """Write a number such as 1.5m out; what is none stays, and no record has it."""
    found = _SHORT.fullmatch(number.replace(",", "").lower())
    return f"{float(found[1]) * _SCALES[found[2] or '']:.0f}" if found else number


def record_address(record_id: str, filters: Filters) -> str:
    """Return the address of a record within a list."""
    return f"/record/{as_path(record_id)}{filters.query()}"


def document_address(document_id: str, record_id: str, filters: Filters) -> str:
    """Return the address of a record within its whole document, from where ``filters`` lead back to the list."""
    given = {"id": document_id, "record": record_id, "list": filters.query()}
    return f"/document?{urlencode({name: value for name, value in given.items() if value})}"


def as_path(name: str) -> str:
    """Write an id as one part of an address."""
    return quote(name, safe="")
