"""A process that reads folders: one path a line in, one line of JSON out. Each folder is read in a child of its own.

It has one thread, so that it may fork: the tests' process, in which servers and networks run, may not.
"""

import json
import os
import sys
import time
import traceback
from pathlib import Path
from typing import Any

from coopledger import load
from flows.shards import read_and_extract
from flows.sources import Listing, Search, discover
from schemas import Extraction, Quarantined

SECONDS = 1.0
_EXTRACT = load()
_EXTRACT("In October 2014 Peru lent Chile $5 million for a road.")  # what is loaded at the first call, no child has to


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
    results = [one for one, _ in read_and_extract(listing.found, _EXTRACT, SECONDS)]
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


if __name__ == "__main__":
    for line in sys.stdin:
        sys.stdout.write(json.dumps(forked(Path(line.strip()))) + "\n")
        sys.stdout.flush()
