"""``coopledger diff``, ``validate``, ``schema`` and ``export``."""

import json
from collections.abc import Iterator
from pathlib import Path

import typer

from flows.errors import UsageError
from flows.scoring import find_release
from ledger.diff import diff_records
from ledger.release.layout import RECORDS, RECORDS_CSV, RECORDS_PARQUET
from schemas import Change


def diff(output: Path, a: str, b: str, *, as_json: bool) -> None:
    """Print the changes from one release to another: as published where B follows A, worked out afresh elsewhere."""
    for change in _changes(output, a, b):
        typer.echo(change.model_dump_json() if as_json else in_words(change))


def _changes(output: Path, a: str, b: str) -> Iterator[Change]:
    before, after = find_release(output, a), find_release(output, b)
    if after.manifest.parent == before.version:
        return after.changes()
    return iter(diff_records(before.records(), after.records()))


def in_words(change: Change) -> str:
    """Write a change as a line for a person, and a line for each field that changed."""
    record = change.after or change.before or {}
    names = [(record.get(role) or {}).get("name") or "-" for role in ("actor", "partner")]
    first = f"{change.change} ({change.reason or change.cause}) {change.record_id} {record.get('document_id')}: "
    fields = [f"    {one.name}: {one.before} → {one.after} ({one.cause})" for one in change.fields]
    return "\n".join([f"{first}{' → '.join(names)}, {record.get('kind')}", *fields])


def validate(output: Path, release: str) -> int:
    """Print what is wrong in a release, a line each; return 1 if anything is."""
    from ledger import validate as check

    folder = Path(release) if Path(release).is_dir() else find_release(output, release).path
    problems = check(folder)
    for problem in problems:
        typer.echo(str(problem))
    typer.echo(f"{folder}: {f'{len(problems)} problems' if problems else 'valid'}")
    return 1 if problems else 0


def schema(name: str) -> None:
    """Print a JSON Schema, or the Table Schema of the flat files."""
    from schemas.json_schema import PUBLISHED, json_schema

    if name == "table":
        from ledger.formats.tableschema import table_schema

        typer.echo(json.dumps(table_schema(), indent=2, ensure_ascii=False))
    elif name in PUBLISHED:
        typer.echo(json.dumps(json_schema(name), indent=2, ensure_ascii=False))
    else:
        raise UsageError(f"no schema {name!r}; there are {', '.join(PUBLISHED)} and table")


def export(output: Path, release: str, target: Path) -> None:
    """Write the records of a release to a file, in the format of its suffix. Raises UsageError for another one."""
    sources = {".jsonl": RECORDS, ".csv": RECORDS_CSV, ".parquet": RECORDS_PARQUET}
    if target.suffix not in sources:
        raise UsageError(f"no export as {target.suffix or 'a file without a suffix'}; there are {', '.join(sources)}")
    found = find_release(output, release)
    target.write_bytes((found.path / sources[target.suffix]).read_bytes())
    typer.echo(f"{target}: {found.manifest.counts.records:,} records of {found.version}")
