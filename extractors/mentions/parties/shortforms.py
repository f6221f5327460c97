"""Names that a document shortens: "X Y Corporation (XYC) … XYC", "the Ministry", "the two sides"."""

import re

from .entries import Entry
from .lexicon import Hit
from .scan import Scan, heads
from .tokens import Tokens, is_cap

FIXED = {
    ("two", "sides"): "the two sides",
    ("both", "sides"): "both sides",
    ("two", "countries"): "the two countries",
    ("two", "nations"): "the two nations",
    ("two", "governments"): "the two governments",
    ("two", "parties"): "the two parties",
    ("two", "states"): "the two states",
    ("three", "countries"): "the three countries",
    ("both", "countries"): "both countries",
    ("three", "sides"): "the three sides",
    ("both", "parties"): "both parties",
    ("two", "companies"): "the two companies",
    ("two", "universities"): "the two universities",
    ("both", "governments"): "both governments",
    ("both", "nations"): "both nations",
    ("two", "institutions"): "the two institutions",
}
NOUNS = {
    "company": "company",
    "firm": "company",
    "bank": "organisation",
    "ministry": "government",
    "university": "university",
    "government": "government",
    "country": "country",
    "nation": "country",
    "embassy": "government",
    "agency": "organisation",
    "fund": "organisation",
    "institute": "organisation",
    "academy": "organisation",
    "commission": "organisation",
    "corporation": "company",
    "bloc": "organisation",
    "foundation": "organisation",
    "council": "organisation",
    "centre": "organisation",
    "center": "organisation",
    "observatory": "organisation",
    "organisation": "organisation",
    "organization": "organisation",
    "authorities": "government",
}
DESCRIBING = NOUNS.keys() | {first for first, _ in FIXED}
FAMILY_FIRST = frozenset({"CHN", "KOR", "PRK", "VNM", "TWN", "HUN"})
PLAIN = frozenset({"country", "nation", "government"})
_FIELD = re.compile(r"(?<= Ministry) (?:of|for) ")


def find_acronyms(scan: Scan) -> None:
    """Join "(XYC)" to the name before it and let later XYC refer to it."""
    meanings: dict[str, Entry] = {}
    for hit in scan.ordered():
        placed = scan.at(hit.last + 1)
        if placed is not None and placed.source in ("country", "city", "capital", "province"):
            continue
        if hit.entry.source in ("body", "pattern", "capitals", "compound") and (
            acronym := _bracketed(scan.tokens, hit.last)
        ):
            if hit.source != "compound":
                meanings.setdefault(acronym[0], hit.entry)
            scan.add(Hit(hit.first, acronym[1], hit.entry))
    if not meanings:
        return
    for index, word in enumerate(scan.tokens.words):
        if word in meanings:
            owner = scan.owner.get(index)
            if owner is None or owner.last - owner.first == 1:
                scan.add(Hit(index, index + 1, meanings[word]))


def _bracketed(tokens: Tokens, at: int) -> tuple[str, int] | None:
    """Return the acronym in brackets at ``at`` and the end of the brackets."""
    if tokens.word(at) != "(" or not tokens.joined(at):
        return None
    words: list[str] = []
    for i in range(at + 1, min(at + 6, len(tokens))):
        word = tokens.words[i]
        if word == ")":
            name = "".join(words)
            return (name, i + 1) if len(name) > 1 and sum(c.isupper() for c in name) >= 2 and len(words) <= 3 else None
        if word in "\"'“”‘’":
            continue
        if not is_cap(word) and word not in "-&":
            return None
        words.append(word)
    return None


def find_bare_ministries(scan: Scan) -> None:
    """Let a ministry without a field ("Chinese Ministry") be the only one of its country that the text names whole."""
    ministries = [hit for hit in scan.ordered() if hit.source == "pattern" and hit.entry.type == "government"]
    whole: dict[str, dict[str, Entry]] = {}  # what each bare name may be short for, by name
    for hit in ministries:
        for match in _FIELD.finditer(hit.entry.name):
            whole.setdefault(hit.entry.name[: match.start()], {}).setdefault(hit.entry.name, hit.entry)
    for hit in ministries:
        meant = whole.get(hit.entry.name, {})
        if len(meant) == 1:
            scan.add(Hit(hit.first, hit.last, *meant.values()))


def find_surnames(scan: Scan) -> None:
    """Let a surname alone refer to a person named before: "Vladimir Putin … Putin"."""
    surnames: dict[str, Entry] = {}
    for hit in scan.hits:
        words = hit.entry.name.split()
        if hit.entry.type == "person" and hit.source != "title" and len(words) > 1:
            surname = words[0] if hit.entry.country in FAMILY_FIRST else words[-1]
            if is_cap(surname) and len(surname) > 1:
                surnames.setdefault(surname, Entry(hit.entry.name, "person", hit.entry.country, "person", "surname"))
    if not surnames:
        return
    for index, word in enumerate(scan.tokens.words):
        if word in surnames and index not in scan.owner and not is_cap(scan.tokens.word(index + 1)):
            scan.add(Hit(index, index + 1, surnames[word]))


def find_descriptions(scan: Scan) -> None:
    """Add "the Ministry", "the company", "the two sides": each named after the last body of that kind, if any."""
    tokens = scan.tokens
    last_of: dict[str, Entry] = {}
    ordered = scan.ordered()
    position = 0
    for index in scan.triggers.get("short", ()):
        if tokens.word(index + 1).lower() not in DESCRIBING:
            continue
        while position < len(ordered) and ordered[position].first < index:
            _remember(last_of, scan, ordered[position])
            position += 1
        word = tokens.word(index + 1)
        pair = (word.lower(), tokens.word(index + 2).lower())
        if pair in FIXED:
            name = FIXED[pair]
            _describe(scan, index, index + 3, Entry(name, "group", None, "description", "description"))
        elif word.lower() in NOUNS and tokens.word(index + 2) not in ("of", "'", "’") | heads().keys():
            known = last_of.get(word.lower())
            if known is not None and (is_cap(word) or word.lower() not in PLAIN):
                entry = Entry(known.name, known.type, known.country, "description", "description")
            else:
                entry = Entry(f"the {word.lower()}", NOUNS[word.lower()], None, "description", "description")  # type: ignore[arg-type]
            _describe(scan, index, index + 2, entry)


def _describe(scan: Scan, first: int, last: int, entry: Entry) -> None:
    if all(i not in scan.owner or scan.owner[i].source == "group" for i in range(first, last)) and scan.tokens.joined(
        last - 1
    ):
        scan.add(Hit(first, last, entry))


def _remember(last_of: dict[str, Entry], scan: Scan, hit: Hit) -> None:
    if hit.source not in ("body", "pattern"):
        return
    for word in scan.tokens.words[hit.first : hit.last]:
        if word.lower() in NOUNS:
            last_of[word.lower()] = hit.entry
    if hit.entry.type == "company":
        last_of["company"] = last_of["firm"] = hit.entry
