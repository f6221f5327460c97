"""Plan: compare the digests of what was found with those of the last release, and cut what changed into shards."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass

from flows.discover import Found, Listing
from flows.places import Place
from flows.seen import PROGRAM
from schemas import Manifest, Quarantined, digest_of

SHARD_DOCUMENTS = 250
SHARD_BYTES = 1_000_000  # one long document weighs as much as many notes


@dataclass(frozen=True, slots=True)
class Shard:
    """A part of the work, by paths alone: ``jobs`` lists the documents, ``result`` is where their extractions go.

    ``key`` is the content of the work: the documents' digests and those of the program that reads them.
    """

    number: int
    key: str
    jobs: str
    result: str
    documents: int
    model: str | None
    program: dict[str, str]


@dataclass(frozen=True, slots=True)
class Plan:
    """What to read (``shards``), what to take over from the last release, what could not even be opened.

    ``inputs`` maps each document's id to its digest.
    """

    shards: tuple[Shard, ...]
    unchanged: tuple[tuple[str, str], ...]
    quarantined: tuple[Quarantined, ...]
    inputs: dict[str, str]

    @property
    def to_read(self) -> int:
        """How many documents are read."""
        return sum(shard.documents for shard in self.shards)

    def line(self) -> str:
        """Say it in one line."""
        parts = f"{len(self.unchanged):,} unchanged, {len(self.quarantined):,} cannot be opened"
        return f"{self.to_read:,} documents to read in {len(self.shards):,} shards; {parts}"


def plan(
    listing: Listing,
    last: Manifest | None,
    program: Mapping[str, str],
    scratch: str,
    *,
    model: str | None = None,
    force: bool = False,
    again: Collection[str] = (),
    current: Mapping[str, str] | None = None,
) -> Plan:
    """Plan a run.

    Args:
        listing: what the input holds.
        last: the manifest of the last release, if there is one.
        program: digests of code, config, model and tables.
        scratch: the folder for shard files.
        model: name of another spaCy pipeline.
        force: read everything again, and use no finished shard of an earlier run.
        again: ids of documents to read again though nothing changed in them.
        current: digests of the program that the last release is up to date with; by default its own.
    """
    current = current or (last.digests.model_dump() if last else {})
    same = all(current.get(name) == program[name] for name in PROGRAM)
    known = last.digests.documents if last and same and not force else {}
    known = {id: digest for id, digest in known.items() if id not in again} if again else known
    changed = [one for one in listing.found if known.get(one.id) != one.digest]
    unchanged = tuple((one.id, one.digest) for one in listing.found if known.get(one.id) == one.digest)
    cut = enumerate(_cut(changed), start=1)
    shards = tuple(_write(number, part, program, scratch, model, force) for number, part in cut)
    return Plan(shards, unchanged, listing.quarantined, listing.digests())


def _cut(documents: Iterable[Found]) -> Iterator[list[Found]]:
    part: list[Found] = []
    size = 0
    for one in documents:
        if part and (len(part) == SHARD_DOCUMENTS or size + one.length > SHARD_BYTES):
            yield part
            part, size = [], 0
        part.append(one)
        size += one.length
    if part:
        yield part


def _write(
    number: int, part: list[Found], program: Mapping[str, str], scratch: str, model: str | None, force: bool
) -> Shard:
    contents = [f"{one.id}\x1e{one.digest}" for one in part]
    key = digest_of(model or "", *[program[name] for name in PROGRAM], *contents)
    place = Place.of(scratch)
    jobs, result = place.join(f"{key}.jobs"), place.join(f"{key}.jsonl")
    if force:
        result.remove()
    jobs.write_whole("".join(json.dumps(asdict(one)) + "\n" for one in part).encode())
    return Shard(number, key, str(jobs), str(result), len(part), model, dict(program))


def read_jobs(address: str) -> list[Found]:
    """Read the documents of a shard back."""
    return [Found(**json.loads(line)) for line in Place.of(address).read().splitlines()]
