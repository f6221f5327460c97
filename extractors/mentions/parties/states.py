"""Forms of state around a country's name: "Islamic Republic of Mauritania", "Egypt, Arab Rep.", "Syrian Arab Rep."."""

from dataclasses import replace

from .entries import Entry, country_names, word_lists
from .lexicon import Hit
from .scan import Scan
from .tokens import is_cap

BEFORE = frozenset({"Islamic", "Arab", "Hashemite", "Cooperative", "Former", "Transitional", "Federative"})
INNER = frozenset(["of", "the", "and"])
MARKS = frozenset([".", "'", "’", "s", "-"])
OPEN = {",": "", "(": ")"}
LONGEST = 14  # tokens of a form
SHORT = frozenset({"Rep", "Dem", "Fed", "Sts", "PR"})
REGIONS = frozenset({"State", "Province", "Canton", "Prefecture", "Municipality", "City", "Governorate"})
ADJECTIVAL = frozenset({"Rep", "Republic", "Jamahiriya"})
NORTHERN = frozenset({"North", "Dem", "Democratic", "D", "DPR", "DR"})  # of two states of one name


def find_states(scan: Scan) -> None:
    """Widen a country to its form of state before or after its name."""
    for hit in scan.ordered():
        if hit.source in ("country", "demonym") and hit.entry.type == "country":
            if hit.source == "country":
                _inverted(scan, hit)
            _adjectival(scan, hit)
    for index in scan.triggers.get("state", ()):
        _headed(scan, index)


def _headed(scan: Scan, index: int) -> None:
    """Widen a country or region to the form before it: "Islamic Republic of Mauritania", "Dem. Rep. of the Congo"."""
    tokens, link = scan.tokens, index + 1 + (scan.tokens.word(index + 1) == ".")
    if index in scan.owner or tokens.word(link) != "of":
        return
    hit = scan.at(link + 1) or scan.at(link + 1 + (tokens.word(link + 1) == "the"))
    if hit is None or hit.source != "country":
        _region(scan, index, hit)
        return
    first, kinds = index, word_lists()["stateform"] | BEFORE | MARKS - {"."}
    while first > 0 and tokens.joined(first):
        dotted = tokens.words[first - 1] == "." and tokens.word(first - 2) in kinds and tokens.glued(first - 1)
        if tokens.words[first - 1] not in kinds and not dotted:
            break
        first -= 1 + dotted
    while tokens.words[first] in MARKS:
        first += 1
    scan.add(Hit(first, hit.last, _which(scan, hit, first, index)))


def _region(scan: Scan, index: int, hit: Hit | None) -> None:
    """Widen a place to its form: "State of Ceará", "Free State of Bavaria"."""
    if hit is None or hit.source not in ("city", "capital", "province") or scan.tokens.words[index] not in REGIONS:
        return
    first = index - (scan.tokens.word(index - 1) in ("Free", "Autonomous") and scan.tokens.joined(index))
    name = f"{scan.tokens.slice(first, index + 1)} of {hit.entry.name}"
    scan.add(Hit(first, hit.last, replace(hit.entry, name=name, type="government")))


def _inverted(scan: Scan, hit: Hit) -> None:
    """Widen a country to the form that statistics write after it: "Congo, Dem. Rep.", "Iran (Islamic Republic of)"."""
    tokens, mark = scan.tokens, scan.tokens.word(hit.last)
    if mark not in OPEN or not mark or not tokens.joined(hit.last):
        return
    last = _form_end(scan, hit.last + 1)
    if last is None or (OPEN[mark] and tokens.word(last) != OPEN[mark]):
        return
    scan.add(Hit(hit.first, last + (mark == "("), _which(scan, hit, hit.last, last)))


def _adjectival(scan: Scan, hit: Hit) -> None:
    """Widen a nation's adjective to the short form behind it: "Syrian Arab Rep.", "Lao People's Dem. Rep."."""
    tokens, last = scan.tokens, _form_end(scan, hit.last) if scan.tokens.joined(hit.last) else None
    if last is not None and tokens.words[last - 1 - (tokens.words[last - 1] == ".")] in ADJECTIVAL:
        scan.add(Hit(hit.first, last, replace(_which(scan, hit, hit.last, last), role="name", source="country")))


def _form_end(scan: Scan, start: int) -> int | None:
    """Return the end of the form of state at ``start``, None where other words stand there or a name goes on."""
    tokens, lists = scan.tokens, word_lists()
    at, headed = start, False
    while at < len(tokens) and at - start < LONGEST and (at == start or tokens.joined(at)):
        word, owner = tokens.words[at], scan.owner.get(at)
        if owner is not None and owner.entry.type != "group":
            break
        if word in lists["stateform"] or (word in INNER and at > start):
            headed = headed or word in lists["statehead"]
        elif not (word in MARKS and at > start and tokens.glued(at)):
            break
        at += 1
    if at > start and tokens.words[at - 1] == "." and not _shortened(tokens.words[at - 2]):
        at -= 1  # the end of a sentence
    goes_on = at < len(tokens) and tokens.joined(at) and (is_cap(tokens.words[at]) or at in scan.owner)
    goes_on = goes_on and tokens.words[at - 1] != "."
    return at if headed and not goes_on else None


def _shortened(word: str) -> bool:
    return word in SHORT or len(word) == 1


def _which(scan: Scan, hit: Hit, first: int, last: int) -> Entry:
    """Return the state of the hit's name that the form between two tokens tells: of two Congos the one."""
    candidates = hit.entry.countries
    if len(candidates) < 2 or hit.entry.type != "country":
        return hit.entry
    northern = not NORTHERN.isdisjoint(scan.tokens.words[first:last])
    code = next((c for c in candidates if (c in ("COD", "PRK")) == northern), candidates[0])
    return replace(hit.entry, name=country_names()[code], country=code, countries=())
