"""The commands that look at releases: ``diff``, ``validate``, ``schema``, ``export``, ``decisions``, ``review``."""

import json
import os
import shutil
import sys
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path

import typer

from flows.errors import UsageError
from flows.scores import find_release
from ledger.decisions import DecisionLog, effective, repair
from ledger.formats.export import EXPORTS
from ledger.formats.export import export as export_as
from ledger.release.compare import compare
from ledger.release.layout import RECORDS, RECORDS_CSV, RECORDS_PARQUET, Output
from ledger.release.validate import Problem
from ledger.release.validate import validate as check
from ledger.report.formatting import headline, value
from schemas import Change

FILES = {"csv": RECORDS_CSV, "jsonl": RECORDS, "parquet": RECORDS_PARQUET}


def diff(output: Path, a: str, b: str, *, as_json: bool) -> None:
    """Print the changes from one release to another, with their causes where B follows A."""
    for change in compare(find_release(output, a), find_release(output, b)):
        typer.echo(change.model_dump_json() if as_json else in_words(change))


def in_words(change: Change) -> str:
    """Write a change as a line for a person, and a line for each field that changed."""
    record = change.after or change.before or {}
    first = f"{change.change} ({change.reason or change.cause}) {change.record_id} {record.get('document_id')}: "
    fields = [f"    {one.name}: {value(one.before)} → {value(one.after)} ({one.cause})" for one in change.fields]
    return "\n".join([first + headline(record), *fields])


def validate(output: Path, release: str) -> int:
    """Print what is wrong in a release, a line each; return 1 if anything is."""
    folder = Path(release) if Path(release).is_dir() else find_release(output, release).path
    log = DecisionLog(Output(folder.resolve().parent.parent).decisions)  # the curators', beside the releases
    faults = [Problem("chain", f"{log.path.name}, line {one.line}", one.what) for one in log.examine().faults]
    problems = [*check(folder), *faults]
    for problem in problems:
        typer.echo(str(problem))
    typer.echo(f"{folder}: {f'{len(problems)} problems' if problems else 'valid'}")
    return 1 if problems else 0


def schema(name: str) -> None:
    """Print a JSON Schema, or the Table Schema of the flat files."""
    from schemas.json_schema import PUBLISHED, json_schema

    if name == "table":
        from ledger.formats.flat import table_schema

        typer.echo(json.dumps(table_schema(), indent=2, ensure_ascii=False))
    elif name in PUBLISHED:
        typer.echo(json.dumps(json_schema(name), indent=2, ensure_ascii=False))
    else:
        raise UsageError(f"no schema {name!r}; there are {', '.join(PUBLISHED)} and table")


def export(output: Path, release: str, kind: str, target: Path | None) -> None:
    """Write a release in the shape of another tool, to a file or to standard output.

    Raises UsageError where there is no such shape.
    """
    if kind not in (*FILES, *EXPORTS):
        raise UsageError(f"cannot export {kind}; there are {', '.join((*FILES, *EXPORTS))}")
    found = find_release(output, release)
    with target.open("wb") if target else nullcontext(sys.stdout.buffer) as stream:
        if kind in FILES:
            with (found.path / FILES[kind]).open("rb") as file:
                shutil.copyfileobj(file, stream)
        else:
            stream.writelines(map(str.encode, export_as(found, kind)))


def decisions(output: Path, *, mend: bool) -> int:
    """Tell whether the curators' log is sound, and mend it if that is asked for; return the exit status."""
    ledger = Output(output)
    ledger.check()
    log = DecisionLog(ledger.decisions)
    found = log.examine()
    typer.echo(f"{log.path}: {len(found.decisions):,} decisions, {len(effective(found.decisions)):,} stand")
    for fault in found.faults:
        typer.echo(f"{log.path}, line {fault.line} {fault.what}", err=True)
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


def review(output: Path, *, host: str, port: int, reviewer: str | None, names: tuple[str, ...]) -> None:
    """Serve the curators' page until it is stopped.

    COOPLEDGER_REVIEW_TOKEN holds what visitors from elsewhere must show, COOPLEDGER_REVIEW_USER_HEADER the header in
    which a reverse proxy names them. Raises LedgerError where there is no release, or the address is not safe.
    """
    find_release(output)
    from flows.normaliser import ExtractorsNormaliser  # after the check, for these take a second
    from review import Access, serve

    access = Access(
        host=host,
        port=port,
        token=os.environ.get("COOPLEDGER_REVIEW_TOKEN"),
        user_header=os.environ.get("COOPLEDGER_REVIEW_USER_HEADER"),
        names=names,
        reviewer=reviewer,
    )
    serve(output, access=access, normalise=ExtractorsNormaliser(), say=typer.echo)
