"""Words a second of the normaliser beside quantulum3 and recognizers-text: ``python benchmarks/normaliser.py DOCS``.

DOCS is JSON Lines, one document a line with ``text`` (and ``title``). Each reader reads the same text in the same
run on one core; the slower ones read a sample. A reader that is not installed is named and skipped. ``--python PATH``
runs the others in another interpreter, for those whose requirements do not fit this one.
"""

import argparse
import importlib.util
import json
import re
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path

Reader = Callable[[str], object]


def documents(path: Path) -> list[str]:
    rows = [json.loads(line) for line in path.open(encoding="utf-8")]
    return [f"{row['title']}\n{row['text']}" if row.get("title") else row["text"] for row in rows]


def plain(texts: list[str]) -> list[str]:
    """The same texts without anything that looks like an amount or a year."""
    words = "one|two|three|four|five|six|seven|eight|nine|ten|dollars?|yuan|euros?|rmb|usd|hundred|thousand|[mb]illion"
    number = rf"(?i)\S*[\d$€£¥]\S*|\b(?:{words})\b"
    return [re.sub(number, "", text) for text in texts]


def ours() -> dict[str, Reader]:
    sys.path.insert(0, str(Path(__file__).parents[1]))
    from extractors.mentions.amounts import find_amounts, find_numbers
    from extractors.mentions.years import find_years

    def both(text: str) -> object:
        return find_amounts(text), find_years(text)

    return {"find_amounts": find_amounts, "find_years": find_years, "both": both, "find_numbers": find_numbers}


def quantulum3() -> dict[str, Reader]:
    from quantulum3 import parser

    return {"quantulum3": parser.parse}


def recognizers() -> dict[str, Reader]:
    from recognizers_number import recognize_number, recognize_percentage
    from recognizers_number_with_unit import recognize_currency

    def amounts(text: str) -> object:
        return recognize_currency(text, "en-us"), recognize_percentage(text, "en-us")

    def numbers(text: str) -> object:
        return recognize_number(text, "en-us")

    return {"recognizers-text currency + percentage": amounts, "recognizers-text number": numbers}


SETS = {"ours": ours, "quantulum3": quantulum3, "recognizers": recognizers}
MODULES = {"ours": "sys", "quantulum3": "quantulum3", "recognizers": "recognizers_number_with_unit"}


def speed(reader: Reader, texts: list[str], *, rounds: int) -> float:
    """Give the best words a second of some rounds; a text on which the reader fails is counted as read."""
    words = sum(len(text.split()) for text in texts)
    reader(texts[0])
    return max(words / _seconds(reader, texts) for _ in range(rounds))


def _seconds(reader: Reader, texts: list[str]) -> float:
    begin = time.process_time()
    for text in texts:
        try:
            reader(text)
        except Exception as error:  # another library's failure is its own
            warnings.warn(f"failed: {type(error).__name__}", stacklevel=2)
    return time.process_time() - begin


def report(name: str, path: Path, sample: int) -> None:
    if importlib.util.find_spec(MODULES[name]) is None:
        print(f"{name}: not installed")
        return
    texts = documents(path)
    if name != "ours":
        texts = texts[:: max(1, len(texts) // sample)]
    rounds = 3 if name == "ours" else 1
    for label, reader in SETS[name]().items():
        notes, bare = (speed(reader, some, rounds=rounds) for some in (texts, plain(texts)))
        print(f"{label:40} {notes:>12,.0f} words/s on the notes, {bare:>12,.0f} without amounts")


def main() -> None:
    warnings.simplefilter("ignore")
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("docs", type=Path)
    parser.add_argument("--sample", type=int, default=150)
    parser.add_argument("--python", default="")
    parser.add_argument("--only", choices=SETS)
    options = parser.parse_args()
    for name in [options.only] if options.only else SETS:
        if options.python and name != "ours" and not options.only:
            command = [options.python, __file__, str(options.docs), "--only", name, "--sample", str(options.sample)]
            subprocess.run(command, check=True)
        else:
            report(name, options.docs, options.sample)


if __name__ == "__main__":
    main()
