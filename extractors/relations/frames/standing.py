"""The status of an act: the latest that its sentence tells, from its triggers, its voice and the cues around it."""

import re

from schemas import Status

from .event import Event
from .kinds import Telling

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
