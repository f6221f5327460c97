"""Score a release, or documents read afresh."""

from collections.abc import Iterator
from pathlib import Path

from extractors.evaluate import Scores
from flows.discover import discover
from flows.errors import InputError
from flows.scores import Json, documents_of, read_gold, records_of, score
from flows.shards import extractions, extractor
from ledger.errors import LedgerError
from ledger.release.layout import Output
from ledger.release.versions import read_versions
from schemas import Extraction


def release_folder(output: Path, release: str | None = None) -> Path:
    """Find a release by version or by path; the latest where none is named. Raises LedgerError where there is none."""
    place = Output(output)
    if release and Path(release).is_dir():
        return Path(release)
    versions = read_versions(place)
    version = versions.latest if release in (None, "latest") else release
    if version is None:
        raise LedgerError(f"{output} holds no release yet: run `coopledger run`")
    if version not in [one.version for one in versions.releases]:
        raise LedgerError(f"{output} holds no release {version}")
    return place.release(version)


def score_release(gold: str, output: Path, release: str | None = None) -> Scores:
    """Score a release that stands. Raises UsageError, InputError or LedgerError."""
    answers = read_gold(gold)
    return score(records_of(release_folder(output, release)), answers)


def score_fresh(gold: str, documents: str, model: str | None = None) -> Scores:
    """Extract the documents that gold answers are about, publish nothing, and score what came out."""
    answers = read_gold(gold)
    return score(_fresh(documents, documents_of(answers), model), answers)


def _fresh(address: str, wanted: set[str], model: str | None) -> Iterator[Json]:
    jobs = [one for one in discover(address).found if one.id in wanted]
    if not jobs:
        raise InputError(f"{address} holds none of the {len(wanted)} documents that the gold answers are about")
    for result in extractions(jobs, extractor(model)):
        if isinstance(result, Extraction):
            yield from (record.model_dump(mode="json") for record in result.records)
