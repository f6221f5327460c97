"""The list of an output folder's runs, and the state of the folder.

A run writes a line when it starts and another when it ends. A killed run has no second line and no longer holds the
folder's lock, by which ``coopledger status`` recognises it.
"""

import datetime
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout
from pydantic import ValidationError

from flows.errors import InputError
from flows.options import Options
from flows.progress import Summary
from ledger.decisions import TIERS, DecisionLog, list_records
from ledger.errors import LedgerError, as_ledger_error
from ledger.release.layout import Output
from ledger.release.read import open_release, read_versions
from schemas import Model, ReleaseEntry

RUNNING, KILLED = "under way", "killed"
_SUCCEEDED = ("published", "unchanged")
_SHOWN = 5


class Run(Model):
    """A run as listed: ``outcome`` is published, unchanged, failed, stopped, killed or under way.

    ``detail`` is the release or the error; ``origin`` is what started the run: a command, or a deployment and its name.
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
def recorded_run(options: Options, origin: str) -> Iterator[Callable[[Summary], Summary]]:
    """Lock the output folder for one run, and list the run: when it starts, and when it ends or raises.

    Yields a function to call with the run's summary, which it returns.

    Raises:
        InputError: another run is under way, and ``options.wait`` is not set.
        LedgerError: the folder cannot be written.
    """
    with _locked(options):
        started = _now()
        run = Run(id=uuid.uuid4().hex, time=started.isoformat(timespec="seconds"), origin=origin, input=options.input)
        _append(options.output, run)
        ended: dict[str, object] = {}

        def finish(summary: Summary) -> Summary:
            outcome = "published" if summary.published else "unchanged"
            ended.update(outcome=outcome, detail=summary.version, read=summary.read)
            ended["quarantined"] = len(summary.quarantined)
            return summary

        try:
            yield finish
        except Exception as error:
            ended = {"outcome": "failed", "detail": " ".join(str(error).split()) or type(error).__name__}
            raise
        except BaseException as error:
            ended = {"outcome": "stopped", "detail": f"by {type(error).__name__}; finished shards are kept"}
            raise
        finally:
            ended["seconds"] = round((_now() - started).total_seconds(), 1)
            with suppress(LedgerError):  # a full disk has already been reported
                _append(options.output, run.model_copy(update=ended))


@contextmanager
def _locked(options: Options) -> Iterator[None]:
    with as_ledger_error(f"cannot write to {options.output}"):
        options.home.mkdir(parents=True, exist_ok=True)
        try:
            held = _lock(options.output).acquire(timeout=-1 if options.wait else 0, poll_interval=0.1)
        except Timeout as error:
            raise InputError(_busy_message(options.output)) from error
    with held:
        yield


def _busy_message(output: str) -> str:
    last = next((run for run in reversed(_read_runs(output)) if run.outcome == RUNNING), None)
    since = f" since {last.time} ({last.origin})" if last else ""
    return f"another run of {output} is under way{since}: try again when it has ended, or wait for it with --wait"


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


def _lock(output: str) -> FileLock:
    return FileLock(Path(output) / ".coopledger" / "run.lock", thread_local=False)


def _runs_file(output: str) -> Path:
    return Path(output) / ".coopledger" / "runs.jsonl"


def _append(output: str, run: Run) -> None:
    with as_ledger_error(f"cannot write to {output}"), _runs_file(output).open("ab+") as stream:
        stream.seek(max(0, stream.tell() - 1))
        torn = stream.read() not in (b"", b"\n")  # by a crash: start a new line after it
        stream.write(b"\n" * torn + run.model_dump_json().encode() + b"\n")


def _read_runs(output: str) -> list[Run]:
    """Return the runs, oldest first, each as in its last line; a line that a crash cut short is skipped."""
    path = _runs_file(output)
    found: dict[str, Run] = {}
    for line in path.read_bytes().splitlines() if path.is_file() else ():
        with suppress(ValidationError):
            run = Run.model_validate_json(line)
            found[run.id] = run
    return list(found.values())


def last_runs(output: str, limit: int) -> list[Run]:
    """Return the last runs, oldest first; one without an end was killed, unless it is last and holds the lock."""
    runs = _read_runs(output)
    killed = {"outcome": KILLED, "detail": "it left no word; finished shards are kept"}
    running = runs[-1:] if _is_locked(output) else []
    return [
        run.model_copy(update=killed) if run.outcome == RUNNING and run not in running else run for run in runs[-limit:]
    ]


def _is_locked(output: str) -> bool:
    if not (Path(output) / ".coopledger").is_dir():
        return False  # do not create a lock file where nothing ran
    try:
        with _lock(output).acquire(timeout=0):
            return False
    except (Timeout, OSError):
        return True


def lines(output: Path) -> list[str]:
    """Return the state of an output folder as lines of text. Raises LedgerError if it is not a ledger."""
    Output(output).check()
    releases = read_versions(Output(output)).releases
    runs = last_runs(str(output), _SHOWN)
    lines = ["runs", *(map(_run_line, runs) if runs else ["  none yet"])]
    lines += ["releases", *(map(_release_line, releases[-_SHOWN:]) if releases else ["  none yet: coopledger run"])]
    lines += _queue_lines(output, releases[-1].version) if releases else []
    report = Output(output).gate_page
    return [*lines, "gates", f"  the last refusal: {report}" if report.is_file() else "  none refused a run"]


def _run_line(run: Run) -> str:
    counts = f"; {run.read:,} documents read, {run.quarantined:,} quarantined" if run.outcome in _SUCCEEDED else ""
    detail = f": {run.detail}" if run.detail else ""
    took = f" ({run.seconds:.0f} s{counts})" if run.outcome not in (RUNNING, KILLED) else ""
    return f"  {run.time}  {run.origin}  {run.outcome}{detail}{took}"


def _release_line(entry: ReleaseEntry) -> str:
    counts = entry.counts
    changes = f"+{counts.added} -{counts.removed} ~{counts.changed}"
    documents = f"{counts.documents:,} documents ({counts.quarantined:,} quarantined)"
    return f"  {entry.version}  {counts.records:,} records, {documents}, changes {changes}"


def _queue_lines(output: Path, latest: str) -> list[str]:
    """Return lines with the number of records that wait for the curators, by reason."""
    release = open_release(output, latest)
    changes = None if release.manifest.parent is None else release.changes()
    examined = DecisionLog(Output(output).decisions).examine()
    log = examined.decisions
    damaged = [f"  decisions.jsonl, line {one.line} {one.what}" for one in examined.faults[:1]]
    listed = list_records(release.frame(), log, release=latest, changes=changes, merged=release.merged())
    counts = listed["why"].value_counts()
    tiers = [f"{counts[why]:,} {why}" for why in TIERS if why in counts]
    return ["queue", f"  {', '.join(tiers) or 'empty'}; {len(log):,} decisions in the log", *damaged]
