"""``coopledger decisions``."""

from datetime import UTC, datetime
from pathlib import Path

import typer

from ledger.decisions import DecisionLog, Fault, effective, repair
from ledger.release.layout import Output


def decisions(output: Path, *, mend: bool) -> int:
    """Tell whether the curators' log is sound, and mend it if that is asked for; return the exit status."""
    ledger = Output(output)
    ledger.check()
    log = DecisionLog(ledger.decisions)
    found = log.examine()
    typer.echo(f"{log.path}: {len(found.decisions):,} decisions, {len(effective(found.decisions)):,} stand")
    for fault in found.faults:
        typer.echo(_said(log.path, fault), err=True)
    if not found.faults:
        return 0
    if not mend:
        typer.echo("nothing was changed; --repair sets aside what is damaged", err=True)
        return 1
    done = repair(log, time=datetime.now(UTC).isoformat(timespec="seconds"))
    gone = sum(not one.whole for one in done.faults)
    typer.echo(f"REPAIRED: {gone:,} lines are no part of the log any more; they lie in {done.aside}", err=True)
    typer.echo(f"the log as it was lies in {done.before}; look at both, and decide again what is missing", err=True)
    return 0


def _said(path: Path, fault: Fault) -> str:
    return f"{path}, line {fault.line} {fault.what}"
