"""Words a second of the whole extraction beside the plain English pipeline over all text, in one run on one core.

``python -m benchmarks.extraction [TEXT.txt|CORPUS.jsonl ...] [--rounds N]``: by default seeds and gold.
"""

import argparse
import json
import os
import resource
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS")
os.environ.update(dict.fromkeys(_THREADS, "1"))

from extractors import load  # noqa: E402  the threads are set before NumPy is loaded
from extractors.english import load_english  # noqa: E402

_ROOT = Path(__file__).parent.parent
_DEFAULT = (*sorted((_ROOT / "seeds").glob("*.txt")), _ROOT / "tests" / "gold" / "documents.jsonl")


def texts(paths: Sequence[Path]) -> Iterator[str]:
    """Yield the texts of plain files and of JSON Lines corpora."""
    for path in paths:
        content = path.read_text(encoding="utf-8")
        if path.suffix == ".jsonl":
            yield from (json.loads(line)["text"] for line in content.splitlines())
        else:
            yield content


def seconds(work: Callable[[str], object], documents: Sequence[str]) -> float:
    """Return how long ``work`` takes over all documents."""
    start = time.perf_counter()
    for text in documents:
        work(text)
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="*", type=Path, default=list(_DEFAULT))
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    documents = list(texts(options.paths))
    words = sum(len(text.split()) for text in documents)
    plain, extract = load_english(lazy=False), load()
    for work in (plain, extract):
        seconds(work, documents[:2])
    best = {"plain": float("inf"), "extraction": float("inf")}
    for _ in range(options.rounds):  # taking turns, so that whatever else the machine does slows both
        best["plain"] = min(best["plain"], seconds(plain, documents))
        best["extraction"] = min(best["extraction"], seconds(extract, documents))
    for name, taken in best.items():
        print(f"{name:12} {words / taken:9.0f} words/s")
    print(f"{'ratio':12} {best['plain'] / best['extraction']:9.2f}")
    print(f"{'peak memory':12} {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:9.0f} MB")


if __name__ == "__main__":
    main()
