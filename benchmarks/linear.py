"""How time grows with the length of hostile texts: ``python -m benchmarks.linear [--lengths 16000 64000] [--records]``.

Reads each shape of ``tests/hostile/shapes.py`` at each length, step by step, and prints for each step the slowest and
the steepest shape: processor seconds at the lengths, and the growth, 1 for linear and 2 for quadratic. ``--records``
times the whole extraction with the learned reader beside the steps.
"""

import argparse
import math
import time
from collections.abc import Callable, Iterator
from functools import partial

from coopledger import load
from extractors.extract import Extract
from extractors.mentions.parties import find_parties
from extractors.pipeline import mention_pipeline
from extractors.text import clean
from extractors.text.outline import Outline
from flows.limits import TooSlowError, at_most
from tests.hostile.shapes import SHAPES

_MOST = 60.0
_LEAST = 0.02  # seconds below which no growth can be told
Step = tuple[str, Callable[[], object]]


def steps(text: str, extract: Extract | None) -> Iterator[Step]:
    """Yield what is timed, each after what it needs; the whole extraction where there is an extractor."""
    nlp = _NLP
    yield "clean", lambda: clean(text)
    yield "outline", lambda: Outline(text)
    yield "tokens", lambda: nlp.make_doc(text)
    doc = nlp.make_doc(text)
    for name, component in nlp.pipeline:
        yield name.removeprefix("coopledger_"), partial(component, doc)
    yield "parties, capitals", lambda: find_parties(text, capitals=True)
    if extract is not None:
        yield "whole extraction", lambda: extract.read(text)


def timed(call: Callable[[], object]) -> float:
    started = time.process_time()
    try:
        with at_most(_MOST):
            call()
    except TooSlowError:
        return math.inf
    return time.process_time() - started


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lengths", type=int, nargs="+", default=[16_000, 64_000])
    parser.add_argument("--records", action="store_true")
    asked = parser.parse_args()
    extract = load() if asked.records else None
    found: dict[str, dict[str, list[float]]] = {}
    for name, shape in SHAPES.items():
        for length in asked.lengths:
            for step, call in steps(shape(length), extract):
                found.setdefault(step, {}).setdefault(name, []).append(timed(call))
    by = math.log(asked.lengths[-1] / asked.lengths[-2])
    print(
        "| step | slowest shape | seconds | steepest shape | seconds | growth |\n| --- | --- | --- | --- | --- | --- |"
    )
    for step, shapes in found.items():
        slow = max(shapes, key=lambda one: shapes[one][-1])
        steep = {one: math.log(times[-1] / max(times[-2], 1e-3)) / by for one, times in shapes.items()}
        steep = {one: growth for one, growth in steep.items() if shapes[one][-1] > _LEAST} or {slow: 1.0}
        most = max(steep, key=lambda one: steep[one])
        seconds = [", ".join(f"{one:.3f}" for one in shapes[which]) for which in (slow, most)]
        print(f"| {step} | {slow} | {seconds[0]} | {most} | {seconds[1]} | {steep[most]:.2f} |")


_NLP = mention_pipeline()

if __name__ == "__main__":
    main()
