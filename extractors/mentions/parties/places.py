"""Countries and places with the words for their form ("Republic of"), and the resolution of names they share."""

from collections import Counter
from dataclasses import replace

from extractors.mentions.parties.entries import COUNTRY_NAMES, NAME_STOPS, WORDS, Entry, namesakes
from extractors.mentions.parties.lexicon import Hit, is_cap, lexicon
from extractors.mentions.parties.scan import COUNTRY, QUOTES, SITES, TOWNS, Scan

INNER = frozenset(["of", "the", "and"])
MARKS = frozenset([".", "'", "’", "s", "-"])
OPEN = {",": "", "(": ")"}
LONGEST = 14  # most tokens of a form of state
STATES = {"Georgia": ("GEO", "USA")}  # by country name: its code, and the code of the country with a state so named
NAMING = frozenset({"country", "demonym", "capital", "body"})
SHARED = frozenset({"country", "demonym", "city", "province", "river", "body"})
MOST_WORDS = 4


def find_state_forms(scan: Scan) -> None:
    """Extend countries by their form of state: "Islamic Republic of Mauritania", "Egypt, Arab Rep."."""
    for hit in scan.ordered():
        if hit.source in ("country", "demonym") and hit.entry.type == "country":
            if hit.source == "country":
                _add_form_after(scan, hit)
            _add_adjectival_form(scan, hit)
    scan.for_each_trigger("state", _add_form_before)


def _add_form_before(scan: Scan, index: int) -> None:
    """Extend a country or region by the form before it: "Islamic Republic of Mauritania", "Dem. Rep. of the Congo"."""
    link = index + 1 + (scan.word(index + 1) == ".")
    hit = (scan.at(link + 1) or scan.at_the(link + 1)) if scan.word(link) == "of" else None
    if hit is None or hit.source != "country":
        _add_region_form(scan, index, hit)
        return
    first, kinds = index, WORDS["stateform"] | WORDS["beforestate"] | MARKS - {"."}
    while first > 0 and scan.joined(first):
        dotted = scan.words[first - 1] == "." and scan.word(first - 2) in kinds and scan.glued(first - 1)
        if scan.words[first - 1] not in kinds and not dotted:
            break
        first -= 1 + dotted
    while scan.words[first] in MARKS:
        first += 1
    scan.add(first, hit.last, _state_of_form(scan, hit, first, index))


def _add_region_form(scan: Scan, index: int, hit: Hit | None) -> None:
    """Extend a place by its form: "State of Ceará", "Free State of Bavaria"."""
    republic = scan.words[index] == "Republic" and hit and hit.source == "province"  # of Tatarstan
    if hit and hit.source in TOWNS and (republic or scan.words[index] in WORDS["regionform"]):
        first = index - (scan.word(index - 1) in ("Free", "Autonomous") and scan.joined(index))
        name = f"{scan.slice(first, index + 1)} of {hit.entry.name}"
        scan.add(first, hit.last, replace(hit.entry, name=name, type="government"))


def _add_form_after(scan: Scan, hit: Hit) -> None:
    """Extend a country by the form after it, as in statistics: "Congo, Dem. Rep.", "Iran (Islamic Republic of)"."""
    mark = scan.word(hit.last)
    if mark not in OPEN or not scan.joined(hit.last):
        return
    start = hit.last + 1 + (mark == "(" and scan.word(hit.last + 1) == "the")  # "Niger (the)", "Congo (the … of the)"
    last = start if start > hit.last + 1 and scan.word(start) == ")" else _form_end(scan, start)
    if last is None or (OPEN[mark] and scan.word(last) != OPEN[mark]):
        return
    scan.add(hit.first, last + (mark == "("), _state_of_form(scan, hit, hit.last, last))


def _add_adjectival_form(scan: Scan, hit: Hit) -> None:
    """Extend a country's adjective by the form after it: "Syrian Arab Rep.", "Lao People's Dem. Rep."."""
    last = _form_end(scan, hit.last, adjectival=True) if scan.joined(hit.last) else None
    if last is not None and scan.words[last - 1 - (scan.words[last - 1] == ".")] in WORDS["adjectivalform"]:
        scan.add(hit.first, last, replace(_state_of_form(scan, hit, hit.last, last), role="name", source="country"))


def _form_end(scan: Scan, start: int, *, adjectival: bool = False) -> int | None:
    """Return the end of the form of state at ``start``, None where there is none or a name continues after it.

    Args:
        scan: The text.
        start: The first token of the form.
        adjectival: Whether an adjective precedes it; then "People's Republic" is not taken for China.
    """
    if scan.word(start) not in WORDS["stateform"]:
        return None
    at, headed = start, False
    while at < len(scan) and at - start < LONGEST and (at == start or scan.joined(at)):
        word, owner = scan.words[at], scan.owner.get(at)
        other = owner and not (adjectival and owner.first == start and _is_form(scan, owner))
        if owner and other and owner.entry.type != "group":
            break
        if word in WORDS["stateform"] or (word in INNER and at > start):
            headed = headed or word in WORDS["statehead"]
        elif not (word in MARKS and at > start and scan.glued(at)):
            break
        at += 1
    while at > start and (scan.words[at - 1] == "and" or scan.words[at - 2 : at] == ["and", "the"]):
        at -= 1
    ends = at > start and scan.words[at - 1] == "." and len(scan.words[at - 2]) > 1
    at -= ends and scan.words[at - 2] not in WORDS["stateshort"]  # the end of a sentence
    goes_on = at < len(scan) and scan.joined(at) and (is_cap(scan.words[at]) or at in scan.owner)
    return at if headed and not (goes_on and scan.words[at - 1] != ".") else None


def _is_form(scan: Scan, hit: Hit) -> bool:
    """Return whether the hit names a country by a form of state only, as "People's Republic" names China."""
    forms = WORDS["stateform"] | MARKS
    return hit.source == "country" and all(word in forms for word in scan.words[hit.first : hit.last])


def _state_of_form(scan: Scan, hit: Hit, first: int, last: int) -> Entry:
    """Return the entry of the country that the form from ``first`` up to ``last`` selects: one of two Congos."""
    candidates = hit.entry.countries
    if len(candidates) < 2 or hit.entry.type != "country":
        return hit.entry
    northern = not WORDS["northern"].isdisjoint(scan.words[first:last])
    code = next((c for c in candidates if (c in ("COD", "PRK")) == northern), candidates[0])
    return replace(hit.entry, name=COUNTRY_NAMES[code], country=code, countries=())


def resolve_twins(scan: Scan) -> None:
    """Resolve each name that several countries share ("Congo", "Exim Bank") by the countries the document names."""
    shared = [h for h in scan.hits if h.entry.countries and h.source in SHARED and len(h.entry.countries) > 1]
    if not shared:
        return
    plain = [h for h in scan.hits if not h.entry.countries and h.source in NAMING]
    named = Counter(h.country for h in plain)
    for hit in shared:
        country, _ = scan.possessor(hit.first)
        if country not in hit.entry.countries:  # the most likely one in a tie
            most = max(hit.entry.countries, key=named.__getitem__)
            country = _nearest(scan, hit, plain) if hit.source == "body" else most
        hit.entry = _entry_in(hit, country)


def _nearest(scan: Scan, hit: Hit, plain: list[Hit]) -> str | None:
    """Return the candidate named after "of" or "in", else the last before the hit, else the first after; or None."""
    next_place = scan.at_the(hit.last + 1) if scan.word(hit.last) in ("of", "in") else None
    if next_place and next_place.source in TOWNS and next_place.country in hit.entry.countries:
        return next_place.country
    possible = [one for one in plain if one.country in hit.entry.countries]
    before = [one for one in possible if one.first < hit.first]
    return next((one.country for one in (next_place, *before[::-1], *possible) if one in possible), None)


def _entry_in(hit: Hit, country: str | None) -> Entry:
    entry = replace(hit.entry, country=country, countries=())
    if country is not None and entry.type == "country":
        return replace(entry, name=COUNTRY_NAMES[country])
    if country is not None and entry.source == "body":
        return lexicon().find(f"Exim Bank of {COUNTRY_NAMES[country]}") or entry
    return entry


def resolve_towns(scan: Scan) -> None:
    """Set the country of a town by what stands behind it: "Cambridge, Massachusetts", "Perth, Scotland"."""
    _resolve_states(scan)
    for hit in scan.hits:
        if hit.source in ("city", "capital", "country"):
            _resolve_by_state(scan, hit)
            _resolve_by_country(scan, hit)


def _resolve_by_state(scan: Scan, hit: Hit) -> None:
    """Set the country of a town by the state after it: "Lebanon, Ohio"."""
    state = scan.at(hit.last + 1, ("province",)) if scan.word(hit.last) == "," else None
    if state is None or not scan.joined(state.first):
        return
    elsewhere = state.country in WORDS["stated"] and hit.country != state.country
    if elsewhere and (hit.source != "country" or not _is_listed(scan, hit.first, state.last)):
        hit.entry = _town_in(scan, hit, state.country)


def _resolve_by_country(scan: Scan, hit: Hit) -> None:
    """Set the country of a town by that behind it or its university: "Lagos, Portugal", "York University (UK)"."""
    taught = scan.word(hit.last) == "University" and scan.joined(hit.last)
    mark = hit.last + taught
    if scan.word(mark) not in OPEN or not scan.joined(mark):
        return
    place = scan.at_the(mark + 1, SITES if taught else COUNTRY)
    if place is None or place.entry.role == "demonym" or not scan.joined(place.first) or place.country == hit.country:
        return
    if hit.source == "country" and scan.name(hit.first, hit.last) == hit.entry.name:
        return  # but "Gold Coast, Australia"
    if _is_behind(scan, hit, mark, place):
        hit.entry = _town_in(scan, hit, place.country)


def _is_behind(scan: Scan, hit: Hit, mark: int, place: Hit) -> bool:
    """Return whether the place after the mark says where a town lies: it is no item of a list, and no subject.

    Where the tables know no such town in the country, no clause may begin with it: "In Beijing, Kenya signed it".
    """
    after = scan.word(place.last)
    if scan.word(mark) == "(":
        return after in (")", ",")
    goes_on = place.last + 1 + (after == "," and scan.word(place.last + 1) in ("and", "or"))
    following = scan.at_the(goes_on) if after in (",", "and", "&", "or") else None
    if after in QUOTES or (following is not None and following.source == "country"):
        return False
    known = namesakes().get(scan.name(hit.first, hit.last)) or namesakes().get(hit.entry.name, frozenset())
    if place.country in known:
        return True
    closed = after in WORDS["closing"] or not scan.joined(place.last)
    return closed and hit.source != "country" and not _is_listed(scan, hit.first, place.last)


def _town_in(scan: Scan, hit: Hit, country: str | None) -> Entry:
    name = hit.entry.name if hit.source != "country" else scan.name(hit.first, hit.last)
    return Entry(name, "government", country, "place", "city")


def _is_listed(scan: Scan, first: int, last: int) -> bool:
    """Return whether the tokens are in a list, before or after other names: "Mexico, California and Texas"."""
    return (
        scan.word(last) in ("and", "&")
        or (scan.word(last) == "," and scan.at(last + 1) is not None)
        or (scan.word(first - 1) in (",", "and") and scan.before(first - 1) is not None)
    )


def _resolve_states(scan: Scan) -> None:
    """Replace a country by the state of the same name (Georgia), where the text is about the state's country."""
    for name, (own, other) in STATES.items():
        hits = [hit for hit in scan.hits if hit.source == "country" and hit.entry.name == name]
        if not hits or any(hit.country == own for hit in scan.hits if hit not in hits):
            continue
        states = any(hit.source == "province" and hit.country == other for hit in scan.hits)
        if states or any(_is_after_town(scan, hit, own, other) or _is_before(scan, hit, other) for hit in hits):
            for hit in hits:
                hit.entry = Entry(name, "government", other, "place", "province")


def _is_after_town(scan: Scan, hit: Hit, own: str, other: str) -> bool:
    """Return whether a town of the country ``other`` precedes the hit: "Macon, Georgia", "Athens, Georgia"."""
    town = scan.before(hit.first - 1, TOWNS) if scan.word(hit.first - 1) == "," else None
    if town is None or (town.source == "capital" and _is_listed(scan, town.first, hit.last)):
        return False
    candidates = namesakes().get(scan.name(town.first, town.last)) or town.entry.countries or (town.country,)
    return other in candidates and own not in candidates


def _is_before(scan: Scan, hit: Hit, other: str) -> bool:
    """Return whether the country ``other`` follows the hit, outside a list: "the University of Georgia, USA"."""
    place = scan.at_the(hit.last + 1, COUNTRY) if scan.word(hit.last) in OPEN and scan.joined(hit.last) else None
    return place is not None and place.country == other and not _is_listed(scan, hit.first, place.last)


def add_place_form(scan: Scan, index: int) -> None:
    """Extend a place by its form, "the province of Salta", "Gansu province"; add an unknown name after "of" too."""
    if not _place_form_before(scan, index):
        _place_form_after(scan, index)


def _place_form_before(scan: Scan, index: int) -> bool:
    """Add "province of Salta" as one hit; return whether there was one."""
    if scan.word(index + 1) != "of" or not scan.joined(index + 2):
        return False
    hit = scan.at(index + 2)
    if hit:
        if hit.source in TOWNS:
            scan.add(index, hit.last, replace(hit.entry, type="government"))
        return hit.source in TOWNS
    last = _name_end(scan, index + 2)
    if last > index + 2:
        name = scan.name(index + 2, last)
        country = STATES.get(name, (None, None))[1]
        scan.add(index, last, Entry(name, "government", country, "place", "city"))
    return last > index + 2


def _place_form_after(scan: Scan, index: int) -> None:
    """Extend "Gansu" to "Gansu province"."""
    hit, after = scan.before(index, TOWNS), scan.word(index + 1)
    goes_on = scan.joined(index + 1) and after.isalpha() and after not in WORDS["afterbody"]
    if hit and scan.joined(index) and not goes_on:
        scan.add(hit.first, index + 1, replace(hit.entry, type="government"))


def _name_end(scan: Scan, start: int) -> int:
    """Return the end of the capitalised words at ``start`` that no hit covers; ``start`` without any."""
    last = start
    while last < len(scan) and last not in scan.owner and last - start < MOST_WORDS and scan.joined(last):
        if not is_cap(scan.words[last]) or scan.words[last] in NAME_STOPS:
            break
        last += 1
    return last
