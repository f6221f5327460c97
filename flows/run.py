"""What a run does, as plain functions: ``--direct`` calls them one after the other, the Prefect flow as tasks."""

import datetime
import socket
from collections.abc import Callable, Iterator, Sequence
from heapq import merge as merge_sorted
from importlib.util import find_spec
from operator import attrgetter
from pathlib import Path
from tempfile import TemporaryFile
from threading import Thread
from typing import TypeAlias, TypeGuard

from extractors.digests import digests
from extractors.records import THRESHOLD
from flows.errors import InputError, UsageError
from flows.options import Options
from flows.places import Place, touched
from flows.plan import ORIGINS, Plan, Shard, check_added, note_origins, plan, program_of_release, remember
from flows.progress import Summary, notify, summary_of
from flows.runners import run_shards
from flows.scores import read_gold, score_run
from flows.shards import AWAY, FAILED, Done, Result, extractor, results_of
from flows.sources import Listing, Search, discover, is_corpus, stored
from flows.status import under_way
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
_MANY = 10
_TRIAL_BYTES = 2**22  # what a first release and the database of its server take


def check(options: Options) -> None:
    """Find what is wrong with the options before anything is read. Raises UsageError, InputError or LedgerError."""
    if options.replace and not options.add:
        raise UsageError("--replace goes with --add: without it the input is the whole corpus, and all else is gone")
    if options.scheduler and options.runner != "dask":
        raise UsageError("--scheduler goes with --runner dask")
    Output(Path(options.output)).check()
    with as_ledger_error(f"cannot write to {options.output}"):  # now, and not after hours
        options.home.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=options.home) as trial:
            trial.write(bytes(_TRIAL_BYTES))
            trial.flush()
    limits_of(options)
    if (model := options.model) and not Path(model).exists() and not (model.isidentifier() and find_spec(model)):
        raise UsageError(f"{model} is neither a folder with a trained reader nor an installed spaCy pipeline")
    if options.gold is not None:
        read_gold(options.gold)


def limits_of(options: Options) -> GateSettings | None:
    """Read the limits of the gates that a file sets. Raises UsageError, which says what is wrong in it."""
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
    """List the documents of a run's input, and plan to read what changed. Raises UsageError or InputError."""
    return make_plan(find_documents(options), options)


def make_plan(listing: Listing, options: Options) -> Plan:
    """Compare what was found with the last release, and cut what changed into shards.

    Raises InputError where an added document would take the place of another, or a first run can read nothing.
    """
    last = _last_manifest(options)
    if last is None and not listing.found:
        _check_any(listing, options.input)
    work = plan(listing, last, program_of(options), options)
    if options.add and not options.replace:
        check_added(work, last, options.home)
    return work


def _check_any(listing: Listing, address: str) -> None:
    """Refuse a first run of which nothing would come: of an input that does not answer, of a corpus without good rows.

    Documents that are what they are, each a file, are quarantined as ever. Raises InputError.
    """
    if listing.unread and not listing.quarantined:
        raise InputError(f"cannot read {address}: {listing.unread[0].detail}")
    if listing.quarantined and Place.of(address).is_file() and is_corpus(address):
        first, *others = listing.quarantined
        more = f" (and {len(others):,} more)" if others else ""
        raise InputError(f"nothing in {address} can be read: {first.detail}{more}; nothing is published")


def may_read(options: Options) -> bool:
    """Guess, opening no document, whether a run will read any; a wrong guess costs some seconds and nothing else."""
    last, note = _last_manifest(options), options.home / ORIGINS
    if last is None or options.force or not note.exists():
        return True
    same = program_of_release(options.home, last) == program_of(options)
    return not same or touched(Place.of(options.input), note.stat().st_mtime)


def plan_refresh(options: Options) -> Plan:
    """Plan to read the documents of the last release again, as that release holds them.

    Raises LedgerError where there is no release.
    """
    last = _last_manifest(options)
    if last is None:
        raise LedgerError(f"{options.output} holds no release yet: run `coopledger run`")
    listing = stored(Output(Path(options.output)).release(last.version))
    return plan(listing, last, program_of(options), options)


def _last_manifest(options: Options) -> Manifest | None:
    output = Output(Path(options.output))
    versions = read_versions(output)
    return read_manifest(output.release(versions.latest)) if versions.latest else None


def program_of(options: Options) -> dict[str, str]:
    """Return the digests of all that decides what is read out of a document."""
    settings = [] if options.threshold == THRESHOLD else [str(options.threshold)]
    return {**digests(options.model), "config": digest_of(SCHEMA_VERSION, *settings)}


def read_and_publish(
    work: Plan,
    options: Options,
    *,
    read: Callable[[Sequence[Shard], Options], Iterator[Done]] = run_shards,
    publish: Callable[[Plan, Sequence[Done], Options], Outcome] | None = None,
) -> Summary:
    """Extract the shards of a plan, merge, gate, publish; a flow brings its own ``read`` and ``publish``.

    The shard files are kept until their content stands in a release.
    """
    notify(work)
    if work.held:  # records will be matched with those of the last release
        Thread(target=preload, daemon=True).start()
    done = []
    for one in read(work.shards, options):
        notify(one)
        done.append(one)
    away = results_of(shard for shard in done if shard.away)
    unread = (*work.unread, *(one for one in away if _stays(one, work)))
    notify("publishing")
    outcome = (publish or publish_release)(work, done, options)
    sweep(work)
    summary = summary_of(outcome, work, unread=unread, refused=sum(one.refused for one in done))
    notify(summary)
    return summary


def run(
    options: Options,
    planned: Callable[[Options], Plan],
    origin: str,
    publishing: Callable[[Plan, Options], Summary] = read_and_publish,
) -> Summary:
    """Check the options, plan, and publish, as the one run of the output folder; ``origin`` says what started it.

    Raises UsageError, InputError, LedgerError or GateFailed, each in one line; nothing is published then.
    """
    check(options)
    with under_way(options, origin) as hand_in:
        return hand_in(publishing(planned(options), options))


def run_direct(options: Options) -> Summary:
    """Read what changed in the input and publish, without a server."""
    return run(options, plan_input, "command, direct")


def refresh_direct(options: Options) -> Summary:
    """Read the last release's documents again where the program changed, without a server."""
    return run(options, plan_refresh, "command, direct")


def _stays(one: Result, work: Plan) -> TypeGuard[Quarantined]:
    """Return whether a document that was listed cannot be read now, so that it stays as the last release holds it."""
    return isinstance(one, Quarantined) and one.reason in AWAY and one.id in work.held


def publish_release(work: Plan, done: Sequence[Done], options: Options) -> Outcome:
    """Score if gold answers are given, pass the gates and publish.

    Raises InputError where the extractor failed on most documents, LedgerError or GateFailed.
    """

    def again(document: Document) -> Extraction:
        """Run today's program on a document as the last release holds it."""
        return extractor(options.model, options.threshold).read(document)

    _check_extractor(done)
    program = program_of(options)
    outcome = publish_documents(
        Path(options.output),
        incoming(work, done),
        digests=Digests(**program, decisions="", documents=work.inputs),
        run=RunInfo(
            datetime.datetime.now(datetime.UTC),
            socket.gethostname(),
            parameters=options.model_dump(include={"add", "gold", "model", "threshold"}),  # those that bear on it
            scores=score_run(work, done, options),
        ),
        accept_gates=options.accept_gates,
        gates=limits_of(options),
        add=options.add,
        reextract=again,
        progress=_step,
    )
    note_origins(options.home, work, add=options.add)
    if isinstance(outcome, NothingChanged):
        remember(options.home, outcome.version, program)
    return outcome


def _check_extractor(done: Sequence[Done]) -> None:
    """A document may be odd; where most fail, the program is broken, and a ledger of it would be empty."""
    read, failed = sum(one.documents for one in done), sum(one.failed for one in done)
    if failed < _MANY or 2 * failed <= read:
        return
    first = next(one for one in results_of(done) if isinstance(one, Quarantined) and one.reason == FAILED)
    raise InputError(f"the extractor failed on {failed:,} of {read:,} documents; {first.id}: {first.detail}")


def incoming(work: Plan, done: Sequence[Done]) -> Iterator[Incoming]:
    """Stream every document of the run in order of its id: extracted, carried over or quarantined."""
    results = results_of(sorted(done, key=attrgetter("number")))
    read = (Unchanged(one.id, work.held[one.id]) if _stays(one, work) else one for one in results)
    kept = (Unchanged(id, digest) for id, digest in work.unchanged)
    return merge_sorted(read, kept, work.quarantined, key=attrgetter("id"))


def _step(name: str, documents: int) -> None:
    notify(f"publishing: {name} {documents:,}" if documents else f"publishing: {name}")


def sweep(work: Plan) -> None:
    """Remove the shard files of a run that has published, and the copies of its corpora."""
    for address in [*(one for shard in work.shards for one in (shard.jobs, shard.result)), *work.copies]:
        Place.of(address).remove()
