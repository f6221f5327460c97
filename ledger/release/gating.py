"""Asking the gates before a release is published, and leaving a report where one refuses."""

from collections.abc import Collection, Mapping
from typing import Any

from ledger.errors import GateFailed, LedgerError
from ledger.gates import GATES, GateResult, GateWatch
from ledger.release.durable import replace_text
from ledger.release.layout import Output
from ledger.release.lines import pretty
from ledger.report.pages import gate_page

Scores = Mapping[str, Any]


def check_names(accept: Collection[str]) -> None:
    """Refuse the name of a gate that there is not.

    Raises:
        LedgerError: it names those there are.
    """
    if unknown := sorted(set(accept) - set(GATES)):
        raise LedgerError(f"no such gate: {', '.join(unknown)} (there are {', '.join(GATES)})")


def ask(
    ledger: Output, watch: GateWatch, *, scores: tuple[Scores, Scores], accept: Collection[str]
) -> tuple[GateResult, ...]:
    """Ask all gates; clear away the report of an earlier refusal.

    Raises:
        GateFailed: one refuses. ``gate-report.html`` and ``gate-report.json`` in the output folder say why.
    """
    results = watch.results(scores=scores, accept=accept)
    clear(ledger)
    if failed := tuple(one.name for one in results if one.stops):
        rows = [one.as_dict() | {"offending": list(one.offending)} for one in results]
        replace_text(ledger.gate_data, pretty({"gates": rows}))
        replace_text(ledger.gate_page, gate_page(results))
        raise GateFailed(failed, ledger.gate_page)
    return results


def clear(ledger: Output) -> None:
    """Clear away the report of an earlier refusal."""
    for path in (ledger.gate_page, ledger.gate_data):
        path.unlink(missing_ok=True)
