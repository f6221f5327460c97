"""The log for people: who decided what, newest first; searched, narrowed, and taken along as a file."""

import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, get_args
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from ledger.formats.flat import CsvRows
from ledger.release.jsonl import line_of
from review.rendering import field_value, render, verdict
from review.view import LedgerView
from review.web import CurrentUser
from schemas import Decision, Verdict

router = APIRouter()
PER_PAGE = 100
KINDS = (*get_args(Verdict), "undo")
COLUMNS = (
    "time", "reviewer", "decision", "stands", "actor", "partner", "kind", "document_id", "record_id", "changes",
    "reason", "duplicate_of", "note", "release", "batch", "id",
)  # fmt: skip
"""The columns of the CSV file."""


@dataclass(frozen=True, slots=True)
class DecisionFilters:
    """Which decisions: by whom, of which sorts (any of several), holding which words.

    Of a record that two code, a coder who has not decided yet is not shown the other's.
    """

    by: tuple[str, ...]
    sort: tuple[str, ...]
    q: str

    def of(self, view: LedgerView) -> list[Decision]:
        """List them, newest first."""
        words = self.q.casefold().split()
        return [
            one
            for one in reversed(view.decisions())
            if (not self.by or one.reviewer in self.by)
            and (not self.sort or ("undo" if one.undoes else one.verdict) in self.sort)
            and (not words or all(word in view.history.text_of(one) for word in words))
        ]

    def query(self, *, by: str = "", sort: str = "", page: int = 1) -> str:
        """Write it as the query of an address, with a curator or a sort more, or less where it was there."""
        pairs = [("by", one) for one in _toggled(self.by, by)] + [("sort", one) for one in _toggled(self.sort, sort)]
        pairs += [("q", self.q)] if self.q else []
        pairs += [("page_", str(page))] if page > 1 else []
        return f"?{urlencode(pairs)}" if pairs else ""


def _toggled(values: tuple[str, ...], one: str) -> tuple[str, ...]:
    if not one:
        return values
    return tuple(value for value in values if value != one) if one in values else (*values, one)


async def _decision_filters(request: Request) -> DecisionFilters:
    given = request.query_params
    return DecisionFilters(tuple(given.getlist("by")[:50]), tuple(given.getlist("sort")[:10]), given.get("q", "")[:300])


WantedDecisions = Annotated[DecisionFilters, Depends(_decision_filters)]


@router.get("/decisions")
def decisions(user: CurrentUser, wanted: WantedDecisions, page_: int = 1) -> Response:
    """List the decisions that are asked for."""
    view = user.view()
    chosen, seen = wanted.of(view), view.decisions()
    pages = max(1, -(-len(chosen) // PER_PAGE))
    number = min(max(1, page_), pages)
    return render(
        "decisions.html",
        user,
        shown=chosen[(number - 1) * PER_PAGE : number * PER_PAGE],
        total=len(chosen),
        all=len(seen),
        number=number,
        pages=pages,
        wanted=wanted,
        kinds=KINDS,
        reviewers=sorted({one.reviewer for one in seen}),
        stands=view.history.stands,
        version=view.release.version,
    )


@router.get("/decisions.jsonl")
def lines(user: CurrentUser, wanted: WantedDecisions) -> Response:
    """Return the decisions that are asked for as they stand in the log, the oldest first."""
    chosen = reversed(wanted.of(user.view()))
    return _file("decisions.jsonl", "application/jsonl", "".join(line_of(one) + "\n" for one in chosen))


@router.get("/decisions.csv")
def table(user: CurrentUser, wanted: WantedDecisions) -> Response:
    """Return the decisions that are asked for as a table for a spreadsheet, the oldest first."""
    view = user.view()
    file = io.StringIO()
    rows = CsvRows(file, COLUMNS)
    for one in reversed(wanted.of(view)):
        rows.write(_row(one, stands=view.history.stands(one)))
    return _file("decisions.csv", "text/csv; charset=utf-8", file.getvalue())


def _row(one: Decision, *, stands: bool) -> Iterable[str | None]:
    record = one.record or one.added
    changes = [
        f"{field.name}: {field_value(field.name, field.seen)} → {field_value(field.name, field.given)}"
        for field in one.fields
        if one.verdict == "edit"
    ]
    partner = record.partner.name if record and record.partner else None
    return (
        one.time, one.reviewer, verdict(one), "yes" if stands else "no", record.actor.name if record else None, partner,
        record.kind if record else None, one.document_id, one.record_id, "; ".join(changes) or None, one.reason,
        one.duplicate_of, one.note, one.release, one.batch, one.id,
    )  # fmt: skip


def _file(name: str, kind: str, content: str) -> Response:
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(content.encode("utf-8"), media_type=kind, headers=headers)
