"""The log of decisions, searched and downloaded; what became of decisions, and how precise the machine was."""

import io
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Annotated, get_args
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from ledger.decisions import Standing, agreement, machine_record, meaning, standing
from ledger.decisions.chain import log_line
from ledger.formats.flat import CsvRows
from review.rendering import field_value, paged, render, verdict
from review.view import LedgerView
from review.web import CurrentUser
from schemas import DECIDED_FIELDS, CooperationRecord, Decision, Merged, Verdict

router = APIRouter()
PER_PAGE = 100
KINDS = (*get_args(Verdict), "undo")
OUTCOMES = ("conflict", "orphaned", "agreed", "kept")
_MAX_SHOWN = 200
COLUMNS = (
    "time", "reviewer", "decision", "stands", "actor", "partner", "kind", "document_id", "record_id", "changes",
    "reason", "duplicate_of", "note", "release", "batch", "id",
)  # fmt: skip
"""The columns of the CSV file."""


@dataclass(frozen=True, slots=True)
class DecisionFilters:
    """Which decisions to list: by any of these reviewers, of any of these sorts, with all words of ``q``.

    Before deciding about a record that two code, a coder does not see the other's decisions about it.
    """

    by: tuple[str, ...]
    sort: tuple[str, ...]
    q: str

    def matching(self, view: LedgerView) -> list[Decision]:
        """List the decisions that match and that may be seen, newest first."""
        words = self.q.casefold().split()
        return [
            one
            for one in reversed(view.decisions())
            if (not self.by or one.reviewer in self.by)
            and (not self.sort or ("undo" if one.undoes else one.verdict) in self.sort)
            and (not words or all(word in view.history.search_text(one) for word in words))
        ]

    def query(self, *, by: str = "", sort: str = "", page: int = 1) -> str:
        """Return the filters as a query string, with a reviewer or a sort added, or removed if it was set."""
        given = {
            "by": _toggled(self.by, by), "sort": _toggled(self.sort, sort), "q": self.q,
            "page_": page if page > 1 else None,
        }  # fmt: skip
        query = urlencode({name: value for name, value in given.items() if value}, doseq=True)
        return f"?{query}" if query else ""


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
    """Show the decisions that match, in pages."""
    view = user.view()
    seen = view.decisions()
    return render(
        "decisions.html",
        user,
        **paged(wanted.matching(view), page_, PER_PAGE),
        all=len(seen),
        wanted=wanted,
        kinds=KINDS,
        reviewers=sorted({one.reviewer for one in seen}),
        stands=view.history.is_effective,
        version=view.release.version,
    )


@router.get("/decisions.jsonl")
def download_jsonl(user: CurrentUser, wanted: WantedDecisions) -> Response:
    """Return the decisions that match as JSON Lines, as in the log, oldest first."""
    chosen = reversed(wanted.matching(user.view()))
    return _attachment(
        "decisions.jsonl", "application/jsonl", "".join(log_line(one.model_dump(mode="json")) + "\n" for one in chosen)
    )


@router.get("/decisions.csv")
def download_csv(user: CurrentUser, wanted: WantedDecisions) -> Response:
    """Return the decisions that match as CSV, oldest first."""
    view = user.view()
    file = io.StringIO()
    rows = CsvRows(file, COLUMNS)
    for one in reversed(wanted.matching(view)):
        rows.write(_row(one, stands=view.history.is_effective(one)))
    return _attachment("decisions.csv", "text/csv; charset=utf-8", file.getvalue())


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


def _attachment(name: str, kind: str, content: str) -> Response:
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(content.encode("utf-8"), media_type=kind, headers=headers)


@dataclass(slots=True)
class Precision:
    """How often the machine was right about whole records or one field, of those judged, and how confident it was."""

    name: str
    judged: int = 0
    right: int = 0
    missed: int = 0
    confidences: list[float] = field(default_factory=list)

    @property
    def precision(self) -> float | None:
        """The share of judged values that was right; None if none was judged."""
        return self.right / self.judged if self.judged else None

    @property
    def mean_confidence(self) -> float | None:
        """The machine's mean confidence; None if it gave none."""
        return sum(self.confidences) / len(self.confidences) if self.confidences else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 95% Wilson interval of the precision; None if nothing was judged."""
        if not self.judged:
            return None
        from scipy.stats import binomtest  # imported here: it takes a third of the program's start

        low, high = binomtest(self.right, self.judged).proportion_ci(method="wilson")
        return float(low), float(high)


def measure(standings: Iterable[Standing]) -> list[Precision]:
    """Measure the machine's precision by where records stand: of whole records first, then of each field.

    A rejected record is wrong, any other settled record right; a record with only some fields decided is not judged as
    a whole. A field is right if the curator left the machine's value; only decided fields count: all of an accepted
    record, one of an edit. A value given where the machine had none counts as missed, which does not change the
    precision; so does a record that a curator added.
    """
    record, fields = Precision("record"), {name: Precision(name) for name in DECIDED_FIELDS}
    for state in standings:
        if state.added is not None:
            record.missed += 1
            continue
        if state.complete:
            _judge(record, state.verdict != "reject", state.record, "record")
        for name, pin in ((name, pin) for name, pin in state.pins.items() if name in fields):
            if pin.seen is None:
                fields[name].missed += pin.given is not None
            else:
                _judge(fields[name], meaning(name, pin.seen) == meaning(name, pin.given), state.record, name)
    return [record, *fields.values()]


def _judge(measured: Precision, right: bool, record: CooperationRecord | None, name: str) -> None:
    measured.judged += 1
    measured.right += right
    confidence = getattr(machine_record(record).confidence, name, None) if record is not None else None
    if confidence is not None:
        measured.confidences.append(confidence)


@router.get("/effect")
def effect(user: CurrentUser, outcome: str = "") -> Response:
    """Show what became of decisions (those of one outcome, if it is named), and the precision by field."""
    view = user.view()
    merged = view.release.merged
    chosen = [one for one in merged if not outcome or one.outcome == outcome]
    chosen.sort(key=_urgency)
    state = standing(view.decisions())
    version = view.release.version
    return render(
        "effect.html",
        user,
        view=view,
        counts=Counter(one.outcome for one in merged),
        outcomes=OUTCOMES,
        outcome=outcome,
        shown=[(one, _record(view, one.record_id)) for one in chosen[:_MAX_SHOWN]],
        total=len(chosen),
        waiting=sum(one.decision.release >= version for one in state.values()),
        measured=measure(state.values()),
        reviewers=Counter(one.decision.reviewer for one in state.values()),
        agreement=agreement(view.decisions_about(one) for one in view.history.records()),
    )


def _urgency(merged: Merged) -> int:
    return OUTCOMES.index(merged.outcome)


def _record(view: LedgerView, record_id: str) -> CooperationRecord | None:
    state = view.standing(record_id)
    return (state.record if state else None) or view.release.record(record_id)
