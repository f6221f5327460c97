"""Extract one shard: paths in; a sorted file of extractions and their counts out. Runs in any worker process."""

import time
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from pydantic import ValidationError

from extractors.digests import digests
from extractors.records import THRESHOLD
from flows.errors import InputError, short
from flows.limits import MEMORY, TooSlowError, at_most, within
from flows.places import UNREADABLE, Place
from flows.plan import Shard, read_jobs
from flows.sources import CHANGED, Discovered, Raw, document_in, raws
from schemas import Amount, CooperationRecord, Extraction, Model, PossibleRecord, Quarantined, Unclaimed

if TYPE_CHECKING:
    from extractors.extract import Extract

FAILED, TOO_SLOW, TOO_LARGE = "failed", "too_slow", "too_large"
AWAY = (UNREADABLE, CHANGED)
"""Reasons that say nothing of the document itself: what the last release holds of it stays."""

SLOW_CHARACTERS = 50_000
"""A document may take the time that is allowed once for each so many characters, so that a long one is read too."""

LARGEST = 1e18
"""The largest sum or count of a record."""

Result = Extraction | Quarantined
_MODELS: dict[bytes, type[Result]] = {b'{"extraction"': Extraction, b'{"quarantined"': Quarantined}


class Done(Model):
    """What came of a shard's documents, the last line of its file; ``reused`` where an earlier run had finished it.

    ``failed`` counts the quarantined ones on which the extractor itself failed, ``away`` those of which nothing can be
    said now, ``refused`` the records that no release could hold. ``result`` is the file.
    """

    documents: int
    records: int
    quarantined: int
    failed: int
    away: int
    refused: int
    number: int = 0
    result: str = ""
    seconds: float = 0.0
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


def read_and_extract(jobs: Iterable[Discovered], extract: "Extract", seconds: float) -> Iterator[tuple[Result, int]]:
    """Read documents and extract them, in the order given; say of each how many records no release could hold.

    Whatever goes wrong with one document is its result and stops no other: it is quarantined with the step and a short
    cause.
    """
    return (_extracted(job, raw, extract, seconds) for job, raw in raws(jobs))


def _extracted(job: Discovered, raw: Raw, extract: "Extract", seconds: float) -> tuple[Result, int]:
    step = "read"
    try:
        with within(MEMORY):
            with at_most(seconds):
                document = document_in(job, raw)
            if isinstance(document, Quarantined):
                return document, 0
            step, seconds = "extract", seconds * max(1.0, len(document.text) / SLOW_CHARACTERS)
            with at_most(seconds):
                found = extract.read(document)
    except TooSlowError:
        reason, detail = TOO_SLOW, too_slow(seconds, step)
    except MemoryError:
        reason, detail = TOO_LARGE, f"it takes more than {MEMORY >> 20:,} MiB of memory to {step}: split it"
    except Exception as error:  # one bad document never stops the others
        reason, detail = FAILED, f"the program failed to {step} it ({short(error)}); please report this"
    else:
        kept = sound(found)
        return kept, len(found.records) - len(kept.records)
    return Quarantined(id=job.id, reason=reason, detail=detail, digest=job.digest), 0


def too_slow(seconds: float, step: str) -> str:
    """Say that a document takes longer than it may."""
    return f"it takes longer than {seconds:g} s to {step}: split it, or allow more by --slow-seconds"


def extract_shard(shard: Shard) -> Done:
    """Read the shard's documents, or find that an earlier run had finished them.

    Raises InputError where this process runs another code, model or tables than the run that planned the shard.
    """
    started = time.perf_counter()
    if (earlier := _earlier(shard)) is not None:
        return earlier
    check_program(shard)
    return finished(shard, _read(shard, read_jobs(shard.jobs)), started)


def extract_one(shard: Shard, job: Discovered) -> tuple[Result, int]:
    """Read one document of a shard; return with it how many of its records were refused."""
    check_program(shard)
    return next(_read(shard, [job]))


def _read(shard: Shard, jobs: Iterable[Discovered]) -> Iterator[tuple[Result, int]]:
    return read_and_extract(jobs, extractor(shard.options.model, shard.options.threshold), shard.options.slow_seconds)


def finished(shard: Shard, results: Iterable[tuple[Result, int]], started: float) -> Done:
    """Write the file of a shard.

    Args:
        shard: what was read.
        results: of its documents, in their order, each with the number of records that no release could hold.
        started: when its reading began, by ``time.perf_counter``.
    """
    found, refused = zip(*results, strict=True)
    lines, kept = zip(*map(_line, found), strict=True)
    bad = [one.reason for one in kept if isinstance(one, Quarantined)]
    done = Done(
        documents=len(kept),
        records=sum(len(one.records) for one in kept if isinstance(one, Extraction)),
        quarantined=len(bad),
        failed=bad.count(FAILED),
        away=sum(reason in AWAY for reason in bad),
        refused=sum(refused),
        number=shard.number,
        result=shard.result,
        seconds=time.perf_counter() - started,
    )
    text = "".join(f"{line}\n" for line in (*lines, done.model_dump_json()))
    Place.of(shard.result).write_whole(text.encode("utf-8"))
    return done


def check_program(shard: Shard) -> None:
    """Raise InputError where this worker has other code, tables or models than the run that made the shard."""
    here = digests(shard.options.model)
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
    done = Done.model_validate_json(place.read().rsplit(b"\n", 2)[-2])
    if done.away:  # what could not be read then may be read now
        return None
    return done.model_copy(update={"number": shard.number, "result": shard.result, "seconds": 0.0, "reused": True})


def results_of(done: Iterable[Done]) -> Iterator[Result]:
    """Read what came of the documents of finished shards, in the order of the shards and of the documents in each."""
    for shard in done:
        with Place.of(shard.result).open() as stream:
            for line in stream:
                kind, _, result = line.partition(b":")
                if kind in _MODELS:
                    yield _MODELS[kind].model_validate_json(result[:-2])


def sound(extraction: Extraction) -> Extraction:
    """Leave out records whose quotations do not stand in the text or whose values the models refuse, and sums that no
    file format could hold."""
    text = extraction.document.text
    possible = tuple(one for one in extraction.possible if _can_be(one, text) and not _is_huge(one.amount))
    extraction = extraction.model_copy(update={"possible": possible})
    kept = [record for record in extraction.records if _can_be(record, text)]
    if len(kept) == len(extraction.records) and not any(_is_huge(one.amount) for one in kept):
        return extraction
    records: list[CooperationRecord] = []
    unclaimed = list(extraction.unclaimed)
    for rank, record in enumerate(kept, start=1):
        update: dict[str, object] = {"rank": rank}
        if record.amount and _is_huge(record.amount):
            why = f"beyond {LARGEST:.0e}, which no sum is"
            place = {"document_id": record.document_id, "mention": "amount", "span": record.amount.span}
            unclaimed.append(Unclaimed.model_validate({**place, "reason": "out_of_scope", "detail": why}))
            update |= {"amount": None, "confidence": record.confidence.model_copy(update={"amount": None})}
        records.append(record.model_copy(update=update))
    return extraction.model_copy(update={"records": tuple(records), "unclaimed": tuple(dict.fromkeys(unclaimed))})


def _can_be(record: CooperationRecord | PossibleRecord, text: str) -> bool:
    """Return whether the models take a record's values, however it was made, and its quotations stand in the text."""
    try:
        type(record).model_validate(record.model_dump(warnings=False))
    except ValidationError:
        return False
    return not record.misquotes(text)


def _is_huge(amount: Amount | None) -> bool:
    if amount is None:
        return False
    stated = [one.value for one in amount.stated]
    return any(abs(value) > LARGEST for value in (amount.value, amount.low, amount.high, amount.usd, *stated) if value)
