"""The kind of an act, from its triggers, its voice and the words around it."""

import re
from dataclasses import dataclass
from typing import Literal

from extractors.relations.frames.sentence.event import Event
from extractors.relations.frames.sentence.lexicon import Trigger
from extractors.relations.frames.what.kind_rows import kind_in
from extractors.relations.frames.what.wording import tells, words_of
from schemas import Kind

PRIORITY: tuple[Kind, ...] = (
    "debt_relief", "export_credit", "loan", "acquisition", "membership", "training", "investment", "joint_facility",
    "technical_assistance", "grant", "supply", "joint_research", "dialogue", "programme", "agreement",
)  # fmt: skip
_FORMS: frozenset[Kind | str] = frozenset({"joint_research", "dialogue", "programme", "agreement"})
_GIVING = frozenset({"give", "approve", "fund", "receive", "thank"})  # shapes
_HALF = 50.0  # percent: what makes a stake a purchase of the firm
_PAID_FOR = re.compile(
    r"\bfor (?:it|them|(?:an?|the|its) \w+ satellites?|\d|two|three|four|five|six|ten|dozens)\b", re.I
)
_WORKS = re.compile(  # what stands on its ground is bought to be run
    r"\s*(?:the|an?|its|their|\w+['’]s?)\s+(?:[\w&-]+ ){0,3}?(?:plant|factory|refinery|mine|mill|smelter|steelworks"
    r"|shipyard|brewery|hotel|airport|port|terminal|wind farm|solar park|power station)\b"
)
_COUNCIL = re.compile(r"\s*(?:the |an? )?(?:(?:[A-Z][\w-]+|joint) ){0,4}(?:Commission|Committee|Council|Forum)\b")
_LENDER = re.compile(r"\b(?:[A-Z]\w*bank|Bank|[A-Z]\w* ?[Ee]xim|KfW|EDCF)\b")  # who gives money as loans
_COUNTED = re.compile(
    r"\s*(?:its|their|the|an?)?\s*(?:first|second|new|more|another|some)?\s*"
    r"(?:\d[\d,]*|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|dozens|hundreds)\b(?!\s*(?:%|per ?cent))",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Telling:
    """What stands around the triggers of an event: the clause, the sentence before its verb, what follows the verb,
    what follows the clause; whether it gives money, what share in percent, and whether a company acts."""

    clause: str = ""
    before: str = ""
    after: str = ""
    rest: str = ""
    money: bool = False
    share: float | None = None
    company: bool = False

    @property
    def counted(self) -> bool:
        """Whether a number of things follows the verb: "bought its first six drones"."""
        return _COUNTED.match(self.after) is not None


def kind_of(event: Event, told: Telling) -> Kind:
    """Return what an act gives; its form where it gives nothing more specific."""
    verbs = [t for t in event.triggers if t.pos == "v"]
    nouns = [t for t in event.triggers if t.pos == "n"]
    if told.share is None:
        nouns = [n for n in nouns if n.words not in {"share", "shares"}]
    if event.hosts_people:
        return "training"
    if verbs and verbs[-1].words == "cancel" and event.owed:
        return "debt_relief"
    if verbs and verbs[0].words == "cancel" and not any(n.kind == "debt_relief" for n in nouns):
        verbs = []
    if verbs and verbs[-1].words == "sponsor" and not told.money:
        return "training"
    if "supply chain" in told.clause:
        nouns = [n for n in nouns if n.words != "supply"]
    return (
        _by_row(verbs, told)
        or _strong(verbs, nouns, told)
        or _bought(nouns, told)
        or _by_nouns(event, verbs, nouns, told)
    )


def _by_row(verbs: list[Trigger], told: Telling) -> Kind | None:
    places = {"clause": told.clause, "before": told.before, "after": told.after}
    return kind_in(places, [v.shape for v in verbs], company=told.company, money=told.money)


def _strong(verbs: list[Trigger], nouns: list[Trigger], told: Telling) -> Kind | None:
    for verb in reversed(verbs):
        if _is_purpose(verb, verbs, told):
            continue
        if verb.words in words_of("strong_verb") and verb.kind:
            if verb.kind in {"supply", "acquisition"} and verb.shape in {"buy", "acquire"}:
                whole = verb.words in {"take over", "buy out"}
                return verb.kind if whole else _purchase(verb.kind, nouns, told)
            return verb.kind
    return None


def _is_purpose(verb: Trigger, verbs: list[Trigger], told: Telling) -> bool:
    """Whether a verb tells what money is given for: "committed $5m to buy vaccines and train nurses"."""
    return told.money and verb is not verbs[0] and verbs[0].shape == "give" and verb.kind in {"training", "supply"}


def _purchase(kind: Kind, nouns: list[Trigger], told: Telling) -> Kind:
    """Buying a firm or most of it is an acquisition, a smaller part an investment, goods a supply."""
    if told.share is not None:
        return "acquisition" if told.share >= _HALF or kind == "acquisition" else "investment"
    if any(n.kind == "investment" for n in nouns):
        return "acquisition"
    if kind == "supply" and told.company and _WORKS.match(told.after):
        return "acquisition"
    return "supply" if told.counted else kind


def _bought(nouns: list[Trigger], told: Telling) -> Kind | None:
    """The purchase of a share, told by a noun."""
    if told.share is not None and any(n.words == "purchase" for n in nouns):
        return "acquisition" if told.share >= _HALF else "investment"
    return None


def _by_nouns(event: Event, verbs: list[Trigger], nouns: list[Trigger], told: Telling) -> Kind:
    if any(v.shape == "receive" for v in verbs) and any(n.kind == "supply" for n in nouns[:2]):
        return "supply"
    if verbs and verbs[-1].words in words_of("awarding_verb") and nouns and nouns[0].words in {"contract", "tender"}:
        return "supply"
    giving = any(v.shape in _GIVING for v in verbs)
    kinds = [n.kind for n in nouns[:3]]
    head = _head(event, nouns)
    if verbs and verbs[0].words in words_of("paying_verb") and tells("each", told.before):
        return "joint_research" if tells("scientific", told.before) else "grant"
    if (
        verbs
        and verbs[0].words in words_of("paying_verb")
        and not set(kinds) & {"grant", "loan", "training", "investment"}
    ):
        if verbs[0].words == "pay" and told.money and _PAID_FOR.search(told.after):
            return "supply"
        if verbs[0].words != "pay" and told.money:
            invests = told.company or tells("investor", told.before[-40:])
            return "investment" if invests or verbs[0].words not in words_of("sharing_verb") else "grant"
    if head == "agreement" and not giving:
        kinds = _substance(nouns[:3], told)
    if nouns and nouns[0].kind == "grant" and "joint_facility" in kinds:
        return "grant"
    for kind in PRIORITY:
        if kind in _FORMS or (giving and kind in {"supply", "joint_facility"}):
            continue
        if kind == "joint_facility" and verbs and verbs[-1].shape == "study":
            continue  # what is studied is not made
        if kind in kinds:
            return kind
    if head == "joint_research" and told.company and any(v.shape == "stop" for v in verbs):
        return "investment"
    if head in _FORMS and (not giving or (_approved(verbs) and not told.money and head is not None)):
        return _form(head, verbs, nouns, told)
    shared = head == "joint_research" and "joint" in nouns[0].words and verbs and verbs[0].shape == "fund"
    if shared and not told.money:
        return "joint_research"
    if giving and told.money and not set(kinds) & {"grant", "loan"} and tells("firms", told.clause):
        return "investment"
    if giving:
        lends = told.money and "grant" not in kinds and _LENDER.search(told.before[-30:]) is not None
        given = next((v.kind for v in reversed(verbs) if v.kind and v.kind not in _FORMS), None) or "grant"
        vague = given == "grant" and verbs[0].words == "agree" and not told.money and not told.counted
        return "loan" if lends else "agreement" if vague else given
    return _by_verb(verbs, nouns, told)


def _head(event: Event, nouns: list[Trigger]) -> Kind | None:
    """The kind of the noun that heads the first phrase: "scientific cooperation agreement" is an agreement."""
    at = 0
    while at + 1 < min(len(nouns), len(event.nouns)) and event.nouns[at + 1] == event.nouns[at] + 1:
        at += 1
    return (nouns[at].kind or None) if nouns else None


def _substance(nouns: list[Trigger], told: Telling) -> list[Kind | Literal[""]]:
    """The kinds of what an accord gives, without those that are only its subject."""
    kept: list[Kind | Literal[""]] = []
    for noun in nouns:
        only_subject = (
            (noun.kind == "joint_facility" and not tells("making", told.clause))
            or (noun.kind == "technical_assistance" and noun.words in words_of("vague_help") and not told.money)
            or (noun.kind == "investment" and noun.words == "investment" and not told.money)
        )
        if not only_subject:
            kept.append(noun.kind)
    return kept


def _approved(verbs: list[Trigger]) -> bool:
    return bool(verbs) and all(v.shape == "approve" for v in verbs)


def _form(head: Kind, verbs: list[Trigger], nouns: list[Trigger], told: Telling) -> Kind:
    agreed = bool(verbs) and verbs[0].words == "agree"
    if nouns[0].words == "engagement" and tells("high", told.clause):
        return "dialogue"
    if head == "joint_research" and nouns[0].words in words_of("loose_work") and not tells("scientific", told.clause):
        return "agreement" if agreed else "programme"
    return "agreement" if agreed and head == "joint_research" else head


def _by_verb(verbs: list[Trigger], nouns: list[Trigger], told: Telling) -> Kind:
    shapes = {v.shape for v in verbs}
    if shapes & {"found", "run", "build", "own"} and (told.share is not None or tells("venture", told.before[-80:])):
        return "investment"
    if "build" in shapes:
        return _built(told)
    if [v.words for v in verbs] == ["agree"] and told.before.rstrip().endswith(",") and tells("facility", told.before):
        return "joint_facility"
    for trigger in [*reversed(verbs), *nouns]:
        if trigger.kind:
            if trigger.kind != "joint_research":
                return trigger.kind
            if verbs and verbs[0].words == "agree":
                return "agreement"
            loose = trigger.shape == "sym" and not tells("scientific", told.clause)
            return "programme" if loose else trigger.kind
    if shapes & {"found", "run"}:
        if told.company and tells("works", told.clause):
            return "investment"
        if "found" in shapes and _COUNCIL.match(told.after):
            return "dialogue"
        passive = told.before.rstrip().endswith((":", ","))
        built = "found" in shapes and tells("lines", told.after)
        made = built or tells("facility", told.before if passive else told.clause)
        return "joint_facility" if made else "programme"
    return "joint_research" if "expand" in shapes and tells("jointly", told.clause) else "other"


def _built(told: Telling) -> Kind:
    if told.company and tells("works", told.after):
        return "investment"
    return "supply" if told.company and tells("lines", told.clause) else "joint_facility"
