"""The HTML pages of a release. Each is one file that needs no network."""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from jinja2 import BaseLoader, Environment, PackageLoader, StrictUndefined

from ledger.causes import CAUSE_NAMES
from ledger.diff import QUIET_FIELDS
from ledger.gates import GateResult, flat_scores
from ledger.report import formatting
from ledger.report.formatting import marks
from ledger.report.plots import bars, matrix, stacked, years_plot
from ledger.report.tally import FILLED, Sample, Tally
from schemas import DocumentState, Manifest

TEMPLATES = PackageLoader("ledger.report", "templates")
_CHANGES = ("added", "removed", "changed", "moved")
_STATES: tuple[DocumentState, ...] = ("with_records", "without_records", "quarantined")


@cache
def environment(loader: BaseLoader) -> Environment:
    """Return the Jinja environment of a template loader, with the filters that all pages use."""
    env = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        auto_reload=False, finalize=formatting.shown,
    )  # fmt: skip
    for name in ("number", "money", "percent", "plain", "value", "headline", "country_name"):
        env.filters[name] = getattr(formatting, name)
    env.globals |= {"marks": marks, "cause_names": CAUSE_NAMES}
    return env


def _page(template: str, **facts: Any) -> str:
    return environment(TEMPLATES).get_template(template).render(**facts)


def report_page(tally: Tally, manifest: Manifest) -> str:
    """Return ``report.html``: counts, plots and coverage.

    Args:
        tally: the counts.
        manifest: the release's manifest; its version, parent, time and host are not shown, so that equal inputs give
            an equal page.
    """
    labels: Counter[tuple[str, str]] = Counter()
    for (actor, partner), count in tally.pairs.items():
        labels[formatting.country_name(actor), formatting.country_name(partner)] += count
    return _page(
        "report.html",
        counts=manifest.counts,
        tally=tally,
        states=stacked([(name, len(tally.documents.get(name, []))) for name in _STATES]),
        years=years_plot(tally.years),
        sectors=bars(tally.sums.by_sector, show=formatting.money),
        sector_records=bars(tally.sectors),
        kinds=bars(tally.kinds),
        statuses=bars(tally.statuses),
        matrix=matrix(labels),
        filled=[(name, tally.filled[name], tally.filled[name] / (tally.records or 1)) for name in FILLED],
        confidence=_confidence(tally),
        unclaimed=cross_table(tally.unclaimed),
        scores=sorted(_scores(manifest.scores)),
        gates=manifest.gates,
    )


def diff_page(tally: Tally, sample: Sample, *, first: bool) -> str:
    """Return ``diff.html``: the changes since the parent release, by cause and by document.

    Args:
        tally: the counts.
        sample: the changes to show.
        first: whether the release has no parent.
    """
    return _page(
        "diff.html",
        first=first,
        changes=tally.changes,
        kinds=_CHANGES,
        causes=cross_table({(cause, kind): number for (kind, cause), number in tally.causes.items()}),
        sample=sample,
        unseen=QUIET_FIELDS,
        total=tally.changes.total(),
    )


def gate_page(results: Sequence[GateResult]) -> str:
    """Return ``gate-report.html``: which gates refused a release, and the records that show why."""
    return _page("gates.html", results=results)


def _confidence(tally: Tally) -> list[tuple[str, int, float]]:
    most = max(tally.confidence.values(), default=1)
    return [(f"{n / 10:.1f}–{(n + 1) / 10:.1f}", tally.confidence[n], tally.confidence[n] / most) for n in range(10)]


def cross_table(counts: Mapping[tuple[str, str], int]) -> dict[str, Any]:
    """Return a table of counts by (row, column): its columns, the cells of each row, and the rows' totals."""
    rows, columns = sorted({row for row, _ in counts}), sorted({column for _, column in counts})
    cells = {row: [counts.get((row, column), 0) for column in columns] for row in rows}
    return {"columns": columns, "cells": cells, "totals": {row: sum(cells[row]) for row in rows}}


def _scores(scores: Mapping[str, Any]) -> list[tuple[str, str]]:
    found = flat_scores(scores)
    return [(" › ".join(path), f"{one:.3f}" if isinstance(one, float) else str(one)) for path, one in found]
