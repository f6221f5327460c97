"""Words a second on one core: the extraction, the finders, and other libraries' readers, in one run.

``python -m benchmarks.speed [TEXT.txt|CORPUS.jsonl ...] [--of NAME ...] [--rounds N] [--sample N] [--bare]``: by
default all of our readers, on seeds and gold. The readers take turns, so that other load on the machine slows all of
them. Other libraries' are named as ``spacy:en_core_web_sm`` or ``module:function``, and read ``--sample`` texts.
``--bare`` first removes everything that looks like an amount or a year.
"""

import argparse
import json
import os
import pkgutil
import re
import resource
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS")
os.environ.update(dict.fromkeys(_THREADS, "1"))  # before NumPy is loaded

import spacy  # noqa: E402 - the threads must be set first

import coopledger  # noqa: E402 - likewise

Reader = Callable[[str], object]
_ROOT = Path(__file__).parent.parent
_DEFAULT = (*sorted((_ROOT / "seeds").glob("*.txt")), _ROOT / "tests" / "gold" / "documents.jsonl")
OURS = ("extraction", "find_parties", "find_amounts", "find_years")


def reader_of(name: str) -> Reader:
    """Return one of our readers, a spaCy pipeline (``spacy:NAME``), or any function of a text (``module:function``)."""
    if name.startswith("spacy:"):
        return spacy.load(name.removeprefix("spacy:"))
    if name in OURS:
        return coopledger.load() if name == "extraction" else getattr(coopledger, name)
    return pkgutil.resolve_name(name)


def texts_of(paths: Sequence[Path], *, bare: bool) -> Iterator[str]:
    """Yield the texts of plain files and of JSON Lines corpora."""
    words = "one|two|three|four|five|six|seven|eight|nine|ten|dollars?|yuan|euros?|rmb|usd|hundred|thousand|[mb]illion"
    for path in paths:
        content = path.read_text(encoding="utf-8")
        rows = map(json.loads, content.splitlines()) if path.suffix == ".jsonl" else [{"text": content}]
        for row in rows:
            text = f"{row['title']}\n{row['text']}" if row.get("title") else row["text"]
            yield re.sub(rf"(?i)\S*[\d$€£¥]\S*|\b(?:{words})\b", "", text) if bare else text


def seconds(reader: Reader, texts: Sequence[str]) -> float:
    """Return the processor seconds for all texts; a text on which a reader fails counts as read."""
    start = time.process_time()
    for text in texts:
        try:
            reader(text)
        except Exception as error:  # a library may raise anything
            warnings.warn(f"failed: {type(error).__name__}", stacklevel=2)
    return time.process_time() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="*", type=Path, default=list(_DEFAULT))
    parser.add_argument("--of", nargs="+", default=list(OURS))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--sample", type=int, default=150)
    parser.add_argument("--bare", action="store_true")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    whole = list(texts_of(options.paths, bare=options.bare))
    sample = whole[:: max(1, len(whole) // options.sample)]
    readers = {name: reader_of(name) for name in options.of}
    read = {name: whole if name in OURS else sample for name in readers}
    for name, reader in readers.items():
        seconds(reader, read[name][:2])  # to warm up
    best = dict.fromkeys(readers, float("inf"))
    for _ in range(options.rounds):
        for name, reader in readers.items():
            best[name] = min(best[name], seconds(reader, read[name]))
    for name, taken in best.items():
        print(f"{name:24} {sum(len(text.split()) for text in read[name]) / taken:12,.0f} words/s")
    print(f"{'peak memory':24} {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:12,.0f} MB")


if __name__ == "__main__":
    main()
