"""Names of bodies, found by head word: "Ministry of X and Y", "X University", "X Y Co., Ltd.", "Chinese embassy"."""

import re

from extractors.mentions.parties.entries import ADJECTIVES, COUNTRY_NAMES, HEAD_FIRST, HEADS, TOPICS, WORDS, Entry
from extractors.mentions.parties.extents import complement_end, is_prefix, legal_form_end, lower_field_end, name_start
from extractors.mentions.parties.lexicon import is_cap, lexicon
from extractors.mentions.parties.scan import BODIES, COUNTRY, COUNTRY_LIKE, DASHES, SITES, TOWNS, Scan

POSSESSIVE = re.compile(r"^[\w .-]+?['’]s ")
MINISTRY_OF = {"Foreign Ministry": "Ministry of Foreign Affairs", "Interior Ministry": "Ministry of the Interior"}
SENTENCE = 20  # tokens before "its embassy" in which the country is looked for
LIMIT = 12  # most tokens after a head that comes first


def find_bodies(scan: Scan) -> None:
    """Add the bodies whose head words are in the text."""
    for index in scan.triggers.get("body", ()):
        if not is_prefix(scan, index):
            _add_body(scan, index)
    scan.for_each_trigger("lower", _add_lower_case)


def _add_body(scan: Scan, index: int) -> None:
    """Add the body whose head is at ``index``, if its name is specific enough and no other hit is in the way."""
    head, owner = scan.words[index], scan.owner.get(index)
    mode, type_ = HEADS[head]["mode"], HEADS[head]["type"]
    first, last = index, index + 1
    if mode == "embassy":
        sender = scan.before(index, ("demonym", "country", "capital")) if scan.joined(index) else None
        first = sender.first if sender else index
        if sender is None or sender.source == "capital":  # not "Chinese Embassy of Peru", its host
            last = complement_end(scan, index)
    elif mode == "left" or type_ == "company":
        first, last = name_start(scan, index), legal_form_end(scan, index + 1)
        if first == index:
            return
        place = scan.at_the(last + 1, SITES | {"region"}) if scan.word(last) == "of" and scan.joined(last) else None
        if type_ == "company" and place:
            last = place.last  # "of Kenya"
    else:
        first, last = name_start(scan, index), complement_end(scan, index)
    known = owner is not None and owner.source in ("body", "country")
    if (
        owner
        and (known or owner.source in ("leader", "pattern"))
        and owner.first <= first
        and last <= owner.last + known
    ):
        return
    before = scan.words[first:index]
    if last == index + 1:
        if len(before) == 1 and before[0] in TOPICS and mode != "of":
            return
        if all(word in WORDS["genericword"] for word in before):
            return
    if last - first < 2 or (head == "Board" and scan.word(index + 2) in WORDS["boardmember"]):
        return
    if scan.no_hit_crosses(first, last) and not (scan.word(last) in WORDS["goeson"] and scan.joined(last)):
        _add_entry(scan, first, last, index, type_)


def _add_entry(scan: Scan, first: int, last: int, head: int, type_: str) -> None:
    """Add a body, extended by a possessor before it: the one of the tables if they have it, else a new one."""
    country, surface = inner_country(scan, first, last), scan.slice(first, last)
    possessor, first = scan.possessor(first)
    country = country or possessor or _country_before_bracket(scan, first, head)
    if scan.words[head] in WORDS["ruling"] and scan.word(head - 1) in WORDS["local"]:
        type_ = "government"
    elif "Institute of Technology" in surface:
        type_ = "university"
    entry = lexicon().find_body(surface, country)
    if entry is None:
        joint = _joint_countries(scan, first, last) if country is None else ()
        entry = Entry.of_pattern(_canonical_name(scan, first, last, head, country), type_, country, joint)
    scan.add(first, last, entry)


def _country_before_bracket(scan: Scan, first: int, head: int) -> str | None:
    """Return the country of the town or the state before a body in brackets, None without one.

    "Vilnius (Salt University)", "Government of Peru (Ministry of Health)", "KOICA (Ministry of Foreign Affairs)".
    """
    hit = scan.before(first - 1) if scan.word(first - 1) == "(" else None
    if hit is None or hit.entry.type == "company":
        return None
    office = scan.words[head] in WORDS["stricthead"]
    owners = COUNTRY | BODIES | {"capital"} if office else TOWNS  # not "Texas (Department of Agriculture)"
    return hit.country if hit.source in owners else None


def inner_country(scan: Scan, first: int, last: int) -> str | None:
    """Return the country given by hits within a name: countries and nations before places; None without one.

    Names of two countries, such as "China-Congolese Friendship Hospital", have none.
    """
    for i in range(first, last):
        joint = scan.owner.get(i + 2) if scan.word(i + 1) in DASHES else None
        if joint and joint.source in ("region", "country", "demonym") and i in scan.owner:
            return None
    inside = [hit.entry for hit in scan.within(first, last)]
    if len({entry.country for entry in inside if entry.source in ("country", "demonym", "prefix")}) > 1:
        return None
    for sources in (("country", "demonym"), TOWNS, ("people",), ("body",), ("pattern",)):
        for entry in inside:
            if entry.source in sources and entry.country and not (entry.source == "people" and entry.countries):
                return entry.country
    return None


def _joint_countries(scan: Scan, first: int, last: int) -> tuple[str, ...]:
    """Return the countries linked by a dash in a name: "China-Congolese Friendship Hospital"."""
    joined: list[str] = []
    for dash in (i for i in range(first + 1, last - 1) if scan.words[i] in DASHES):
        pair = [hit for at in (dash - 1, dash + 1) if (hit := scan.owner.get(at))]
        if len(pair) == 2:
            joined += [hit.country for hit in pair if hit.country and hit.source in COUNTRY_LIKE]
    shorter = (hit.entry.countries for hit in scan.within(first, last) if hit.source == "pattern")
    return tuple(dict.fromkeys(joined)) or next(filter(None, shorter), ())


def _canonical_name(scan: Scan, first: int, last: int, head: int, country: str | None) -> str:
    """Return the canonical name of a body that no table has; a government office begins with the country's name."""
    if scan.words[head] in WORDS["mission"] and country:
        return _embassy_name(country)
    text = scan.name(first, last).rstrip(" ,(").removeprefix("the ")
    if first in scan.owner:
        text = POSSESSIVE.sub("", text)
    regional = any(hit.source in ("people", "province") for hit in scan.within(first, head))  # not of the country
    if scan.words[head] not in WORDS["office"] or country is None or regional:
        return text
    start, end = head, last
    while end > head + 1 and (hit := scan.before(end, COUNTRY)) and hit.country == country:
        end = hit.first
        while end > head + 1 and scan.words[end - 1] in ("the", "of", "'"):
            end -= 1
    while start > first and start - 1 not in scan.owner and is_cap(scan.words[start - 1]):
        start -= 1
    core = _titled(scan.slice(start, end))
    return f"{COUNTRY_NAMES[country]} {_ministry_of(core) if core.endswith(' Ministry') else core}"


def _embassy_name(country: str) -> str:
    """Return the canonical name for all missions of a country abroad."""
    return f"{ADJECTIVES[country]} Embassy/Consulate"


def _titled(name: str) -> str:
    """Return a name with its topics capitalised: "Ministry of Food" for "Ministry of food"."""
    return " ".join(word.capitalize() if word.capitalize() in TOPICS else word for word in name.split())


def _ministry_of(core: str) -> str:
    """Return "Ministry of Education" for "Education Ministry"."""
    return MINISTRY_OF.get(core) or f"Ministry of {core.removesuffix(' Ministry')}"


def _add_lower_case(scan: Scan, index: int) -> None:
    """Add a body with a lower-case head: "the Chinese embassy", "Ghana's ministry of food and agriculture"."""
    if scan.words[index].startswith(("embass", "consul")):
        country, start, end = _mission(scan, index)
        name = _embassy_name(country) if country else ""
    else:
        first, end = index, lower_field_end(scan, index + 1)
        while scan.word(first - 1).capitalize() in TOPICS and scan.joined(first) and index - first < 3:
            first -= 1  # "foreign affairs" ministry
        country, start = scan.nation(first)
        topic = _titled(scan.slice(first, index)) if first < index else ""
        if end > index + 1:
            topic = _titled(scan.slice(index + 2, end))
            after = scan.at(end + 1, COUNTRY) if scan.word(end) == "of" else None
            if country is None and after:
                country, end = after.country, after.last  # "ministry of defence of Kenya"
        name = f"{COUNTRY_NAMES[country]} {_ministry_of(topic + ' Ministry')}" if country and topic else ""
    if name:
        scan.add(start, end, lexicon().find_body(name, country) or Entry.of_pattern(name, "government", country))


def _mission(scan: Scan, index: int) -> tuple[str | None, int, int]:
    """Return country, start and end of "Chinese embassy", "China embassy", "embassy of China", "its embassy in"."""
    country, start = scan.nation(index, named=True)
    hit = scan.at_the(index + 2, COUNTRY)
    if country is None and scan.word(index + 1) == "of" and hit:
        return hit.country, index, hit.last
    if country is None and scan.word(index + 1) == "in" and scan.word(index - 1) == "its":
        return _last_country(scan, index), index - 1, index + 1
    return country, start, index + 1


def _last_country(scan: Scan, index: int) -> str | None:
    """Return the country named last before ``index`` in its sentence, None without one."""
    for i in range(index - 1, max(index - SENTENCE, -1), -1):
        hit = scan.owner.get(i)
        if scan.words[i] == "." or (hit and hit.source == "country"):
            return hit.country if hit and scan.words[i] != "." else None
    return None


def find_head_first(scan: Scan) -> None:
    """Add names in languages that put the head first: "Universiti Teknologi Malaysia", "Fonds National de …"."""
    for index in scan.triggers.get("headfirst", ()):
        owner = scan.owner.get(index)
        if owner and (owner.source == "body" or owner.last - owner.first > LIMIT * 2):
            continue
        first, last = owner.first if owner else index, _head_first_end(scan, index + 1)
        if last == index + 1 or (owner and owner.last >= last) or not scan.no_hit_crosses(first, last):
            continue
        while scan.word(first - 1) in WORDS["headbefore"] and scan.joined(first):
            first -= 1
        name, country = scan.name(first, last), inner_country(scan, first, last)
        entry = lexicon().find_body(name, country)
        scan.add(first, last, entry or Entry.of_pattern(name, HEAD_FIRST[scan.words[index]], country))


def _head_first_end(scan: Scan, last: int) -> int:
    """Return the end of the capitalised words at ``last``, with particles between them; ``last`` without any."""
    particles, begin = WORDS["particle"], last
    while last < len(scan) and last - begin < LIMIT and scan.joined(last):
        hit = scan.at(last)
        if hit and hit.source in BODIES | {"region"}:
            break
        if is_cap(scan.words[last]) and scan.words[last] not in WORDS["leftstop"]:
            last = hit.last if hit else last + 1
            continue
        at = last
        while scan.word(at) in particles and at - last < 3 and scan.joined(at):
            at += 1
        if at == last or not is_cap(scan.word(at)) or not scan.joined(at):
            break
        last = at
    return last
