"""The list of runs of an output folder, and how the folder stands.

A run writes a line when it starts and one when it ends. One that was killed has no second line; since its lock went
with it, ``coopledger status`` can tell.
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
_ENDED_WELL = ("published", "unchanged")
_SHOWN = 5


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
        ended: dict[str, object] = {}

        def hand_in(summary: Summary) -> Summary:
            outcome = "published" if summary.published else "unchanged"
            ended.update(outcome=outcome, detail=summary.version, read=summary.read)
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
    with as_ledger_error(f"cannot write to {options.output}"):
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
    with as_ledger_error(f"cannot write to {output}"), _list(output).open("ab+") as stream:
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
    lines = ["runs", *(map(_run, runs) if runs else ["  none yet"])]
    lines += ["releases", *(map(_release, releases[-_SHOWN:]) if releases else ["  none yet: coopledger run"])]
    lines += _queue(output, releases[-1].version) if releases else []
    report = Output(output).gate_page
    return [*lines, "gates", f"  the last refusal: {report}" if report.is_file() else "  none refused a run"]


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


def _queue(output: Path, latest: str) -> list[str]:
    """Count what waits for the curators, by why it does."""
    release = open_release(output, latest)
    changes = None if release.manifest.parent is None else release.changes()
    examined = DecisionLog(Output(output).decisions).examine()
    log = examined.decisions
    damaged = [f"  decisions.jsonl, line {one.line} {one.what}" for one in examined.faults[:1]]
    listed = list_records(release.frame(), log, release=latest, changes=changes, merged=release.merged())
    counts = listed["why"].value_counts()
    tiers = [f"{counts[why]:,} {why}" for why in TIERS if why in counts]
    return ["queue", f"  {', '.join(tiers) or 'empty'}; {len(log):,} decisions in the log", *damaged]
