"""Before and after, word by word."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

_WORDS = re.compile(r"\s+|\w+|[^\w\s]")
_LONG = 4_000


@dataclass(frozen=True, slots=True)
class Mark:
    """A run of text that both sides have, or one alone."""

    kind: Literal["same", "before", "after"]
    text: str


def marks(before: str, after: str) -> list[Mark]:
    """Align two texts word by word; very long ones are shown whole, one after the other."""
    if len(before) + len(after) > _LONG:
        return [Mark("before", before), Mark("after", after)]
    return list(_marks(_WORDS.findall(before), _WORDS.findall(after)))


def _marks(old: list[str], new: list[str]) -> Iterator[Mark]:
    for tag, old_start, old_end, new_start, new_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Mark("same", "".join(old[old_start:old_end]))
            continue
        if old_end > old_start:
            yield Mark("before", "".join(old[old_start:old_end]))
        if new_end > new_start:
            yield Mark("after", "".join(new[new_start:new_end]))
