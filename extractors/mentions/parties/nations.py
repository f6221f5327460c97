"""Hits built around country names: governments, "the X side", compounds and unnamed groups of countries."""

from extractors.mentions import PartyRole
from extractors.mentions.parties.entries import COUNTRY_NAMES, GOVERNMENTS, WORDS, Entry
from extractors.mentions.parties.lexicon import Hit, lexicon
from extractors.mentions.parties.places import STATES
from extractors.mentions.parties.scan import COUNTRY_LIKE, DASHES, SITES, TOWNS, Scan

JOINED = frozenset({"and", "or", "/", "-"})


def find_governments(scan: Scan) -> None:
    """Add "government of X", "the X government", "X's government", "X authorities", "the X side"."""
    scan.for_each_trigger("government", _add_government)
    for index in scan.triggers.get("side", ()):
        _add_side(scan, index)


def _government_entry(scan: Scan, hit: Hit, country: str, level: str | None = None) -> Entry:
    """Return the entry of the hit's government: of a region with its own, a country, or a place with a ``level``."""
    if own := _regional_government(scan, hit):
        return lexicon().find_body(own.name, own.country) or own
    name = f"Government of {COUNTRY_NAMES[country]}" if level is None else f"{hit.entry.name} {level}Government"
    return Entry(name, "government", country, "name", "government")


def _regional_government(scan: Scan, hit: Hit) -> Entry | None:
    """Return the government of a region that has its own ("Scotland", "Bavarian"), None for other hits."""
    return GOVERNMENTS.get(scan.name(hit.first, hit.last).removeprefix("the "))


def _add_government_of(scan: Scan, index: int) -> bool:
    """Add "Government of Peru", "Govt. of Bangladesh", "state government of Lagos"; return whether there was one."""
    word, dotted = scan.words[index], scan.word(index + 1) == "." and scan.glued(index + 1)
    link, first = index + 1 + dotted, _level_start(scan, index)
    hit = scan.at_the(link + 1, SITES) if scan.word(link) == "of" else None
    if hit is None or not (dotted or word.lower() in ("government", "govt", "administration")):
        return False
    if hit.source == "country" and hit.country:
        styled = word == "Government" and scan.word(index - 1) in WORDS["statestyle"] and scan.joined(index)
        start = first if _regional_government(scan, hit) else index - styled
        scan.add(index if dotted else start, hit.last, _government_entry(scan, hit, hit.country))
        return True
    governed = word.lower().startswith("gov") and scan.joined(index) and not dotted
    if governed and hit.country and (hit.source != "capital" or first < index):
        scan.add(first, hit.last, _government_entry(scan, hit, hit.country, _level(scan, first, index)))
        return True  # without a level, a capital stands for its state
    return False


def _add_government(scan: Scan, index: int) -> None:
    """Add "Government of Peru", or "the Kenyan government", "Kenya's government", "Georgia state authorities"."""
    if _add_government_of(scan, index):
        return
    last = index + 1
    if scan.possessive(index) and scan.word(index - 3) == "People":
        index -= 3  # "Guangdong Provincial People's Government"
    first = _level_start(scan, index)
    hit = scan.before(first - 2 if scan.possessive(first) else first)
    if hit is None or not scan.joined(first) or hit.country is None:
        return
    state = STATES.get(hit.entry.name) if "state" in scan.words[first:index] and hit.source == "country" else None
    if state is not None:
        scan.add(hit.first, last, _government_entry(scan, hit, state[1], "State "))
    elif hit.source in ("country", "demonym"):
        scan.add(hit.first, last, _government_entry(scan, hit, hit.country))
    elif hit.source in {*TOWNS, "people"} and scan.words[last - 1].lower().startswith(("gov", "auth", "admin")):
        scan.add(hit.first, last, _government_entry(scan, hit, hit.country, _level(scan, first, index)))


def _level_start(scan: Scan, index: int) -> int:
    """Return the first token of the level before "government" at ``index``: "state", "local"; ``index`` without one."""
    first = index
    while scan.word(first - 1).lower() in WORDS["governmentlevel"] and scan.joined(first):
        first -= 1
    return first


def _level(scan: Scan, first: int, index: int) -> str:
    return "" if first == index else scan.slice(first, index).title() + " "


def _add_side(scan: Scan, index: int) -> None:
    """Add "the Chinese side", "the Chinese state"."""
    hit, after = scan.before(index, ("demonym",)), scan.word(index + 1)
    goes_on = bool(after) and after not in WORDS["afterstate"] and not after.endswith("ed")
    if scan.words[index] == "state" and goes_on:
        return  # "state oil company"
    if hit and hit.country and scan.joined(index):
        scan.add(hit.first, index + 1, Entry(hit.entry.name, "country", hit.country, "description", "side"))


def find_compounds(scan: Scan) -> None:
    """Join names linked by a dash into one hit: "Sino-Russian", "China-EU", "Korea-Japan-China"."""
    chains: list[list[Hit]] = []
    for hit in scan.ordered():
        if chains and _is_linked(scan, chains[-1][-1], hit):
            chains[-1].append(hit)
        elif _is_joinable(hit):
            chains.append([hit])
    for chain in chains:
        if len(chain) > 1:
            members = tuple(dict.fromkeys(hit.country for hit in chain if hit.country))
            name = "-".join(dict.fromkeys(hit.entry.name for hit in chain))
            role: PartyRole = "demonym" if any(hit.entry.role == "demonym" for hit in chain) else "name"
            scan.add(chain[0].first, chain[-1].last, Entry(name, "group", None, role, "compound", members))


def _is_joinable(hit: Hit) -> bool:
    shared = hit.source == "body" and hit.entry.type == "organisation" and hit.country is None
    return hit.source in COUNTRY_LIKE or hit.source == "capital" or shared


def _is_linked(scan: Scan, left: Hit, right: Hit) -> bool:
    at = left.last
    if right.first != at + 1 or scan.words[at] not in DASHES or not _is_joinable(right):
        return False
    return scan.joined(at) and scan.joined(right.first) and scan.glued(at) == scan.glued(right.first)


def add_group(scan: Scan, index: int) -> None:
    """Add an unnamed group: "68 countries", "150 countries and regions", "developing nations", "African states"."""
    first, region = index, None
    while first > 0 and scan.joined(first):
        word, before = scan.words[first - 1], scan.before(first, ("region", "body", "demonym"))
        other = scan.word(first - 2) in WORDS["groupadj"] or (first < index and scan.before(first - 1))
        linked = word in ("and", "or") and other
        if before:
            first, region = before.first, before
        elif word not in WORDS["groupadj"] and _dashed_adjective(scan, first):
            first -= 3
        elif word in WORDS["groupadj"] or word.lower() in WORDS["numberword"] or word.isdigit() or linked:
            first -= 1
        else:
            break
    while first < index and scan.words[first] in ("and", "or"):
        first += 1
    pair = scan.words[first].lower() == "both" and first == index - 1
    unnamed = scan.words[index] == "members" and region is None
    if first == index or pair or unnamed or (region and region.source == "demonym"):
        return
    last = index + 1
    if scan.word(last) in JOINED and scan.word(last + 1) in WORDS["grouphead"] and scan.joined(last):
        last += 2
    members = region.entry.countries if region and first == region.first else ()
    scan.add(first, last, Entry(scan.name(first, last), "group", None, "name", "group", members))


def _dashed_adjective(scan: Scan, first: int) -> bool:
    """Return whether the three tokens before ``first`` are one adjective with a dash: "low-income"."""
    dashed = first > 3 and scan.glued(first - 1) and scan.word(first - 2) == "-"
    return dashed and "".join(scan.words[first - 3 : first]) in WORDS["groupadj"]
