"""Rich Text: its text without what is hidden or deleted, with superscripts on the line."""

import re
from collections.abc import Iterator

from extractors.text.documents import DecodedDocument, UnreadableError
from extractors.text.superscripts import RAISED_END, RAISED_START, write_raised

_SPECIAL = re.compile(r"\\(?:super|deleted|v)(?![a-zA-Z0])")  # switches on what striprtf does not know
_TOKEN = re.compile(r"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'[0-9a-fA-F]{2}|\\[^a-zA-Z]|[{}]|[^\\{}]+", re.DOTALL)
_SWITCHES = {"super": "super", "nosupersub": "super", "sub": "super", "v": "v", "deleted": "deleted"}
_OFF = ("nosupersub", "sub")
_HIDDEN = frozenset(("v", "deleted"))
_CHARACTERS = (  # control words that stand for characters
    "u", "par", "sect", "page", "line", "tab", "emdash", "endash", "emspace", "enspace", "qmspace", "bullet", "lquote",
    "rquote", "ldblquote", "rdblquote", "row", "cell", "nestcell",
)  # fmt: skip


def read_rtf(data: bytes) -> DecodedDocument:
    """Read the text of a Rich Text document; hidden text and tracked deletions are not read."""
    from striprtf.striprtf import remove_pict_groups, rtf_to_text

    if not data.lstrip().startswith(b"{\\rtf"):
        raise UnreadableError("unreadable", "the file is no Rich Text")
    source = data.decode("latin-1")
    if _SPECIAL.search(source):
        source = "".join(_visible(remove_pict_groups(source)))
    return DecodedDocument(write_raised(rtf_to_text(source, errors="replace")))


def _visible(source: str) -> Iterator[str]:
    """Yield Rich Text without its hidden characters, with marks around superscripts that survive its conversion."""
    state: frozenset[str] = frozenset()
    stack: list[frozenset[str]] = []
    for token in _TOKEN.finditer(source):
        was, word = state, token[1]
        if token[0] == "{":
            stack.append(state)
        elif token[0] == "}":
            state = stack.pop() if stack else state
        elif word:
            state = _switched(state, word, token[2])
        is_text = word in _CHARACTERS if word else token[0] not in ("{", "}", "\\*")
        if not (is_text and state & _HIDDEN):
            yield token[0]
        if ("super" in state) != ("super" in was):
            yield RAISED_START if "super" in state else RAISED_END


def _switched(state: frozenset[str], word: str, argument: str | None) -> frozenset[str]:
    """Return the character properties that are on after a control word."""
    if word == "plain":
        return frozenset()
    if not (name := _SWITCHES.get(word)):
        return state
    return state - {name} if argument == "0" or word in _OFF else state | {name}
