"""The pages of a release, each one file that opens without a network."""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from jinja2 import BaseLoader, Environment, PackageLoader, StrictUndefined

from ledger.causes import CAUSE_NAMES
from ledger.diff import QUIET_FIELDS
from ledger.gates import GateResult, scores_of
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
    """Make what renders templates, with the filters of all pages."""
    made = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        auto_reload=False, finalize=formatting.shown,
    )  # fmt: skip
    for name in ("number", "money", "percent", "plain", "value", "headline", "country_name"):
        made.filters[name] = getattr(formatting, name)
    made.globals |= {"marks": marks, "cause_names": CAUSE_NAMES}
    return made


def _page(template: str, **facts: Any) -> str:
    return environment(TEMPLATES).get_template(template).render(**facts)


def report_page(tally: Tally, manifest: Manifest) -> str:
    """Write ``report.html``: counts, plots and coverage.

    Args:
        tally: what was counted.
        manifest: of the release; its version, parent, time and host are left out, so that the page is the same for the
            same inputs.
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
        unclaimed=crossed(tally.unclaimed),
        scores=sorted(_scores(manifest.scores)),
        gates=manifest.gates,
    )


def diff_page(tally: Tally, sample: Sample, *, first: bool) -> str:
    """Write ``diff.html``: what changed since the parent release, by cause and by document.

    Args:
        tally: what was counted.
        sample: the changes to show.
        first: whether there is no parent.
    """
    return _page(
        "diff.html",
        first=first,
        changes=tally.changes,
        kinds=_CHANGES,
        causes=crossed({(cause, kind): number for (kind, cause), number in tally.causes.items()}),
        sample=sample,
        unseen=QUIET_FIELDS,
        total=tally.changes.total(),
    )


def gate_page(results: Sequence[GateResult]) -> str:
    """Write ``gate-report.html``: which gate refused a release, and the records that show why."""
    return _page("gates.html", results=results)


def _confidence(tally: Tally) -> list[tuple[str, int, float]]:
    most = max(tally.confidence.values(), default=1)
    return [(f"{n / 10:.1f}–{(n + 1) / 10:.1f}", tally.confidence[n], tally.confidence[n] / most) for n in range(10)]


def crossed(counts: Mapping[tuple[str, str], int]) -> dict[str, Any]:
    """Make a table of counts by two names: rows, columns, cells, and the totals of the rows."""
    rows, columns = sorted({row for row, _ in counts}), sorted({column for _, column in counts})
    cells = {row: [counts.get((row, column), 0) for column in columns] for row in rows}
    return {"columns": columns, "cells": cells, "totals": {row: sum(cells[row]) for row in rows}}


def _scores(scores: Mapping[str, Any]) -> list[tuple[str, str]]:
    found = scores_of(scores)
    return [(" › ".join(path), f"{one:.3f}" if isinstance(one, float) else str(one)) for path, one in found]
