"""What is told of a run: as it goes on, in its summary, and in the list of runs of its output folder.

A run writes a line when it starts and one when it ends. One that was killed has no second line; since its lock went
with it, ``coopledger status`` can tell.
"""

import datetime
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path
from typing import Any, TypeAlias

from filelock import FileLock, Timeout
from pydantic import ValidationError

from flows.errors import InputError
from flows.options import Options
from flows.plan import Plan
from flows.shards import Done
from ledger.decisions import TIERS, DecisionLog, list_records
from ledger.errors import LedgerError, one_line
from ledger.release.jsonl import read_models
from ledger.release.layout import DIFF, QUARANTINE, REPORT_PAGE, Output
from ledger.release.publish import NothingChanged, Published
from ledger.release.read import open_release, read_manifest, read_versions
from schemas import Change, Counts, Model, Quarantined, ReleaseEntry

RUNNING, KILLED = "under way", "killed"
_ENDED_WELL = ("published", "unchanged")
_SHOWN, _LISTED = 5, 10


class Summary(Model):
    """The outcome of a run: ``published`` is False where nothing changed, and the release is then the last one.

    ``unread`` lists what could not be read this time, so that what the ledger holds of it stays as it was; ``refused``
    counts records that no release could hold; ``passed`` says what in the input was passed over.
    """

    published: bool
    version: str
    release: str
    report: str
    read: int
    unchanged: int
    counts: Counts
    causes: dict[str, int]
    quarantined: tuple[Quarantined, ...]
    unread: tuple[Quarantined, ...] = ()
    refused: int = 0
    passed: tuple[str, ...] = ()
    scores: dict[str, Any] = {}

    @property
    def status(self) -> int:
        """The exit status: 0, or 3 as long as there is anything that could not be read."""
        return 3 if self.quarantined or self.unread or self.refused else 0

    def lines(self) -> list[str]:
        """Write it for the terminal: what was published, what changed, what could not be read, where to look."""
        bad = [
            *_listed("unreadable now; what the ledger holds of them stays as it was", self.unread, ""),
            *_listed("quarantined", self.quarantined, f" in {self.release}/quarantine.jsonl"),
        ]
        if not self.published:
            return [f"nothing changed: {self.version} is the latest release ({self.release})", *bad]
        counts, scores = self.counts, [(name, one) for name, one in self.scores.items() if isinstance(one, float)]
        documents = f"{counts.with_records:,} with records, {counts.without_records:,} without"
        passed = ", ".join(self.passed[:_LISTED])
        passed += f" and {len(self.passed) - _LISTED:,} more" if len(self.passed) > _LISTED else ""
        told = {
            "documents": f"{counts.documents:,}: {documents}, {counts.quarantined:,} quarantined",
            "records": f"{counts.records:,}",
            "changes": ", ".join(f"{number:,} {cause}" for cause, number in sorted(self.causes.items())),
            "refused": f"{self.refused:,} records that do not quote their document" if self.refused else "",
        }
        last = {
            "passed over": passed,
            "scores": ", ".join(f"{name} {value:.3f}" for name, value in scores),
            "report": self.report,
        }
        return [f"published {self.release}", *_rows(told), *bad, *_rows(last)]

    def markdown(self) -> str:
        """Write it as a page."""
        if not self.published:
            return f"# Nothing changed\n\nThe latest release is {self.version}."
        counts = "\n".join(f"| {name.replace('_', ' ')} | {value:,} |" for name, value in self.counts)
        changes = "\n".join(f"| {cause} | {number:,} |" for cause, number in sorted(self.causes.items()))
        return (
            f"# Release {self.version}\n\n`{self.release}`\n\n| count | |\n| --- | ---: |\n{counts}\n\n"
            f"| change (cause) | |\n| --- | ---: |\n{changes}\n"
        )


def _rows(told: dict[str, str]) -> list[str]:
    return [f"{name:12} {words}" for name, words in told.items() if words]


def _listed(head: str, documents: Sequence[Quarantined], where: str) -> list[str]:
    shown = [f"  {one.id}: {one.reason}: {one.detail}" for one in documents[:_LISTED]]
    more = len(documents) - len(shown)
    return [head, *shown, *([f"  and {more:,} more{where}"] if more else [])] if shown else []


def summary_of(
    outcome: Published | NothingChanged, work: Plan, *, unread: tuple[Quarantined, ...] = (), refused: int = 0
) -> Summary:
    """Sum up what was published, or that nothing was."""
    folder = outcome.path
    manifest = read_manifest(folder)
    published = isinstance(outcome, Published)
    changes = read_models(folder / DIFF, Change) if published else ()
    return Summary(
        published=published,
        version=outcome.version,
        release=str(folder),
        report=str(folder / REPORT_PAGE),
        read=work.to_read,
        unchanged=len(work.unchanged),
        counts=manifest.counts,
        causes=dict(Counter(f"{one.change} ({one.reason or one.cause})" for one in changes)),
        quarantined=tuple(read_models(folder / QUARANTINE, Quarantined)),
        unread=unread,
        refused=refused,
        passed=tuple(f"{one.name} ({one.why})" for one in work.passed),
        scores=manifest.scores,
    )


News: TypeAlias = Plan | Done | str | Summary
"""What is told of a run: what it will read, each shard as it is finished, the stage that it comes to, its summary."""

_listener: ContextVar[Callable[[News], None] | None] = ContextVar("listener", default=None)


def tell(news: News) -> None:
    """Tell who listens to the present run, if anybody does."""
    if listener := _listener.get():
        listener(news)


@contextmanager
def told_to(listener: Callable[[News], None]) -> Iterator[None]:
    """Let ``listener`` be told of the runs made inside."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)


class Run(Model):
    """How a run went: ``outcome`` is published, unchanged, failed, stopped, killed or under way.

    ``detail`` is the release, or what went wrong; ``origin`` what started it: a command, or a deployment by its name.
    """

    id: str
    time: str
    origin: str
    input: str
    outcome: str = RUNNING
    seconds: float = 0.0
    detail: str = ""
    read: int = 0
    quarantined: int = 0


@contextmanager
def under_way(options: Options, origin: str) -> Iterator[Callable[[Summary], Summary]]:
    """Hold the output folder for one run, and list it; hand its summary to what is given, or let its error pass.

    Raises:
        InputError: another run is under way, and ``options.wait`` is not set.
        LedgerError: the folder cannot be written.
    """
    with _alone(options):
        started = _now()
        run = Run(id=uuid.uuid4().hex, time=started.isoformat(timespec="seconds"), origin=origin, input=options.input)
        _append(options.output, run)
        ended: dict[str, object] = {"outcome": "failed"}

        def hand_in(summary: Summary) -> Summary:
            ended["outcome"] = "published" if summary.published else "unchanged"
            ended["detail"], ended["read"] = summary.version, summary.read
            ended["quarantined"] = len(summary.quarantined)
            return summary

        try:
            yield hand_in
        except Exception as error:
            ended = {"outcome": "failed", "detail": " ".join(str(error).split()) or type(error).__name__}
            raise
        except BaseException as error:
            ended = {"outcome": "stopped", "detail": f"by {type(error).__name__}; finished shards are kept"}
            raise
        finally:
            ended["seconds"] = round((_now() - started).total_seconds(), 1)
            with suppress(LedgerError):  # a full disk has been complained about already
                _append(options.output, run.model_copy(update=ended))


@contextmanager
def _alone(options: Options) -> Iterator[None]:
    with one_line(f"cannot write to {options.output}"):
        options.home.mkdir(parents=True, exist_ok=True)
        try:
            held = _lock(options.output).acquire(timeout=-1 if options.wait else 0, poll_interval=0.1)
        except Timeout as error:
            raise InputError(_busy(options.output)) from error
    with held:
        yield


def _busy(output: str) -> str:
    last = next((run for run in reversed(_read(output)) if run.outcome == RUNNING), None)
    since = f" since {last.time} ({last.origin})" if last else ""
    return f"another run of {output} is under way{since}: try again when it has ended, or wait for it with --wait"


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


def _lock(output: str) -> FileLock:
    return FileLock(Path(output) / ".coopledger" / "run.lock", thread_local=False)


def _list(output: str) -> Path:
    return Path(output) / ".coopledger" / "runs.jsonl"


def _append(output: str, run: Run) -> None:
    with one_line(f"cannot write to {output}"), _list(output).open("ab+") as stream:
        stream.seek(max(0, stream.tell() - 1))
        torn = stream.read() not in (b"", b"\n")  # by a crash: what follows is not to be lost with it
        stream.write(b"\n" * torn + run.model_dump_json().encode() + b"\n")


def _read(output: str) -> list[Run]:
    """Read the runs, oldest first, each as its last line has it; a line that a crash cut short is passed over."""
    path = _list(output)
    found: dict[str, Run] = {}
    for line in path.read_bytes().splitlines() if path.is_file() else ():
        with suppress(ValidationError):
            run = Run.model_validate_json(line)
            found[run.id] = run
    return list(found.values())


def last_runs(output: str, most: int) -> list[Run]:
    """Return the last runs, oldest first; of those without an end the last is under way, if the folder is held."""
    runs = _read(output)
    lost = {"outcome": KILLED, "detail": "it left no word; finished shards are kept"}
    going = runs[-1:] if _held(output) else []
    return [run.model_copy(update=lost) if run.outcome == RUNNING and run not in going else run for run in runs[-most:]]


def _held(output: str) -> bool:
    if not (Path(output) / ".coopledger").is_dir():
        return False  # a look leaves no lock where nothing ran
    try:
        with _lock(output).acquire(timeout=0):
            return False
    except (Timeout, OSError):
        return True


def lines(output: Path) -> list[str]:
    """Write how an output folder stands. Raises LedgerError where it is not a ledger."""
    Output(output).check()
    releases = read_versions(Output(output)).releases
    runs = last_runs(str(output), _SHOWN)
    told = ["runs", *(map(_run, runs) if runs else ["  none yet"])]
    told += ["releases", *(map(_release, releases[-_SHOWN:]) if releases else ["  none yet: coopledger run"])]
    return told + _queue(output, releases[-1].version if releases else None) + _gates(output)


def _run(run: Run) -> str:
    counts = f"; {run.read:,} documents read, {run.quarantined:,} quarantined" if run.outcome in _ENDED_WELL else ""
    detail = f": {run.detail}" if run.detail else ""
    took = f" ({run.seconds:.0f} s{counts})" if run.outcome not in (RUNNING, KILLED) else ""
    return f"  {run.time}  {run.origin}  {run.outcome}{detail}{took}"


def _release(entry: ReleaseEntry) -> str:
    counts = entry.counts
    changes = f"+{counts.added} -{counts.removed} ~{counts.changed}"
    documents = f"{counts.documents:,} documents ({counts.quarantined:,} quarantined)"
    return f"  {entry.version}  {counts.records:,} records, {documents}, changes {changes}"


def _queue(output: Path, latest: str | None) -> list[str]:
    """Count what waits for the curators, by why it does."""
    if latest is None:
        return []
    release = open_release(output, latest)
    changes = None if release.manifest.parent is None else release.changes()
    examined = DecisionLog(Output(output).decisions).examine()
    log = examined.decisions
    damaged = [f"  decisions.jsonl, line {one.line} {one.what}" for one in examined.faults[:1]]
    listed = list_records(release.frame(), log, release=latest, changes=changes, merged=release.merged())
    counts = listed["why"].value_counts()
    told = [f"{counts[why]:,} {why}" for why in TIERS if why in counts]
    return ["queue", f"  {', '.join(told) or 'empty'}; {len(log):,} decisions in the log", *damaged]


def _gates(output: Path) -> list[str]:
    report = output / "gate-report.html"
    return ["gates", f"  the last refusal: {report}" if report.is_file() else "  none refused a run"]
