"""Scores on gold answers: of the release a run is about to publish, and of any that stands."""

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from extractors.evaluate import Scores, is_fact, is_project, score_facts, score_projects
from flows.errors import InputError, UsageError
from flows.options import Options
from flows.places import Place
from flows.plan import Plan
from flows.shards import Done, read_shard
from ledger.release.layout import RECORDS, Output
from ledger.release.lines import read_models
from ledger.release.versions import read_versions
from schemas import CooperationRecord, Extraction

Json = dict[str, Any]


def read_gold(address: str) -> list[Json]:
    """Read gold answers, one JSON object a line. Raises UsageError or InputError, which names the line."""
    place = Place.of(address)
    if not place.is_file():
        raise UsageError(f"no such file of gold answers: {address}")
    rows = [_row(address, number, line) for number, line in enumerate(place.read().splitlines(), 1) if line.strip()]
    if not rows:
        raise InputError(f"{address} holds no gold answers")
    return rows


def _row(address: str, number: int, line: bytes) -> Json:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise InputError(f"{address}, line {number}: {error}") from error
    if not isinstance(row, dict) or not (is_project(row) or is_fact(row)):
        raise InputError(f"{address}, line {number}: neither a project (recipients …) nor a fact (doc, required …)")
    return row


def documents_of(gold: Sequence[Json]) -> set[str]:
    """Return the ids of the documents that gold answers are about."""
    return {str(row["doc"] if is_fact(row) else row["id"]) for row in gold}


def score(records: Iterable[Json], gold: Sequence[Json]) -> Scores:
    """Score records, of gold's documents alone, in the way that the gold answers ask for."""
    inside = documents_of(gold)
    judged = (record for record in records if record["document_id"] in inside)
    return score_facts(judged, gold) if is_fact(gold[0]) else score_projects(judged, gold)


def records_of(folder: Path) -> Iterator[Json]:
    """Read the records of a release."""
    for record in read_models(folder / RECORDS, CooperationRecord):
        yield record.model_dump(mode="json")


def score_run(work: Plan, done: Sequence[Done], options: Options) -> Json:
    """Score what a run is about to publish, machine's answers alone; nothing where no gold is given."""
    if options.gold is None:
        return {}
    return score(_about_to_be(work, done, options), read_gold(options.gold)).figures


def _about_to_be(work: Plan, done: Sequence[Done], options: Options) -> Iterator[Json]:
    for one in done:
        for result in read_shard(one.result):
            if isinstance(result, Extraction):
                yield from (record.model_dump(mode="json") for record in result.records)
    output = Output(Path(options.output))
    latest, kept = read_versions(output).latest, {id for id, _ in work.unchanged}
    if latest and kept:
        yield from (record for record in records_of(output.release(latest)) if record["document_id"] in kept)
