"""Publishing: stage all, check all, then publish all in one rename."""

import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Any

from ledger.causes import ReExtract, causes_between
from ledger.decisions.log import digest_of_decisions, read_decisions
from ledger.errors import GateFailed, LedgerError, one_line
from ledger.gates import GATES, GateResult, GateSettings, GateWatch
from ledger.identity.assign import renames
from ledger.release.documents import Incoming, Unchanged, pairs
from ledger.release.files import damaged_files, publish_folder, replace_text, sha256_of
from ledger.release.jsonl import pretty
from ledger.release.layout import CONTENT, WAIT_SECONDS, Output, writing
from ledger.release.seal import Facts, seal
from ledger.release.versions import (
    check_schema,
    listed,
    next_version,
    read_manifest,
    recover,
    sealed_digests,
    write_versions,
)
from ledger.release.write import Decided, Made, Maker, Progress, taken_in
from ledger.report.pages import gate_page
from schemas import Cause, Counts, Digests, Manifest, Versions

Scores = Mapping[str, Any]


def check_gate_names(accept: Collection[str]) -> None:
    """Refuse the name of a gate that there is not.

    Raises:
        LedgerError: it names those there are.
    """
    if unknown := sorted(set(accept) - set(GATES)):
        raise LedgerError(f"no such gate: {', '.join(unknown)} (there are {', '.join(GATES)})")


def ask(
    ledger: Output, watch: GateWatch, *, scores: tuple[Scores, Scores], accept: Collection[str]
) -> tuple[GateResult, ...]:
    """Ask all gates; clear away the report of an earlier refusal.

    Raises:
        GateFailed: one refuses. ``gate-report.html`` and ``gate-report.json`` in the output folder say why.
    """
    results = watch.results(scores=scores, accept=accept)
    clear(ledger)
    if failed := tuple(one.name for one in results if one.stops):
        rows = [one.as_dict() | {"offending": list(one.offending)} for one in results]
        replace_text(ledger.gate_data, pretty({"gates": rows}))
        replace_text(ledger.gate_page, gate_page(results))
        raise GateFailed(failed, ledger.gate_page)
    return results


def clear(ledger: Output) -> None:
    """Clear away the report of an earlier refusal."""
    for path in (ledger.gate_page, ledger.gate_data):
        path.unlink(missing_ok=True)


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


def publish(
    output: Path,
    incoming: Iterable[Incoming],
    *,
    digests: Digests,
    now: datetime,
    host: str,
    parameters: Mapping[str, Any] | None = None,
    scores: Mapping[str, Any] | None = None,
    accept_gates: Collection[str] = (),
    gates: GateSettings | None = None,
    add: bool = False,
    reextract: ReExtract | None = None,
    frozen: Mapping[Cause, ReExtract] | None = None,
    progress: Progress | None = None,
    licences: Sequence[Mapping[str, str]] = (),
    wait: float = WAIT_SECONDS,
) -> Published | NothingChanged:
    """Publish a release of an output folder, or nothing.

    Args:
        output: the output folder; made if it is not there.
        incoming: the whole corpus sorted by document id: what was extracted, what could not be read, and which
            documents did not change since the latest release. Documents of the latest release that do not come in are
            gone, unless ``add``.
        digests: of the program, and of each document's input. That of the decisions is worked out here.
        now: the time of the run, with a time zone; it names the release.
        host: the name of the machine, for the manifest.
        parameters: what the run was asked to do, for the manifest.
        scores: of the program on gold data, for the manifest, the report and the gate.
        accept_gates: names of gates that may fail.
        gates: their limits (see ``ledger.settings.gate_settings``).
        add: keep the documents of the latest release that do not come in.
        reextract: runs today's program on a document as the latest release holds it.
        frozen: for each cause, a run of today's program with that part as it was (see ``ledger.causes``).
        progress: called with the name of a step and the number of documents so far.
        licences: of the records, for the data package; none by default.
        wait: seconds to wait for another writer.

    Raises:
        GateFailed: a gate refused the release; its report lies in the output folder.
        LedgerError: anything else that a person has to mend. Nothing was published.
    """
    check_gate_names(accept_gates)
    ledger = Output(Path(output))
    asked = _Asked(now, host, parameters or {}, scores or {}, licences, progress or _silent)
    with writing(ledger, wait=wait), one_line(f"cannot publish to {ledger.root}"):
        versions = recover(ledger)
        parent = _parent(ledger, versions)
        decisions = read_decisions(ledger.decisions)
        digests = _complete(digests, digest_of_decisions(decisions), parent, add=add)
        idle, incoming = _idle(incoming)
        if parent and parent.digests == digests and idle:
            clear(ledger)
            return NothingChanged(parent.version, ledger.release(parent.version))
        folder = ledger.release(parent.version) if parent else None
        moved = renames(parent.digests.documents, digests.documents) if parent else {}
        causes = causes_between(parent.digests if parent else None, digests, reextract=reextract, frozen=frozen)
        version = next_version(now, versions.latest)
        maker = Maker(causes, Decided(decisions), taken_in(folder, moved), version, asked.progress, gates)
        with _staged(ledger, version) as staging:
            made = maker.make(staging, pairs(incoming, folder, moved, add=add))
            if folder and _same(staging, folder):
                clear(ledger)
                return NothingChanged(folder.name, folder)
            scored = (parent.scores if parent else {}, asked.scores)
            judged = ask(ledger, made.watch, scores=scored, accept=accept_gates) if parent else ()
            manifest = _manifest(version, parent, digests, made, asked)
            manifest = manifest.model_copy(update={"gates": tuple(one.as_dict() for one in judged)})
            asked.progress("write", manifest.counts.documents)
            seal(staging, Facts(manifest, made.tally, made.sample, licences))
            ledger.releases.mkdir(exist_ok=True)
            publish_folder(staging, ledger.release(version))
        write_versions(ledger, listed(ledger, versions, manifest))
        return Published(version, ledger.release(version), manifest)


@dataclass(frozen=True, slots=True)
class _Asked:
    now: datetime
    host: str
    parameters: Mapping[str, Any]
    scores: Mapping[str, Any]
    licences: Sequence[Mapping[str, str]]
    progress: Progress


def _manifest(version: str, parent: Manifest | None, digests: Digests, made: Made, asked: _Asked) -> Manifest:
    return Manifest(
        version=version,
        parent=parent.version if parent else None,
        digests=digests.model_copy(update={"documents": made.documents}),
        parameters=dict(asked.parameters),
        counts=made.tally.counts(),
        documents=made.tally.lists(),
        scores=dict(asked.scores),
        merges=dict(sorted(made.tally.merged.items())),
        run={"time": asked.now.astimezone(UTC).isoformat(timespec="seconds"), "host": asked.host},
    )


def _idle(incoming: Iterable[Incoming]) -> tuple[bool, Iterable[Incoming]]:
    """Tell whether all documents are unchanged, and return them again."""
    rest, seen = iter(incoming), []
    for one in rest:
        seen.append(one)
        if not isinstance(one, Unchanged):
            return False, chain(seen, rest)
    return True, seen


def _silent(step: str, documents: int) -> None:
    """Tell nobody."""


def _parent(ledger: Output, versions: Versions) -> Manifest | None:
    if versions.latest is None:
        return None
    manifest = read_manifest(ledger.release(versions.latest))
    check_schema(manifest)
    folder = ledger.release(manifest.version)
    if wrong := damaged_files(folder, sealed_digests(versions.releases[-1])):
        raise LedgerError(f"{folder} is damaged: {', '.join(wrong)} not as published; nothing can be built on it")
    return manifest


def _complete(digests: Digests, decisions: str, parent: Manifest | None, *, add: bool) -> Digests:
    documents = {**parent.digests.documents, **digests.documents} if parent and add else digests.documents
    return digests.model_copy(update={"decisions": decisions, "documents": documents})


def _same(staged: Path, folder: Path) -> bool:
    return all((folder / name).is_file() and sha256_of(staged / name) == sha256_of(folder / name) for name in CONTENT)


@contextmanager
def _staged(ledger: Output, version: str) -> Iterator[Path]:
    staging = ledger.staging(version)
    staging.mkdir()
    try:
        yield staging
    finally:
        shutil.rmtree(staging, ignore_errors=True)
