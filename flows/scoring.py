"""Score a release, or documents read afresh."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from extractors.evaluate import Scores
from flows.discover import Search, discover
from flows.errors import InputError
from flows.reading import Reading
from flows.scores import documents_of, extractions_of, read_gold, score
from flows.shards import extractor
from ledger.release.read import Release, open_release
from schemas import Extraction


def find_release(output: Path, release: str | None = None) -> Release:
    """Open a release by its version or its folder, the latest where none is named. Raises LedgerError."""
    return open_release(release) if release and Path(release).is_dir() else open_release(output, release or "latest")


def score_release(gold: str, output: Path, release: str | None = None) -> Scores:
    """Score a release that stands. Raises UsageError, InputError or LedgerError."""
    answers = read_gold(gold)
    return score(extractions_of(find_release(output, release).path), answers)


def score_fresh(gold: str, documents: str, model: str | None = None) -> Scores:
    """Extract the documents that gold answers are about, publish nothing, and score what came out."""
    answers = read_gold(gold)
    return score(_fresh(documents, documents_of(answers), model), answers)


def _fresh(address: str, wanted: set[str], model: str | None) -> Iterator[Extraction]:
    with TemporaryDirectory(prefix="coopledger-") as staging:
        jobs = [one for one in discover(address, Search(staging=staging)).found if one.id in wanted]
        if not jobs:
            raise InputError(f"{address} holds none of the {len(wanted)} documents that the gold answers are about")
        results = Reading(extractor(model)).results(jobs)
        yield from (result for result in results if isinstance(result, Extraction))
