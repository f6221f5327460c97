"""Two JSON values compared leaf by leaf, under dotted paths."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_SPAN = {"start", "end", "text"}


@dataclass(frozen=True, slots=True)
class Leaf:
    """A value that differs. ``offset`` marks a place in the text: a span's start or end, whatever it quotes."""

    name: str
    before: Any
    after: Any
    offset: bool = False


def leaves(before: Any, after: Any, path: str = "") -> Iterator[Leaf]:
    """List what differs, in the order of the paths. Lists are leaves; one whose offsets alone differ is an offset."""
    if before == after:
        return
    if not isinstance(before, dict) or not isinstance(after, dict):
        yield Leaf(path, before, after, unplaced(before) == unplaced(after))
        return
    span = before.keys() == _SPAN == after.keys()
    for key in sorted(before.keys() | after.keys()):
        both = key in before and key in after
        if both and before[key] == after[key]:
            continue
        name = f"{path}.{key}" if path else str(key)
        if span and key != "text":
            yield Leaf(name, before[key], after[key], offset=True)
        elif both:
            yield from leaves(before[key], after[key], name)
        else:
            yield Leaf(name, before.get(key), after.get(key))


def unplaced(value: Any) -> Any:
    """Return a JSON value without the offsets of its spans."""
    if isinstance(value, dict):
        kept = {"text"} if value.keys() == _SPAN else value.keys()
        return {key: unplaced(value[key]) for key in kept}
    return [unplaced(one) for one in value] if isinstance(value, list | tuple) else value
