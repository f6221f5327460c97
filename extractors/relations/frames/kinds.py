"""The kind and the status of an act, from its triggers, its voice and the cues around it."""

import re
from dataclasses import dataclass
from typing import Literal

from schemas import Kind, Status

from .event import Event
from .lexicon import Trigger
from .wording import tells, words_of

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
_OFFERED = re.compile(
    r"\b(?:plan(?:s|ned)?|offer(?:s|ed)?|intend(?:s|ed)?|pledge[sd]?|promise[sd]?|vow(?:s|ed)?|aim(?:s|ed)?|propose[sd]?)\s+to\b",
    re.I,
)
_BECAME = re.compile(r"\b(?:became|become|was|were|is)\s+(?:the|an?)\b[^,;]*\bto\s+$", re.I)
_RAN = re.compile(r"\b(?:between|from)\s+(?:\w+\s+)?\d{4}\s+(?:and|to|until|till)\s+(?:\w+\s+)?\d{4}\b", re.I)
_SINCE = re.compile(r"\bsince\s+(?:\w+\s+)?\d{4}\b", re.I)
_LATER: tuple[tuple[re.Pattern[str], Status], ...] = (
    (re.compile(r"[;,(]\s*(?:since |later |now )?(?:was )?(?:cancell?ed|scrapped|terminated)\b", re.I), "cancelled"),
    (re.compile(r"[;,(]\s*(?:since |now )?(?:suspended|on hold|halted|frozen)\b", re.I), "suspended"),
    (re.compile(r"[;,(]\s*(?:since |now )?(?:completed|handed over|finished|repaid)\b", re.I), "completed"),
)  # fmt: skip
_ENDED = re.compile(
    r"[;,.]\s*(?:but |and |though )?(?:the|this) (?:\w+ )?(?:agreement|accord|deal|contract|plan|project|treaty|"
    r"order|pact|memorandum) (?:was|has been|had been) (?:later |since |then )?"
    r"(?:terminated|cancell?ed|scrapped|abandoned|annulled|revoked)\b",
    re.I,
)
_SCRAPPED = re.compile(
    r"\W*(?:has|have|had) (?:since |now |later )?been (?:scrapped|cancell?ed|called off|abandoned|terminated)\b",
    re.I,
)
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
    return _strong(verbs, nouns, told) or _bought(nouns, told) or _by_nouns(event, verbs, nouns, told)


def _strong(verbs: list[Trigger], nouns: list[Trigger], told: Telling) -> Kind | None:
    for verb in reversed(verbs):
        if verb.words in words_of("strong_verb") and verb.kind:
            if verb.kind in {"supply", "acquisition"} and verb.shape in {"buy", "acquire"}:
                return _purchase(verb.kind, nouns, told)
            return verb.kind
    return None


def _purchase(kind: Kind, nouns: list[Trigger], told: Telling) -> Kind:
    """Buying a firm or most of it is an acquisition, a smaller part an investment, goods a supply."""
    if told.share is not None:
        return "acquisition" if told.share >= _HALF or kind == "acquisition" else "investment"
    if any(n.kind == "investment" for n in nouns):
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
            return "investment"
    if head == "agreement" and not giving:
        kinds = _substance(nouns[:3], told)
    if nouns and nouns[0].kind == "grant" and "joint_facility" in kinds:
        return "grant"
    for kind in PRIORITY:
        if kind in _FORMS or (giving and kind in {"supply", "joint_facility"}):
            continue
        if kind in kinds:
            return kind
    if head == "joint_research" and told.company and any(v.shape == "stop" for v in verbs):
        return "investment"
    if head in _FORMS and (not giving or (_approved(verbs) and not told.money and head is not None)):
        return _form(head, verbs, nouns, told)
    if giving and told.money and not set(kinds) & {"grant", "loan"} and tells("firms", told.clause):
        return "investment"
    if giving:
        return next((v.kind for v in verbs if v.kind), "grant")
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
            (noun.kind == "joint_facility" and not tells("making", told.after or told.clause))
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
        return "joint_facility" if tells("facility", told.clause) else "programme"
    return "joint_research" if "expand" in shapes and tells("jointly", told.clause) else "other"


def _built(told: Telling) -> Kind:
    if told.company and tells("works", told.after):
        return "investment"
    return "supply" if told.company and tells("lines", told.clause) else "joint_facility"


def status_of(event: Event, effects: set[str], told: Telling) -> Status:
    """Return the latest status that the clause tells."""
    later = next((status for pattern, status in _LATER if pattern.match(told.rest)), None)
    if "cancelled" in effects or later == "cancelled" or _ENDED.search(told.rest) or _SCRAPPED.match(told.rest):
        return "cancelled"
    if "suspended" in effects:
        return "suspended"
    stop = next((t for t in event.triggers if t.shape == "stop"), None)
    if (
        event.triggers[0].words == "cancel"
        and not event.owed
        and not any(t.kind == "debt_relief" and t.pos == "n" for t in event.triggers)
    ):
        return "cancelled"
    if stop is not None:
        return stop.status
    if later is not None:
        return later
    tag = event.verb.tag if event.verb is not None else ""
    if effects & {"pledged", "would"} or _offered(event, tag, told):
        return "pledged"
    return _by_tense(event, tag, told)


def _offered(event: Event, tag: str, told: Telling) -> bool:
    """Whether the verb stands under an offer or a plan: "offered to train 20 nurses and set up a clinic"."""
    first = event.triggers[0]
    base = tag == "base" or (event.verb is not None and event.verb.lower == first.words)
    return (base and _OFFERED.search(told.before) is not None) or (
        first.words in {"offer", "pledge", "promise", "vow", "undertake"} and len(event.chain) > 1
    )


def _by_tense(event: Event, tag: str, told: Telling) -> Status:
    first = event.triggers[0]
    kinds = {t.kind for t in event.triggers if t.pos == "n"}
    if first.pos == "v" and (first.words == "agree" or first.words.startswith("sign")):
        return "committed"
    if first.shape == "receive" and any(t.words in {"order", "contract"} for t in event.triggers):
        return "committed"
    if first.words in {"buy", "purchase", "import", "hire"}:
        return "completed" if tag == "past" else "implementing" if tag in {"s", "ing"} else first.status
    if first.words == "extend" and kinds & {"loan", "grant", "export_credit"} and tag == "past":
        return "completed"
    if first.shape == "join" and tag == "base" and _BECAME.search(told.before):
        return "completed"
    if tag in {"base", "s", "ing"} and first.status == "completed":
        return "implementing"
    if first.status == "implementing" and tag == "past" and _RAN.search(told.clause):
        return "completed"
    if first.status == "completed" and first.shape in {"give", "train"} and _SINCE.search(told.clause):
        return "implementing"
    return first.status
