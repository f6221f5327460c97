"""The status of an act: the latest that its sentence and the next tell, from its triggers, its voice and the cues."""

import re
from functools import cache
from typing import cast

from extractors.mentions import YearMention
from extractors.relations.frames.sentence.event import Event
from extractors.relations.frames.timing.when import PERFECT
from extractors.relations.frames.what.kinds import Telling
from schemas import Status
from schemas.packaged import packaged_rows


def status_of(
    event: Event,
    effects: set[str],
    told: Telling,
    *,
    year: YearMention | None = None,
    dated: bool = False,
    outlook: str = "",
) -> Status:
    """Return the latest status that the text tells of an act.

    ``effects`` are those of its cues, ``dated`` says whether it stands in a chronology, where the present tells what
    is past, ``outlook`` is what its paragraph says after its sentence.
    """
    later = _outcome(told.rest) or _within(told.after) or _next(outlook)
    if "cancelled" in effects or later == "cancelled" or _undone(event, told):
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
    if _CLOSING.search(told.before):
        return "completed"
    tag = event.verb.tag if event.verb is not None else ""
    if effects & {"pledged", "would"} or _offered(event, tag, told):
        return "committed" if _CONTRACTED.match(told.rest) else "pledged"
    if event.verb is None:
        return _of_noun(event, told, year)
    if event.triggers[0].status == "committed" and _goes_on(told):
        return "implementing"
    past = dated and tag in {"s", "base"} and year is not None and year.last is not None
    return _by_tense(event, "past" if past else tag, told, year)


@cache
def _outcomes() -> tuple[tuple[re.Pattern[str], re.Pattern[str], Status], ...]:
    rows = [
        (row["words"], cast("Status", row["status"]))
        for row in packaged_rows("extractors.relations.frames.timing", "outcomes.csv")
    ]
    return tuple(
        (re.compile(_AFTER.format(words), re.I), re.compile(_THEN.format(words, words), re.I), s) for words, s in rows
    )


def _outcome(rest: str) -> Status | None:
    """What became of an act, told right after its clause: ", cancelled in 2006", "; it was handed over in 2010"."""
    return next((status for after, _, status in _outcomes() if after.match(rest)), None)


def _within(after: str) -> Status | None:
    """What became of it, told by a participle and a year in its own clause: "with Lima, closed in 2004"."""
    found = _LATELY.search(after)
    return _outcome(found[0]) if found is not None else None


def _next(outlook: str) -> Status | None:
    """What became of it, told by the next sentence: "The project was put on hold in 2015"."""
    if _FAILED.match(outlook):
        return "cancelled"
    if _PAUSED.match(outlook):
        return "suspended"
    return next((status for _, then, status in _outcomes() if then.match(outlook)), None)


def _undone(event: Event, told: Telling) -> bool:
    rest = told.rest
    if _ENDED.search(rest) or _SCRAPPED.match(rest) or _LEFT.match(told.after + rest):
        return True
    told_of = event.verb is None or "which" in told.before[-40:]
    return told_of and _DROPPED.match(rest) is not None


def _offered(event: Event, tag: str, told: Telling) -> bool:
    """Whether the verb stands under an offer or a plan: "offered to train 20 nurses and set up a clinic"."""
    first = event.triggers[0]
    base = tag == "base" or (event.verb is not None and event.verb.lower == first.words)
    return (base and _OFFERED.search(told.before) is not None) or (
        first.words in {"offer", "pledge", "promise", "vow", "undertake"} and len(event.chain) > 1
    )


def _of_noun(event: Event, told: Telling, year: YearMention | None) -> Status:
    """The status of an act that but a noun tells: a grant with which something was built has been given."""
    first = event.triggers[0]
    if first.kind in _GIVEN and (_USED.search(told.before) or _SPENT.match(told.after + told.rest)):
        return "completed"
    if _RAN.search(told.clause + told.rest[:_NEAR]) and _CAME.search(told.after + told.rest[:_NEAR]):
        return "completed"
    if first.status == "committed" and year is not None and year.last != year.first:
        return "implementing"
    return first.status


def _by_tense(event: Event, tag: str, told: Telling, year: YearMention | None) -> Status:
    first = event.triggers[0]
    kinds = {t.kind for t in event.triggers if t.pos == "n"}
    if first.pos == "v" and (first.words == "agree" or first.words.startswith("sign")):
        return "committed"
    if first.shape == "receive" and any(t.words in {"order", "contract"} for t in event.triggers):
        return "committed"
    if first.words == "commit" or (
        first.words == "award" and any(t.kind in {"grant", "supply"} for t in event.triggers)
    ):
        return "committed"
    if first.words == "offer" and tag == "past":
        return "pledged"
    if first.shape == "fund" and tag == "past" and not event.passive and _closed(told, year):
        return "completed"
    if first.words in {"buy", "purchase", "import", "hire"}:
        return "completed" if tag == "past" else "implementing" if tag in {"s", "ing"} else first.status
    if first.words == "extend" and kinds & {"loan", "grant", "export_credit"} and tag == "past":
        return "completed"
    if first.shape == "own" and first.words.startswith(("take", "have taken")) and tag == "past":
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


def _goes_on(told: Telling) -> bool:
    """Whether what was agreed has been at work since, or is being built."""
    return _SINCE_THEN.match(told.after + told.rest) is not None or _BUILDING.search(told.before) is not None


def _closed(told: Telling, year: YearMention | None) -> bool:
    """Whether something paid for is told as over: at one time, not ever since."""
    return not (year is not None and year.last is None) and not PERFECT.search(told.before)


_NEAR = 60  # characters after a clause
_GIVEN = frozenset({"loan", "grant", "export_credit", "technical_assistance", "training"})
_PLANNED = (
    r"plan(?:s|ned)?|offer(?:s|ed)?|intend(?:s|ed)?|pledge[sd]?|promise[sd]?|vow(?:s|ed)?|aim(?:s|ed)?|propose[sd]?"
)
_OFFERED = re.compile(rf"\b(?:{_PLANNED})\s+to\b", re.I)
_BECAME = re.compile(r"\b(?:became|become|was|were|is)\s+(?:the|an?)\b[^,;]*\bto\s+$", re.I)
_RAN = re.compile(r"\b(?:between|from)\s+(?:\w+\s+)?\d{4}\s+(?:and|to|until|till)\s+(?:\w+\s+)?\d{4}\b", re.I)
_SINCE = re.compile(r"\bsince\s+(?:\w+\s+)?\d{4}\b", re.I)
_WHAT = (
    r"(?:project|deal|agreement|accord|plan|contract|loan|programme|program|scheme|pact|order|memorandum|partnership|"
    r"cooperation|venture|treaty|exchange|purchase|sale|offer|laboratory|lab|centre|center|institute|school|course|fund|"
    r"plant|branch|office|station|campus|mission|initiative|facility)"
)
_BEEN = r"(?:(?:was|were|is|are|has|have|had|been|later|since|now|then|which|and|but|it|they|already|finally)\s+)*"
_AFTER = rf"[;,(]\s*(?:(?:but|and|though) )?(?:(?:the|this|its) (?:\w+ )?{_WHAT} )?{_BEEN}(?:{{}})\b"
_THEN = (
    rf"\W*(?:(?:But|However|Later|Then|Since then|In \w+ ?\d*),? )?"
    rf"(?:(?:The|This|Its|Their) (?:\w+ ){{{{0,2}}}}{_WHAT} "
    rf"(?:was|were|has been|had been|is|are) (?:\w+ ){{{{0,2}}}}(?:{{}})\b|[^.;]{{{{0,60}}}}\b(?:has |had )?"
    rf"(?:(?:{{}}) the {_WHAT}\b))"
)
_FAILED = re.compile(
    rf"\W*(?:[^.;]{{0,60}}\bput the {_WHAT} (?:off for good|to rest)|(?:The|This) (?:\w+ ){{0,2}}{_WHAT} "
    r"(?:never (?:materiali[sz]ed|took off)|fell (?:through|apart)|collapsed|came to nothing|lapsed))\b",
    re.I,
)
_PAUSED = re.compile(rf"[^.;]{{0,60}}\b(?:put|placed) (?:the|this) (?:\w+ ){{0,2}}{_WHAT} on (?:hold|ice)\b", re.I)
_CONTRACTED = re.compile(rf"; (?:the|an?) {_WHAT} (?:was|has been|is) (?:signed|agreed|approved|concluded)\b", re.I)
_ENDED = re.compile(
    r"[;,.]\s*(?:but |and |though )?(?:the|this) (?:\w+ )?(?:agreement|accord|deal|contract|plan|project|treaty|"
    r"order|pact|memorandum) (?:was|has been|had been) (?:later |since |then )?"
    r"(?:terminated|cancell?ed|scrapped|abandoned|annulled|revoked)\b",
    re.I,
)
_UNDONE = r"(?:scrapped|cancell?ed|called off|abandoned|terminated|dropped|shelved|axed)"
_SCRAPPED = re.compile(rf"\W*(?:has|have|had) (?:since |now |later )?been {_UNDONE}\b", re.I)
_DROPPED = re.compile(
    r"(?:(?!\b(?:is|are|will|signed|said|agreed to)\b)[^;.]){0,90}?"
    rf"\b(?:was|were|has been|have been|had been) (?:\w+ )?{_UNDONE}\b",
    re.I,
)
_LEFT = re.compile(
    r"[^;.]{0,120}?(?:,? (?:and|but|until) )[^;.,]{0,50}\b(?:dropped out|pulled out|withdrew from it|walked away|"
    r"backed out|fell through|collapsed|came to nothing|lapsed|"
    r"(?:annulled|cancell?ed|scrapped|revoked|terminated|rescinded|tore up) "
    r"(?:it|them|the (?:deal|contract|agreement)))\b",
    re.I,
)
_LATELY = re.compile(
    r"[,;(]\s*(?:\w+ )?(?:closed|ended|dissolved|wound up|cancelled|scrapped|suspended|handed over) in \d{4}"
)
_SINCE_THEN = re.compile(
    r"[^.;]{0,140}?\band [^.;]{0,50}\b(?:has|have) (?:been )?(?:used|run|operated|launched|built|delivered|trained|"
    r"worked|flown|produced|opened|hosted)\b[^.;]{0,30}\bsince\b",
    re.I,
)
_BUILDING = re.compile(r"\b(?:is|are) (?:now |jointly |also )?(?!being)\w+ing\b[^.;]*, $", re.I)
_CLOSING = re.compile(
    r"\b(?<!to )(?:ends|ended|closes|closed|discontinues|discontinued|winds up|wound up) (?:its|their|the|a) "
    r"(?:[\w-]+ ){0,2}$",
    re.I,
)
_CAME = re.compile(r"\b(?:came|was|were|ran|had|cost|took|brought|reached|totalled|amounted|lasted)\b")
_USED = re.compile(
    r"\b(?<!be )(?<!being )(?:built|financed|funded|paid|bought|equipped|set up|restored|renovated|founded|supplied|"
    r"completed|upgraded|trained|tested|constructed)\b[^.;]{0,60}"
    r"\b(?:with|by|through|from|thanks to|using) (?:an? |the )?[^,;]{0,40}$",
    re.I,
)
_SPENT = re.compile(r"[^.;,]{0,60}?\b(?:paid for|financed|funded|built|covered|bought|equipped|made possible)\b", re.I)
