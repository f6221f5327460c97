"""Publishing a release: write it to a staging folder, check it, then rename the folder."""

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
from ledger.errors import GateFailed, LedgerError, as_ledger_error
from ledger.gates import GateResult, GateSettings, check_gate_names
from ledger.identity.assign import renames
from ledger.release.jsonl import LINE_KINDS, pretty
from ledger.release.layout import WAIT_SECONDS, Output, damaged_files, publish_folder, replace_text, write_lock
from ledger.release.read import add_release, is_newer, next_version, read_manifest, recover
from ledger.release.seal import seal
from ledger.release.write import DataWriter, Incoming, Progress, Unchanged, document_pairs
from ledger.report.pages import gate_page
from schemas import SCHEMA_VERSION, Cause, Counts, Digests, Manifest, Versions


@dataclass(frozen=True, slots=True)
class Published:
    """The release that was published."""

    version: str
    path: Path
    manifest: Manifest

    @property
    def counts(self) -> Counts:
        """The counts of its manifest."""
        return self.manifest.counts


@dataclass(frozen=True, slots=True)
class NothingChanged:
    """Nothing was published, because the content is that of the latest release; ``version`` and ``path`` are its."""

    version: str
    path: Path


@dataclass(frozen=True, slots=True)
class RunInfo:
    """Facts about the run that makes a release.

    Args:
        now: the time of the run, with a time zone; it names the release.
        host: the name of the machine, for the manifest.
        parameters: the parameters of the run, for the manifest.
        scores: the program's scores on gold data, for the manifest, the report and the gate.
        licences: the licences of the records, for the data package.
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
    """Publish a release in an output folder, unless nothing changed.

    Args:
        output: the output folder, which is created if need be.
        incoming: the whole corpus sorted by document id: documents that were extracted, could not be read, or did not
            change since the latest release. Documents of the latest release that are missing here are removed, unless
            ``add``.
        digests: the digests of the program and of each document's input; that of the decisions is computed here.
        run: the facts about the run.
        accept_gates: names of gates that may fail.
        gates: the limits of the gates (see ``ledger.gates.gate_settings``).
        add: whether to keep documents of the latest release that are not in ``incoming``.
        reextract: extracts a document of the latest release with today's program.
        frozen: for each cause, an extraction with that part of the program as it was (see ``ledger.causes``).
        progress: called with the name of a step and the number of documents so far.
        wait: seconds to wait for another writer.

    Raises:
        GateFailed: a gate refused the release; the report is in the output folder.
        LedgerError: any other problem that a person has to correct; nothing was published.
    """
    check_gate_names(accept_gates)
    ledger, progress = Output(Path(output)), progress or _no_progress
    with write_lock(ledger, wait=wait), as_ledger_error(f"cannot publish to {ledger.root}"):
        versions = recover(ledger)
        parent = _parent_manifest(ledger, versions)
        folder = ledger.release(parent.version) if parent else None
        decisions = read_decisions(ledger.decisions)
        digests = _complete_digests(digests, digest_of_decisions(decisions), parent, add=add)
        all_unchanged, incoming = _all_unchanged(incoming)
        if parent and folder and parent.digests == digests and all_unchanged:
            return _nothing_changed(ledger, folder)
        renamed = renames(parent.digests.documents, digests.documents) if parent else {}
        causes = causes_between(parent.digests if parent else None, digests, reextract=reextract, frozen=frozen)
        version = next_version(run.now, versions.latest)
        with _staging_folder(ledger, version) as staging:
            writer = DataWriter(folder, renamed, decisions, causes=causes, gates=gates, progress=progress)
            writer.write(staging, document_pairs(incoming, folder, renamed, add=add))
            if folder and _same_data(staging, folder):
                return _nothing_changed(ledger, folder)
            manifest = _manifest(version, parent, digests, writer, run)
            if parent:
                results = writer.watch.results(scores=(parent.scores, run.scores), accept=accept_gates)
                _check_gates(ledger, results)
                manifest = manifest.model_copy(update={"gates": tuple(one.as_dict() for one in results)})
            progress("write", manifest.counts.documents)
            seal(staging, manifest, writer.tally, writer.sample, run.licences)
            ledger.releases.mkdir(exist_ok=True)
            publish_folder(staging, ledger.release(version))
        add_release(ledger, versions, manifest)
        return Published(version, ledger.release(version), manifest)


def _check_gates(ledger: Output, results: Sequence[GateResult]) -> None:
    """Delete an earlier gate report; if a gate refuses, write a new one and raise GateFailed."""
    _clear_gate_report(ledger)
    if failed := tuple(one.name for one in results if one.stops):
        rows = [one.as_dict() | {"offending": list(one.offending)} for one in results]
        replace_text(ledger.gate_data, pretty({"gates": rows}))
        replace_text(ledger.gate_page, gate_page(results))
        raise GateFailed(failed, ledger.gate_page)


def _clear_gate_report(ledger: Output) -> None:
    for path in (ledger.gate_page, ledger.gate_data):
        path.unlink(missing_ok=True)


def _nothing_changed(ledger: Output, folder: Path) -> NothingChanged:
    _clear_gate_report(ledger)
    return NothingChanged(folder.name, folder)


def _manifest(version: str, parent: Manifest | None, digests: Digests, writer: DataWriter, run: RunInfo) -> Manifest:
    return Manifest(
        version=version,
        parent=parent.version if parent else None,
        digests=digests.model_copy(update={"documents": writer.documents}),
        parameters=dict(run.parameters),
        counts=writer.tally.counts(),
        documents=writer.tally.lists(),
        scores=dict(run.scores),
        merges=dict(sorted(writer.tally.merged.items())),
        run={"time": run.now.astimezone(UTC).isoformat(timespec="seconds"), "host": run.host},
    )


def _all_unchanged(incoming: Iterable[Incoming]) -> tuple[bool, Iterable[Incoming]]:
    """Return whether all documents are unchanged, and an iterable over all of them."""
    rest, seen = iter(incoming), []
    for one in rest:
        seen.append(one)
        if not isinstance(one, Unchanged):
            return False, chain(seen, rest)
    return True, seen


def _no_progress(step: str, documents: int) -> None:
    """Ignore progress."""


def _parent_manifest(ledger: Output, versions: Versions) -> Manifest | None:
    """Return the latest release's manifest; raise LedgerError if no release can be built on it."""
    if versions.latest is None:
        return None
    manifest = read_manifest(ledger.release(versions.latest))
    if manifest.schema_version.partition(".")[0] != SCHEMA_VERSION.partition(".")[0] or is_newer(manifest):
        problem = f"release {manifest.version} has schema {manifest.schema_version}"
        raise LedgerError(
            f"{problem}; this program knows {SCHEMA_VERSION}: use the coopledger that made it, or a later one"
        )
    folder = ledger.release(manifest.version)
    if wrong := damaged_files(folder, versions.releases[-1]):
        raise LedgerError(f"{folder} is damaged: {', '.join(wrong)} not as published; nothing can be built on it")
    return manifest


def _complete_digests(digests: Digests, decisions: str, parent: Manifest | None, *, add: bool) -> Digests:
    documents = {**parent.digests.documents, **digests.documents} if parent and add else digests.documents
    return digests.model_copy(update={"decisions": decisions, "documents": documents})


def _same_data(staged: Path, folder: Path) -> bool:
    _, differing, missing = cmpfiles(staged, folder, LINE_KINDS, shallow=False)
    return not differing and not missing


@contextmanager
def _staging_folder(ledger: Output, version: str) -> Iterator[Path]:
    staging = ledger.staging(version)
    staging.mkdir()
    try:
        yield staging
    finally:
        shutil.rmtree(staging, ignore_errors=True)
