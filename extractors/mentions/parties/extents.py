"""The extent of a body's name to the left and right of its head word, as token indexes."""

import re

from extractors.mentions.parties.entries import HEADS, TOPICS, WORDS
from extractors.mentions.parties.lexicon import is_cap
from extractors.mentions.parties.scan import COUNTRY_LIKE, DASHES, SITES, TOWNS, Scan

LIMIT = 9  # tokens to either side of the head
SCIENCE = re.compile(r"[a-z](?:ics|logy|omy|istry|aphy|urgy|matics)$")
ADJECTIVE = re.compile(r"[a-z](?:ic|al|ar|ary|ive|ous|able|ible|ed|ing)$")
SUM = re.compile(r"[A-Z]{2,4}\d+(?:k|K|m|M|mn|b|B|bn)?")  # "EUR30M"
LINKS = frozenset({"of", "for", "on", "de", "du", "da", "do", "des"})


def is_prefix(scan: Scan, index: int) -> bool:
    """Return whether the word at ``index`` is a prefix before a dash, so not the head of a name: "Co-Financing"."""
    return scan.word(index + 1) in DASHES and scan.glued(index + 1) and scan.glued(index + 2)


def name_start(scan: Scan, index: int) -> int:
    """Return the first token of the capitalised words that precede the head at ``index``; ``index`` without any."""
    first = at = index
    while index - at < LIMIT and at > 0 and scan.joined(at):
        owner = scan.owner.get(at - 1)
        if owner:
            legal = scan.words[at - 1] in WORDS["legalend"] and owner.source not in COUNTRY_LIKE
            if owner.source == "leader" or owner.last > at or owner.last - owner.first > LIMIT * 2 or legal:
                break
            at = first = owner.first
        elif _is_name_word(scan, at):
            at = first = at - 1
        elif _joins_words(scan, at, index):
            at -= 1
        else:
            break
    while first < index and not is_cap(scan.words[first]) and first not in scan.owner:
        first += 1
    return first


def _is_name_word(scan: Scan, at: int) -> bool:
    """Return whether the word before ``at`` is part of a name: capitalised and no stop word, or "3" of "No. 3"."""
    word, before = scan.words[at - 1], scan.word(at - 2)
    if not is_cap(word):
        return word.isdigit() and before in ("No", "Nr", ".")
    stops = word in WORDS["leftstop"] or SUM.fullmatch(word) is not None
    return not stops or (before == "-" and scan.glued(at - 1))


def _joins_words(scan: Scan, at: int, head: int) -> bool:
    """Return whether the mark or "and" before ``at`` joins words of one name, whose head is at ``head``."""
    word = scan.words[at - 1]
    if word == "and":
        return scan.word(at - 2) in TOPICS and scan.word(at) in TOPICS and scan.owner.get(at - 2) is None
    if word in "-–":
        return at > 1 and scan.glued(at - 1) and scan.glued(at)
    return at > 1 and (word == "&" or (word in (".", "(", ")", "/") and _is_inner_mark(scan, at, head)))


def _is_inner_mark(scan: Scan, at: int, head: int) -> bool:
    """Return whether the mark before ``at`` is inside a name: "No. 3", "(Group)", "St. Mary".

    A bracket is inside only if it closes before the head: "Mary Wanjiru (University of Nairobi)" has two names.
    """
    word, before, owner = scan.words[at - 1], scan.word(at - 2), scan.owner.get(at - 2)
    if word == ".":
        return before in ("No", "St", "Nr") or (len(before) == 1 and before.isupper())
    if word == "(":
        return ")" in scan.words[at:head] and not (owner and owner.source in COUNTRY_LIKE)
    return word == ")" and is_cap(before)


def complement_end(scan: Scan, index: int) -> int:
    """Return the end of the complement of the head at ``index``: "of X and Y", "for X", "of the Republic of Z"."""
    head, last, link = scan.words[index], _town_end(scan, index), ""
    while scan.joined(last) and last - index < LIMIT * 2:
        in_field = scan.word(last) == "in" and scan.words[last - 1] in WORDS["field"] and scan.word(last + 1) in TOPICS
        if scan.words[last] not in LINKS and not in_field:  # "Center for Research in Energy"
            break
        end = list_end(scan, last + 1, index)
        if end == last + 1 or (link == "of" and _is_purpose(scan, last, head)):
            break
        last, link = end, scan.words[last]
    if last == index + 1 and head == "Ministry":
        return lower_field_end(scan, last)
    offices = ("Ministries", "Department") if last == index + 1 else ()
    return legal_form_end(scan, last) if head not in offices and scan.word(last) in WORDS["companyform"] else last


def _is_purpose(scan: Scan, at: int, head: str) -> bool:
    """Return whether "for" or "on" at ``at``, after "of X", begins no part of the name but a purpose.

    "Central Bank of Kenya for the Nairobi Expressway", but "State Committee of Turkmenistan on Statistics".
    """
    if scan.words[at] not in ("for", "on"):
        return False
    if head in WORDS["stricthead"]:
        return scan.words[at - 1] != "State"  # "Ministry of State for Finance"
    topic = scan.word(at + 1 + (scan.word(at + 1) == "the")) in TOPICS
    placed = scan.before(at, SITES) is not None
    return placed or not topic if head in WORDS["ofhead"] else placed and not topic


def _town_end(scan: Scan, index: int) -> int:
    """Return the end of the head at ``index``, with the town after a foreign one: "Technische Universität München"."""
    word, town = scan.words[index], scan.at(index + 1, TOWNS)
    foreign = word.startswith(("Univers", "Institut")) and word not in ("University", "Institute")
    return town.last if foreign and town and scan.joined(index + 1) else index + 1


def lower_field_end(scan: Scan, at: int) -> int:
    """Return the end of a ministry's field in lower case at ``at``, "of food and agriculture"; ``at`` without one."""
    end = at + 1
    if scan.word(at) not in ("of", "for"):
        return at
    while scan.joined(end) and scan.word(end).islower():
        joins = scan.word(end) in ("and", ",") and scan.word(end + 1).capitalize() in TOPICS
        if not joins and scan.word(end).capitalize() not in TOPICS:
            break
        end += 1
    return end if end > at + 1 else at


def list_end(scan: Scan, start: int, head: int) -> int:
    """Return the end of the capitalised words or list at ``start``, after the head; ``start`` if there is none."""
    strict = scan.words[head] in WORDS["stricthead"]
    at = start + (scan.word(start) == "the")
    if at >= len(scan) or not scan.joined(at) or not is_cap(scan.words[at]):
        return start
    is_sum = scan.word(at + 1) == "$" and scan.glued(at + 1)  # "US$50 million"
    if (scan.words[at] in WORDS["leftstop"] and at not in scan.owner) or is_sum:
        return start
    if hit := scan.at(at):
        at = hit.last
        if (end := _study_end(scan, at)) > at or (hit.source in ("country", "region") and hit.entry.role != "demonym"):
            return end
    else:
        at += 1
    while at < len(scan) and scan.joined(at) and at - head < LIMIT * 2:
        word, after = scan.words[at], scan.word(at + 1)
        if is_cap(word) and word not in HEADS and not scan.initial(at):
            hit = scan.at(at)
            if (hit and hit.source not in ("city", "province")) or (strict and word not in TOPICS):
                break
            at += 1
        elif word in ("and", "&", ",", "-", "/") and after in TOPICS and (word != "," or _list_goes_on(scan, at)):
            at += 2
        elif word == "," and after in ("and", "&") and scan.word(at + 2) in TOPICS:
            at += 3
        elif word in ("and", "&") and not strict and (end := _field_end(scan, at + 1)) > at + 1:
            at = end
        else:
            break
    return at


def _study_end(scan: Scan, at: int) -> int:
    """Return the end of "and Asian Studies" at ``at``, after "African" in a body's field; ``at`` without it."""
    other = scan.at(at + 1) if scan.word(at) in ("and", "&") else None
    goes_on = other and other.entry.role == "demonym" and scan.word(other.last) in WORDS["field"]
    return other.last + 1 if other and goes_on else at


def _field_end(scan: Scan, start: int) -> int:
    """Return the end of a field of work at ``start``, such as "Genetic Engineering"; ``start`` without one."""
    end = start
    while is_cap(scan.word(end)) and scan.joined(end) and end not in scan.owner and scan.word(end) not in HEADS:
        end += 1
    words = scan.words[start:end]
    if not words or scan.word(end) in HEADS or (words[-1] not in TOPICS and not SCIENCE.search(words[-1])):
        return start
    return end if all(word in TOPICS or SCIENCE.search(word) or ADJECTIVE.search(word) for word in words) else start


def _list_goes_on(scan: Scan, at: int) -> bool:
    """Return whether more topics and an "and" follow the comma at ``at``: "Health, Labour and Welfare"."""
    more = at + 1
    while more < at + 8 and (scan.word(more) in TOPICS or scan.word(more) == ","):
        more += 1
    return more < at + 8 and scan.word(more) in ("and", "&") and scan.word(more + 1) in TOPICS


def legal_form_end(scan: Scan, last: int) -> int:
    """Return the end of a company's legal form that starts or continues at ``last``: "Co., Ltd.", "(Pty) Limited"."""
    forms, end = WORDS["legalform"] | WORDS["privateform"], last + LIMIT
    while last < end and scan.joined(last):
        word, before, after = scan.words[last], scan.words[last - 1], scan.word(last + 1)
        form = word in forms and not (word in WORDS["legalform"] and is_prefix(scan, last))
        opens = word in ".,(" and (after in forms or after == "Group")
        dotted = word == "." and before in ("Ltd", "Inc", "Co", "Corp") and after in (",", ")", "(", "and", "of")
        if not (form or opens or dotted or (word == ")" and before in forms)):
            break
        last += 1
    return last - 1 if last and scan.words[last - 1] in ",(" else last
