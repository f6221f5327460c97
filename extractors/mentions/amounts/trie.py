"""Word lists as one regular expression that shares prefixes, so that matching time does not grow with the list."""

import re
from collections.abc import Iterable
from typing import Any

_BLANK = r"[\s\-]{1,2}"
Node = dict[str, Any]
_END = ""


def _insert(root: Node, word: str) -> None:
    node = root
    for char in word:
        node = node.setdefault(char, {})
    node[_END] = {}


def _emit(node: Node) -> str:
    branches = [
        (_BLANK if char == " " else re.escape(char)) + _emit(below) for char, below in sorted(node.items()) if char
    ]
    if not branches:
        return ""
    body = branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"
    return f"(?:{body})?" if _END in node else body


def trie_pattern(words: Iterable[str]) -> str:
    """Write the pattern that matches the longest of the words; a blank in a word stands for one or two of any kind."""
    root: Node = {}
    for word in words:
        _insert(root, word)
    return f"(?:{_emit(root)})"
