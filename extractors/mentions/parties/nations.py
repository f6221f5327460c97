"""What stands around a country's name: its government, its side, and pairs of countries."""

from .entries import Entry, country_names
from .lexicon import Hit
from .scan import COUNTRY_LIKE, Scan

LEVELS = frozenset(
    {
        "central",
        "federal",
        "national",
        "state",
        "provincial",
        "municipal",
        "regional",
        "local",
        "city",
        "county",
        "people's",
    }
)
_ENDS = frozenset(
    [
        ",",
        ".",
        ";",
        ")",
        "for",
        "in",
        "and",
        "or",
        "has",
        "had",
        "will",
        "at",
        "on",
        "from",
        "to",
        "by",
        "as",
        "is",
        "was",
        "with",
        "which",
        "that",
        "gave",
        "lent",
        "bought",
        "sold",
        "paid",
    ]
)
DASHES = frozenset("-–—")


def find_governments(scan: Scan) -> None:
    """Add "government of X", "the X government", "X's government", "X authorities", "the X side"."""
    for index in scan.triggers.get("government", ()):
        _government(scan, index)
    for index in scan.triggers.get("side", ()):
        _side(scan, index)


def government(country: str) -> Entry:
    """Return the government of ``country``, ISO 3166-1 alpha-3."""
    return Entry(f"Government of {country_names()[country]}", "government", country, "name", "government")


def _government(scan: Scan, index: int) -> None:
    tokens = scan.tokens
    if index in scan.owner:
        return
    if tokens.word(index + 1) == "of" and tokens.words[index].lower() in ("government", "govt", "administration"):
        at = index + 2 + (tokens.word(index + 2) == "the")
        hit = scan.at(at)
        if hit is not None and hit.source == "country" and hit.entry.country:
            scan.add(Hit(index, hit.last, government(hit.entry.country)))
            return
    first = index
    while tokens.word(first - 1).lower() in LEVELS and tokens.joined(first):
        first -= 1
    _possessed(scan, index, first)


def _possessed(scan: Scan, index: int, first: int) -> None:
    tokens = scan.tokens
    after = first
    if tokens.word(first - 1) == "s" and tokens.word(first - 2) in ("'", "’"):
        after = first - 2
    hit = scan.before(after)
    if hit is None or not tokens.joined(first) or hit.entry.country is None:
        return
    if hit.source in ("country", "demonym", "people"):
        scan.add(Hit(hit.first, index + 1, government(hit.entry.country)))
    elif hit.source in ("city", "province", "capital") and tokens.words[index].lower().startswith(
        ("gov", "auth", "admin")
    ):
        level = "" if first == index else tokens.slice(first, index).title() + " "
        entry = Entry(f"{hit.entry.name} {level}Government", "government", hit.entry.country, "name", "government")
        scan.add(Hit(hit.first, index + 1, entry))


def _side(scan: Scan, index: int) -> None:
    hit = scan.before(index)
    after = scan.tokens.word(index + 1)
    goes_on = bool(after) and after not in _ENDS and not after.endswith("ed")  # "state oil company"
    if scan.tokens.words[index] == "state" and goes_on:
        return
    if hit is not None and hit.source == "demonym" and hit.entry.country and scan.tokens.joined(index):
        entry = Entry(hit.entry.name, "country", hit.entry.country, "description", "side")
        scan.add(Hit(hit.first, index + 1, entry))


def find_compounds(scan: Scan) -> None:
    """Join names linked by a dash: "Sino-Russian", "China-EU", "Korea-Japan-China"."""
    chain: list[Hit] = []
    for hit in scan.ordered():
        if chain and _linked(scan, chain[-1], hit):
            chain.append(hit)
            continue
        _close(scan, chain)
        chain = [hit] if _joinable(hit) else []
    _close(scan, chain)


def _joinable(hit: Hit) -> bool:
    shared = hit.source == "body" and hit.entry.type == "organisation" and hit.entry.country is None
    return hit.source in COUNTRY_LIKE or hit.source == "capital" or shared


def _linked(scan: Scan, left: Hit, right: Hit) -> bool:
    tokens, at = scan.tokens, left.last
    if right.first != at + 1 or tokens.words[at] not in DASHES or not _joinable(right):
        return False
    return tokens.joined(at) and tokens.joined(right.first) and tokens.glued(at) == tokens.glued(right.first)


def _close(scan: Scan, chain: list[Hit]) -> None:
    if len(chain) < 2:
        return
    members = tuple(dict.fromkeys(h.entry.country for h in chain if h.entry.country))
    name = "-".join(dict.fromkeys(h.entry.name for h in chain))
    role = "demonym" if any(h.entry.role == "demonym" for h in chain) else "name"
    entry = Entry(name, "group", None, role, "compound", members)  # type: ignore[arg-type]
    scan.add(Hit(chain[0].first, chain[-1].last, entry))
