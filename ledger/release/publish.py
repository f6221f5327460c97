"""Publishing: stage all, check all, then publish all in one rename."""

import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from filecmp import cmpfiles
from itertools import chain
from pathlib import Path
from typing import Any

from ledger.causes import ReExtract, causes_between
from ledger.decisions.log import digest_of_decisions, read_decisions
from ledger.errors import GateFailed, LedgerError, one_line
from ledger.gates import GateResult, GateSettings, check_gate_names
from ledger.identity.assign import renames
from ledger.release.jsonl import LINE_KINDS, pretty
from ledger.release.layout import WAIT_SECONDS, Output, damaged_files, publish_folder, replace_text, writing
from ledger.release.read import add_release, is_newer, next_version, read_manifest, recover
from ledger.release.seal import seal
from ledger.release.write import DataWriter, Incoming, Progress, Unchanged, document_pairs
from ledger.report.pages import gate_page
from schemas import SCHEMA_VERSION, Cause, Counts, Digests, Manifest, Versions


@dataclass(frozen=True, slots=True)
class Published:
    """A release that now stands."""

    version: str
    path: Path
    manifest: Manifest

    @property
    def counts(self) -> Counts:
        """The counts of its manifest."""
        return self.manifest.counts


@dataclass(frozen=True, slots=True)
class NothingChanged:
    """Nothing was published: the latest release already says all this."""

    version: str
    path: Path


@dataclass(frozen=True, slots=True)
class RunInfo:
    """What a release says of the run that made it.

    Args:
        now: the time of the run, with a time zone; it names the release.
        host: the name of the machine, for the manifest.
        parameters: what the run was asked to do, for the manifest.
        scores: of the program on gold data, for the manifest, the report and the gate.
        licences: of the records, for the data package.
    """

    now: datetime
    host: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    scores: Mapping[str, Any] = field(default_factory=dict)
    licences: Sequence[Mapping[str, str]] = ()


def publish(
    output: Path,
    incoming: Iterable[Incoming],
    *,
    digests: Digests,
    run: RunInfo,
    accept_gates: Collection[str] = (),
    gates: GateSettings | None = None,
    add: bool = False,
    reextract: ReExtract | None = None,
    frozen: Mapping[Cause, ReExtract] | None = None,
    progress: Progress | None = None,
    wait: float = WAIT_SECONDS,
) -> Published | NothingChanged:
    """Publish a release of an output folder, or nothing.

    Args:
        output: the output folder; made if it is not there.
        incoming: the whole corpus sorted by document id: what was extracted, what could not be read, and which
            documents did not change since the latest release. Documents of the latest release that do not come in are
            gone, unless ``add``.
        digests: of the program, and of each document's input. That of the decisions is worked out here.
        run: what the release says of the run.
        accept_gates: names of gates that may fail.
        gates: their limits (see ``ledger.gates.gate_settings``).
        add: keep the documents of the latest release that do not come in.
        reextract: runs today's program on a document as the latest release holds it.
        frozen: for each cause, a run of today's program with that part as it was (see ``ledger.causes``).
        progress: called with the name of a step and the number of documents so far.
        wait: seconds to wait for another writer.

    Raises:
        GateFailed: a gate refused the release; its report lies in the output folder.
        LedgerError: anything else that a person has to mend. Nothing was published.
    """
    check_gate_names(accept_gates)
    ledger, progress = Output(Path(output)), progress or _silent
    with writing(ledger, wait=wait), one_line(f"cannot publish to {ledger.root}"):
        versions = recover(ledger)
        parent = _parent(ledger, versions)
        folder = ledger.release(parent.version) if parent else None
        decisions = read_decisions(ledger.decisions)
        digests = _complete(digests, digest_of_decisions(decisions), parent, add=add)
        idle, incoming = _idle(incoming)
        if parent and folder and parent.digests == digests and idle:
            return _nothing(ledger, folder)
        moved = renames(parent.digests.documents, digests.documents) if parent else {}
        causes = causes_between(parent.digests if parent else None, digests, reextract=reextract, frozen=frozen)
        version = next_version(run.now, versions.latest)
        with _staged(ledger, version) as staging:
            made = DataWriter(folder, moved, decisions, causes=causes, gates=gates, progress=progress)
            made.write(staging, document_pairs(incoming, folder, moved, add=add))
            if folder and _same(staging, folder):
                return _nothing(ledger, folder)
            manifest = _manifest(version, parent, digests, made, run)
            if parent:
                results = made.watch.results(scores=(parent.scores, run.scores), accept=accept_gates)
                _check_gates(ledger, results)
                manifest = manifest.model_copy(update={"gates": tuple(one.as_dict() for one in results)})
            progress("write", manifest.counts.documents)
            seal(staging, manifest, made.tally, made.sample, run.licences)
            ledger.releases.mkdir(exist_ok=True)
            publish_folder(staging, ledger.release(version))
        add_release(ledger, versions, manifest)
        return Published(version, ledger.release(version), manifest)


def _check_gates(ledger: Output, results: Sequence[GateResult]) -> None:
    """Clear away the report of an earlier refusal, and write one where a gate refuses. Raises GateFailed."""
    _clear(ledger)
    if failed := tuple(one.name for one in results if one.stops):
        rows = [one.as_dict() | {"offending": list(one.offending)} for one in results]
        replace_text(ledger.gate_data, pretty({"gates": rows}))
        replace_text(ledger.gate_page, gate_page(results))
        raise GateFailed(failed, ledger.gate_page)


def _clear(ledger: Output) -> None:
    for path in (ledger.gate_page, ledger.gate_data):
        path.unlink(missing_ok=True)


def _nothing(ledger: Output, folder: Path) -> NothingChanged:
    _clear(ledger)
    return NothingChanged(folder.name, folder)


def _manifest(version: str, parent: Manifest | None, digests: Digests, made: DataWriter, run: RunInfo) -> Manifest:
    return Manifest(
        version=version,
        parent=parent.version if parent else None,
        digests=digests.model_copy(update={"documents": made.documents}),
        parameters=dict(run.parameters),
        counts=made.tally.counts(),
        documents=made.tally.lists(),
        scores=dict(run.scores),
        merges=dict(sorted(made.tally.merged.items())),
        run={"time": run.now.astimezone(UTC).isoformat(timespec="seconds"), "host": run.host},
    )


def _idle(incoming: Iterable[Incoming]) -> tuple[bool, Iterable[Incoming]]:
    """Return whether all documents are unchanged, and return them again."""
    rest, seen = iter(incoming), []
    for one in rest:
        seen.append(one)
        if not isinstance(one, Unchanged):
            return False, chain(seen, rest)
    return True, seen


def _silent(step: str, documents: int) -> None:
    """Report progress to nobody."""


def _parent(ledger: Output, versions: Versions) -> Manifest | None:
    if versions.latest is None:
        return None
    manifest = read_manifest(ledger.release(versions.latest))
    if manifest.schema_version.partition(".")[0] != SCHEMA_VERSION.partition(".")[0] or is_newer(manifest):
        said = f"release {manifest.version} has schema {manifest.schema_version}"
        raise LedgerError(
            f"{said}; this program knows {SCHEMA_VERSION}: use the coopledger that made it, or a later one"
        )
    folder = ledger.release(manifest.version)
    if wrong := damaged_files(folder, versions.releases[-1]):
        raise LedgerError(f"{folder} is damaged: {', '.join(wrong)} not as published; nothing can be built on it")
    return manifest


def _complete(digests: Digests, decisions: str, parent: Manifest | None, *, add: bool) -> Digests:
    documents = {**parent.digests.documents, **digests.documents} if parent and add else digests.documents
    return digests.model_copy(update={"decisions": decisions, "documents": documents})


def _same(staged: Path, folder: Path) -> bool:
    _, differing, missing = cmpfiles(staged, folder, LINE_KINDS, shallow=False)
    return not differing and not missing


@contextmanager
def _staged(ledger: Output, version: str) -> Iterator[Path]:
    staging = ledger.staging(version)
    staging.mkdir()
    try:
        yield staging
    finally:
        shutil.rmtree(staging, ignore_errors=True)
