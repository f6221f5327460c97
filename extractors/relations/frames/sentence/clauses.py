"""Clauses: each verb of a sentence with its subject, its voice, and where what belongs to it begins and ends."""

from dataclasses import dataclass, field

from extractors.relations.frames.sentence.lexicon import (
    AUXILIARIES,
    BE,
    COORDINATORS,
    MODALS,
    PREPOSITIONS,
    PRONOUNS,
    SUBORDINATORS,
)
from extractors.relations.frames.sentence.phrases import BODY_TYPES, Noun
from extractors.relations.frames.sentence.units import ADVERB as _ADVERB
from extractors.relations.frames.sentence.units import Unit

_HARD = frozenset({";", ":"})
_PEOPLE = frozenset(
    [
        "team",
        "teams",
        "researchers",
        "scientists",
        "engineers",
        "experts",
        "group",
        "groups",
        "astronomers",
        "physicists",
    ]
    + [
        "doctors",
        "academics",
        "scholars",
        "students",
        "specialists",
        "delegation",
        "consortium",
        "biologists",
        "chemists",
    ]
)
_RELATIVE = frozenset({"which", "who", "that", "whose"})


@dataclass(slots=True)
class Clause:
    """A verb at unit ``at``; ``left`` and ``right`` bound its material (right exclusive).

    ``subject`` are the parties before it; ``pronoun`` the unit that stands for them, if any. ``governor`` is the index
    of the clause whose infinitive or complement it is. ``antecedent`` is the party that a relative clause tells about.
    """

    at: int
    left: int
    right: int
    passive: bool
    subject: list[Noun] = field(default_factory=list)
    pronoun: Unit | None = None
    governor: int | None = None
    inherits: bool = False
    antecedent: list[Noun] = field(default_factory=list)


def clauses(units: list[Unit], nouns: list[Noun]) -> list[Clause]:
    """Return the clauses of a sentence in order of their verbs."""
    verbs = [i for i, u in enumerate(units) if u.kind in {"verb", "other_verb"} and u.lower not in MODALS]
    verbs = [i for k, i in enumerate(verbs) if not _auxiliary(units, i, verbs[k + 1 :])]
    found: list[Clause] = []
    for k, at in enumerate(verbs):
        right = verbs[k + 1] if k + 1 < len(verbs) else len(units)
        clause = Clause(at, _left(units, at), _right(units, at, right), _passive(units, at))
        _subject(units, nouns, clause, found)
        found.append(clause)
    return found


def _auxiliary(units: list[Unit], at: int, later: list[int]) -> bool:
    """Whether a form of be, have or do only helps the verb after it."""
    if units[at].lower not in BE | {"has", "have", "had", "having", "do", "does", "did"}:
        return False
    for k in range(at + 1, min(at + 5, len(units))):
        if k in later:
            return True
        if units[k].kind != "word" or units[k].lower in PREPOSITIONS | {"to", "the", "a", "an"}:
            return False
    return False


def _group_start(units: list[Unit], at: int) -> int:
    """The first auxiliary, modal or adverb of the group of a verb."""
    k = at
    while k > 0 and (
        units[k - 1].lower in AUXILIARIES | MODALS | {"not", "n't", "to"}
        or (units[k - 1].kind == "word" and _ADVERB.match(units[k - 1].lower))
    ):
        k -= 1
    return k


def _left(units: list[Unit], at: int) -> int:
    k = _group_start(units, at) - 1
    while k >= 0:
        unit = units[k]
        if unit.text in _HARD or unit.lower in SUBORDINATORS or unit.lower == "that":
            if unit.lower == "as" and "well" in {units[j].lower for j in (k - 1, min(k + 1, at))}:
                k -= 1
                continue
            if (
                unit.lower in {"since", "as", "so", "after", "before", "until"}
                and k + 1 < len(units)
                and units[k + 1].kind in {"year", "amount"}
            ):
                k -= 1
                continue
            return k + 1
        if unit.kind in {"verb", "other_verb"} and _finite(units, k):
            return k + 1
        k -= 1
    return 0


def _finite(units: list[Unit], k: int) -> bool:
    unit = units[k]
    if unit.tag == "ing":
        return k > 0 and units[k - 1].lower in BE
    if unit.tag in {"past", "part"} and k + 1 < len(units) and units[k + 1].lower == "by":
        return any(units[j].lower in BE for j in range(max(0, k - 3), k))
    return True


def _right(units: list[Unit], at: int, limit: int) -> int:
    """The end of what belongs to a verb.

    The next verb, unless that only begins after a coordinated or relative start.
    """
    for k in range(at + 1, limit):
        if units[k].text == ";":
            return k
    return limit


def _passive(units: list[Unit], at: int) -> bool:
    if units[at].tag not in {"past", "part"}:
        return False
    for k in range(at - 1, max(-1, at - 5), -1):
        if units[k].lower in BE:
            return True
        if units[k].kind != "word" or units[k].lower in {"has", "have", "had"} | PREPOSITIONS:
            break
    after = units[at + 1] if at + 1 < len(units) else None
    return after is not None and after.lower == "by"


def _subject(units: list[Unit], nouns: list[Noun], clause: Clause, before: list[Clause]) -> None:
    start = clause.left
    opener = units[start - 1] if start > 0 else None
    to = _infinitive(units, clause.at)
    if to and before:
        clause.governor = len(before) - 1
        _inherit(clause, before[-1], units, nouns)
        return
    own = [n for n in nouns if start <= n.at < clause.at and not n.weak]
    if opener is not None and opener.kind in {"verb", "other_verb"} and before:
        split = _coordinator(units, nouns, start, clause.at)
        own = [
            n
            for n in own
            if split is not None
            and n.first >= split
            or opener.kind == "other_verb"
            and not n.relation
            and split is None
        ]
        clause.governor = len(before) - 1 if opener.kind == "other_verb" and not split else None
        clause.left = split if split is not None else start
        start = clause.left
    subjects = _sent(units, own, start) or [n for n in own if not n.relation and n.owns is None]
    subjects = _after_participle(units, subjects) or subjects
    if subjects:
        group = subjects[0].group
        clause.subject = [n for n in subjects if n.group == group]
    if opener is not None and opener.lower in _RELATIVE:
        back = start - 1
        while back > 0 and (
            units[back - 1].kind == "amount"
            or units[back - 1].lower in {"of", ",", "in", "to", "for", "with", "half", "all", "some"}
        ):
            back -= 1
        clause.antecedent = _before(units, nouns, back)
        if not clause.subject and not _pronoun(units, start, clause):
            clause.subject = clause.antecedent
        return
    if not clause.subject:
        _pronoun(units, start, clause)
    if not clause.subject and clause.pronoun is None and before and opener is not None:
        last = before[-1]
        head = units[start : clause.at]
        if all(u.kind in {"word", "punct", "year"} or u.lower in AUXILIARIES for u in head) and not any(
            u.lower in {"the", "a", "an", "its"} for u in head[-3:]
        ):
            clause.inherits = True
            if _participle(units, clause.at):
                clause.subject = _before(units, nouns, clause.at)
            else:
                _inherit(clause, last, units, nouns)
    if not clause.subject and _participle(units, clause.at):
        clause.antecedent = _before(units, nouns, clause.at)


def _after_participle(units: list[Unit], subjects: list[Noun]) -> list[Noun]:
    """The subject after the object of a participle: "after leaving A, B gave"."""
    before = units[subjects[0].first - 1] if subjects and subjects[0].first else None
    if before is None or before.kind not in {"verb", "other_verb"} or before.tag != "ing":
        return []
    return [n for n in subjects if n.group != subjects[0].group]


def _sent(units: list[Unit], own: list[Noun], start: int) -> list[Noun]:
    """The bodies whose people do something: "a team from A and B", "scientists at A"."""
    first = own[0] if own else None
    if first is None or first.relation not in {"from", "at", "of"} or first.party.type not in BODY_TYPES:
        return []
    if not any(u.kind != "party" and u.lower in _PEOPLE for u in units[start : first.first][-2:]):
        return []
    found = [first]
    for noun in own[1:]:
        between = {u.lower for u in units[max(found[-1].last, found[-1].at) + 1 : noun.first]}
        if noun.group != first.group and not (between & COORDINATORS and between <= COORDINATORS | {"the", ","}):
            break
        noun.group, noun.relation = first.group, first.relation
        found.append(noun)
    return found


def _participle(units: list[Unit], at: int) -> bool:
    """A bare participle after its noun: "a contract signed by", "a company set up in 2017 by"."""
    return (
        units[at].tag in {"past", "part"}
        and at > 0
        and units[at - 1].lower not in BE | {"has", "have", "had", "and"}
        and not _finite(units, at)
    )


def _infinitive(units: list[Unit], at: int) -> bool:
    return any(units[k].lower == "to" for k in range(max(0, at - 2), at)) and units[at].tag == "base"


def _coordinator(units: list[Unit], nouns: list[Noun], start: int, end: int) -> int | None:
    """Where the last "and", "but" or comma before ``end`` stands that may begin a clause."""
    verb = _group_start(units, end)
    if start < verb < end and units[verb - 1].text == ",":
        return verb
    for k in range(end - 1, start - 1, -1):
        if units[k].lower in COORDINATORS | {"but", "while", "then"} and not _joins(nouns, k):
            return k + 1
    for k in range(end - 1, start - 1, -1):
        if units[k].text in {",", "–", "—"}:
            return k + 1
    return None


def _joins(nouns: list[Noun], k: int) -> bool:
    """Whether "and" joins two parties that stand in a preposition: "between A and B"."""
    return any(a.relation and a.group == b.group and a.last < k < b.at for a, b in zip(nouns, nouns[1:], strict=False))


def _pronoun(units: list[Unit], start: int, clause: Clause) -> bool:
    for k in range(start, clause.at):
        if k == start and units[k].lower == "our":
            clause.pronoun = units[k]
            return True
        if units[k].lower in PRONOUNS and (k == start or units[k - 1].lower not in PREPOSITIONS):
            clause.pronoun = units[k]
            return True
    return False


def _inherit(clause: Clause, last: Clause, units: list[Unit], nouns: list[Noun]) -> None:
    asked = units[last.at].lower.split()[0][:3] in {"ask", "all", "hel", "ena", "urg", "cal"}
    objects = [n for n in nouns if last.at < n.at < clause.at and not n.relation and not n.weak]
    if asked and objects:
        clause.subject = objects[-1:]
        return
    if last.passive:
        agents = [n for n in nouns if last.at < n.at < clause.at and n.relation == "by"]
        clause.subject = last.subject or agents
        return
    main = _over_relative(clause, last, units, nouns)
    if main:
        clause.subject = main
        return
    clause.subject, clause.pronoun = last.subject, last.pronoun


def _over_relative(clause: Clause, last: Clause, units: list[Unit], nouns: list[Noun]) -> list[Noun]:
    """The subject before a relative clause, where the main verb follows it: "the bank, which A joined, lent B"."""
    opener = last.left - 1
    verb = _group_start(units, clause.at)
    if opener < 2 or units[opener].lower not in _RELATIVE or units[opener - 1].text != "," or verb < 1:
        return []
    if units[verb - 1].text != "," or not last.subject or units[clause.at].tag not in {"past", "s", "base", "part"}:
        return []
    return [n for n in _before(units, nouns, opener - 1) if not n.relation]


def _before(units: list[Unit], nouns: list[Noun], at: int) -> list[Noun]:
    """The list of parties right before unit ``at``."""
    earlier = [n for n in nouns if n.last < at and not n.weak]
    if not earlier:
        return []
    near = earlier[-1]
    if (
        at - max(near.last, near.at) > 4
        or near.last < near.at
        or any(u.kind in {"noun", "verb"} or u.lower in PREPOSITIONS for u in units[max(near.last, near.at) + 1 : at])
    ):
        return []
    return [n for n in earlier if n.group == near.group]
