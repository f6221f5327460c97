"""What stands around a country's name: its government, its side, pairs and unnamed sets of countries."""

from dataclasses import replace

from extractors.mentions.parties.entries import Entry, country_names, country_parts, word_lists
from extractors.mentions.parties.lexicon import Hit, lexicon
from extractors.mentions.parties.places import STATES
from extractors.mentions.parties.scan import COUNTRY_LIKE, DASHES, QUOTES, TOWNS, Scan
from extractors.mentions.types import PartyRole

STYLES = frozenset({"Royal", "Federal", "Revolutionary", "Transitional", "Interim", "Provisional", "Imperial", "Union"})
JOINED = frozenset({"and", "or", "/", "-"})


def find_governments(scan: Scan) -> None:
    """Add "government of X", "the X government", "X's government", "X authorities", "the X side"."""
    for index in scan.triggers.get("government", ()):
        if index not in scan.owner:
            _government(scan, index)
    for index in scan.triggers.get("side", ()):
        _side(scan, index)


def _entry(country: str) -> Entry:
    return Entry(f"Government of {country_names()[country]}", "government", country, "name", "government")


def _government(scan: Scan, index: int) -> None:
    if scan.word(index + 1) == "." and scan.word(index + 2) == "of" and scan.glued(index + 1):
        hit = scan.at_the(index + 3)  # "Govt. of Bangladesh"
        if hit is not None and hit.source == "country" and hit.entry.country:
            scan.add(index, hit.last, _own(scan, hit) or _entry(hit.entry.country))
            return
    if scan.word(index + 1) == "of" and scan.words[index].lower() in ("government", "govt", "administration"):
        hit = scan.at_the(index + 2)
        first = _levels(scan, index)
        if hit is not None and hit.source == "country" and hit.entry.country:
            own = _own(scan, hit)
            styled = index - (
                scan.words[index] == "Government" and scan.word(index - 1) in STYLES and scan.joined(index)
            )
            scan.add(first if own else styled, hit.last, own or _entry(hit.entry.country))
            return
        if hit is not None and _is_local(scan, hit, index, first):
            scan.add(first, hit.last, _own(scan, hit) or _local(hit, _level(scan, first, index)))
            return
    last = index + 1
    if scan.word(index - 1) == "s" and scan.word(index - 2) in QUOTES and scan.word(index - 3) == "People":
        index -= 3  # "Guangdong Provincial People's Government"
    first = _levels(scan, index)
    possessive = scan.word(first - 1) == "s" and scan.word(first - 2) in QUOTES
    hit = scan.before(first - 2 if possessive else first)
    if hit is None or not scan.joined(first) or hit.entry.country is None:
        return
    state = STATES.get(hit.entry.name) if "state" in scan.words[first:index] and hit.source == "country" else None
    if state is not None:
        scan.add(hit.first, last, _local(Hit(hit.first, hit.last, replace(hit.entry, country=state[1])), "State "))
    elif hit.source in ("country", "demonym"):
        scan.add(hit.first, last, _own(scan, hit) or _entry(hit.entry.country))
    elif hit.source in TOWNS | {"people"} and scan.words[last - 1].lower().startswith(("gov", "auth", "admin")):
        scan.add(hit.first, last, _own(scan, hit) or _local(hit, _level(scan, first, index)))


def _levels(scan: Scan, index: int) -> int:
    """Return the first of the words before the government at ``index`` that tell its level: "state government"."""
    first = index
    while scan.word(first - 1).lower() in word_lists()["governmentlevel"] and scan.joined(first):
        first -= 1
    return first


def _level(scan: Scan, first: int, index: int) -> str:
    return "" if first == index else scan.slice(first, index).title() + " "


def _is_local(scan: Scan, hit: Hit, index: int, first: int) -> bool:
    """Whether the place after "government of" has a government: a capital stands for its state unless a level says."""
    governed = scan.words[index].lower().startswith("gov") and scan.joined(index)
    return governed and hit.source in TOWNS and (hit.source != "capital" or first < index)


def _own(scan: Scan, hit: Hit) -> Entry | None:
    """Return the government of a part of a country: "Scotland", "Bavarian"."""
    part = country_parts().get(scan.name(hit.first, hit.last).removeprefix("the "))
    if part is None:
        return None
    known = lexicon().find_body(part.government, part.country)
    return known or Entry(part.government, "government", part.country, "name", "government")


def _local(hit: Hit, level: str) -> Entry:
    return Entry(f"{hit.entry.name} {level}Government", "government", hit.entry.country, "name", "government")


def _side(scan: Scan, index: int) -> None:
    hit, after = scan.before(index), scan.word(index + 1)
    goes_on = bool(after) and after not in word_lists()["afterstate"] and not after.endswith("ed")
    if scan.words[index] == "state" and goes_on:
        return  # "state oil company"
    if hit is not None and hit.source == "demonym" and hit.entry.country and scan.joined(index):
        entry = Entry(hit.entry.name, "country", hit.entry.country, "description", "side")
        scan.add(hit.first, index + 1, entry)


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
    at = left.last
    if right.first != at + 1 or scan.words[at] not in DASHES or not _joinable(right):
        return False
    return scan.joined(at) and scan.joined(right.first) and scan.glued(at) == scan.glued(right.first)


def _close(scan: Scan, chain: list[Hit]) -> None:
    if len(chain) < 2:
        return
    members = tuple(dict.fromkeys(h.entry.country for h in chain if h.entry.country))
    name = "-".join(dict.fromkeys(h.entry.name for h in chain))
    role: PartyRole = "demonym" if any(h.entry.role == "demonym" for h in chain) else "name"
    scan.add(chain[0].first, chain[-1].last, Entry(name, "group", None, role, "compound", members))


def find_groups(scan: Scan) -> None:
    """Add unnamed sets: "68 countries", "150 countries and regions", "developing nations", "African states"."""
    for index in scan.triggers.get("group", ()):
        if index not in scan.owner:
            _group(scan, index)


def _group(scan: Scan, index: int) -> None:
    lists = word_lists()
    first, region = index, None
    while first > 0 and scan.joined(first):
        word, before = scan.words[first - 1], scan.before(first)
        if before is not None and before.source in ("region", "body", "demonym"):
            region = before
            first = before.first
        elif word not in lists["groupadj"] and _dashed_adjective(scan, first):
            first -= 3
        elif (
            word in lists["groupadj"]
            or word.lower() in lists["numberword"]
            or word.isdigit()
            or (
                word in ("and", "or")
                and (scan.word(first - 2) in lists["groupadj"] or scan.before(first - 1) is not None and first < index)
            )
        ):
            first -= 1
        else:
            break
    while first < index and scan.words[first] in ("and", "or"):
        first += 1
    pair = scan.words[first].lower() == "both" and first == index - 1
    if first == index or pair or (scan.words[index] == "members" and region is None):
        return
    if region is not None and region.source == "demonym":
        return
    last = index + 1
    if scan.word(last) in JOINED and scan.word(last + 1) in lists["grouphead"] and scan.joined(last):
        last += 2
    members = region.entry.countries if region is not None and first == region.first else ()
    scan.add(first, last, Entry(scan.name(first, last), "group", None, "name", "group", members))


def _dashed_adjective(scan: Scan, first: int) -> bool:
    """Whether the three tokens before ``first`` are one adjective with a dash: "low-income"."""
    dashed = first > 3 and scan.glued(first - 1) and scan.word(first - 2) == "-"
    return dashed and "".join(scan.words[first - 3 : first]) in word_lists()["groupadj"]
