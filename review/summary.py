"""What a release holds and what it changed, counted for its view."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ledger.causes import summaries
from ledger.diff import quiet
from ledger.report.plots import Bar, Years, bars, years_plot
from ledger.report.words import country_name, money
from review.store import Shelf
from schemas import Change

_FILLED = {"partner": "partner", "year": "year", "amount": "amount", "sector": "sector_code"}
_NOT_SAID = frozenset({"confidence", "extractor", "provenance", "act_id", "rank", "review"})


def crossed(counts: Mapping[tuple[str, str], int]) -> dict[str, Any]:
    """Make a table of counts by two names: columns, cells by row, totals by row."""
    columns = sorted({column for _, column in counts})
    rows = sorted({row for row, _ in counts})
    cells = {row: [counts.get((row, column), 0) for column in columns] for row in rows}
    return {"columns": columns, "cells": cells, "totals": {row: sum(cells[row]) for row in rows}}


@dataclass(frozen=True)
class Summary:
    """One release in figures. What it costs to count is paid when it is asked for, once."""

    shelf: Shelf

    @property
    def _changes(self) -> Sequence[Change]:
        return self.shelf.changed or ()

    @property
    def first(self) -> bool:
        """Whether there is no release before it."""
        return self.shelf.manifest.parent is None

    @cached_property
    def causes(self) -> dict[str, Any]:
        """Changes by cause and by what they are."""
        return crossed(Counter((one.cause, one.change) for one in self._changes))

    @cached_property
    def sentences(self) -> list[str]:
        """The same in words."""
        return summaries(self._changes)

    @cached_property
    def quiet(self) -> int:
        """How many changes leave all that a record states as it was."""
        return sum(quiet(one) for one in self._changes)

    @cached_property
    def fields(self) -> list[Bar]:
        """Fields by how many records changed in them."""
        names: Counter[str] = Counter()
        for one in self._changes:
            names.update({field.name.partition(".")[0] for field in one.fields} - _NOT_SAID)
        return bars(names)

    @cached_property
    def years(self) -> Years | None:
        """Records by year."""
        known = self.shelf.frame["year"].dropna().astype(int)
        return years_plot({int(year): int(count) for year, count in known.value_counts().items()})

    @cached_property
    def sectors(self) -> list[Bar]:
        """Dollars by sector; an act with several partners counts once."""
        acts = self.shelf.frame.drop_duplicates("act_id")
        sums = acts.groupby("sector")["amount_usd"].sum()
        return bars({str(name): float(dollars) for name, dollars in sums.items()}, show=money, most=10)

    @cached_property
    def countries(self) -> list[Bar]:
        """Records by the country of either party."""
        frame = self.shelf.frame
        other = frame["partner_country"].where(frame["partner_country"] != frame["actor_country"])
        counts = Counter([*frame["actor_country"].dropna(), *other.dropna()])
        return bars({country_name(code): count for code, count in counts.items()}, most=10)

    @cached_property
    def reviews(self) -> dict[str, int]:
        """Records by what curators said."""
        return {str(name): int(count) for name, count in self.shelf.frame["review"].value_counts().items()}

    @cached_property
    def filled(self) -> list[Bar]:
        """Share of records that have a field."""
        frame = self.shelf.frame
        size = len(frame) or 1
        found = {name: float(frame[column].notna().sum()) / size for name, column in _FILLED.items()}
        found["sector"] = float((frame["sector_code"] != "998").sum()) / size
        return [Bar(name, share, share, f"{share:.0%}") for name, share in found.items()]
