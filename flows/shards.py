"""Extract one shard: paths in; a sorted file of extractions and their counts out. Runs in any worker process."""

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING

from extractors.digests import digests
from extractors.text import read
from flows.corpora import fetch
from flows.discover import Found
from flows.errors import InputError
from flows.places import Place
from flows.plan import Shard, read_jobs
from schemas import Document, Extraction, Model, Quarantined, StoredDocument

if TYPE_CHECKING:
    from extractors.extract import Extract

FAILED = "failed"
Result = Extraction | Quarantined


@dataclass(frozen=True, slots=True)
class Done:
    """A finished shard: where its file is, how many documents, records and quarantined ones, and how long it took.

    ``failed`` counts the quarantined ones on which the extractor itself failed; ``reused`` tells that an earlier run
    had finished the shard.
    """

    number: int
    result: str
    documents: int
    records: int
    quarantined: int
    failed: int
    seconds: float
    reused: bool = False

    def line(self, of: int) -> str:
        """Say it in one line, for the log."""
        rate = f"{self.documents / max(self.seconds, 0.001):.0f} a second"
        rate = "kept from an earlier run" if self.reused else rate
        counts = f"{self.documents} documents, {self.records} records, {self.quarantined} quarantined"
        return f"shard {self.number} of {of}: {counts} in {self.seconds:.1f} s, {rate}"


@lru_cache(maxsize=1)
def extractor(model: str | None) -> "Extract":
    """Load the extractor once in this process."""
    from extractors import load  # spaCy takes a second to import, which a run that reads nothing can spare

    return load(model)


def extract_shard(shard: Shard) -> Done:
    """Read the shard's documents, or find that an earlier run had finished them.

    Raises InputError where this process runs another code, model or tables than the run that planned the shard.
    """
    started = time.perf_counter()
    if (earlier := _earlier(shard)) is not None:
        return earlier
    _check_program(shard)
    results = list(extractions(read_jobs(shard.jobs), extractor(shard.model)))
    end = _Counts.of(results)
    lines = [*map(_line, results), end.model_dump_json()]
    Place.of(shard.result).write_whole("".join(f"{line}\n" for line in lines).encode("utf-8"))
    return Done(shard.number, shard.result, **end.model_dump(), seconds=time.perf_counter() - started)


class _Counts(Model):
    """The last line of a shard file."""

    documents: int
    records: int
    quarantined: int
    failed: int

    @classmethod
    def of(cls, results: Sequence[Result]) -> "_Counts":
        bad = [one for one in results if isinstance(one, Quarantined)]
        records = sum(len(one.records) for one in results if isinstance(one, Extraction))
        failed = sum(one.reason == FAILED for one in bad)
        return cls(documents=len(results), records=records, quarantined=len(bad), failed=failed)


def extractions(jobs: Iterable[Found], extract: "Extract") -> Iterator[Result]:
    """Read documents and extract them, in the order given; one that fails is quarantined and stops no other."""
    for one in documents(jobs):
        yield one if isinstance(one, Quarantined) else _extracted(one, extract)


def _extracted(document: Document, extract: "Extract") -> Result:
    try:
        return extract.read(document)
    except Exception as error:  # one bad document never stops the others
        detail = f"the extractor failed on it ({type(error).__name__}: {error}); please report this"
        return Quarantined(id=document.id, reason=FAILED, detail=detail, digest=document.digest)


def documents(jobs: Iterable[Found]) -> Iterator[Document | Quarantined]:
    """Read documents where they lie, in the order given."""
    for _, group in groupby(jobs, key=_home):
        part = list(group)
        read_part = map(_whole, part) if part[0].offset < 0 else _lines(part)
        for job, one in zip(part, read_part, strict=True):
            _check_same(job, one)
            yield one


def _home(job: Found) -> tuple[str, bool]:
    return ("" if job.offset < 0 else job.address, job.stored)


def _whole(job: Found) -> Document | Quarantined:
    return next(read(job.id, Place.of(job.address).read()))


def _lines(jobs: list[Found]) -> Iterator[Document | Quarantined]:
    place = Place.of(jobs[0].address)
    ranges = [(job.offset, job.length) for job in jobs]
    return _stored(place, ranges) if jobs[0].stored else fetch(place, ranges)


def _stored(place: Place, ranges: list[tuple[int, int]]) -> Iterator[Document]:
    for raw in place.read_ranges(ranges):
        stored = StoredDocument.model_validate_json(raw)
        yield Document.model_validate(stored.model_dump(exclude={"state"}))


def _check_same(job: Found, one: Document | Quarantined) -> None:
    if one.digest is not None and (one.id, one.digest) != (job.id, job.digest):
        raise InputError(f"{job.id} changed while it was being read: run again")


def _check_program(shard: Shard) -> None:
    here = digests(shard.model)
    if wrong := [name for name in here if here[name] != shard.program[name]]:
        parts = " and ".join(wrong)
        raise InputError(f"this worker has other {parts} than the run: install the same coopledger on each")


def _line(result: Result) -> str:
    kind = "quarantined" if isinstance(result, Quarantined) else "extraction"
    return f'{{"{kind}":{result.model_dump_json()}}}'


def _earlier(shard: Shard) -> Done | None:
    place = Place.of(shard.result)
    if not place.exists():
        return None
    end = _Counts.model_validate_json(place.read().rsplit(b"\n", 2)[-2])
    return Done(shard.number, shard.result, **end.model_dump(), seconds=0.0, reused=True)


def read_shard(address: str) -> Iterator[Result]:
    """Read a finished shard's extractions, in order of document id."""
    with Place.of(address).open() as stream:
        for line in stream:
            if line.startswith(b'{"extraction"'):
                yield Extraction.model_validate_json(line[len('{"extraction":') : -2])
            elif line.startswith(b'{"quarantined"'):
                yield Quarantined.model_validate_json(line[len('{"quarantined":') : -2])
