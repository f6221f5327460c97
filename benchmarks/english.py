"""Words a second of the plain English pipeline (tags, trees and names on all text), with BLIS and with NumPy.

``python -m benchmarks.english [TEXT.txt|CORPUS.jsonl ...]``: by default the seeds, on one thread.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS")
os.environ.update(dict.fromkeys(_THREADS, "1"))

from spacy.language import Language  # noqa: E402  the threads are set before NumPy is loaded

from extractors.english import load_english, parse  # noqa: E402

_SEEDS = Path(__file__).parent.parent / "seeds"


def texts(paths: Iterable[Path]) -> Iterator[str]:
    """Yield the texts of plain files and of JSON Lines corpora (``title``, ``text``)."""
    for path in paths:
        content = path.read_text(encoding="utf-8")
        if path.suffix == ".jsonl":
            for line in content.splitlines():
                row = json.loads(line)
                yield f"{row.get('title') or ''}\n{row['text']}".strip()
        else:
            yield content


def rate(read: Callable[[str], object], given: Sequence[str], *, rounds: int = 3) -> float:
    """Return the best of ``rounds`` in words (by blanks) a second of processor time, after one round to warm up."""
    words = sum(len(text.split()) for text in given)
    seconds = []
    for _ in range(rounds + 1):
        start = time.process_time()
        for text in given:
            read(text)
        seconds.append(time.process_time() - start)
    return words / min(seconds[1:])


def lazily(nlp: Language) -> Callable[[str], object]:
    """Return a reading that parses every sentence, but by `parse`, sentence by sentence in batches."""

    def read(text: str) -> object:
        doc = nlp(text)
        return parse(nlp, doc, doc.sents)

    return read


def measure(given: Sequence[str]) -> dict[str, float]:
    """Return words a second: the plain pipeline with either product, `parse` on all sentences, sentences alone."""
    lazy = load_english()
    return {
        "plain, BLIS": rate(load_english(lazy=False, blis=True), given),
        "plain, NumPy": rate(load_english(lazy=False), given),
        "parse on every sentence": rate(lazily(lazy), given),
        "tokens and sentences alone": rate(lazy, given),
    }


def main() -> None:
    """Read the command line and print a line for each way, with its ratio to the plain pipeline with NumPy."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="*", type=Path, default=sorted(_SEEDS.glob("*.txt")))
    rates = measure(list(texts(parser.parse_args().paths)))
    for name, value in rates.items():
        sys.stdout.write(f"{name:28}{value:10.0f} words a second{value / rates['plain, NumPy']:8.2f}\n")


if __name__ == "__main__":
    main()
