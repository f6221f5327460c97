"""The same inputs give the same bytes: two folders, hours, hosts, time zones, locales and hash seeds."""

import os
import subprocess
import sys
from pathlib import Path

from tests.support.releases import contents

ROOT = Path(__file__).parents[3]
SCRIPT = """
import sys
from datetime import datetime
from pathlib import Path
from tests.support.synthetic import corpus, digests, inputs
from ledger.release.publish import RunInfo, publish
for step, edits in enumerate((0.0, 0.4)):
    made = list(corpus(25, edits=edits))
    now = datetime.fromisoformat(sys.argv[2]).replace(minute=step)
    told = digests(inputs(made))
    run = RunInfo(now, sys.argv[3])
    publish(Path(sys.argv[1]), made, digests=told, run=run, accept_gates=["removals"])
"""


def test_the_same_inputs_give_the_same_bytes(tmp_path: Path) -> None:
    runs = [
        ("a", "2026-11-22T05:00:00+00:00", "one", {"TZ": "UTC", "LC_ALL": "C", "PYTHONHASHSEED": "1"}),
        ("b", "2027-01-03T23:00:00+09:00", "two", {"TZ": "Asia/Tokyo", "LC_ALL": "C.utf8", "PYTHONHASHSEED": "2"}),
    ]
    found = []
    for folder, now, host, settings in runs:
        command = [sys.executable, "-W", "error", "-c", SCRIPT, str(tmp_path / folder), now, host]
        subprocess.run(command, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)} | settings, check=True)
        found.append([contents(path) for path in sorted((tmp_path / folder / "releases").iterdir())])
    assert [len(release) for release in found[0]] == [len(release) for release in found[1]]
    for one, other in zip(*found, strict=True):
        assert {name for name in one if one[name] != other[name]} == set()
