"""The steps of a run as plain functions: ``--direct`` calls them in turn, the Prefect flow runs them as tasks."""

import datetime
import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from heapq import merge as merge_sorted
from importlib.util import find_spec
from operator import attrgetter
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryFile
from threading import Thread
from typing import TypeAlias, TypeGuard

from extractors.digests import digests
from extractors.records import THRESHOLD
from flows.errors import InputError, UsageError
from flows.limits import TOO_SLOW
from flows.options import OUTPUT_ID, Options
from flows.places import Place, changed_since
from flows.plan import (
    ORIGINS,
    Plan,
    ReadBy,
    Shard,
    check_added,
    note_origins,
    note_what_read,
    plan,
    program_of_manifest,
    what_read,
)
from flows.progress import Summary, notify, summary_of
from flows.runners import run_shards
from flows.scores import read_gold, score_run
from flows.shards import FAILED, UNAVAILABLE, Result, ShardSummary, extractor, quarantined_of, results_of
from flows.sources import Listing, Search, discover, is_corpus, list_release
from flows.status import recorded_run
from ledger.errors import LedgerError, as_ledger_error
from ledger.gates import GateSettings, gate_settings
from ledger.identity import preload
from ledger.release.layout import Output
from ledger.release.publish import NothingChanged, Published, RunInfo
from ledger.release.publish import publish as publish_documents
from ledger.release.read import read_manifest, read_versions
from ledger.release.write import Incoming, Unchanged
from schemas import SCHEMA_VERSION, Digests, Document, Extraction, Manifest, Quarantined, digest_of

Outcome: TypeAlias = Published | NothingChanged
_MIN_FAILURES = 10
_TRIAL_BYTES = 2**22  # about the size of a first release and its server's database


def check(options: Options) -> None:
    """Check the options before anything is read. Raises UsageError, InputError or LedgerError."""
    if options.replace and not options.add:
        raise UsageError("--replace goes with --add: without it the input is the whole corpus, and all else is gone")
    if options.scheduler and options.runner != "dask":
        raise UsageError("--scheduler goes with --runner dask")
    Output(Path(options.output)).check()
    with as_ledger_error(f"cannot write to {options.output}"):  # fail now, not after hours of reading
        options.home.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=options.home) as trial:
            trial.write(bytes(_TRIAL_BYTES))
            trial.flush()
        if options.scratch and not (name := options.home / OUTPUT_ID).exists():
            Place.of(str(name)).write_whole(token_hex(8).encode())
    limits_of(options)
    if (model := options.model) and not Path(model).exists() and not (model.isidentifier() and find_spec(model)):
        raise UsageError(f"{model} is neither a folder with a trained reader nor an installed spaCy pipeline")
    if options.gold is not None:
        read_gold(options.gold)


def limits_of(options: Options) -> GateSettings | None:
    """Read the gates' limits from the file of the options, if any. Raises UsageError, which says what is wrong."""
    if options.gates is None:
        return None
    try:
        return gate_settings(Path(options.gates))
    except (OSError, ValueError) as error:  # pydantic's and TOML's errors are ValueErrors
        raise UsageError(f"{options.gates} sets no limits of gates: {' '.join(str(error).split())}") from error


def find_documents(options: Options) -> Listing:
    """List the documents of a run's input. Raises UsageError or InputError."""
    search = Search(options.columns, options.prefix, Path(options.output), options.shards)
    return discover(options.input, search)


def plan_input(options: Options) -> Plan:
    """List the documents of a run's input, and plan to read those that changed. Raises UsageError or InputError."""
    return make_plan(find_documents(options), options)


def make_plan(listing: Listing, options: Options) -> Plan:
    """Compare the listing with the last release, and split the changed documents into shards.

    Raises InputError if an added document would replace another, or if a first run can read nothing.
    """
    last = _last_manifest(options)
    if last is None and not listing.found:
        _check_readable(listing, options.input)
    work = plan(listing, last, program_of(options), options)
    if options.add and not options.replace:
        check_added(work, last, options.home)
    return work


def _check_readable(listing: Listing, address: str) -> None:
    """Raise InputError if a first run would read nothing: the input does not answer, or no row of a corpus is good.

    Unreadable documents that are files of their own raise nothing: they are quarantined.
    """
    if listing.unread and not listing.quarantined:
        raise InputError(f"cannot read {address}: {listing.unread[0].detail}")
    if listing.quarantined and Place.of(address).is_file() and is_corpus(address):
        first, *others = listing.quarantined
        more = f" (and {len(others):,} more)" if others else ""
        raise InputError(f"nothing in {address} can be read: {first.detail}{more}; nothing is published")


def may_read(options: Options) -> bool:
    """Guess, without opening a document, whether a run will read any; a wrong guess only costs some seconds."""
    last, note = _last_manifest(options), options.home / ORIGINS
    if last is None or options.force or not note.exists():
        return True
    same = what_read(options.home, last).program == program_of(options)
    return not same or changed_since(Place.of(options.input), note.stat().st_mtime)


def plan_refresh(options: Options) -> Plan:
    """Plan to read the documents of the last release again, from the texts stored in that release.

    Raises LedgerError if there is no release.
    """
    last = _last_manifest(options)
    if last is None:
        raise LedgerError(f"{options.output} holds no release yet: run `coopledger run`")
    listing = list_release(Output(Path(options.output)).release(last.version))
    return plan(listing, last, program_of(options), options)


def _last_manifest(options: Options) -> Manifest | None:
    output = Output(Path(options.output))
    versions = read_versions(output)
    return read_manifest(output.release(versions.latest)) if versions.latest else None


def program_of(options: Options) -> dict[str, str]:
    """Return the digests of everything that an extraction depends on, apart from the document."""
    settings = [] if options.threshold == THRESHOLD else [str(options.threshold)]
    return {**digests(options.model), "config": digest_of(SCHEMA_VERSION, *settings)}


def read_and_publish(
    work: Plan,
    options: Options,
    *,
    read: Callable[[Sequence[Shard], Options], Iterator[ShardSummary]] = run_shards,
    publish: Callable[[Plan, Sequence[ShardSummary], Options], Outcome] | None = None,
) -> Summary:
    """Extract the shards of a plan, merge them, pass the gates, publish; the flow passes its own ``read``, ``publish``.

    The shard files are kept until a release holds their content.
    """
    notify(work)
    if work.held:  # records will be matched with those of the last release
        Thread(target=preload, daemon=True).start()
    done = []
    for one in read(work.shards, options):
        notify(one)
        done.append(one)
    away = quarantined_of(shard for shard in done if shard.away)
    unread = (*work.unread, *(one for one in away if _stays_as_published(one, work)))
    notify("publishing")
    outcome = (publish or publish_release)(work, done, options)
    remove_shard_files(work)
    summary = summary_of(outcome, work, unread=unread, refused=sum(one.refused for one in done))
    notify(summary)
    return summary


def run(
    options: Options,
    plan_documents: Callable[[Options], Plan],
    origin: str,
    publish_plan: Callable[[Plan, Options], Summary] = read_and_publish,
) -> Summary:
    """Check the options, plan and publish, while no other run uses the output folder; ``origin`` names what started it.

    Raises UsageError, InputError, LedgerError or GateFailed, each with a one-line message; then nothing is published.
    """
    check(options)
    with recorded_run(options, origin) as finish:
        return finish(publish_plan(plan_documents(options), options))


def run_direct(options: Options) -> Summary:
    """Read what changed in the input and publish, without a Prefect server."""
    return run(options, plan_input, "command, direct")


def refresh_direct(options: Options) -> Summary:
    """Read the last release's documents again if the program changed, and publish, without a Prefect server."""
    return run(options, plan_refresh, "command, direct")


def _stays_as_published(one: Result, work: Plan) -> TypeGuard[Quarantined]:
    """Return whether a result is a listed document that could not be read, so that its last version is kept."""
    return isinstance(one, Quarantined) and one.reason in UNAVAILABLE and one.id in work.held


def publish_release(work: Plan, done: Sequence[ShardSummary], options: Options) -> Outcome:
    """Score if gold answers are given, pass the gates and publish.

    Raises InputError if the extractor failed on most documents, LedgerError or GateFailed.
    """

    def reextract(document: Document) -> Extraction:
        """Extract a document of the last release with the present program."""
        return extractor(options.model, options.threshold).read(document)

    _check_extractor(done)
    read_by = _what_read(work, done, options)
    outcome = publish_documents(
        Path(options.output),
        incoming(work, done),
        digests=Digests(**_published_program(read_by, options), decisions="", documents=work.inputs),
        run=RunInfo(
            datetime.datetime.now(datetime.UTC),
            socket.gethostname(),
            parameters=options.model_dump(include={"add", "gold", "model", "threshold"}),  # that affect the result
            scores=score_run(work, done, options),
        ),
        accept_gates=options.accept_gates,
        gates=limits_of(options),
        add=options.add,
        reextract=reextract,
        progress=_notify_stage,
    )
    note_origins(options.home, work, add=options.add)
    note_what_read(options.home, outcome.version, read_by)
    return outcome


def _what_read(work: Plan, done: Sequence[ShardSummary], options: Options) -> ReadBy:
    """Return what read the documents of the release of a plan whose shards are done."""
    quarantined = list(quarantined_of(done))
    stay = {one.id for one in quarantined if _stays_as_published(one, work)}
    slow = {one.id: options.slow_seconds for one in quarantined if one.reason == TOO_SLOW}
    return ReadBy(program_of(options), work.behind | stay, {**work.slow, **slow})


def _published_program(read_by: ReadBy, options: Options) -> Mapping[str, str]:
    """Return the program's digests for the manifest: those of the last release if documents are added to older ones."""
    last = _last_manifest(options) if options.add and read_by.behind else None
    return program_of_manifest(last) if last else read_by.program


def _check_extractor(done: Sequence[ShardSummary]) -> None:
    """Raise InputError if the extractor failed on most documents: then the program is broken, not the documents."""
    read, failed = sum(one.documents for one in done), sum(one.failed for one in done)
    if failed < _MIN_FAILURES or 2 * failed <= read:
        return
    first = next(one for one in results_of(done) if isinstance(one, Quarantined) and one.reason == FAILED)
    raise InputError(f"the extractor failed on {failed:,} of {read:,} documents; {first.id}: {first.detail}")


def incoming(work: Plan, done: Sequence[ShardSummary]) -> Iterator[Incoming]:
    """Yield every document of the run, sorted by id: extracted, carried over or quarantined."""
    results = results_of(sorted(done, key=attrgetter("number")))
    read = (Unchanged(one.id, work.held[one.id]) if _stays_as_published(one, work) else one for one in results)
    kept = (Unchanged(id, digest) for id, digest in work.unchanged)
    return merge_sorted(read, kept, work.quarantined, key=attrgetter("id"))


def _notify_stage(name: str, documents: int) -> None:
    notify(f"publishing: {name} {documents:,}" if documents else f"publishing: {name}")


def remove_shard_files(work: Plan) -> None:
    """Remove the shard files of a plan that was published, and the copies of its corpora."""
    for address in [*(one for shard in work.shards for one in (shard.jobs, shard.result)), *work.copies]:
        Place.of(address).remove()
