"""CoNLL-U treebanks as sentences: plain or compressed with xz."""

import lzma
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a treebank, one item a syntactic word in each tuple.

    ``heads`` are indices into the sentence, a root being its own head; ``spaces`` tell whether a blank follows.
    ``document`` is the id of the text it comes from.
    """

    id: str
    document: str
    words: tuple[str, ...]
    spaces: tuple[bool, ...]
    tags: tuple[str, ...]
    pos: tuple[str, ...]
    lemmas: tuple[str, ...]
    heads: tuple[int, ...]
    deps: tuple[str, ...]

    @property
    def text(self) -> str:
        """The words with their blanks, none at the end."""
        return "".join(w + " " * s for w, s in zip(self.words, self.spaces, strict=True)).rstrip()


def read_conllu(path: Path) -> Iterator[Sentence]:
    """Yield the sentences of a CoNLL-U file (``.conllu`` or ``.conllu.xz``), in order.

    Words of a multiword token whose forms do not spell it (a few misspellings) lose their sentence; empty nodes are
    skipped. Format: https://universaldependencies.org/format.html
    """
    with _opened(path) as lines:
        document = ""
        for block in _blocks(lines):
            document = _comment(block, "newdoc id") or document
            sentence = _sentence(block, document)
            if sentence is not None:
                yield sentence


def _opened(path: Path) -> TextIO:
    return lzma.open(path, "rt", encoding="utf-8") if path.suffix == ".xz" else path.open(encoding="utf-8")


def _blocks(lines: Iterable[str]) -> Iterator[list[str]]:
    block: list[str] = []
    for line in lines:
        if line.strip():
            block.append(line.rstrip("\n"))
        elif block:
            yield block
            block = []
    if block:
        yield block


def _comment(block: list[str], name: str) -> str | None:
    start = f"# {name} = "
    return next((line[len(start) :] for line in block if line.startswith(start)), None)


def _sentence(block: list[str], document: str) -> Sentence | None:
    rows = [line.split("\t") for line in block if not line.startswith("#")]
    words = [row for row in rows if row[0].isdigit()]
    spaces = _spaces(rows)
    if not words or spaces is None:
        return None
    return Sentence(
        id=_comment(block, "sent_id") or "",
        document=document,
        words=tuple(row[1] for row in words),
        spaces=tuple(spaces),
        tags=tuple(row[4] for row in words),
        pos=tuple(row[3] for row in words),
        lemmas=tuple(row[2] for row in words),
        heads=tuple(int(row[6]) - 1 if row[6] != "0" else int(row[0]) - 1 for row in words),
        deps=tuple(row[7] for row in words),
    )


def _spaces(rows: list[list[str]]) -> list[bool] | None:
    """Whether a blank follows each word, or None where the words of a multiword token do not spell it."""
    spaces: list[bool] = []
    last, form, space = 0, "", True
    for row in rows:
        if "-" in row[0]:
            last, form, space = int(row[0].split("-")[1]), row[1], _space_after(row)
        elif row[0].isdigit() and int(row[0]) <= last:
            if not form.startswith(row[1]):
                return None
            form = form[len(row[1]) :]
            spaces.append(int(row[0]) == last and space)
        elif row[0].isdigit():
            spaces.append(_space_after(row))
    return spaces


def _space_after(row: list[str]) -> bool:
    return "SpaceAfter=No" not in row[9].split("|")
