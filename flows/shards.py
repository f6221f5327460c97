"""Extract one shard: paths in; a sorted file of extractions and their counts out. Runs in any worker process."""

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from extractors.digests import digests
from extractors.records import THRESHOLD
from flows.errors import InputError, short
from flows.places import Place
from flows.plan import Shard, read_jobs
from flows.reading import AWAY, FAILED, Reading, Result
from flows.sources import Found
from schemas import Extraction, Model, Quarantined

if TYPE_CHECKING:
    from extractors.extract import Extract


@dataclass(frozen=True, slots=True)
class Done:
    """A finished shard: where its file is, how many documents, records and quarantined ones, and how long it took.

    ``failed`` counts the quarantined ones on which the extractor itself failed, ``away`` those of which nothing can be
    said now, ``refused`` the records that no release could hold; ``reused`` tells that an earlier run had finished the
    shard.
    """

    number: int
    result: str
    documents: int
    records: int
    quarantined: int
    failed: int
    away: int
    refused: int
    seconds: float
    reused: bool = False

    def line(self, of: int) -> str:
        """Say it in one line, for the log."""
        rate = f"{self.documents / max(self.seconds, 0.001):.0f} a second"
        rate = "kept from an earlier run" if self.reused else rate
        counts = f"{self.documents} documents, {self.records} records, {self.quarantined} quarantined"
        counts += f", {self.refused} records refused" if self.refused else ""
        return f"shard {self.number} of {of}: {counts} in {self.seconds:.1f} s, {rate}"


@lru_cache(maxsize=1)
def extractor(model: str | None, threshold: float = THRESHOLD) -> "Extract":
    """Load the extractor once in this process."""
    from extractors.extract import load  # spaCy takes a second to import, which a run that reads nothing can spare

    return load(model, threshold=threshold)


def extract_shard(shard: Shard) -> Done:
    """Read the shard's documents, or find that an earlier run had finished them.

    Raises InputError where this process runs another code, model or tables than the run that planned the shard.
    """
    started = time.perf_counter()
    if (earlier := _earlier(shard)) is not None:
        return earlier
    _check_program(shard)
    reading = _reading(shard)
    results = list(reading.results(read_jobs(shard.jobs)))
    return finished(shard, results, reading.refused, started)


def extract_one(shard: Shard, job: Found) -> tuple[Result, int]:
    """Read one document of a shard; return with it how many of its records were refused."""
    _check_program(shard)
    reading = _reading(shard)
    return next(reading.results([job])), reading.refused


def _reading(shard: Shard) -> Reading:
    return Reading(extractor(shard.model, shard.threshold), seconds=shard.slow_seconds)


def finished(shard: Shard, results: Iterable[Result], refused: int, started: float) -> Done:
    """Write the file of a shard.

    Args:
        shard: what was read.
        results: of its documents, in their order.
        refused: how many records no release could hold.
        started: when its reading began, by ``time.perf_counter``.
    """
    lines, kept = [], []
    for result in results:
        line, one = _line(result)
        lines.append(line)
        kept.append(one)
    end = _Counts.of(kept, refused)
    lines.append(end.model_dump_json())
    Place.of(shard.result).write_whole("".join(f"{line}\n" for line in lines).encode("utf-8"))
    return Done(shard.number, shard.result, **end.model_dump(), seconds=time.perf_counter() - started)


class _Counts(Model):
    """The last line of a shard file."""

    documents: int
    records: int
    quarantined: int
    failed: int
    away: int
    refused: int

    @classmethod
    def of(cls, results: Sequence[Result], refused: int) -> "_Counts":
        bad = [one for one in results if isinstance(one, Quarantined)]
        records = sum(len(one.records) for one in results if isinstance(one, Extraction))
        return cls(
            documents=len(results),
            records=records,
            quarantined=len(bad),
            failed=sum(one.reason == FAILED for one in bad),
            away=sum(one.reason in AWAY for one in bad),
            refused=refused,
        )


def _check_program(shard: Shard) -> None:
    here = digests(shard.model)
    if wrong := [name for name in here if here[name] != shard.program[name]]:
        parts = " and ".join(wrong)
        raise InputError(f"this worker has other {parts} than the run: install the same coopledger on each")


def _line(result: Result) -> tuple[str, Result]:
    """Write a result; one that cannot be written is quarantined."""
    try:
        kind = "quarantined" if isinstance(result, Quarantined) else "extraction"
        return f'{{"{kind}":{result.model_dump_json()}}}', result
    except ValueError as error:
        document = result if isinstance(result, Quarantined) else result.document
        name = document.id.encode("utf-8", "backslashreplace").decode()
        detail = f"what was read of it cannot be written ({short(error)}); please report this"
        return _line(Quarantined(id=name, reason=FAILED, detail=detail, digest=document.digest))


def _earlier(shard: Shard) -> Done | None:
    place = Place.of(shard.result)
    if not place.exists():
        return None
    end = _Counts.model_validate_json(place.read().rsplit(b"\n", 2)[-2])
    if end.away:  # what could not be read then may be read now
        return None
    return Done(shard.number, shard.result, **end.model_dump(), seconds=0.0, reused=True)


def read_shard(address: str) -> Iterator[Result]:
    """Read a finished shard's extractions, in order of document id."""
    with Place.of(address).open() as stream:
        for line in stream:
            if line.startswith(b'{"extraction"'):
                yield Extraction.model_validate_json(line[len('{"extraction":') : -2])
            elif line.startswith(b'{"quarantined"'):
                yield Quarantined.model_validate_json(line[len('{"quarantined":') : -2])
