"""How time grows with the length of hostile texts: ``python -m benchmarks.linear [--keep FILE]``.

Reads each shape of ``tests/hostile/shapes.py`` at each of ``--lengths``, step by step, and every tenth at ``--longest``
by cleaning and the finders alone, without tokens. The shapes that grew most so far are read first. Prints for each step
the slowest and the steepest shape: processor seconds at its last two lengths, and the growth, 1 for linear and 2 for
quadratic. ``--keep`` names a file to which each time is added: what was broken off goes on there. ``--records`` times
the whole extraction with the learned reader beside the steps.
"""

import argparse
import gc
import json
import math
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from spacy.tokens import Doc

from coopledger import load
from extractors.extract import Extract
from extractors.mentions.amounts import find_amounts
from extractors.mentions.parties import find_parties
from extractors.mentions.years import find_years
from extractors.pipeline import mention_pipeline
from extractors.text import clean
from extractors.text.outline import Outline
from flows.limits import TooSlowError, at_most
from tests.hostile.shapes import SHAPES

_MOST = 60.0  # seconds that a step may take
_LEAST = 0.02  # seconds below which no growth can be told
_EVERY = 10  # shapes, of which one is read at the longest length
Step = tuple[str, Callable[[], object]]
Times = dict[str, dict[str, dict[int, float]]]  # by shape, step and length


def steps(text: str, extract: Extract | None) -> Iterator[Step]:
    """Yield what is timed, each after what it needs; the whole extraction where there is an extractor."""
    yield "clean", lambda: clean(text)
    yield "outline", lambda: Outline(text)
    docs: list[Doc] = []
    yield "tokens", lambda: docs.append(_NLP.make_doc(text))
    for doc in docs:
        for name, component in _NLP.pipeline:
            yield name.removeprefix("coopledger_"), partial(component, doc)
    yield "parties, capitals", lambda: find_parties(text, capitals=True)
    if extract is not None:
        yield "whole extraction", lambda: extract.read(text)


def bare_steps(text: str) -> Iterator[Step]:
    """Yield what is timed of a text that no Doc is made of."""
    yield "clean", lambda: clean(text)
    for name, find in (("parties", find_parties), ("years", find_years), ("amounts", find_amounts)):
        yield name, partial(find, text)


def timed(call: Callable[[], object]) -> float:
    """Return the processor seconds that a call takes, infinitely many where they are too many."""
    gc.collect()
    started = time.process_time()
    try:
        with at_most(_MOST):
            call()
    except TooSlowError:
        return math.inf
    return time.process_time() - started


def add(found: Times, name: str, length: int, seconds: dict[str, float]) -> None:
    """Add what the steps took for a shape of a length."""
    for step, one in seconds.items():
        found.setdefault(name, {}).setdefault(step, {})[length] = one


def growth(times: dict[int, float]) -> float:
    """Return the power of the length by which time grew between the last two; 0 where it is too short to tell."""
    if len(times) < 2 or max(times.values()) < _LEAST:
        return 0.0
    (short, before), (long, after) = sorted(times.items())[-2:]
    return math.log(after / max(before, 1e-3)) / math.log(long / short)


def steepest(name: str, found: Times) -> float:
    """Return the growth of the step of a shape that grew most."""
    return max(map(growth, found.get(name, {}).values()), default=0.0)


def lines_of(found: Times) -> Iterator[str]:
    """Yield the lines of the table."""
    yield "| step | slowest shape | seconds | steepest shape | seconds | growth |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for step in dict.fromkeys(step for shape in found.values() for step in shape):
        shapes = {name: shape[step] for name, shape in found.items() if step in shape}
        slow = max(shapes, key=lambda name: max(shapes[name].items()))
        most = max(shapes, key=lambda name: growth(shapes[name]))
        seconds = [
            ", ".join(f"{time:.3f} ({length:,})" for length, time in sorted(shapes[name].items())[-2:])
            for name in (slow, most)
        ]
        yield f"| {step} | {slow} | {seconds[0]} | {most} | {seconds[1]} | {growth(shapes[most]):.2f} |"


def main() -> None:
    """Time all and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lengths", type=int, nargs="*", default=[1_000, 10_000, 100_000, 1_000_000])
    parser.add_argument("--longest", type=int, default=10_000_000)
    parser.add_argument("--records", action="store_true")
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--table", action="store_true", help="print the table of what --keep holds, and time nothing")
    options = parser.parse_args()
    extract = load() if options.records else None
    for _, call in steps("In 2014 China lent Peru $5 million for two schools. ", extract):
        call()  # what is loaded at the first call is not timed
    found: Times = {}
    done = set()
    for line in options.keep.read_text("utf-8").splitlines() if options.keep and options.keep.exists() else ():
        name, length, seconds = json.loads(line)
        add(found, name, length, seconds)
        done.add((name, length))
    plan = [(length, list(SHAPES)) for length in options.lengths] + [(options.longest, list(SHAPES)[::_EVERY])]
    for length, names in [] if options.table else plan:
        for name in sorted(names, key=lambda name: -steepest(name, found)):
            if (name, length) in done:
                continue
            text = SHAPES[name](length)
            calls = bare_steps(text) if length == options.longest else steps(text, extract)
            seconds = {step: timed(call) for step, call in calls}
            add(found, name, length, seconds)
            if options.keep:
                with options.keep.open("a", encoding="utf-8") as stream:
                    stream.write(json.dumps([name, length, seconds]) + "\n")
    print("\n".join(lines_of(found)))


_NLP = mention_pipeline()
gc.freeze()  # what is collected before each step is then what the last one left

if __name__ == "__main__":
    main()
