"""What a list is narrowed to. It stands in the address, so that a link shows a colleague the same list."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlencode

DIMENSIONS: Mapping[str, str] = {
    "why": "Why",
    "cause": "Cause",
    "field": "Field in question",
    "confidence": "Confidence",
    "kind": "Kind of act",
    "country": "Country",
    "sector": "Sector",
    "release": "Last changed in",
    "document": "Document",
}
"""The filters in the order in which the page shows them, each a parameter of the address."""

_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Filters:
    """One value for each filter, or none; ``q`` is looked for in the text; ``page`` counts from one."""

    why: str = ""
    cause: str = ""
    field: str = ""
    confidence: str = ""
    kind: str = ""
    country: str = ""
    sector: str = ""
    release: str = ""
    document: str = ""
    q: str = ""
    page: int = 1

    @classmethod
    def of(cls, parameters: Mapping[str, str]) -> "Filters":
        """Read filters from an address; what they do not know is left out."""
        chosen = {name: parameters.get(name, "")[:_LONGEST] for name in (*DIMENSIONS, "q")}
        page = parameters.get("page", "")
        return cls(**chosen, page=max(1, int(page)) if page.isascii() and page.isdigit() and len(page) < 7 else 1)

    @classmethod
    def of_query(cls, query: str) -> "Filters":
        """Read filters from the query of an address, with or without its question mark."""
        return cls.of(dict(parse_qsl(query.removeprefix("?"), max_num_fields=50)))

    def with_(self, **changes: str | int) -> "Filters":
        """Return the filters with some changed."""
        return replace(self, **changes)  # type: ignore[arg-type]

    def chosen(self) -> dict[str, str]:
        """Return the filters that are set."""
        return {name: value for name in DIMENSIONS if (value := str(getattr(self, name)))}

    def narrowing(self) -> "Filters":
        """Return the same list from its first page."""
        return self.with_(page=1)

    def query(self, **changes: str | int) -> str:
        """Write the filters as the query of an address, with some changed; ``?`` before it unless it is empty.

        A change of anything but the page starts from the first page.
        """
        other = self.with_(**({"page": 1} | changes))
        parts = other.chosen() | ({"q": other.q} if other.q else {})
        if "page" in changes and other.page > 1:
            parts["page"] = str(other.page)
        return f"?{urlencode(parts)}" if parts else ""

    @property
    def here(self) -> str:
        """The query of this very list and page."""
        return self.query(page=self.page)
