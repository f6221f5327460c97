"""Each kind of hostile document costs itself alone: it ends in one list, in little time, within the limit of memory."""

import json
import os
import time
import traceback
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from extractors import load
from flows.discover import Listing, Search, discover
from flows.limits import MEMORY
from flows.reading import FAILED, Reading
from schemas import Extraction, Quarantined
from tests.hostile.documents import KINDS, make

SEEDS = 2
SECONDS = 2.0
LISTED = 10.0  # seconds of the processor to list a folder of two such documents
ORDINARY = "In October 2014 Peru lent Chile $5 million for a road."
_EXTRACT = load()


def forked(folder: Path) -> tuple[dict[str, Any], int]:
    """Read a folder in a child of this process; return what it says, and its peak of memory in bytes."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(reader)
            with open(writer, "w", encoding="utf-8") as said:  # noqa: PTH123 - a handle, not a path
                json.dump(read(folder), said)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    os.close(writer)
    with open(reader, encoding="utf-8") as said:  # noqa: PTH123
        text = said.read()
    _, status, usage = os.wait4(child, 0)
    assert status == 0, f"the process ended with {status}"
    return json.loads(text), usage.ru_maxrss * 1024


def read(folder: Path) -> dict[str, Any]:
    """List and read the documents of a folder; return the list that each ended in and the records by document."""
    started = time.process_time()
    listing: Listing = discover(str(folder), Search(staging=str(folder.with_name("copies"))))
    listed = time.process_time() - started
    results = list(Reading(_EXTRACT, seconds=SECONDS).results(listing.found))
    bad = [*listing.quarantined, *(one for one in results if isinstance(one, Quarantined))]
    good = [one for one in results if isinstance(one, Extraction)]
    return {
        "listed": [one.id for one in (*listing.found, *listing.quarantined)],
        "ended": [*(one.id for one in bad), *(one.document.id for one in good)],
        "reasons": {one.id: f"{one.reason}: {one.detail}" for one in bad},
        "records": {one.document.id: [r.record_id for r in one.records] for one in good},
        "seconds": listed,
        "unread": [one.name for one in listing.unread],
    }


@pytest.fixture(scope="module")
def ordinary(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder = tmp_path_factory.mktemp("ordinary")
    (folder / "ordinary.txt").write_text(ORDINARY, "utf-8")
    records: list[str] = forked(folder)[0]["records"]["ordinary.txt"]
    return records


@pytest.mark.parametrize("kind", KINDS)
def test_a_hostile_document_costs_itself_alone(kind: str, tmp_path: Path, ordinary: list[str]) -> None:
    for seed in range(SEEDS):
        suffix, data = make(kind, seed)
        (tmp_path / f"{seed}{suffix}").write_bytes(data)
    (tmp_path / "ordinary.txt").write_text(ORDINARY, "utf-8")
    found, peak = forked(tmp_path)
    assert found["unread"] == [] and found["seconds"] < LISTED
    assert Counter(found["listed"]) == Counter(found["ended"]) and max(Counter(found["ended"]).values()) == 1
    assert found["records"]["ordinary.txt"] == ordinary
    assert [
        reason for reason in found["reasons"].values() if reason.startswith(FAILED) or "report this" in reason
    ] == []
    assert all("\n" not in reason and len(reason) < 400 for reason in found["reasons"].values())
    assert peak < MEMORY + 150 * 2**20


def test_a_document_is_the_same_each_time() -> None:
    assert len(KINDS) >= 40 and all(
        make(kind, 3) == make(kind, 3) for kind in ("pdf scratched", "docx cut", "lines that are cut")
    )
