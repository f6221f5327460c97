"""How time grows with the length of hostile texts: ``python -m benchmarks.linear [--keep FILE]``.

Reads each shape of ``tests/hostile/shapes.py`` at each of ``--lengths``, step by step, and every tenth at ``--longest``
with cleaning and the finders only, without tokens. Shapes that have grown most so far are read first. Prints for each
step the slowest and the steepest shape: processor seconds at its last two lengths, and the growth, 1 for linear and 2
for quadratic. ``--keep`` names a file to which times are appended, from which an interrupted call continues.
``--records`` also times the whole extraction with the learned reader.
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
from flows.limits import TooSlowError, time_limit
from tests.hostile.shapes import SHAPES

_MAX_SECONDS = 60.0  # that a step may take
_MIN_SECONDS = 0.02  # below which growth cannot be measured
_EVERY = 10  # one shape in so many is read at the longest length
Step = tuple[str, Callable[[], object]]
Times = dict[str, dict[str, dict[int, float]]]  # by shape, step and length


def steps(text: str, extract: Extract | None) -> Iterator[Step]:
    """Yield the steps to time, each after those it depends on; the whole extraction only if there is an extractor."""
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
    """Yield the steps to time for a text of which no Doc is made."""
    yield "clean", lambda: clean(text)
    for name, find in (("parties", find_parties), ("years", find_years), ("amounts", find_amounts)):
        yield name, partial(find, text)


def timed(call: Callable[[], object]) -> float:
    """Return the processor seconds that a call takes; infinity beyond ``_MAX_SECONDS``."""
    gc.collect()
    started = time.process_time()
    try:
        with time_limit(_MAX_SECONDS):
            call()
    except TooSlowError:
        return math.inf
    return time.process_time() - started


def add(found: Times, name: str, length: int, seconds: dict[str, float]) -> None:
    """Add the seconds of each step for a shape (``name``) and a length."""
    for step, one in seconds.items():
        found.setdefault(name, {}).setdefault(step, {})[length] = one


def growth(times: dict[int, float]) -> float:
    """Return the exponent of the growth in time between the last two lengths; 0 if times are too short to measure."""
    if len(times) < 2 or max(times.values()) < _MIN_SECONDS:
        return 0.0
    (short, before), (long, after) = sorted(times.items())[-2:]
    return math.log(after / max(before, 1e-3)) / math.log(long / short)


def steepest(name: str, found: Times) -> float:
    """Return the largest growth among the steps of a shape."""
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
    """Time all steps and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lengths", type=int, nargs="*", default=[1_000, 10_000, 100_000, 1_000_000])
    parser.add_argument("--longest", type=int, default=10_000_000)
    parser.add_argument("--records", action="store_true")
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--table", action="store_true", help="print the table of what --keep holds, and time nothing")
    options = parser.parse_args()
    extract = load() if options.records else None
    for _, call in steps("In 2014 China lent Peru $5 million for two schools. ", extract):
        call()  # so that loading at the first call is not timed
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
gc.freeze()  # so that collecting before a step looks only at what the last step left

if __name__ == "__main__":
    main()
