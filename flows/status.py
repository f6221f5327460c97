"""The list of runs of an output folder, whatever ran them, and the lock that lets one run at a time.

A run writes a line when it starts and one when it ends. One that was killed has no second line; since its lock went
with it, ``coopledger status`` can tell.
"""

import datetime
import json
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import typer
from filelock import FileLock, Timeout
from pydantic import ValidationError

from flows.errors import InputError
from flows.options import Options
from flows.summary import Summary
from ledger.decisions import DecisionLog, build_queue
from ledger.decisions.queue import TIERS
from ledger.errors import LedgerError, one_line
from ledger.release.layout import Output
from ledger.release.read import open_release
from ledger.release.versions import read_versions
from schemas import Model, ReleaseEntry

RUNNING, KILLED = "under way", "killed"


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


def _home(output: str) -> Path:
    return Path(output) / ".coopledger"


def _lock(output: str) -> FileLock:
    return FileLock(_home(output) / "run.lock", thread_local=False)


@contextmanager
def under_way(options: Options, origin: str) -> Iterator[Callable[[Summary], None]]:
    """Hold the output folder for one run, and list it; hand its summary to what is given, or let its error pass.

    Raises:
        InputError: another run is under way, and ``options.wait`` is not set.
        LedgerError: the folder cannot be written.
    """
    with _alone(options):
        run = Run(id=uuid.uuid4().hex, time=_now().isoformat(timespec="seconds"), origin=origin, input=options.input)
        _append(options.output, run)
        with _listed(options.output, run) as hand_in:
            yield hand_in


@contextmanager
def _alone(options: Options) -> Iterator[None]:
    lock = _lock(options.output)
    with one_line(f"cannot write to {options.output}"):
        _home(options.output).mkdir(parents=True, exist_ok=True)
        try:
            lock.acquire(timeout=-1 if options.wait else 0, poll_interval=0.1)
        except Timeout as error:
            raise InputError(_busy(options.output)) from error
    try:
        yield
    finally:
        lock.release()


def _busy(output: str) -> str:
    last = next((run for run in reversed(_read(output)) if run.outcome == RUNNING), None)
    since = f" since {last.time} ({last.origin})" if last else ""
    return f"another run of {output} is under way{since}: try again when it has ended, or wait for it with --wait"


@contextmanager
def _listed(output: str, run: Run) -> Iterator[Callable[[Summary], None]]:
    summaries: list[Summary] = []
    ended: dict[str, object] = {"outcome": "failed"}
    started = _now()
    try:
        yield summaries.append
        ended = _told(summaries[0])
    except Exception as error:
        ended["detail"] = " ".join(str(error).split()) or type(error).__name__
        raise
    except BaseException as error:
        ended = {"outcome": "stopped", "detail": f"by {type(error).__name__}; finished shards are kept"}
        raise
    finally:
        ended["seconds"] = round((_now() - started).total_seconds(), 1)
        with suppress(LedgerError):  # a full disk has been complained about already
            _append(output, run.model_copy(update=ended))


def _told(summary: Summary) -> dict[str, object]:
    return {
        "outcome": "published" if summary.published else "unchanged",
        "detail": summary.version,
        "read": summary.read,
        "quarantined": len(summary.quarantined),
    }


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


def _append(output: str, run: Run) -> None:
    with one_line(f"cannot write to {output}"), (_home(output) / "runs.jsonl").open("a", encoding="utf-8") as stream:
        stream.write(run.model_dump_json() + "\n")


def _read(output: str) -> list[Run]:
    """Read the runs, oldest first, each as its last line has it; a line that a crash cut short is passed over."""
    path = _home(output) / "runs.jsonl"
    found: dict[str, Run] = {}
    for line in path.read_text(encoding="utf-8").splitlines() if path.is_file() else ():
        with suppress(ValidationError, json.JSONDecodeError):
            run = Run.model_validate_json(line)
            found[run.id] = run
    return list(found.values())


def last_runs(output: str, most: int) -> list[Run]:
    """Return the last runs, oldest first; of those without an end the last is under way, if the folder is held."""
    runs = _read(output)
    going = runs[-1:] if _held(output) else []
    return [_settled(run, going) for run in runs[-most:]]


def _settled(run: Run, going: list[Run]) -> Run:
    if run.outcome != RUNNING or run in going:
        return run
    return run.model_copy(update={"outcome": KILLED, "detail": "it left no word; finished shards are kept"})


def _held(output: str) -> bool:
    lock = _lock(output)
    try:
        with lock.acquire(timeout=0):
            return False
    except (Timeout, OSError):
        return True


_SHOWN = 5
_ENDED_WELL = ("published", "unchanged")


def status(output: Path) -> None:
    """Print how an output folder stands. Raises LedgerError where it is not a ledger."""
    Output(output).check()
    for line in lines(output):
        typer.echo(line)


def lines(output: Path) -> list[str]:
    """Write how an output folder stands."""
    releases = read_versions(Output(output)).releases
    runs = last_runs(str(output), _SHOWN)
    told = ["runs", *(map(_run, runs) if runs else ["  none yet"])]
    told += ["releases", *(map(_release, releases[-_SHOWN:]) if releases else ["  none yet: coopledger run"])]
    return told + _queue(output, releases[-1].version if releases else None) + _gates(output)


def _run(run: Run) -> str:
    counts = f"; {run.read:,} documents read, {run.quarantined:,} quarantined" if run.outcome in _ENDED_WELL else ""
    detail = f": {run.detail}" if run.detail else ""
    return f"  {run.time}  {run.origin}  {run.outcome}{detail} ({run.seconds:.0f} s{counts})"


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
    queue = build_queue(release.frame(), log, release=latest, changes=changes, merged=release.merged())
    counts = queue["why"].value_counts()
    told = [f"{counts[why]:,} {why}" for why in TIERS if why in counts]
    return ["queue", f"  {', '.join(told) or 'empty'}; {len(log):,} decisions in the log", *damaged]


def _gates(output: Path) -> list[str]:
    report = output / "gate-report.html"
    return ["gates", f"  the last refusal: {report}" if report.is_file() else "  none refused a run"]
