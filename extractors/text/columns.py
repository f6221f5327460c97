"""Which column of a corpus holds what."""

from collections.abc import Sequence
from difflib import get_close_matches

from pydantic import Field

from schemas import Model
from schemas.errors import CoopledgerError

REQUIRED = ("id", "text")
_NAMED = 30
_USUAL = {
    "id": ("id", "identifier", "doc_id", "document_id", "project_id", "record_id", "key", "number", "code"),
    "text": ("text", "body", "content", "description", "abstract", "summary", "full_text", "article"),
    "title": ("title", "headline", "name"),
    "date": ("date", "published", "datetime"),
    "source": ("source", "url", "link", "address"),
}
"""Names that a column of each kind often has; they are proposed, never taken by themselves but for the first."""


class Columns(Model):
    """The columns of a corpus, by name; one that is not given is found under its usual name, in any case."""

    id: str | None = Field(default=None, description="column of the documents' ids")
    title: str | None = Field(default=None, description="column of the titles")
    text: str | None = Field(default=None, description="column of the texts")
    date: str | None = Field(default=None, description="column of the dates")
    source: str | None = Field(default=None, description="column of the addresses")


class ColumnsError(CoopledgerError):
    """A corpus has no column for what a document needs, or none of the name that was given."""


def fit(name: str, header: Sequence[str], columns: Columns) -> dict[str, str]:
    """Map what a document has to the header's columns; case and blanks around a name make no difference.

    Raises ColumnsError, which lists the columns that there are and the likeliest.
    """
    there = {plain(column): column for column in reversed(header) if column}
    wanted = {field: given or field for field, given in columns}
    missing = [field for field in wanted if plain(wanted[field]) not in there]
    if fatal := [field for field in missing if field in REQUIRED or getattr(columns, field)]:
        raise ColumnsError(_told(name, header, fatal, there, columns))
    return {field: there.get(plain(column), column) for field, column in wanted.items()}


def plain(column: str) -> str:
    """Return a column's name without what makes no difference."""
    return " ".join(column.replace("\ufeff", "").split()).casefold()


def _told(name: str, header: Sequence[str], fatal: list[str], there: dict[str, str], columns: Columns) -> str:
    told = [_lacking(field, getattr(columns, field)) for field in fatal]
    shown = ", ".join(repr(column) for column in header[:_NAMED] if column) or "none"
    more = f" and {len(header) - _NAMED} more" if len(header) > _NAMED else ""
    guesses = [f"--{field} {guess!r}" for field in fatal if (guess := _guess(field, getattr(columns, field), there))]
    hint = f"; perhaps {' '.join(guesses)}" if guesses else ""
    return f"{name} has no {' and no '.join(told)}; its columns are {shown}{more}{hint}"


def _lacking(field: str, given: str | None) -> str:
    return f"column {given!r} for the {field}" if given else f"column for the {field}"


def _guess(field: str, given: str | None, there: dict[str, str]) -> str | None:
    names = [given] if given else _USUAL[field]
    for name in names:
        if close := get_close_matches(plain(name), there, n=1, cutoff=0.6):
            return there[close[0]]
    holding = [column for key, column in there.items() if any(name in key for name in names)]
    return holding[0] if holding else None
