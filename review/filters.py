"""Filters of the list: read from and written to addresses; and indexes of which records have which values."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from urllib.parse import parse_qsl, quote, urlencode

import numpy as np
import numpy.typing as npt
import pandas as pd

from ledger.decisions import TIERS
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
"""The filters in the order in which the page shows them; each is a query parameter that may be repeated."""

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
"""The filters that also take a range: ``2010..2015``, either end of which may be missing."""

_MAX_SEARCH_LENGTH, _MAX_VALUE_LENGTH, _MAX_PARAMETERS = 300, 4_096, 40
"""Values are compared whole, and ids of documents may be long: what is cut off would match no record."""
_SHORT_NUMBER = re.compile(r"\$?\s*(\d{1,15}(?:\.\d{1,6})?)\s*(k|m|bn|)")
_SCALES = {"": 1, "k": 1e3, "m": 1e6, "bn": 1e9}
_PARSERS: Mapping[str, Callable[[str], str]] = {"country": country_code}
Mask = npt.NDArray[np.bool_]
Count = tuple[str, int]
CONFIDENCE_BANDS = ("below 0.5", "0.5 to 0.7", "0.7 to 0.9", "0.9 and above")
_BAND_EDGES = (-np.inf, 0.5, 0.7, 0.9, np.inf)
AMOUNT_BANDS = ("below $1m", "$1m to $10m", "$10m to $100m", "$100m to $1bn", "$1bn and above")
_AMOUNT_EDGES = (-np.inf, 1e6, 1e7, 1e8, 1e9, np.inf)
NO_AMOUNT, NO_YEAR = "no dollars", "no year"
ONE_OF_TWO = "by one of two"
VERDICTS = ("undecided", "accepted", "edited", "in part", ONE_OF_TWO, "rejected", "two differ")
_MAX_SHOWN = {
    "party": 12, "country": 12, "sector": 12, "document": 10, "release": 8, "year": 12, "curator": 20, "assigned": 20,
}  # fmt: skip
_ORDERS: Mapping[str, tuple[str, ...]] = {
    "why": TIERS,
    "verdict": VERDICTS,
    "confidence": CONFIDENCE_BANDS,
    "amount": (*AMOUNT_BANDS, NO_AMOUNT),
}
Parameters = Mapping[str, str] | Iterable[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Filters:
    """The chosen values of each filter (a record needs one of them), search words (``q``), and the page, from 1."""

    by: tuple[tuple[str, tuple[str, ...]], ...] = ()
    q: str = ""
    state: str = "open"
    sort: str = ""
    page: int = 1

    @classmethod
    def of(cls, parameters: Parameters) -> "Filters":
        """Read filters from query parameters; unknown ones are ignored."""
        pairs = list(parameters.items() if isinstance(parameters, Mapping) else parameters)
        given: dict[str, dict[str, None]] = {name: {} for name in DIMENSIONS}
        for name, value in [*pairs, *_range_parameters(dict(pairs))][:_MAX_PARAMETERS]:
            if name in given and value.strip():
                given[name][_PARSERS.get(name, str)(value[:_MAX_VALUE_LENGTH])] = None
        rest = dict(pairs)
        page = rest.get("page", "")
        return cls(
            tuple((name, tuple(values)) for name, values in given.items() if values),
            rest.get("q", "")[:_MAX_SEARCH_LENGTH],
            state if (state := rest.get("state", "open")) in STATES else "open",
            sort if (sort := rest.get("sort", "")) in SORTS else "",
            max(1, int(page)) if page.isascii() and page.isdigit() and len(page) < 7 else 1,
        )

    @classmethod
    def of_query(cls, query: str) -> "Filters":
        """Read filters from a query string, with or without its question mark."""
        return cls.of(parse_qsl("&".join(query.removeprefix("?").split("&")[: 2 * _MAX_PARAMETERS])))

    @property
    def chosen(self) -> dict[str, tuple[str, ...]]:
        """The filters that are set, each with its values."""
        return dict(self.by)

    @property
    def by_value(self) -> list[tuple[str, str]]:
        """Pairs of filter and value, one for each value that is set."""
        return [(name, one) for name, values in self.by for one in values]

    @property
    def narrowed(self) -> bool:
        """Whether a filter or a search is set."""
        return bool(self.by or self.q)

    def with_state(self, *, state: str) -> "Filters":
        """Return the same filters with another state, on the first page."""
        return replace(self, state=state, page=1)

    def toggled(self, name: str, value: str) -> "Filters":
        """Return the filters with a value added, or removed if it was set."""
        values = self.chosen.get(name, ())
        left = tuple(one for one in values if one != value) if value in values else (*values, value)
        by = {**self.chosen, name: left}
        return replace(self, by=tuple((one, by[one]) for one in DIMENSIONS if by.get(one)), page=1)

    def without(self, name: str) -> "Filters":
        """Return the filters without one of them."""
        return replace(self, by=tuple(one for one in self.by if one[0] != name), page=1)

    def cleared(self) -> "Filters":
        """Return the same state and order without any filter or search."""
        return replace(self, by=(), q="", page=1)

    def pairs(self) -> list[tuple[str, str]]:
        """Return the filters as query parameters, without the page."""
        rest = {"q": (self.q, ""), "state": (self.state, "open"), "sort": (self.sort, "")}
        return self.by_value + [(name, value) for name, (value, usual) in rest.items() if value != usual]

    def query(self, *, page: int = 1) -> str:
        """Return the filters as the query string of a page, with ``?`` in front unless it is empty."""
        return _query(self, page)

    @property
    def current_query(self) -> str:
        """The query string of the current page of the list."""
        return self.query(page=self.page)


@lru_cache(maxsize=4096)
def _query(filters: Filters, page: int) -> str:
    parts = filters.pairs() + ([("page", str(page))] if page > 1 else [])
    return f"?{urlencode(parts)}" if parts else ""


def _range_parameters(given: Mapping[str, str]) -> list[tuple[str, str]]:
    """Combine ``year.from`` and ``year.to``, as a form sends them, into one range."""
    ends = {name: (given.get(f"{name}.from", "").strip(), given.get(f"{name}.to", "").strip()) for name in RANGES}
    return [(name, f"{_in_full(low)}..{_in_full(high)}") for name, (low, high) in ends.items() if low or high]


def _in_full(number: str) -> str:
    """Write a number such as 1.5m in full; anything else stays as it is, and matches no record."""
    found = _SHORT_NUMBER.fullmatch(number.replace(",", "").lower())
    return f"{float(found[1]) * _SCALES[found[2] or '']:.0f}" if found else number


def record_address(record_id: str, filters: Filters) -> str:
    """Return the address of a record within a list."""
    return f"/record/{as_path(record_id)}{filters.query()}"


def document_address(document_id: str, record_id: str, filters: Filters) -> str:
    """Return the address of a record within its whole document; ``filters`` are those of the list to go back to."""
    given = {"id": document_id, "record": record_id, "list": filters.query()}
    return f"/document?{urlencode({name: value for name, value in given.items() if value})}"


def as_path(name: str) -> str:
    """Quote an id as one segment of a path."""
    return quote(name, safe="")


class ValueIndex:
    """The values of one filter, any number per row."""

    def __init__(self, values: Iterable[object]) -> None:
        """Take each row's value, tuple of values, or None."""
        rows = pd.Series(list(values), dtype=object, name="value")
        held = rows.explode().dropna().reset_index().drop_duplicates()
        named = held["value"].astype("category").cat
        self._size, self._rows, self._codes = len(rows), held["index"].to_numpy(), named.codes.to_numpy()
        self._names: list[str] = named.categories.tolist()  # sorted
        self._code_of = {name: code for code, name in enumerate(self._names)}

    def rows_with(self, name: str) -> Mask:
        """Return the mask of the rows that have a value."""
        mask = np.zeros(self._size, dtype=np.bool_)
        mask[self._rows[self._codes == self._code_of.get(name, -1)]] = True
        return mask

    def counts(self, mask: Mask) -> list[Count]:
        """Count the values of the rows in a mask, the most frequent first."""
        return self.top_counts(mask)[0]

    def top_counts(self, mask: Mask, shown: int | None = None) -> tuple[list[Count], int]:
        """Return the most frequent values of a mask's rows, with counts, and the number of different values."""
        numbers = np.bincount(self._codes[mask[self._rows]], minlength=len(self._names))
        different = int(np.count_nonzero(numbers))
        order = np.argsort(-numbers, kind="stable")[:different][:shown]
        return [(self._names[code], int(numbers[code])) for code in order], different


class NumberIndex(ValueIndex):
    """A number for each row, filtered by a name (say, of its band) or by a range, ``2010..2015``."""

    def __init__(self, numbers: pd.Series, names: Iterable[object]) -> None:
        super().__init__(names)
        self._numbers = numbers.to_numpy(dtype=np.float64, na_value=np.nan)

    def rows_with(self, name: str) -> Mask:
        """Return the mask of the rows that have a name, or a number in a range."""
        low, dots, high = name.partition("..")
        if not dots:
            return super().rows_with(name)
        try:
            ends = float(low or "-inf"), float(high or "inf")
        except ValueError:
            return np.zeros(self._size, dtype=np.bool_)
        return np.asarray((self._numbers >= ends[0]) & (self._numbers <= ends[1]))


class TagIndex:
    """Names of rows that change while the page runs, any number per row; rows without any have the name ``default``.

    Requests read while a decision writes, so rows are changed in place, and growing dicts are not looped over.
    """

    def __init__(self, size: int, default: str = "") -> None:
        self._size = size
        self._default = (default,) if default else ()
        self._names: dict[int, tuple[str, ...]] = {}
        self._rows: dict[str, Mask] = {name: np.ones(size, dtype=np.bool_) for name in self._default}

    def set_names(self, row: int, names: tuple[str, ...]) -> None:
        """Replace the names of a row."""
        for name in self.names_of(row) or self._default:
            self._rows[name][row] = False
        for name in names or self._default:
            self._rows.setdefault(name, np.zeros(self._size, dtype=np.bool_))[row] = True
        self._names[row] = names

    def names_of(self, row: int) -> tuple[str, ...]:
        """Return the names of a row."""
        return self._names.get(row, ())

    def rows_with(self, name: str) -> Mask:
        """Return the mask of the rows that have a name."""
        found = self._rows.get(name)
        return np.zeros(self._size, dtype=np.bool_) if found is None else found.copy()

    def counts(self, mask: Mask) -> list[Count]:
        """Count the names of the rows in a mask, the most frequent first."""
        counted = Counter({name: int((self._rows[name] & mask).sum()) for name in sorted(self._rows)})
        return (+counted).most_common()

    def top_counts(self, mask: Mask, shown: int | None = None) -> tuple[list[Count], int]:
        """Return the most frequent names of a mask's rows, with counts, and the number of different names."""
        counts = self.counts(mask)
        return counts[:shown], len(counts)


@dataclass(frozen=True, slots=True)
class Facet:
    """One filter as the page shows it: values with record counts, the chosen ones, and how many are not shown."""

    name: str
    title: str
    chosen: tuple[str, ...]
    counts: tuple[Count, ...]
    more: int = 0


def facet_indexes(frame: pd.DataFrame, changed_in: Iterable[str | None]) -> dict[str, ValueIndex | TagIndex]:
    """Index the values of each filter that depends on the release, not on decisions."""
    sums, years = frame["amount_usd"].astype(float), frame["year"].astype("Int64")
    values: dict[str, Iterable[object]] = {
        "why": frame["why"].where(frame["why"].isin(TIERS)),
        "cause": frame["causes"],
        "field": frame["fields_in_question"],
        "confidence": pd.cut(frame["confidence"].astype(float), _BAND_EDGES, right=False, labels=CONFIDENCE_BANDS),
        "kind": frame["kind"],
        "status": frame["status"],
        "party": zip(frame["actor"], frame["partner"], strict=True),
        "country": zip(frame["actor_country"], frame["partner_country"], strict=True),
        "sector": frame["sector"],
        "release": changed_in,
        "document": frame["document_id"],
    }
    return {
        **{name: ValueIndex(each) for name, each in values.items()},
        "year": NumberIndex(years, years.astype("string").fillna(NO_YEAR)),
        "amount": NumberIndex(
            sums, pd.cut(sums, _AMOUNT_EDGES, right=False, labels=AMOUNT_BANDS).astype(object).fillna(NO_AMOUNT)
        ),
    }


def count_facet(name: str, values: ValueIndex | TagIndex, mask: Mask, chosen: tuple[str, ...]) -> Facet:
    """Count the values of one filter in the rows of a mask; chosen values are always shown."""
    limit, order = _MAX_SHOWN.get(name), _ORDERS.get(name, ())
    counts, different = values.top_counts(mask, None if order or name == "year" else limit)
    if order:
        counts.sort(key=lambda count: order.index(count[0]) if count[0] in order else len(order))
    if name == "year":
        counts.sort(key=_newest_first)
    shown = counts[:limit]
    hidden = [(one, int((values.rows_with(one) & mask).sum())) for one in chosen if one not in dict(shown)]
    more = different - len(shown) - sum(count > 0 for _, count in hidden)
    return Facet(name, DIMENSIONS[name], chosen, (*shown, *hidden), more)


def _newest_first(item: Count) -> int:
    return -int(item[0]) if item[0].isdigit() else 1
