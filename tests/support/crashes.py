"""Publishing in a child that may be killed or fail, and what a reader finds torn afterwards."""

import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ledger.release.layout import Output, damaged_files
from ledger.release.publish import RunInfo, publish
from ledger.release.read import open_release, read_versions
from ledger.release.validate import validate
from tests.support.synthetic import corpus, digests, inputs

NOW = datetime(2026, 11, 22, 5, 15, tzinfo=UTC)
CALLS = ("fsync", "rename", "replace", "mkdir", "open")
"""The calls of ``os`` that touch the file system."""
Call = Callable[..., object]


def publish_corpus(
    output: Path, documents: int, *, edits: float = 0.3, late: timedelta = timedelta(), wait: float = 5.0
) -> None:
    """Publish a made-up corpus; ``edits`` is the share of its documents that differ from the unedited one's."""
    made = list(corpus(documents, edits=edits))
    sums = digests(inputs(made))
    publish(output, made, digests=sums, run=RunInfo(NOW + late, "bench"), accept_gates=["removals"], wait=wait)


def forked(work: Callable[[], object]) -> int:
    """Run something in a child, so that this process stays free of threads; return the child's id."""
    child = os.fork()
    if child == 0:
        try:
            work()
        except BaseException as error:
            sys.stderr.write(f"child: {error!r}\n")
            os._exit(1)
        os._exit(0)
    return child


def done(child: int) -> int:
    """Wait for a child; return its exit status, negative if a signal ended it."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def before_each_call(happens: Callable[[tuple[object, ...]], None]) -> Callable[[Call], Call]:
    """Let something happen before each call of this process that touches the file system; return the wrapper."""

    def wrapped(real: Call) -> Call:
        def call(*args: object, **rest: object) -> object:
            happens(args)
            return real(*args, **rest)

        return call

    for name in CALLS:
        setattr(os, name, wrapped(getattr(os, name)))
    return wrapped


def published_files(root: Path) -> dict[str, bytes]:
    """Read every file that is published."""
    paths = [*root.glob("versions.json"), *(root / "releases").rglob("*")]
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in paths if path.is_file()}


def torn(root: Path, old: str | None) -> list[str]:
    """List what a reader finds torn; ``old`` is the version that was there before."""
    ledger = Output(root)
    found = [f"{entry}: {damaged_files(entry)}" for entry in sorted(ledger.releases.glob("*")) if damaged_files(entry)]
    latest = read_versions(ledger).latest
    if latest is None:
        return found if old is None else [*found, "the old release is lost"]
    return found + [str(one) for one in validate(open_release(root))]
