"""What a run does, as plain functions: ``--direct`` calls them one after the other, the Prefect flow as tasks."""

import datetime
import socket
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from heapq import merge as merge_sorted
from importlib.util import find_spec
from itertools import chain
from pathlib import Path
from tempfile import TemporaryFile
from typing import TypeAlias

from extractors.digests import digests
from flows.errors import InputError, UsageError
from flows.options import Options
from flows.places import Place
from flows.plan import Plan, check_added, note_origins, plan, program_of_release, remember
from flows.progress import watch
from flows.reading import AWAY, FAILED
from flows.runners import run_shards
from flows.scores import read_gold, score_run
from flows.shards import Done, extractor, read_shard
from flows.sources import Listing, Search, discover, stored
from flows.status import under_way
from flows.summary import Summary, summary_of
from ledger.decisions import documents_to_read_again
from ledger.decisions.log import read_decisions
from ledger.errors import LedgerError, one_line
from ledger.gates import GateSettings, gate_settings
from ledger.release.documents import Incoming, Unchanged, id_of
from ledger.release.jsonl import read_models
from ledger.release.layout import MERGED, Output
from ledger.release.publish import NothingChanged, Published, RunInfo, publish
from ledger.release.versions import read_manifest, read_versions
from schemas import Digests, Document, Extraction, Manifest, Merged, Quarantined

Outcome: TypeAlias = Published | NothingChanged
_MANY = 10
_TRIAL_BYTES = 2**20


def run_direct(options: Options) -> Summary:
    """Run without a server: discover, plan, extract the shards, merge, gate, publish.

    Raises UsageError, InputError, LedgerError or GateFailed, each in one line; nothing is published then.
    """
    check(options)
    with under_way(options, "command, direct") as hand_in:
        summary = read_and_publish(make_plan(find_documents(options), options), options)
        hand_in(summary)
    return summary


def refresh_direct(options: Options) -> Summary:
    """Read the last release's documents again where the program changed, without a server."""
    check(options)
    with under_way(options, "command, direct") as hand_in:
        summary = read_and_publish(plan_refresh(options), options)
        hand_in(summary)
    return summary


def read_plan(work: Plan, options: Options) -> Iterator[Done]:
    """Extract the shards of a plan."""
    return run_shards(work.shards, runner=options.runner, workers=options.workers, scheduler=options.scheduler)


def publish_and_sweep(work: Plan, done: Sequence[Done], options: Options) -> Outcome:
    """Publish, and remove the shard files, whose content the release then holds."""
    outcome = publish_release(work, done, options)
    sweep(work)
    return outcome


def read_and_publish(
    work: Plan,
    options: Options,
    *,
    read: Callable[[Plan, Options], Iterator[Done]] = read_plan,
    publish: Callable[[Plan, Sequence[Done], Options], Outcome] = publish_and_sweep,
) -> Summary:
    """Extract the shards of a plan, merge, gate, publish; the flow brings its own ``read`` and ``publish``."""
    watch().planned(work)
    done = watched(read(work, options), work)
    unread = (*work.unread, *(one for one in away(done) if one.id in work.held))
    refused = sum(one.refused for one in done)
    watch().stage("publishing")
    return summary_of(publish(work, done, options), work, unread=unread, refused=refused)


def watched(shards: Iterable[Done], work: Plan) -> list[Done]:
    """Collect the shards as they are finished, telling of each."""
    done = []
    for one in shards:
        watch().finished(one, len(work.shards))
        done.append(one)
    return done


def check(options: Options) -> None:
    """Find what is wrong with the options before anything is read. Raises UsageError, InputError or LedgerError."""
    Output(Path(options.output)).check()
    check_writable(Path(options.home))
    limits_of(options)
    if options.model and not Path(options.model).exists() and not is_package(options.model):
        raise UsageError(f"{options.model} is neither a folder with a trained reader nor an installed spaCy pipeline")
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


def check_writable(home: Path) -> None:
    """Find out now, and not after hours, that nothing can be written. Raises LedgerError."""
    with one_line(f"cannot write to {home.parent}"):
        home.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=home) as trial:
            trial.write(bytes(_TRIAL_BYTES))
            trial.flush()


def is_package(name: str) -> bool:
    """Tell whether a package of that name is installed."""
    return name.isidentifier() and find_spec(name) is not None


def program_of(options: Options) -> dict[str, str]:
    """Return the digests of all that decides what is read out of a document."""
    return {**digests(options.model), "config": options.config}


def last_manifest(output: str) -> Manifest | None:
    """Return the manifest of the latest release; None where there is none yet."""
    place = Output(Path(output))
    versions = read_versions(place)
    return read_manifest(place.release(versions.latest)) if versions.latest else None


def find_documents(options: Options) -> Listing:
    """List the documents of a run's input. Raises UsageError or InputError."""
    search = Search(options.columns, options.prefix, Path(options.output), options.shards)
    return discover(options.input, search)


def make_plan(listing: Listing, options: Options) -> Plan:
    """Compare what was found with the last release, and cut what changed into shards.

    Raises InputError where an added document would take the place of another.
    """
    last = last_manifest(options.output)
    work = _plan(listing, last, options)
    if options.add and not options.replace:
        check_added(work, last, Path(options.home))
    return work


def plan_refresh(options: Options) -> Plan:
    """Plan to read the documents of the last release again, as that release holds them.

    Raises LedgerError where there is no release.
    """
    last = last_manifest(options.output)
    if last is None:
        raise LedgerError(f"{options.output} holds no release yet: run `coopledger run`")
    return _plan(stored(Output(Path(options.output)).release(last.version)), last, options)


def _plan(listing: Listing, last: Manifest | None, options: Options) -> Plan:
    return plan(
        listing,
        last,
        program_of(options),
        options.shards,
        model=options.model,
        slow_seconds=options.slow_seconds,
        threshold=options.threshold,
        force=options.force,
        again=_again(options, last),
        current=program_of_release(Path(options.home), last) if last else None,
    )


def _again(options: Options, last: Manifest | None) -> set[str]:
    """Name the documents whose rejected records the last release does not hold, where the rejection was taken back."""
    if last is None:
        return set()
    output = Output(Path(options.output))
    merged = read_models(output.release(last.version) / MERGED, Merged)
    return documents_to_read_again(merged, read_decisions(output.decisions))


def incoming(work: Plan, done: Sequence[Done]) -> Iterator[Incoming]:
    """Stream every document of the run in order of its id: extracted, carried over or quarantined."""
    read = (_standing(one, work) for shard in sorted(done, key=_number) for one in read_shard(shard.result))
    kept = (Unchanged(id, digest) for id, digest in work.unchanged)
    return merge_sorted(read, kept, work.quarantined, key=id_of)


def _standing(one: Extraction | Quarantined, work: Plan) -> Incoming:
    """Leave a document as the last release holds it where nothing can be said of it now."""
    if isinstance(one, Quarantined) and one.reason in AWAY and one.id in work.held:
        return Unchanged(one.id, work.held[one.id])
    return one


def away(done: Sequence[Done]) -> Iterator[Quarantined]:
    """List the documents that could not be read now, though they were listed."""
    for shard in done:
        if shard.away:
            yield from (one for one in read_shard(shard.result) if isinstance(one, Quarantined) and one.reason in AWAY)


def _number(done: Done) -> int:
    return done.number


def publish_release(work: Plan, done: Sequence[Done], options: Options) -> Outcome:
    """Score if gold answers are given, pass the gates and publish.

    Raises InputError where the extractor failed on most documents, LedgerError or GateFailed.
    """
    _check_extractor(done)
    program = program_of(options)
    outcome = publish(
        Path(options.output),
        incoming(work, done),
        digests=Digests(**program, decisions="", documents=work.inputs),
        run=RunInfo(
            datetime.datetime.now(datetime.UTC),
            socket.gethostname(),
            parameters=options.recorded(),
            scores=score_run(work, done, options),
        ),
        accept_gates=options.accept_gates,
        gates=limits_of(options),
        add=options.add,
        reextract=partial(re_extract, model=options.model, threshold=options.threshold),
        progress=_step,
    )
    note_origins(Path(options.home), work.origins, add=options.add)
    if isinstance(outcome, NothingChanged):
        remember(Path(options.home), outcome.version, program)
    return outcome


def _check_extractor(done: Sequence[Done]) -> None:
    """A document may be odd; where most fail, the program is broken, and a ledger of it would be empty."""
    read, failed = sum(one.documents for one in done), sum(one.failed for one in done)
    if failed < _MANY or 2 * failed <= read:
        return
    results = chain.from_iterable(read_shard(one.result) for one in done)
    first = next(one for one in results if isinstance(one, Quarantined) and one.reason == FAILED)
    raise InputError(f"the extractor failed on {failed:,} of {read:,} documents; {first.id}: {first.detail}")


def _step(name: str, documents: int) -> None:
    watch().stage(f"publishing: {name} {documents:,}" if documents else f"publishing: {name}")


def re_extract(document: Document, *, model: str | None, threshold: float) -> Extraction:
    """Run today's program on a document as the last release holds it."""
    return extractor(model, threshold).read(document)


def sweep(work: Plan) -> None:
    """Remove the shard files of a run that has published."""
    for shard in work.shards:
        Place.of(shard.jobs).remove()
        Place.of(shard.result).remove()
    for copy in work.copies:
        Place.of(copy).remove()
