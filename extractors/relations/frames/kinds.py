"""The kind and the status of an act, from its triggers, its voice and the cues around it."""

from schemas import Kind, Status

from .event import Event
from .lexicon import Trigger

PRIORITY: tuple[Kind, ...] = (
    "debt_relief", "export_credit", "loan", "acquisition", "membership", "training", "investment", "joint_facility",
    "technical_assistance", "grant", "supply", "joint_research", "dialogue", "programme", "agreement",
)  # fmt: skip
STRONG = frozenset(
    {
        "forgive",
        "write off",
        "exempt",
        "lend",
        "loan",
        "borrow",
        "invest",
        "reinvest",
        "donate",
        "train",
        "educate",
        "acquire",
        "take over",
        "buy out",
        "join",
        "become a member",
        "sign up",
        "sign up to",
        "sign on",
        "sign on to",
        "accede",
        "accede to",
        "participate in",
        "take part in",
        "buy",
        "purchase",
        "order",
        "sell",
        "license",
        "own",
        "hold a stake",
        "take a stake",
    }
)
GIVING = frozenset({"give", "approve", "fund", "receive", "thank"})


def kind_of(event: Event, *, money: bool) -> Kind:
    """Return what an act gives; its form where it gives nothing more specific."""
    verbs = [t for t in event.triggers if t.pos == "v"]
    nouns = [t for t in event.triggers if t.pos == "n"]
    if event.hosts_people:
        return "training"
    if verbs and verbs[-1].words == "cancel" and event.owed:
        return "debt_relief"
    if verbs and verbs[0].words == "cancel" and not any(n.kind == "debt_relief" for n in nouns):
        verbs = []
    if verbs and verbs[-1].words == "sponsor" and not money:
        return "training"
    own = _strong(verbs, nouns)
    if own:
        return own
    if any(v.shape == "receive" for v in verbs) and any(n.kind == "supply" for n in nouns[:2]):
        return "supply"
    giving = any(v.shape in GIVING for v in verbs)
    kinds = [n.kind for n in nouns[:3]]
    for kind in PRIORITY:
        if kind in kinds and not (
            giving and kind in {"supply", "programme", "agreement", "dialogue", "joint_research", "joint_facility"}
        ):
            return kind
    if giving:
        return next((v.kind for v in verbs if v.kind), "grant")
    if any(v.shape == "build" for v in verbs):
        return "joint_facility"
    for trigger in [*reversed(verbs), *nouns]:
        if trigger.kind:
            return trigger.kind
    return "programme" if any(v.shape in {"found", "run"} for v in verbs) else "other"


def _strong(verbs: list[Trigger], nouns: list[Trigger]) -> Kind | None:
    for verb in reversed(verbs):
        if verb.words in STRONG and verb.kind:
            if verb.words in {"buy", "purchase"} and any(n.kind == "investment" for n in nouns):
                return "acquisition"
            return verb.kind
    return None


def status_of(event: Event, effects: set[str]) -> Status:
    """Return the latest status that the clause tells."""
    if "cancelled" in effects:
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
    if effects & {"pledged", "would"}:
        return "pledged"
    first = event.triggers[0]
    if first.pos == "v" and first.words in {"agree", "sign"}:
        return "committed"
    tag = event.verb.tag if event.verb is not None else ""
    if tag in {"base", "s", "ing"} and first.status == "completed":
        return "implementing"
    return first.status
