"""The list of runs of an output folder, whatever ran them: one line a run, for ``coopledger status``."""

import datetime
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pydantic import ValidationError

from flows.options import Options
from flows.summary import Summary
from schemas import Model


class Run(Model):
    """How a run went: ``outcome`` is published, unchanged or failed; ``detail`` the release or what went wrong."""

    time: str
    seconds: float
    input: str
    outcome: str
    detail: str
    read: int = 0
    quarantined: int = 0


def _file(output: str) -> Path:
    return Path(output) / ".coopledger" / "runs.jsonl"


@contextmanager
def recorded(options: Options) -> Iterator[Callable[[Summary], None]]:
    """Record the run made inside: hand its summary to what is given, or let its error pass through."""
    started = datetime.datetime.now(datetime.UTC)
    summaries: list[Summary] = []
    failure = ""
    try:
        yield summaries.append
    except BaseException as error:
        failure = " ".join(str(error).split()) or type(error).__name__
        raise
    finally:
        _append(options.output, _run(options, started, summaries[0] if summaries else None, failure))


def _run(options: Options, started: datetime.datetime, summary: Summary | None, failure: str) -> Run:
    return Run(
        time=started.isoformat(timespec="seconds"),
        seconds=round((datetime.datetime.now(datetime.UTC) - started).total_seconds(), 1),
        input=options.input,
        outcome="failed" if summary is None else "published" if summary.published else "unchanged",
        detail=failure if summary is None else summary.version,
        read=summary.read if summary else 0,
        quarantined=len(summary.quarantined) if summary else 0,
    )


def _append(output: str, run: Run) -> None:
    with suppress(OSError):  # a folder that cannot be written has been complained about already
        _file(output).parent.mkdir(parents=True, exist_ok=True)
        with _file(output).open("a", encoding="utf-8") as stream:
            stream.write(run.model_dump_json() + "\n")


def last_runs(output: str, most: int) -> list[Run]:
    """Return the last runs, oldest first; a line that a crash cut short is passed over."""
    if not _file(output).is_file():
        return []
    found = []
    for line in _file(output).read_text(encoding="utf-8").splitlines()[-most:]:
        with suppress(ValidationError, json.JSONDecodeError):
            found.append(Run.model_validate_json(line))
    return found
