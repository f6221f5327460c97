"""Words a second of the party finder, beside spaCy's PhraseMatcher over the same names: [FILE or FOLDER]."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

import spacy
from spacy.matcher import PhraseMatcher

from extractors.mentions.parties import find_parties
from extractors.mentions.parties.entries import all_entries

SEEDS = Path(__file__).parent.parent / "seeds"
ROUNDS = 10


def texts() -> list[str]:
    """Return the documents of a folder or file given on the command line, else the seeds."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else SEEDS
    files = sorted(path.glob("*.txt")) if path.is_dir() else [path]
    return [file.read_text(encoding="utf-8") for file in files]


def speed(run: Callable[[str], object], documents: list[str]) -> float:
    """Return words a second of ``run`` over the documents, after one round to warm up."""
    for text in documents:
        run(text)
    start = time.perf_counter()
    for _ in range(ROUNDS):
        for text in documents:
            run(text)
    return ROUNDS * sum(len(text.split()) for text in documents) / (time.perf_counter() - start)


def phrase_matcher() -> Callable[[str], object]:
    """Return tokenising plus PhraseMatcher over every surface of the tables."""
    nlp = spacy.blank("en")
    matcher = PhraseMatcher(nlp.vocab)
    matcher.add("PARTY", list(nlp.tokenizer.pipe({surface for surface, _ in all_entries()})))

    def run(text: str) -> object:
        return matcher(nlp.make_doc(text))

    return run


def main() -> None:
    """Print both speeds and their ratio."""
    documents = texts()
    start = time.perf_counter()
    find_parties("Zambia")
    print(f"first call {time.perf_counter() - start:.2f} s")
    ours, theirs = speed(find_parties, documents), speed(phrase_matcher(), documents)
    print(f"find_parties {ours:,.0f} words/s; PhraseMatcher {theirs:,.0f} words/s; ratio {ours / theirs:.2f}")


if __name__ == "__main__":
    main()
