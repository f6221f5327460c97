"""Plan a run: compare the documents' digests with those of the last release, and split what changed into shards."""

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
from flows.errors import InputError, join_names
from flows.limits import TOO_SLOW
from flows.options import Options
from flows.places import UNREADABLE, Place, Skipped
from flows.sources import COPY_SUFFIX, PACKED, Discovered, Listing
from ledger.decisions import documents_to_reextract
from ledger.decisions.log import read_decisions
from ledger.release.jsonl import read_models
from ledger.release.layout import MERGED, QUARANTINE, Output
from schemas import Manifest, Merged, Quarantined, digest_of

PROGRAM = ("code", "config", "model", "tables")
"""The names of the digests of everything that an extraction depends on, apart from the document."""

ORIGINS = "origins.json"
"""The file, written at the end of every run, that maps each document's id to where it was found."""

READ_BY = "program.json"
"""The file, written at the end of every run, with what read the documents of the last release."""

SHARD_DOCUMENTS = 250
SHARD_BYTES = 1_000_000  # so that long documents make smaller shards
_CORPUS = rf".*?(?:{'|'.join(map(re.escape, CORPORA))})(?:{'|'.join(map(re.escape, PACKED))})?"
_IN_CORPUS = re.compile(
    rf"(?P<file>{_CORPUS}) (?:(?:line|activity|row) \d+(?: of (?P<sheet>sheet .*))?|sheet .*)",
    re.DOTALL | re.IGNORECASE,
)  # where in a corpus a document was found, or a sheet that lacks its columns


@dataclass(frozen=True, slots=True)
class Shard:
    """A part of a run, as paths: the file ``jobs`` lists the documents, the file ``result`` gets their extractions.

    Both files are named after the content of the work: the digests of the documents and of the program.
    """

    number: int
    jobs: str
    result: str
    documents: int
    program: dict[str, str]
    options: Options


@dataclass(frozen=True, slots=True)
class ReadBy:
    """What read a release: ``program`` all its documents but those of the ids ``behind``, which an earlier one read.

    ``slow`` maps the ids of documents that are quarantined as too slow to the ``slow_seconds`` that they were allowed.
    """

    program: Mapping[str, str]
    behind: frozenset[str] = frozenset()
    slow: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """What to read (``shards``), what to carry over from the last release (``unchanged``), what cannot be opened.

    ``inputs`` maps each document's id to its digest. ``unread`` lists what cannot be read now and has documents in the
    last release, which are kept; ``held`` maps each document that is read again to its digest in that release.
    ``origins`` maps ids to where the documents were found; ``skipped`` lists what is not a document; ``copies`` are the
    paths of copied corpora, to be removed after the run. ``behind`` and ``slow`` are those of ``ReadBy`` for what is
    not read now.
    """

    shards: tuple[Shard, ...]
    unchanged: tuple[tuple[str, str], ...]
    quarantined: tuple[Quarantined, ...]
    inputs: dict[str, str]
    unread: tuple[Quarantined, ...] = ()
    held: dict[str, str] = field(default_factory=dict)
    origins: Mapping[str, str] = field(default_factory=dict)
    skipped: tuple[Skipped, ...] = ()
    copies: frozenset[str] = frozenset()
    behind: frozenset[str] = frozenset()
    slow: Mapping[str, float] = field(default_factory=dict)

    @property
    def to_read(self) -> int:
        """How many documents are read."""
        return sum(shard.documents for shard in self.shards)

    def line(self) -> str:
        """Return the plan as one line of text."""
        parts = f"{len(self.unchanged):,} unchanged, {len(self.quarantined) + len(self.unread):,} cannot be opened"
        return f"{self.to_read:,} documents to read in {len(self.shards):,} shards; {parts}"


def plan(listing: Listing, last: Manifest | None, program: Mapping[str, str], options: Options) -> Plan:
    """Plan a run.

    Args:
        listing: what the input contains.
        last: the manifest of the last release, None if there is none.
        program: the digests named in ``PROGRAM``.
        options: how to read, and where the shard files go; with ``force`` every document is read.
    """
    known: dict[str, str] = {}
    held, read_by = held_digests(last), what_read(options.home, last)
    behind = read_by.behind.intersection(held) if read_by.program == program else frozenset(held)
    slow = _slow_documents(options, last, read_by)
    if last and not options.force and len(behind) < len(held):
        slower = {name for name, seconds in slow.items() if seconds < options.slow_seconds}
        again = behind | slower | _to_read_again(options, last)
        known = {name: digest for name, digest in held.items() if name not in again}
    changed = [one for one in listing.found if known.get(one.id) != one.digest]
    unchanged = [(one.id, one.digest) for one in listing.found if known.get(one.id) == one.digest]
    kept = _documents_to_keep(listing, held, _read_note(options.home / ORIGINS))
    refused = tuple(one for one in listing.quarantined if one not in kept)
    stay = {name: held[name] for names in kept.values() for name in names}
    opened = [(one.id, one.digest) for one in listing.documents() if one not in kept]
    looked_at = {one.id for one in changed}
    if not listing.released:
        looked_at.update(one.id for one in listing.quarantined)
    return Plan(
        shards=tuple(
            _write_shard(number, part, program, options)
            for number, part in enumerate(_split_into_shards(changed), start=1)
        ),
        unchanged=tuple(sorted([*unchanged, *stay.items()])),
        quarantined=tuple(sorted((*refused, *(one for one in kept if not kept[one])), key=attrgetter("id"))),
        inputs={name: digest for name, digest in (*opened, *stay.items()) if digest},
        unread=tuple(one for one in kept if kept[one]),
        held={one.id: held[one.id] for one in changed if one.id in held},
        origins=listing.origins,
        skipped=listing.skipped,
        copies=frozenset(one.address for one in listing.found if one.address.endswith(COPY_SUFFIX)),
        behind=behind - looked_at,
        slow={name: seconds for name, seconds in slow.items() if name not in looked_at},
    )


def _to_read_again(options: Options, last: Manifest) -> set[str]:
    """Return the ids of documents of which a rejected record, missing in the last release, is no longer rejected."""
    output = Output(Path(options.output))
    merged = read_models(output.release(last.version) / MERGED, Merged)
    return documents_to_reextract(merged, read_decisions(output.decisions))


def _slow_documents(options: Options, last: Manifest | None, read_by: ReadBy) -> dict[str, float]:
    """Map the documents that were too slow in the last release to the seconds they were allowed, 0 if unknown."""
    if last is None or not last.documents.quarantined:
        return {}
    quarantined = read_models(Output(Path(options.output)).release(last.version) / QUARANTINE, Quarantined)
    return {one.id: read_by.slow.get(one.id, 0.0) for one in quarantined if one.reason == TOO_SLOW}


def held_digests(last: Manifest | None) -> dict[str, str]:
    """Map each document id of a release to its digest, which is empty for one that could not be opened."""
    if last is None:
        return {}
    ids = chain(last.documents.with_records, last.documents.without_records, last.documents.quarantined)
    return {one: last.digests.documents.get(one, "") for one in ids}


def _documents_to_keep(
    listing: Listing, held: Mapping[str, str], origins: Mapping[str, str]
) -> dict[Quarantined, list[str]]:
    """Map each thing that cannot be read now to the documents of the last release that it may hold: they are kept.

    These are files, folders and corpora that do not answer, and corpora, sheets and rows that are now quarantined.
    ``origins`` maps each document of the ledger to where it was found.
    """
    listed = {one.id for one in listing.documents()}
    missing = [name for name in held if name not in listed]
    kept: dict[Quarantined, list[str]] = {}
    for one in listing.unread:
        quarantined = Quarantined(id=one.name.rstrip("/") or ".", reason=UNREADABLE, detail=one.detail)
        kept[quarantined] = [name for name in missing if one.may_hold(name)]
    by_place: dict[str, list[str]] = defaultdict(list)
    for name in missing:
        for place in _containers(origins.get(name, "")):
            by_place[place].append(name)
    places = ((one, listing.origins.get(one.id)) for one in listing.quarantined)
    return kept | {one: by_place[origin] for one, origin in places if origin in by_place}


def _containers(origin: str) -> Iterator[str]:
    """Yield the row in which a document was found, its file and its sheet; nothing if it is a file of its own."""
    if found := _IN_CORPUS.fullmatch(origin):
        yield from (origin, found["file"])
        if sheet := found["sheet"]:
            yield f"{found['file']} {sheet}"


def _split_into_shards(documents: Iterable[Discovered]) -> Iterator[list[Discovered]]:
    """Yield lists of consecutive documents; only one that is a single document may exceed ``SHARD_BYTES``."""
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


def _write_shard(number: int, part: list[Discovered], program: Mapping[str, str], options: Options) -> Shard:
    """Write the file of a shard's jobs; its name and that of the result come from the content of the work."""
    contents = [f"{one.id}\x1e{one.digest}" for one in part]
    key = digest_of(options.model or "", *[program[name] for name in PROGRAM], *contents)
    folder = Place.of(options.shards)
    jobs, result = folder.join(f"{key}.jobs"), folder.join(f"{key}.jsonl")
    if options.force:
        result.remove()
    lines = (json.dumps(one.model_dump()) for one in part)  # in ASCII: a path may have bytes that are not UTF-8
    jobs.write_whole("".join(f"{line}\n" for line in lines).encode())
    return Shard(number, str(jobs), str(result), len(part), dict(program), options)


def read_jobs(address: str) -> list[Discovered]:
    """Read the documents listed in a shard's file of jobs."""
    return [Discovered.model_validate(json.loads(line)) for line in Place.of(address).read().splitlines()]


def note_origins(home: Path, work: Plan, *, add: bool) -> None:
    """Write where each document was found; earlier entries stay for unchanged documents, or with ``add`` for all."""
    path = home / ORIGINS
    if work.origins:
        before, stay = _read_note(path), {name for name, _ in work.unchanged}
        _write_note(path, {**{name: origin for name, origin in before.items() if add or name in stay}, **work.origins})


def check_added(work: Plan, last: Manifest | None, home: Path) -> None:
    """Check that no document replaces one of the same id that was found in another file.

    Raises InputError, which names those that do.
    """
    held, origins = held_digests(last), _read_note(home / ORIGINS)
    other = [
        f"{name!r} ({work.origins.get(name)})"
        for name, digest in work.inputs.items()
        if held.get(name) not in (None, "", digest) and _file_of(origins.get(name)) != _file_of(work.origins.get(name))
    ]
    if other:
        raise InputError(
            f"the ledger holds other documents of the same ids: {join_names(other)}; "
            "give the new ones a --prefix, or mean it with --replace"
        )


def _file_of(origin: str | None) -> str | None:
    """Return the file in which a document was found, without its row or sheet: rows move."""
    found = _IN_CORPUS.fullmatch(origin or "")
    return found["file"] if found else origin


def note_what_read(home: Path, version: str, read_by: ReadBy) -> None:
    """Write a note of what read the documents of the release ``version``; ``home`` is the runs' own folder.

    The manifest does not say it: a release keeps its digests when a new program changes no record, and a run may leave
    documents as an earlier program read them.
    """
    behind, slow = sorted(read_by.behind), dict(read_by.slow)
    _write_note(home / READ_BY, {"version": version, "program": dict(read_by.program), "behind": behind, "slow": slow})


def what_read(home: Path, last: Manifest | None) -> ReadBy:
    """Return what read the documents of a release as the note says, or by its own digests where there is no note."""
    if last is None:
        return ReadBy({})
    note = _read_note(home / READ_BY)
    if note.get("version") != last.version:
        return ReadBy(program_of_manifest(last))
    return ReadBy(note["program"], frozenset(note.get("behind", ())), note.get("slow", {}))


def program_of_manifest(manifest: Manifest) -> dict[str, str]:
    """Return the digests named in ``PROGRAM`` of a manifest."""
    return manifest.digests.model_dump(include={*PROGRAM})


def _write_note(path: Path, note: Mapping[str, Any]) -> None:
    Place.of(str(path)).write_whole(json.dumps(note, sort_keys=True).encode())


def _read_note(path: Path) -> dict[str, Any]:
    """Read a note; it is empty if the file is missing or was damaged by a crash."""
    try:
        return dict(json.loads(path.read_bytes())) if path.is_file() else {}
    except ValueError:
        return {}
