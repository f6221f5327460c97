"""Silver names: bodies that coders listed for project notes, and persons after a title, where the notes write them."""

import random
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ...english.sentences import split
from .examples import Names

_PLAIN = re.compile(r"\s*\([^)]*\)")
_SHORT = re.compile(r"\(([A-Z][A-Za-z&-]{2,9})\)")
_TITLE = re.compile(
    r"\b(?:President|Prime Minister|Premier|Ambassador|(?:Deputy |Vice |Foreign |Finance |Health |Vice-)?Minister|"
    r"Governor|Chairman|Secretary|General|Mr\.?|Mrs\.?|Ms\.?|Dr\.?|Professor|Prof\.?|"
    r"Director|Chancellor|King|Mayor|Senator) "
    r"((?:[A-Z][\w’'-]*[a-z]|[A-Z]\.)(?: (?:al-|bin |bin|ben |Ould |de |van )?(?:[A-Z][\w’'-]*[a-z]|[A-Z]\.)){1,3}?)"
    r"(?=['’]s\b|(?! [A-Z]))(?![\w-])"
)
_NOT_PERSONS = frozenset(
    [
        "Minister",
        "President",
        "Ministry",
        "China",
        "Chinese",
        "Bank",
        "Republic",
        "Government",
        "Embassy",
        "Affairs",
        "Foreign",
        "Finance",
        "Health",
        "Economic",
        "Vice",
        "Deputy",
        "Manager",
        "Company",
        "Corporation",
        "Group",
        "Administration",
        "Secretariat",
        "Industry",
        "Commission",
        "Office",
        "Assembly",
        "Hospital",
        "University",
        "Council",
        "State",
        "The",
        "In",
        "On",
        "Of",
        "General",
        "Secretary",
        "Director",
        "Ambassador",
    ]
)
_INSIDE = re.compile(r"(?:[A-Z]\w*|\bof|&|\band) $")
_BEFORE = re.compile(r"(?:\b(?:In|From|To|For|By|At|With|The|And|While) )$")
_LONGEST = 9  # words


def silver_names(
    docs: Iterable[dict[str, Any]], gold: Iterable[dict[str, Any]], *, places: Sequence[str] = ()
) -> Iterator[Names]:
    """Yield each sentence that names a body or person with the names found, marked ``partial``: others are unknown.

    Bodies come from ``gold`` (``funders``, ``implementers``, ``recipient_agencies``: AidData's coders) and are looked
    up in every text; ``places`` are marked where they lie in no body's name.
    """
    bodies = _pattern(_bodies(gold))
    lands = _pattern(set(places))
    for doc in docs:
        text = f"{doc.get('title') or ''}\n{doc['text']}".strip()
        for start, end in split(text):
            spans = list(_found(text[start:end], bodies, lands))
            if any(row["label"] != "LOC" for row in spans):
                yield {"text": text[start:end], "spans": sorted(spans, key=_start), "partial": True}


def _found(text: str, bodies: re.Pattern[str] | None, lands: re.Pattern[str] | None) -> Iterator[dict[str, Any]]:
    taken: list[dict[str, Any]] = []
    for label, pattern, group in (("ORG", bodies, 0), ("PERSON", _TITLE, 1), ("LOC", lands, 0)):
        for match in pattern.finditer(text) if pattern else ():
            name = re.sub(r"['’]s$", "", match[group])
            row = {"start": match.start(group), "end": match.start(group) + len(name), "label": label}
            if _free(row, taken) and _stands(text, row):
                taken.append(row)
                yield row


def _stands(text: str, row: dict[str, Any]) -> bool:
    """Whether a name is not part of a longer one that is not known, and no office taken for a person."""
    if row["label"] == "PERSON":
        return not _NOT_PERSONS & set(text[row["start"] : row["end"]].split())
    before, after = text[: row["start"]], text[row["end"] :]
    if re.match(r" (?:[A-Z]|& )", after):
        return False
    return row["label"] == "ORG" or not _INSIDE.search(before) or _BEFORE.search(before) is not None


def swapped(texts: Sequence[Names], pools: Mapping[str, Sequence[str]], *, seed: int = 0) -> Iterator[Names]:
    """Yield each text that has names once more, every other name in it changed for one of its kind from ``pools``.

    Contexts then say more about a name than the few words seen in it.
    """
    chance = random.Random(seed)
    for text in texts:
        if text["spans"]:
            yield _swap(text, pools, chance)


def name_pools(texts: Iterable[Names], *, places: Sequence[str] = ()) -> dict[str, list[str]]:
    """Return the names of the texts by label, as often as they occur, and the ``places`` among the locations."""
    pools: dict[str, list[str]] = {"LOC": sorted(places)}
    for text in texts:
        for span in text["spans"]:
            pools.setdefault(span["label"], []).append(text["text"][span["start"] : span["end"]])
    return pools


def _swap(text: Names, pools: Mapping[str, Sequence[str]], chance: random.Random) -> Names:
    parts: list[str] = []
    spans: list[dict[str, Any]] = []
    place = size = 0
    for span in text["spans"]:
        before = text["text"][place : span["start"]]
        pool = pools.get(span["label"], ())
        name = chance.choice(pool) if pool and chance.random() < 0.6 else text["text"][span["start"] : span["end"]]
        parts += [before, name]
        start = size + len(before)
        size = start + len(name)
        spans.append({"start": start, "end": size, "label": span["label"]})
        place = span["end"]
    return {**text, "id": "", "text": "".join([*parts, text["text"][place:]]), "spans": spans}


def _start(row: dict[str, Any]) -> int:
    return int(row["start"])


def _free(row: dict[str, Any], spans: Iterable[dict[str, Any]]) -> bool:
    return not any(row["start"] < other["end"] and other["start"] < row["end"] for other in spans)


def _bodies(gold: Iterable[dict[str, Any]]) -> set[str]:
    found: set[str] = set()
    for row in gold:
        for kind in ("funders", "implementers", "recipient_agencies"):
            for body in row.get(kind) or ():
                name = body["name"] if isinstance(body, dict) else str(body)
                found.add(_PLAIN.sub("", name).strip())
                found.update(_SHORT.findall(name))
    return {name for name in found if _usable(name)}


def _usable(name: str) -> bool:
    words = name.split()
    if not words or not words[0][0].isupper() or words[0] in {"Unspecified", "The"} or len(words) > _LONGEST:
        return False
    return len(words) > 1 or name.isupper() and len(name) > 2


def _pattern(names: set[str]) -> re.Pattern[str] | None:
    if not names:
        return None
    ordered = sorted(names, key=_longest_first)
    return re.compile(r"(?<![\w-])(?:" + "|".join(map(re.escape, ordered)) + r")(?![\w-])")


def _longest_first(name: str) -> tuple[int, str]:
    return -len(name), name
