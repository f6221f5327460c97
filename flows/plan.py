"""Plan: compare the digests of what was found with those of the last release, and cut what changed into shards."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from operator import attrgetter
from pathlib import Path
from typing import Any

from extractors.text import CORPORA
from flows.errors import InputError, named
from flows.options import Options
from flows.places import UNREADABLE, Passed, Place
from flows.sources import COPY, PACKED, Discovered, Listing
from ledger.decisions import documents_to_reextract
from ledger.decisions.log import read_decisions
from ledger.release.jsonl import read_models
from ledger.release.layout import MERGED, Output
from schemas import Manifest, Merged, Quarantined, digest_of

PROGRAM = ("code", "config", "model", "tables")
"""The digests of all that decides what is read out of a document."""

ORIGINS = "origins.json"
"""A note of where each document was found, written at the end of every run."""

SHARD_DOCUMENTS = 250
SHARD_BYTES = 1_000_000  # one long document weighs as much as many notes
_CORPUS = rf".*?(?:{'|'.join(map(re.escape, CORPORA))})(?:{'|'.join(map(re.escape, PACKED))})?"
_IN_CORPUS = re.compile(
    rf"(?P<file>{_CORPUS}) (?:(?:line|activity|row) \d+(?: of (?P<sheet>sheet .*))?|sheet .*)",
    re.DOTALL | re.IGNORECASE,
)  # where in a corpus a document was found, or a sheet without its columns


@dataclass(frozen=True, slots=True)
class Shard:
    """A part of the work, by paths alone: ``jobs`` lists the documents, ``result`` is where their extractions go.

    Both are named after the content of the work: the documents' digests and those of the program that reads them.
    """

    number: int
    jobs: str
    result: str
    documents: int
    program: dict[str, str]
    options: Options


@dataclass(frozen=True, slots=True)
class Plan:
    """What to read (``shards``), what to take over from the last release, what could not even be opened.

    ``inputs`` maps each document's id to its digest. ``unread`` lists what cannot be read now, though the last release
    holds something of it, which stays; ``held`` is that release's digest of each document that is read again.
    ``origins`` says where each document was found; ``passed`` what was passed over as no document;
    ``copies`` are of corpora, and no longer needed after the run.
    """

    shards: tuple[Shard, ...]
    unchanged: tuple[tuple[str, str], ...]
    quarantined: tuple[Quarantined, ...]
    inputs: dict[str, str]
    unread: tuple[Quarantined, ...] = ()
    held: dict[str, str] = field(default_factory=dict)
    origins: Mapping[str, str] = field(default_factory=dict)
    passed: tuple[Passed, ...] = ()
    copies: frozenset[str] = frozenset()

    @property
    def to_read(self) -> int:
        """How many documents are read."""
        return sum(shard.documents for shard in self.shards)

    def line(self) -> str:
        """Say it in one line."""
        parts = f"{len(self.unchanged):,} unchanged, {len(self.quarantined) + len(self.unread):,} cannot be opened"
        return f"{self.to_read:,} documents to read in {len(self.shards):,} shards; {parts}"


def plan(listing: Listing, last: Manifest | None, program: Mapping[str, str], options: Options) -> Plan:
    """Plan a run.

    Args:
        listing: what the input holds.
        last: the manifest of the last release, if there is one.
        program: digests of code, config, model and tables.
        options: how to read; where the shard files go; ``force`` uses no finished shard of an earlier run.
    """
    known: dict[str, str] = {}
    held = held_digests(last)
    if last and not options.force and program_of_release(options.home, last) == program:
        again = _to_read_again(options, last)
        known = {name: digest for name, digest in held.items() if name not in again}
    changed = [one for one in listing.found if known.get(one.id) != one.digest]
    unchanged = [(one.id, one.digest) for one in listing.found if known.get(one.id) == one.digest]
    kept = _staying(listing, held, _read_note(options.home / ORIGINS))
    refused = tuple(one for one in listing.quarantined if one not in kept)
    stay = {name: held[name] for names in kept.values() for name in names}
    opened = [(one.id, one.digest) for one in listing.documents() if one not in kept]
    return Plan(
        shards=tuple(_shard(number, part, program, options) for number, part in enumerate(_cut(changed), start=1)),
        unchanged=tuple(sorted([*unchanged, *stay.items()])),
        quarantined=tuple(sorted((*refused, *(one for one in kept if not kept[one])), key=attrgetter("id"))),
        inputs={name: digest for name, digest in (*opened, *stay.items()) if digest},
        unread=tuple(one for one in kept if kept[one]),
        held={one.id: held[one.id] for one in changed if one.id in held},
        origins=listing.origins,
        passed=listing.passed,
        copies=frozenset(one.address for one in listing.found if one.address.endswith(COPY)),
    )


def _to_read_again(options: Options, last: Manifest) -> set[str]:
    """Name the documents whose rejected records the last release does not hold, where the rejection was taken back."""
    output = Output(Path(options.output))
    merged = read_models(output.release(last.version) / MERGED, Merged)
    return documents_to_reextract(merged, read_decisions(output.decisions))


def held_digests(last: Manifest | None) -> dict[str, str]:
    """Map each document that a release holds to its digest; one that could not be opened has an empty one."""
    if last is None:
        return {}
    ids = chain(last.documents.with_records, last.documents.without_records, last.documents.quarantined)
    return {one: last.digests.documents.get(one, "") for one in ids}


def _staying(listing: Listing, held: Mapping[str, str], origins: Mapping[str, str]) -> dict[Quarantined, list[str]]:
    """Say of what cannot be read now which documents of the last release it may hold: these are not gone.

    That is what does not answer, be it a file, a folder or a corpus, and a corpus, a sheet or a row that is no longer
    what it was. ``origins`` tells where each document of the ledger was found.
    """
    listed = {one.id for one in listing.documents()}
    missing = [name for name in held if name not in listed]
    kept: dict[Quarantined, list[str]] = {}
    for one in listing.unread:
        said = Quarantined(id=one.name.rstrip("/") or ".", reason=UNREADABLE, detail=one.detail)
        kept[said] = [name for name in missing if one.may_hold(name)]
    from_there: dict[str, list[str]] = defaultdict(list)
    for name in missing:
        for place in _around(origins.get(name, "")):
            from_there[place].append(name)
    places = ((one, listing.origins.get(one.id)) for one in listing.quarantined)
    return kept | {one: from_there[at] for one, at in places if at in from_there}


def _around(origin: str) -> Iterator[str]:
    """Name the row in which a document was found, its sheet and its file; nothing where it is a file itself."""
    if found := _IN_CORPUS.fullmatch(origin):
        yield from (origin, found["file"])
        if sheet := found["sheet"]:
            yield f"{found['file']} {sheet}"


def _cut(documents: Iterable[Discovered]) -> Iterator[list[Discovered]]:
    part: list[Discovered] = []
    size = 0
    for one in documents:
        if part and (len(part) == SHARD_DOCUMENTS or size + one.length > SHARD_BYTES):
            yield part
            part, size = [], 0
        part.append(one)
        size += one.length
    if part:
        yield part


def _shard(number: int, part: list[Discovered], program: Mapping[str, str], options: Options) -> Shard:
    """Write the list of a shard's documents, and name its result after the content of the work."""
    contents = [f"{one.id}\x1e{one.digest}" for one in part]
    key = digest_of(options.model or "", *[program[name] for name in PROGRAM], *contents)
    folder = Place.of(options.shards)
    jobs, result = folder.join(f"{key}.jobs"), folder.join(f"{key}.jsonl")
    if options.force:
        result.remove()
    lines = (json.dumps(one.model_dump()) for one in part)  # a path may hold bytes that are no UTF-8
    jobs.write_whole("".join(f"{line}\n" for line in lines).encode())
    return Shard(number, str(jobs), str(result), len(part), dict(program), options)


def read_jobs(address: str) -> list[Discovered]:
    """Read the documents of a shard back."""
    return [Discovered.model_validate(json.loads(line)) for line in Place.of(address).read().splitlines()]


def note_origins(home: Path, work: Plan, *, add: bool) -> None:
    """Note where each document of a run was found, beside where those were that stay; with ``add`` all stay."""
    path = home / ORIGINS
    if work.origins:
        before, stay = _read_note(path), {name for name, _ in work.unchanged}
        _write_note(path, {**{name: at for name, at in before.items() if add or name in stay}, **work.origins})


def check_added(work: Plan, last: Manifest | None, home: Path) -> None:
    """Refuse documents that would take the place of others of the same id which came from elsewhere.

    Raises InputError, which names them.
    """
    held, origins = held_digests(last), _read_note(home / ORIGINS)
    other = [
        f"{name!r} ({work.origins.get(name)})"
        for name, digest in work.inputs.items()
        if held.get(name) not in (None, "", digest) and origins.get(name) != work.origins.get(name)
    ]
    if other:
        raise InputError(
            f"the ledger holds other documents of the same ids: {named(other)}; "
            "give the new ones a --prefix, or mean it with --replace"
        )


def remember(home: Path, version: str, program: Mapping[str, str]) -> None:
    """Note that ``program`` leaves the release ``version`` as it is; ``home`` is the output's working folder.

    A new program that changes no record publishes nothing, so that the release keeps the digests of the old one.
    Without a note of it every later run would read all documents again.
    """
    _write_note(home / "program.json", {"version": version, "program": program})


def program_of_release(home: Path, last: Manifest) -> dict[str, str]:
    """Return the digests of the program that a release is up to date with: its own, or a later one's by the note."""
    note = _read_note(home / "program.json")
    return note["program"] if note.get("version") == last.version else last.digests.model_dump(include={*PROGRAM})


def _write_note(path: Path, note: Mapping[str, Any]) -> None:
    Place.of(str(path)).write_whole(json.dumps(note, sort_keys=True).encode())


def _read_note(path: Path) -> dict[str, Any]:
    """Read a note; nothing is known where it is gone, or torn by a crash."""
    try:
        return dict(json.loads(path.read_bytes())) if path.is_file() else {}
    except ValueError:
        return {}
