"""Extract one shard: read the documents that its jobs name, write a file of extractions. Runs in any worker process."""

import time
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from pydantic import ValidationError

from extractors.digests import digests
from extractors.records import THRESHOLD
from flows.errors import InputError, short_message
from flows.limits import MEMORY, TOO_SLOW, TooSlowError, memory_limit, time_limit
from flows.places import UNREADABLE, Place
from flows.plan import Shard, read_jobs
from flows.sources import CHANGED, Discovered, Raw, fetch, read_document
from schemas import Amount, CooperationRecord, Extraction, Model, PossibleRecord, Quarantined, Unclaimed

if TYPE_CHECKING:
    from extractors.extract import Extract

FAILED, TOO_LARGE = "failed", "too_large"
UNAVAILABLE = (UNREADABLE, CHANGED)
"""Reasons that are no fault of the document: what the last release holds of it is kept."""

SLOW_CHARACTERS = 50_000
"""The time limit is for a document of so many characters; a longer one may take proportionally longer."""

LARGEST = 1e18
"""The largest absolute value of an amount in a record."""

Result = Extraction | Quarantined
_MODELS: dict[bytes, type[Result]] = {b'{"extraction"': Extraction, b'{"quarantined"': Quarantined}


class ShardSummary(Model):
    """The counts of a finished shard, stored as the last line of its file ``result``.

    ``failed`` counts the quarantined documents on which the extractor failed, ``away`` those that could not be read
    now, ``slow`` those that took longer than the ``allowed`` seconds, ``refused`` the records that were dropped as
    invalid. ``reused``: an earlier run had finished the shard.
    """

    documents: int
    records: int
    quarantined: int
    failed: int
    away: int
    refused: int
    slow: int = 0
    allowed: float = 0.0
    number: int = 0
    result: str = ""
    seconds: float = 0.0
    reused: bool = False

    def line(self, of: int) -> str:
        """Return the summary as one line for the log; ``of`` is the number of shards."""
        rate = f"{self.documents / max(self.seconds, 0.001):.0f} a second"
        rate = "kept from an earlier run" if self.reused else rate
        counts = f"{self.documents} documents, {self.records} records, {self.quarantined} quarantined"
        counts += f", {self.refused} records refused" if self.refused else ""
        return f"shard {self.number} of {of}: {counts} in {self.seconds:.1f} s, {rate}"


@lru_cache(maxsize=1)
def extractor(model: str | None, threshold: float = THRESHOLD) -> "Extract":
    """Return the extractor, which is loaded once in a process."""
    from extractors.extract import load  # spaCy takes a second to import, which a run that reads nothing saves

    return load(model, threshold=threshold)


def read_and_extract(jobs: Iterable[Discovered], extract: "Extract", seconds: float) -> Iterator[tuple[Result, int]]:
    """Read and extract documents, in the order given; yield each result with the number of records dropped as invalid.

    ``seconds`` limits the processor time of a document. An error in one document stops no other: its result is a
    ``Quarantined`` that names the step and the error.
    """
    return (_extract_job(job, raw, extract, seconds) for job, raw in fetch(jobs))


def _extract_job(job: Discovered, raw: Raw, extract: "Extract", seconds: float) -> tuple[Result, int]:
    step = "read"
    try:
        with memory_limit(MEMORY):
            with time_limit(seconds):
                document = read_document(job, raw)
            if isinstance(document, Quarantined):
                return document, 0
            step, seconds = "extract", seconds * max(1.0, len(document.text) / SLOW_CHARACTERS)
            with time_limit(seconds):
                found = extract.read(document)
    except TooSlowError:
        reason, detail = TOO_SLOW, too_slow_detail(seconds, step)
    except MemoryError:
        reason, detail = TOO_LARGE, f"it takes more than {MEMORY >> 20:,} MiB of memory to {step}: split it"
    except Exception as error:  # one bad document never stops the others
        reason, detail = FAILED, f"the program failed to {step} it ({short_message(error)}); please report this"
    else:
        kept = without_invalid(found)
        return kept, len(found.records) - len(kept.records)
    return Quarantined(id=job.id, reason=reason, detail=detail, digest=job.digest), 0


def too_slow_detail(seconds: float, step: str) -> str:
    """Return the message for a document that takes longer than it may."""
    return f"it takes longer than {seconds:g} s to {step}: split it, or allow more by --slow-seconds"


def extract_shard(shard: Shard) -> ShardSummary:
    """Extract a shard and write its file, unless an earlier run has finished it; return its summary.

    Raises InputError if this process has other code, models or tables than the run that planned the shard.
    """
    started = time.perf_counter()
    if (earlier := _earlier_summary(shard)) is not None:
        return earlier
    check_program(shard)
    return write_results(shard, _read(shard, read_jobs(shard.jobs)), started)


def extract_one(shard: Shard, job: Discovered) -> tuple[Result, int]:
    """Extract one document of a shard; return the result and the number of records dropped as invalid."""
    check_program(shard)
    return next(_read(shard, [job]))


def _read(shard: Shard, jobs: Iterable[Discovered]) -> Iterator[tuple[Result, int]]:
    return read_and_extract(jobs, extractor(shard.options.model, shard.options.threshold), shard.options.slow_seconds)


def write_results(shard: Shard, results: Iterable[tuple[Result, int]], started: float) -> ShardSummary:
    """Write the file of a shard and return its summary.

    Args:
        shard: the shard that was read.
        results: the result of each document, in order, with the number of records dropped as invalid.
        started: when reading began, by ``time.perf_counter``.
    """
    found, refused = zip(*results, strict=True)
    lines, kept = zip(*map(_line, found), strict=True)
    bad = [one.reason for one in kept if isinstance(one, Quarantined)]
    done = ShardSummary(
        documents=len(kept),
        records=sum(len(one.records) for one in kept if isinstance(one, Extraction)),
        quarantined=len(bad),
        failed=bad.count(FAILED),
        away=sum(reason in UNAVAILABLE for reason in bad),
        refused=sum(refused),
        slow=bad.count(TOO_SLOW),
        allowed=shard.options.slow_seconds,
        number=shard.number,
        result=shard.result,
        seconds=time.perf_counter() - started,
    )
    text = "".join(f"{line}\n" for line in (*lines, done.model_dump_json()))
    Place.of(shard.result).write_whole(text.encode("utf-8"))
    return done


def check_program(shard: Shard) -> None:
    """Raise InputError if this worker has other code, tables or models than the run that planned the shard."""
    here = digests(shard.options.model)
    if wrong := [name for name in here if here[name] != shard.program[name]]:
        parts = " and ".join(wrong)
        raise InputError(f"this worker has other {parts} than the run: install the same coopledger on each")


def _line(result: Result) -> tuple[str, Result]:
    """Return a result as a line of JSON, and the result; one that JSON cannot hold is replaced by a quarantined one."""
    try:
        kind = "quarantined" if isinstance(result, Quarantined) else "extraction"
        return f'{{"{kind}":{result.model_dump_json()}}}', result
    except ValueError as error:
        document = result if isinstance(result, Quarantined) else result.document
        name = document.id.encode("utf-8", "backslashreplace").decode()
        detail = f"what was read of it cannot be written ({short_message(error)}); please report this"
        return _line(Quarantined(id=name, reason=FAILED, detail=detail, digest=document.digest))


def _earlier_summary(shard: Shard) -> ShardSummary | None:
    """Return the summary of a shard that an earlier run finished, unless it is to be read again."""
    place = Place.of(shard.result)
    if not place.exists():
        return None
    try:
        done = ShardSummary.model_validate_json(place.read().removesuffix(b"\n").rpartition(b"\n")[2])
    except ValidationError:  # torn by a crash
        return None
    if done.away or (done.slow and done.allowed < shard.options.slow_seconds):  # may be readable now
        return None
    return done.model_copy(update={"number": shard.number, "result": shard.result, "seconds": 0.0, "reused": True})


def results_of(done: Iterable[ShardSummary]) -> Iterator[Result]:
    """Yield the results of finished shards, in the order of the shards and of the documents in each."""
    return (model.model_validate_json(result) for model, result in _results(done))


def quarantined_of(done: Iterable[ShardSummary]) -> Iterator[Quarantined]:
    """Yield the quarantined documents of finished shards, in the same order."""
    results = _results(shard for shard in done if shard.quarantined)
    return (Quarantined.model_validate_json(result) for model, result in results if model is Quarantined)


def _results(done: Iterable[ShardSummary]) -> Iterator[tuple[type[Result], bytes]]:
    """Yield the model of each result, and the result as JSON."""
    for shard in done:
        with Place.of(shard.result).open() as stream:
            for line in stream:
                kind, _, result = line.partition(b":")
                if kind in _MODELS:
                    yield _MODELS[kind], result[:-2]


def without_invalid(extraction: Extraction) -> Extraction:
    """Drop records that the models reject or whose quotations are not in the text, and amounts beyond ``LARGEST``."""
    text = extraction.document.text
    possible = tuple(one for one in extraction.possible if _is_valid(one, text) and not _is_huge(one.amount))
    extraction = extraction.model_copy(update={"possible": possible})
    kept = [record for record in extraction.records if _is_valid(record, text)]
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


def _is_valid(record: CooperationRecord | PossibleRecord, text: str) -> bool:
    """Return whether a record passes the validation of its model, and its quotations are in the text."""
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
