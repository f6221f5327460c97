"""Words a second of the whole extraction beside spaCy's small English pipeline, in one run on one core.

``python -m benchmarks.extraction [TEXT.txt|CORPUS.jsonl ...] [--rounds N] [--peer NAME]``: by default seeds and gold.
The peer is any installed spaCy pipeline; spaCy's own is ``en_core_web_sm``.
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

import spacy  # noqa: E402  the threads are set before NumPy is loaded

from coopledger import load  # noqa: E402  the threads are set before NumPy is loaded

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
    parser.add_argument("--peer", default="en_core_web_sm")
    options = parser.parse_args()
    documents = list(texts(options.paths))
    words = sum(len(text.split()) for text in documents)
    peer, extract = spacy.load(options.peer), load()
    for work in (peer, extract):
        seconds(work, documents[:2])
    best = {"peer": float("inf"), "extraction": float("inf")}
    for _ in range(options.rounds):  # taking turns, so that whatever else the machine does slows both
        best["peer"] = min(best["peer"], seconds(peer, documents))
        best["extraction"] = min(best["extraction"], seconds(extract, documents))
    for name, taken in best.items():
        print(f"{name:12} {words / taken:9.0f} words/s")
    print(f"{'ratio':12} {best['peer'] / best['extraction']:9.2f}")
    print(f"{'peak memory':12} {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:9.0f} MB")


if __name__ == "__main__":
    main()
