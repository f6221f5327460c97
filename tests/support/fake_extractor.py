"""An extractor for tests of everything around it: reads ``A lent B $3m`` and nothing else, at once."""

import errno
import os
import re
import signal
from collections import deque
from itertools import repeat
from pathlib import Path

from extractors.digests import digests
from flows import shards
from flows.places import Place
from flows.plan import Shard
from flows.shards import Result, ShardSummary
from flows.sources import Discovered
from schemas import (
    Amount,
    Confidence,
    CooperationRecord,
    Derivation,
    Document,
    Extraction,
    Extractor,
    Party,
    Sector,
    Span,
    act_id_of,
    crs_sectors,
    record_id_of,
)

LENT = re.compile(r"(\w+) lent (\w+) (\$(\d+)m)")


class FakeExtract:
    def __init__(self, model: str | None = None, threshold: float = 0.3) -> None:
        self.digests = digests(model)
        self.read_ids: list[str] = []

    def read(self, document: Document) -> Extraction:
        self.read_ids.append(document.id)
        if "crash" in document.text:
            raise RuntimeError("no idea")
        while document.text == "loop":
            pass
        if document.text == "hang":
            deque(repeat(0), maxlen=0)  # for ever, and in C
        if document.text == "full":
            Place.write_whole = _full  # type: ignore[method-assign]
        if document.text == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        if document.text.startswith("kill "):
            _kill_once(Path(document.text.split()[1]))
        found = enumerate(LENT.finditer(document.text), start=1)
        records = [_record(document, match, rank) for rank, match in found]
        if "misquote" in document.text:
            records[0] = records[0].model_copy(update={"evidence": Span(start=0, end=3, text="abc")})
        if "longname" in document.text:
            party = records[0].actor.model_copy(update={"name": "n" * 400})
            records[0] = records[0].model_copy(update={"actor": party})
        return Extraction(document=document, records=tuple(records))


def _full(place: Place, _: bytes) -> None:
    """Write as to a full disk, in this process from now on."""
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), place.path)


def _kill_once(mark: Path) -> None:
    """Kill this process as a full memory would, the first time only."""
    if not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)


def _record(document: Document, match: re.Match[str], rank: int) -> CooperationRecord:
    def span(group: int) -> Span:
        return Span.of(document.text, match.start(group), match.end(group))

    record = CooperationRecord(
        record_id="new",
        document_id=document.id,
        rank=rank,
        act_id=act_id_of(document.id, match[0], match[1], "loan", rank),
        kind="loan",
        status="committed",
        actor=Party(name=match[1], type="country", span=span(1)),
        partner=Party(name=match[2], type="country", span=span(2)),
        amount=Amount(
            kind="money",
            value=int(match[4]) * 1e6,
            unit="USD",
            derivation=Derivation(surface=match[3], number=match[4], scale="m", currency="$"),
            span=span(3),
        ),
        sector=Sector(code="998", name=crs_sectors()["998"]),
        evidence=span(0),
        confidence=Confidence(record=0.5, actor=0.5, partner=0.5, amount=0.5, sector=0.5),
        extractor=Extractor(name="fake", version="0", model="none"),
    )
    return record.model_copy(update={"record_id": record_id_of(record, rank)})


def fake_extract_shard(shard: Shard) -> ShardSummary:
    """What worker processes of tests run: the real reading of a shard with the fake extractor, be it edited or not."""
    shards.extractor = FakeExtract  # type: ignore[assignment]
    shards.check_program = bool  # type: ignore[assignment]
    return shards.extract_shard(shard)


def fake_extract_one(shard: Shard, job: Discovered) -> tuple[Result, int]:
    """The same for one document of a shard."""
    shards.extractor = FakeExtract  # type: ignore[assignment]
    shards.check_program = bool  # type: ignore[assignment]
    return shards.extract_one(shard, job)
