"""Starts of the embedded Prefect server in a row, on a machine that is kept busy: none may fail, none may stay.

    python -m benchmarks.starts [--starts 50] [--busy 4] [--fresh]

``--fresh`` gives each start an empty database, which takes longer than one that was there.
"""

import argparse
import multiprocessing
import statistics
import sys
import tempfile
import time
from pathlib import Path

import psutil

from flows.errors import InputError
from flows.server import Server, prepare


def busy() -> None:
    while True:
        sum(number * number for number in range(10_000))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--starts", type=int, default=50)
    parser.add_argument("--busy", type=int, default=4, help="processes that keep the machine busy meanwhile")
    parser.add_argument("--fresh", action="store_true")
    settings = parser.parse_args()
    prepare(quiet=True)
    burners = [multiprocessing.Process(target=busy, daemon=True) for _ in range(settings.busy)]
    for burner in burners:
        burner.start()
    try:
        with tempfile.TemporaryDirectory() as folder:
            seconds = [
                start(Path(folder) / (str(number) if settings.fresh else "same")) for number in range(settings.starts)
            ]
    finally:
        for burner in burners:
            burner.kill()
            burner.join()
    left = [one.pid for one in psutil.Process().children(recursive=True)]
    print(
        f"{len(seconds)} starts, none failed; {statistics.median(seconds):.1f} s median, {max(seconds):.1f} s at most"
    )
    print(f"processes left: {left or 'none'}")


def start(home: Path) -> float:
    server = Server(home)
    started = time.perf_counter()
    server.start()
    try:
        server.wait()
        return time.perf_counter() - started
    except InputError:
        waited = time.perf_counter() - started
        print(f"failed after {waited:.0f} s:", (home / "server.log").read_text(), file=sys.stderr)
        raise
    finally:
        server.stop()


if __name__ == "__main__":
    main()
