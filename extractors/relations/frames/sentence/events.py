"""Events: a verb with the nouns of cooperation it governs, or such a noun alone, and the parties in reach of each."""

import re

from extractors.relations.frames.sentence.clauses import Clause, clauses
from extractors.relations.frames.sentence.event import (
    STATISTICS,
    Event,
    Sentence,
    Slot,
    fill_slots,
    maker,
    replace_relation,
)
from extractors.relations.frames.sentence.lexicon import AUXILIARIES, Trigger
from extractors.relations.frames.sentence.np import nouns as find_nouns
from extractors.relations.frames.sentence.splitting import split_gifts
from extractors.relations.frames.sentence.units import Unit
from extractors.relations.frames.what.attach import is_price

CONTROL = frozenset({"agree", "offer", "pledge", "promise", "commit", "vow", "undertake", "begin", "start", "initiate"})


def sentence(units: list[Unit], text: str, start: int, end: int) -> Sentence:
    """Analyse the units of ``text[start:end]``."""
    nouns = find_nouns(units, text)
    found = Sentence(start, end, units, nouns, clauses(units, nouns))
    used: set[int] = set()
    chained: set[int] = set()
    for i, clause in enumerate(found.clauses):
        if units[clause.at].kind == "verb" and i not in chained:
            event = _verbal(found, i, used, chained)
            if event is not None:
                found.events += split_gifts(units, event)
    for k, unit in enumerate(units):
        if unit.kind == "noun" and k not in used:
            event = _nominal(found, k, used)
            if event is not None:
                found.events.append(event)
    for k, unit in enumerate(units):
        if (
            unit.amount is not None
            and unit.amount.kind == "money"
            and k + 1 < len(units)
            and units[k + 1].lower == "from"
            and not is_price(unit.start, text)
        ):
            _gift(found, k)
    found.events.sort(key=_anchor)
    return found


_PROMISES = frozenset({"decision", "contract", "agreement", "deal", "accord", "intention", "right", "order", "option"})
_AGREED = frozenset({"buy", "sell", "join", "acquire", "invest", "lease"})


def _promised(units: list[Unit], verb: int, inner: int) -> bool:
    """Whether a verb says what its object is about: "signed a contract to buy", "announced its decision to join"."""
    to = next((k for k in range(inner - 1, verb, -1) if units[k].lower == "to"), verb)
    return units[to - 1].lower in _PROMISES


_COPULAS = frozenset(
    ["is", "are", "was", "were", "remains", "remain", "seems", "looks", "has", "have", "had", "carries", "bears"]
)
_GIFT = Trigger("money from", "n", "grant", "give", "committed", 0.9)


def _gift(s: Sentence, k: int) -> None:
    """Money from somebody, where no verb of giving or receiving tells it: "with A$6.4 million from the Centre"."""
    holder = next(
        (
            e
            for e in s.events
            if e.first <= k < e.last
            and any(t.shape in {"give", "receive", "approve", "fund", "invest", "raise", "borrow"} for t in e.triggers)
        ),
        None,
    )
    if holder is not None:
        return
    last = _hard_right(s.units, k)
    event = Event([_GIFT], k, k, last, s.units[k].start, s.units[last - 1].end, None, None)
    fill_slots(s, event)
    event.slots = [slot for slot in event.slots if slot.relation in {"from", "to", "for"}]
    taker = next((e for e in reversed(s.events) if e.anchor < k), None)
    if taker is not None and not any(slot.relation in {"to", "for"} for slot in event.slots):
        wanted = {"poss", "psubj"} if taker.passive and taker.slots_of("poss") else {"subj", "pair", "by"}
        event.slots += [replace_relation(slot, "to") for slot in taker.slots if slot.relation in wanted]
    if any(slot.relation == "from" for slot in event.slots):
        s.events.append(event)


def _anchor(event: Event) -> int:
    return event.anchor


def _verbal(s: Sentence, i: int, used: set[int], chained: set[int]) -> Event | None:
    clause = s.clauses[i]
    units = s.units
    form = units[clause.at].form
    if form is None:
        return None
    if _asked(units, clause):
        return None
    triggers, chain, last = [form.trigger], [units[clause.at]], i
    while last + 1 < len(s.clauses) and s.clauses[last + 1].governor == last:
        nxt = s.clauses[last + 1]
        if not any(units[k].lower == "to" for k in range(max(0, nxt.at - 2), nxt.at)):
            break
        last += 1
        chained.add(last)
        inner = units[nxt.at].form
        promised = inner is not None and inner.trigger.shape in _AGREED and _promised(units, clause.at, nxt.at)
        paid = any(u.kind == "amount" for u in units[clause.at : nxt.at])
        if paid or form.trigger.words not in CONTROL and not promised:
            continue
        chain.append(units[nxt.at])
        if inner is not None and units[nxt.at].kind == "verb" and inner.trigger.shape != "raise":
            triggers.append(inner.trigger)
    right = s.clauses[last].right
    stop = _stop(s, clause, s.clauses[last].at, right)
    nouns = [k for k in range(clause.at + 1, stop) if units[k].kind == "noun"]
    relative = _relative_object(s, clause)
    if clause.passive or elliptic(units, clause.at) and not relative:
        before = [u for u in range(clause.left, clause.at) if units[u].kind == "noun"]
        nouns = [k for k in before if not _is_gift(units[k])] + nouns
    elif relative:
        nouns = [k for k in range(max(0, clause.left - 5), clause.left) if units[k].kind == "noun"] + nouns
    elif form.trigger.shape == "give":
        nouns = _sum_given(units, clause.at) + nouns
    means = _means_of(units, clause, nouns, form.trigger.shape)
    if means is not None:
        nouns, stop = [n for n in nouns if n < means], means
    for k in nouns:
        used.add(k)
    for k in nouns:
        named = units[k].form
        if named is not None:
            triggers.append(named.trigger)
    event = Event(
        triggers,
        clause.at,
        clause.left,
        stop,
        units[clause.left].start,
        units[stop - 1].end,
        units[clause.at],
        clause,
        clause.passive or _told_in_passing(units, clause) or _by_itself(s, clause),
        nouns=nouns,
        chain=chain,
    )
    event.hosts_people = (
        units[clause.at].form is not None
        and form.trigger.words in {"host", "receive", "invite", "sponsor"}
        and any(
            n.party.role == "demonym" and n.last > n.at and not n.relation and clause.at < n.at < stop for n in s.nouns
        )
    )
    event.owed = any(
        u.lower in {"debt", "debts", "arrears", "owed", "owes", "loans", "claims", "credits", "repayment", "repayments"}
        for u in units
    )
    fill_slots(s, event)
    event.maker = maker(s, event)
    return event


def _sum_given(units: list[Unit], at: int) -> list[int]:
    """The noun of a sum that a bare participle tells about: "the loan of $12 million granted to A"."""
    told = at > 2 and units[at].tag in {"past", "part"} and units[at - 1].kind == "amount"
    return [at - 3] if told and units[at - 2].lower == "of" and units[at - 3].kind == "noun" else []


_ASKING = frozenset({"of", "on", "about", "over", "clear", "unclear", "open", "is"})


def _asked(units: list[Unit], clause: Clause) -> bool:
    """Whether a clause only asks: "who owns the data?", "asked who pays", "the question of who runs the port"."""
    if clause.left < 1 or units[clause.left - 1].lower != "who":
        return False
    before = units[clause.left - 2] if clause.left > 1 else None
    return before is None or before.kind in {"verb", "other_verb"} or before.lower in _ASKING


def _is_gift(unit: Unit) -> bool:
    """Whether a noun tells who gave a thing, whatever is said of it: "a stadium, a gift of A, was opened"."""
    return unit.form is not None and unit.form.trigger.shape == "gift"


def _means_of(units: list[Unit], clause: Clause, nouns: list[int], shape: str) -> int | None:
    """Where the money begins that something is done with, an event of its own: "run by X with a grant from Y"."""
    if shape in {"give", "approve", "fund", "receive", "sym"}:
        return None
    for k in nouns:
        form = units[k].form
        if form is not None and form.trigger.shape in {"give", "train"}:
            opener = _means_at(units, clause.at, k)
            if opener is not None:
                return opener
    return None


_MEANS = frozenset({"with", "through", "using", "under", "by"})


def _means_at(units: list[Unit], verb: int, k: int) -> int | None:
    """Where "with" stands if noun ``k`` is a gift whose giver is told, else None: "built with a Chinese loan"."""
    opener = next((i for i in range(k - 1, max(verb, k - 6), -1) if units[i].lower in _MEANS), None)
    if opener is None:
        return None
    between = units[opener + 1 : k]
    giver = any(u.party is not None and u.party.role in {"demonym", "name"} for u in between)
    after = [u.lower for u in units[k + 1 : k + 8]]
    told = "from" in after or after[:1] == ["of"] and after[2:3] in (["that"], ["which"])
    return opener if giver or told else None


def elliptic(units: list[Unit], at: int) -> bool:
    """Whether a verb is a participle without its auxiliary, as in notes: "Accord signed 1979", "joined 2019"."""
    if units[at].tag != "past" or at == 0 or units[at - 1].lower in AUXILIARIES:
        return False
    after = units[at + 1 : at + 2]
    return (
        not after
        or after[0].kind in {"year", "punct"}
        or after[0].lower in {"jointly", "in", "by", "since", "until", "with"}
        or (after[0].kind == "word" and after[0].lower.endswith("ly"))
    )


def _told_in_passing(units: list[Unit], clause: Clause) -> bool:
    """Whether the verb is a participle between commas: "its centre in Nairobi, founded in 1996, employs"."""
    return elliptic(units, clause.at) and units[clause.at - 1].text == "," and clause.left < clause.at - 1


_STARTING = frozenset({"open", "begin", "start"})
_THERE = frozenset({"in", "on", "at", "for", "after", "near"})


def _by_itself(s: Sentence, clause: Clause) -> bool:
    """Whether something is said to open or begin of itself: "the centre opened in 2018"."""
    form, after = s.units[clause.at].form, s.units[clause.at + 1 : clause.at + 2]
    if form is None or form.trigger.words not in _STARTING or form.tag not in {"past", "s"} or not clause.subject:
        return False
    if _relative_object(s, clause):
        return False
    return not after or after[0].kind in {"year", "punct"} or after[0].lower in _THERE


def _relative_object(s: Sentence, clause: Clause) -> bool:
    """Whether the object of the verb is the noun before its clause: "the loan that A gave", "vehicles it donated"."""
    return (
        bool(clause.antecedent) is False
        and clause.left > 0
        and s.units[clause.left - 1].lower in {"that", "which"}
        and bool(clause.subject)
    )


def _stop(s: Sentence, clause: Clause, at: int, right: int) -> int:
    """Where the material of a clause ends: before the subject of the next clause."""
    nxt = next((c for c in s.clauses if c.at >= right), None)
    if nxt is None:
        return right
    if nxt.left - at == 1 and not nxt.subject:
        return right
    if nxt.left > at and nxt.left <= right:
        stop = nxt.left
        while stop > at + 1 and s.units[stop - 1].lower in {
            "and",
            "but",
            ",",
            "which",
            "who",
            "that",
            "while",
            "whose",
            "where",
            "when",
            "after",
            "before",
            "although",
        }:
            stop -= 1
        return stop
    subject = [n for n in nxt.subject if at < n.first < right]
    if subject and not nxt.inherits and nxt.governor is None:
        return max(at + 1, subject[0].first)
    return right


def _nominal(s: Sentence, k: int, used: set[int]) -> Event | None:
    unit = s.units[k]
    if unit.form is None:
        return None
    inside = next((c for c in s.clauses if c.left <= k < c.right and c.at != k), None)
    first = max([c.at + 1 for c in s.clauses if c.at < k] + [_hard_left(s.units, k)])
    last = min([c.at for c in s.clauses if c.at > k] + [_hard_right(s.units, k)])
    triggers = [unit.form.trigger]
    nouns = [k]
    for j in range(k + 1, last):
        form = s.units[j].form
        if s.units[j].kind == "noun" and j not in used and form is not None:
            nouns.append(j)
            triggers.append(form.trigger)
    used.update(nouns)
    event = Event(triggers, k, first, last, s.units[first].start, s.units[last - 1].end, None, inside, nouns=nouns)
    verb = next((c for c in s.clauses if c.at >= last), None)
    event.statistic = verb is not None and s.units[verb.at].lower in STATISTICS
    event.passive = bool(inside and inside.passive)
    _summed(s, event, verb)
    fill_slots(s, event)
    means = _means_at(s.units, first - 1, k)
    if means is not None:
        event.slots = [slot for slot in event.slots if slot.noun is None or slot.noun.at > means]
        _taken(s, event)
    event.statistic = event.statistic or _ranked(s, k)
    said = verb is not None and verb.at <= k + 2 and s.units[verb.at].lower in _COPULAS and not verb.passive
    if said and verb is not None and not s.units[min(verb.at + 1, len(s.units) - 1)].lower.endswith("ing"):
        event.statistic = event.statistic or not event.slots_of("with", "to", "from", "between", "pair", "for")
    return event


_SUMS = frozenset(["comes", "came", "amounts", "amounted", "totals", "totalled", "totaled", "is", "was", "put"])


def _summed(s: Sentence, event: Event, verb: Clause | None) -> None:
    """Take in the sum to which a gift comes: "the British effort in Malawi came to £40 million"."""
    if event.triggers[0].shape != "give" or verb is None or s.units[verb.at].lower not in _SUMS:
        return
    at = next((k for k in range(verb.at + 1, min(verb.at + 5, len(s.units))) if s.units[k].kind == "amount"), None)
    amount = s.units[at].amount if at is not None else None
    if at is not None and amount is not None and amount.kind == "money":
        event.last, event.end, event.statistic = at + 1, s.units[at].end, False


def _taken(s: Sentence, event: Event) -> None:
    """Let a gift with which something is done go to the country that the sentence is about."""
    if event.slots_of("to", "for", "iobj"):
        return
    givers = [slot.party for slot in event.slots_of("from", "mod", "poss", "comp", "by")]
    countries = [n for n in s.nouns if n.at < event.anchor and n.party.type in {"country", "government"}]
    taker = next((n for n in countries if givers and n.party.country not in {g.country for g in givers}), None)
    if taker is not None:
        event.slots.append(Slot("to", taker.party, taker.group, event.anchor - taker.at, taker))


_RANKED = re.compile(
    r"(?:It|This|That|These|They) (?:is|was|are|were|became|remains) (?:also |still |now )?(?:the |its |one of the )"
    r"(?:\w+['’]s )?(?:first|second|third|largest|biggest|latest|only|last|most|longest|oldest)\b"
)


def _ranked(s: Sentence, k: int) -> bool:
    """Whether a sentence only ranks an act told before: "It was the largest Swiss grant to Malawi"."""
    words = " ".join(u.text for u in s.units[: min(k, 8)])
    return _RANKED.match(words) is not None


def _hard_left(units: list[Unit], k: int) -> int:
    while k > 0 and units[k - 1].text not in {";"}:
        k -= 1
    return k


def _hard_right(units: list[Unit], k: int) -> int:
    while k < len(units) and units[k].text != ";":
        k += 1
    return k
