"""From a job to a result: bytes, document, extraction, each document guarded by itself.

Whatever goes wrong with one document, in any step, is its result: it is quarantined with the step and a short cause.
"""

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from itertools import groupby
from typing import TYPE_CHECKING, TypeVar

from pydantic import ValidationError

from extractors.text import UnreadableError, read
from flows.errors import short
from flows.limits import MEMORY, TooSlowError, at_most, within
from flows.options import SLOW_SECONDS
from flows.places import UNREADABLE, Place
from flows.sources import Found, fetch
from schemas import (
    Amount,
    CooperationRecord,
    Document,
    Extraction,
    PossibleRecord,
    Quarantined,
    StoredDocument,
    Unclaimed,
)

if TYPE_CHECKING:
    from extractors.extract import Extract

FAILED, CHANGED, TOO_SLOW, TOO_LARGE = "failed", "changed", "too_slow", "too_large"
AWAY = (UNREADABLE, CHANGED)
"""Reasons that say nothing of the document itself: what the last release holds of it stays."""

LARGEST = 1e18
"""The largest sum or count of a record."""

_PAUSES = (0.0, 0.2, 1.0)  # seconds before each try
_ANSWER_SECONDS = 120.0  # how long an address may take to answer; most file systems give up sooner by themselves
_UNANSWERED = 3  # requests of a shard, after which nothing more is asked for in vain
Result = Extraction | Quarantined
Raw = bytes | OSError
_T = TypeVar("_T")


class Reading:
    """Reads documents with an extractor; ``refused`` counts the records that no release could hold."""

    def __init__(self, extract: "Extract", *, seconds: float = SLOW_SECONDS) -> None:
        self._extract, self._seconds = extract, seconds
        self.refused = 0

    def results(self, jobs: Iterable[Found]) -> Iterator[Result]:
        """Read documents and extract them, in the order given; one that fails stops no other."""
        for job, raw in raws(jobs):
            yield _away(job, raw) if isinstance(raw, OSError) else self._result(job, raw)

    def _result(self, job: Found, raw: bytes) -> Result:
        step = "read"
        try:
            with within(MEMORY), at_most(self._seconds):
                document = _document(job, raw)
                if isinstance(document, Quarantined):
                    return document
                step = "extract"
                found = self._extract.read(document)
        except TooSlowError:
            detail = f"it takes longer than {self._seconds:g} s to {step}: split it, or allow more by --slow-seconds"
            return Quarantined(id=job.id, reason=TOO_SLOW, detail=detail, digest=job.digest)
        except MemoryError:
            detail = f"it takes more than {MEMORY >> 20:,} MiB of memory to {step}: split it"
            return Quarantined(id=job.id, reason=TOO_LARGE, detail=detail, digest=job.digest)
        except Exception as error:  # one bad document never stops the others
            detail = f"the program failed to {step} it ({short(error)}); please report this"
            return Quarantined(id=job.id, reason=FAILED, detail=detail, digest=job.digest)
        kept = sound(found)
        self.refused += len(found.records) - len(kept.records)
        return kept


def documents(jobs: Iterable[Found]) -> Iterator[Document | Quarantined]:
    """Read documents where they lie, in the order given."""
    for job, raw in raws(jobs):
        yield _away(job, raw) if isinstance(raw, OSError) else _document(job, raw)


def raws(jobs: Iterable[Found]) -> Iterator[tuple[Found, Raw]]:
    """Fetch the bytes of documents, those of one corpus many at a time; what does not answer is not asked forever."""
    silent = 0
    for (address, corpus), group in groupby(jobs, key=_home):
        part = list(group)
        try:
            fetched: list[Raw] | None = _ranges(address, part) if corpus else None
        except OSError:
            fetched = None
        if fetched is not None:
            yield from zip(part, fetched, strict=True)
            continue
        for job in part:
            raw = _raw(job) if silent < _UNANSWERED else TimeoutError("the address does not answer")
            silent += isinstance(raw, TimeoutError)
            yield job, raw


def _ranges(address: str, part: Sequence[Found]) -> list[Raw]:
    place, ranges = Place.of(address), [(job.offset, job.length) for job in part]
    return answered(place, lambda: list(place.read_ranges(ranges)))


def answered(place: Place, ask: Callable[[], _T]) -> _T:
    """Ask a file system for something, and wait no longer than ``_ANSWER_SECONDS``. Raises TimeoutError then."""
    if place.is_local:
        return ask()
    answer: Future[_T] = Future()

    def wait() -> None:
        try:
            answer.set_result(ask())
        except BaseException as error:
            answer.set_exception(error)

    threading.Thread(target=wait, daemon=True).start()  # it may never end, and must not keep the process
    try:
        return answer.result(_ANSWER_SECONDS)
    except TimeoutError as error:
        raise TimeoutError(f"no answer in {_ANSWER_SECONDS:g} s") from error


def _home(job: Found) -> tuple[str, bool]:
    return (job.address, job.offset >= 0)


def _raw(job: Found) -> Raw:
    """Fetch the bytes of one document; what may pass is tried again."""
    error: Raw = b""
    for pause in _PAUSES:
        time.sleep(pause)
        try:
            place = Place.of(job.address)
            return answered(place, place.read) if job.offset < 0 else _ranges(job.address, [job])[0]
        except (FileNotFoundError, PermissionError, TimeoutError) as lasting:
            return lasting
        except OSError as passing:
            error = passing
    return error


def _away(job: Found, error: OSError) -> Quarantined:
    return Quarantined(id=job.id, reason=UNREADABLE, detail=f"the file cannot be read: {error.strerror or error}")


def _document(job: Found, raw: bytes) -> Document | Quarantined:
    try:
        one = _parsed(job, raw)
    except (ValueError, UnreadableError):  # a line that is no longer where it was
        one = None
    if one is None or (one.digest is not None and one.digest != job.digest):
        detail = "it changed while it was being read: the next run reads it"
        return Quarantined(id=job.id, reason=CHANGED, detail=detail)
    return one


def _parsed(job: Found, raw: bytes) -> Document | Quarantined:
    if job.stored:
        stored = StoredDocument.model_validate_json(raw)
        return Document.model_validate(stored.model_dump(exclude={"state"}))
    one = next(read(job.id, raw)) if job.offset < 0 else fetch(raw)
    return one.model_copy(update={"id": job.id})


def sound(extraction: Extraction) -> Extraction:
    """Leave out records whose quotations do not stand in the text or whose values the models refuse, and sums that no
    file format could hold."""
    text = extraction.document.text
    possible = [
        one
        for one in extraction.possible
        if _can_be(one) and not one.misquotes(text) and not (one.amount and _is_huge(one.amount))
    ]
    extraction = extraction.model_copy(update={"possible": tuple(possible)})
    kept = [record for record in extraction.records if _can_be(record) and not record.misquotes(text)]
    huge = [record for record in kept if record.amount and _is_huge(record.amount)]
    if not huge and len(kept) == len(extraction.records):
        return extraction
    ranked = (record.model_copy(update={"rank": rank}) for rank, record in enumerate(kept, start=1))
    records = tuple(_without_amount(one) if one.amount and _is_huge(one.amount) else one for one in ranked)
    unclaimed = (*extraction.unclaimed, *(_as_mention(one) for one in huge if one.amount))
    return extraction.model_copy(update={"records": records, "unclaimed": tuple(dict.fromkeys(unclaimed))})


def _can_be(record: CooperationRecord | PossibleRecord) -> bool:
    """Tell whether the models take a record's values, however it was made: whoever reads the shard insists on it."""
    try:
        type(record).model_validate(record.model_dump(warnings=False))
    except ValidationError:
        return False
    return True


def _is_huge(amount: Amount) -> bool:
    stated = [one.value for one in amount.stated]
    return any(abs(value) > LARGEST for value in (amount.value, amount.low, amount.high, amount.usd, *stated) if value)


def _without_amount(record: CooperationRecord) -> CooperationRecord:
    confidence = record.confidence.model_copy(update={"amount": None})
    return record.model_copy(update={"amount": None, "confidence": confidence})


def _as_mention(record: CooperationRecord) -> Unclaimed:
    detail = f"beyond {LARGEST:.0e}, which no sum is"
    span = record.amount.span if record.amount else record.evidence
    return Unclaimed(document_id=record.document_id, mention="amount", span=span, reason="out_of_scope", detail=detail)
