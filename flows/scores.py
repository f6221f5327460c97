"""Scores against gold answers: of the release that a run is about to publish, and of any published release."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from extractors.evaluate import Scores, is_fact, is_project, score_facts, score_projects
from flows.errors import InputError, UsageError
from flows.options import SLOW_SECONDS, Options
from flows.places import Place
from flows.plan import Plan
from flows.shards import Result, ShardSummary, extractor, read_and_extract, results_of
from flows.sources import Search, discover
from ledger.release.layout import Output
from ledger.release.read import Release, open_release, read_versions
from ledger.release.write import release_documents
from schemas import Extraction

Json = dict[str, Any]


def read_gold(address: str) -> list[Json]:
    """Read gold answers, one JSON object a line. Raises UsageError if there is no file, InputError for a bad line."""
    place, rows = Place.of(address), []
    if not place.is_file():
        raise UsageError(f"no such file of gold answers: {address}")
    for name, row in place.json_lines():
        if not isinstance(row, dict) or not (is_project(row) or is_fact(row)):
            raise InputError(f"{name}: neither a project (recipients …) nor a fact (doc, required …)")
        rows.append(row)
    if not rows:
        raise InputError(f"{address} holds no gold answers")
    return rows


def score(read: Iterable[Extraction], gold: Sequence[Json]) -> Scores:
    """Score the extractions of the documents in ``gold``: as facts or as projects, whichever the gold answers are."""
    wanted = _document_ids(gold)
    texts: dict[str, str] = {}
    records: list[Json] = []
    for one in read:
        if one.document.id in wanted:
            texts[one.document.id] = one.document.text
            records += [record.model_dump(mode="json") for record in one.records]
    return score_facts(records, gold, texts) if is_fact(gold[0]) else score_projects(records, gold)


def _document_ids(gold: Sequence[Json]) -> set[str]:
    return {str(row["doc"] if is_fact(row) else row["id"]) for row in gold}


def score_run(work: Plan, done: Sequence[ShardSummary], options: Options) -> Json:
    """Score what a run is about to publish, without the curators' decisions; return {} if no gold is given."""
    if options.gold is None:
        return {}
    output = Output(Path(options.output))
    latest, kept = read_versions(output).latest, {id for id, _ in work.unchanged}
    held = _release_extractions(output.release(latest)) if latest and kept else iter(())
    unchanged = (one for one in held if one.document.id in kept)
    return score(chain(_extractions(results_of(done)), unchanged), read_gold(options.gold)).figures


def _extractions(results: Iterable[Result]) -> Iterator[Extraction]:
    return (one for one in results if isinstance(one, Extraction))


def _release_extractions(folder: Path) -> Iterator[Extraction]:
    """Yield the extractions of a release."""
    return (held.extraction for held in release_documents(folder) if held.extraction is not None)


def find_release(output: Path, release: str | None = None) -> Release:
    """Open a release by its version or its folder, by default the latest. Raises LedgerError."""
    return open_release(release) if release and Path(release).is_dir() else open_release(output, release or "latest")


def score_release(gold: str, output: Path, release: str | None = None) -> Scores:
    """Score a published release, by default the latest. Raises UsageError, InputError or LedgerError."""
    answers = read_gold(gold)
    return score(_release_extractions(find_release(output, release).path), answers)


def score_fresh(gold: str, documents: str, model: str | None = None) -> Scores:
    """Extract the documents that the gold answers are about, and score them without publishing.

    Raises UsageError or InputError.
    """
    answers = read_gold(gold)
    wanted = _document_ids(answers)
    with TemporaryDirectory(prefix="coopledger-") as staging:
        jobs = [one for one in discover(documents, Search(staging=staging)).found if one.id in wanted]
        if not jobs:
            raise InputError(f"{documents} holds none of the {len(wanted)} documents that the gold answers are about")
        results = read_and_extract(jobs, extractor(model), SLOW_SECONDS)
        return score(_extractions(result for result, _ in results), answers)


def lines(scores: Scores, errors: int) -> Iterator[str]:
    """Yield the figures, and the most confident errors of each field (at most ``errors``) with their quotations."""
    for name, figure in scores.figures.items():
        yield f"{name:28} {'-' if figure is None else f'{figure:.4f}' if isinstance(figure, float) else figure}"
    for name in dict.fromkeys(miss.field for miss in scores.misses):
        worst = scores.worst(name, errors)
        if worst:
            yield f"\n{name}: the surest errors"
        for miss in worst:
            quote = " ".join(miss.quote.split())[:200]
            yield f"  {miss.document_id}: {miss.got} (gold: {miss.expected}; {miss.confidence:.2f}) “{quote}”"
