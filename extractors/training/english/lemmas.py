"""Learning the lemmatiser's table: for each tag, the edit that the longest known ending of a word calls for."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from os.path import commonprefix

from .conllu import Sentence

Edit = tuple[int, str]
"""How many letters to cut from the end, and what to add."""

_TAGS = frozenset(
    [
        "NNS",
        "NNPS",
        "VBD",
        "VBN",
        "VBG",
        "VBZ",
        "VBP",
        "VB",
        "MD",
        "JJR",
        "JJS",
        "RBR",
        "RBS",
        "PRP",
        "PRP$",
        "POS",
        "RB",
        "DT",
    ]
)
_ROOT = frozenset(["NNS", "NNPS", "VBD", "VBN", "VBG", "VBZ", "JJR", "JJS", "RBR", "RBS"])
_LONGEST = 7


def learn_lemmas(sentences: Iterable[Sentence]) -> Iterator[dict[str, str | int]]:
    """Yield the rows of the table: ``tag``, ``ending`` (``^`` in front where it is the whole word), ``cut``, ``add``.

    A longer ending is a row only where its edit differs from that of the ending inside it. Words whose lemma is not an
    edit of their end, or that vary, go by the majority.
    """
    edits = _edits(sentences)
    for tag in sorted(edits):
        table: dict[str, Edit] = {}
        for ending, counts in _endings(edits[tag], endings=tag in _ROOT):
            edit = max(sorted(counts), key=counts.__getitem__)
            if edit != _inherited(table, ending):
                table[ending] = edit
        for ending, (cut, add) in table.items():
            yield {"tag": tag, "ending": ending, "cut": cut, "add": add}


def _edits(sentences: Iterable[Sentence]) -> dict[str, dict[str, Edit]]:
    """For each tag and word, the commonest edit."""
    seen: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for sentence in sentences:
        for word, tag, lemma in zip(sentence.words, sentence.tags, sentence.lemmas, strict=True):
            if tag in _TAGS and word.isascii() and any(c.isalpha() for c in word):
                seen[tag, word.lower()][lemma.lower()] += 1
    edits: dict[str, dict[str, Edit]] = defaultdict(dict)
    for (tag, word), lemmas in sorted(seen.items()):
        lemma = max(sorted(lemmas), key=lemmas.__getitem__)
        edits[tag][word] = _edit(word, lemma)
    return edits


def _edit(word: str, lemma: str) -> Edit:
    shared = len(commonprefix([word, lemma]))
    return len(word) - shared, lemma[shared:]


def _endings(words: dict[str, Edit], *, endings: bool) -> Iterator[tuple[str, Counter[Edit]]]:
    """The endings seen on two words or more, shorter first, then the whole words."""
    counts: dict[str, Counter[Edit]] = defaultdict(Counter)
    for word, edit in words.items():
        for size in range(min(len(word), _LONGEST + 1)) if endings else ():
            counts[word[len(word) - size :]][edit] += 1
    for ending in sorted(counts, key=_by_length):
        if counts[ending].total() > 1:
            yield ending, counts[ending]
    for word, edit in words.items():
        yield "^" + word, Counter([edit])


def _by_length(ending: str) -> tuple[int, str]:
    return len(ending), ending


def _inherited(table: dict[str, Edit], ending: str) -> Edit:
    word = ending.removeprefix("^")
    for start in range(int(word == ending), len(word) + 1):
        edit = table.get(word[start:])
        if edit is not None and edit[0] < len(word):
            return edit
    return 0, ""
