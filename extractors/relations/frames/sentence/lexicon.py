"""The tables of this folder: triggers with their inflections, shapes of arguments, function words."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, cast

from schemas import Kind, Status
from schemas.packaged import packaged_rows

IRREGULAR = {
    "begin": ("began", "begun"), "find": ("found", "found"), "forge": ("forged", "forged"), "give": ("gave", "given"),
    "send": ("sent", "sent"), "lend": ("lent", "lent"), "get": ("got", "got"), "win": ("won", "won"),
    "buy": ("bought", "bought"), "sell": ("sold", "sold"), "build": ("built", "built"), "lay": ("laid", "laid"),
    "teach": ("taught", "taught"), "run": ("ran", "run"), "hold": ("held", "held"), "put": ("put", "put"),
    "spend": ("spent", "spent"), "pay": ("paid", "paid"), "take": ("took", "taken"), "fly": ("flew", "flown"),
    "strike": ("struck", "struck"), "lead": ("led", "led"), "leave": ("left", "left"), "freeze": ("froze", "frozen"),
    "withdraw": ("withdrew", "withdrawn"), "write": ("wrote", "written"), "become": ("became", "become"),
    "forgive": ("forgave", "forgiven"), "set": ("set", "set"), "have": ("had", "had"), "do": ("did", "done"),
    "make": ("made", "made"), "go": ("went", "gone"), "come": ("came", "come"), "see": ("saw", "seen"),
    "know": ("knew", "known"), "think": ("thought", "thought"), "say": ("said", "said"), "tell": ("told", "told"),
    "rise": ("rose", "risen"), "fall": ("fell", "fallen"), "grow": ("grew", "grown"), "stand": ("stood", "stood"),
    "mean": ("meant", "meant"), "seek": ("sought", "sought"), "bring": ("brought", "brought"), "keep": ("kept", "kept"),
    "meet": ("met", "met"), "speak": ("spoke", "spoken"), "hear": ("heard", "heard"), "feel": ("felt", "felt"),
    "drive": ("drove", "driven"), "show": ("showed", "shown"), "cost": ("cost", "cost"), "quit": ("quit", "quit"),
    "undertake": ("undertook", "undertaken"), "bind": ("bound", "bound"), "bear": ("bore", "borne"),
    "channel": ("channelled", "channelled"), "break": ("broke", "broken"),
    "choose": ("chose", "chosen"), "undergo": ("underwent", "undergone"), "admit": ("admitted", "admitted"),
    "tap": ("tapped", "tapped"), "bag": ("bagged", "bagged"),
    "chip": ("chipped", "chipped"), "ship": ("shipped", "shipped"),
    "drop": ("dropped", "dropped"), "scrap": ("scrapped", "scrapped"), "step": ("stepped", "stepped"),
    "set up": ("set up", "set up"), "equip": ("equipped", "equipped"), "commit": ("committed", "committed"),
    "map": ("mapped", "mapped"), "call": ("called", "called"), "transfer": ("transferred", "transferred"),
    "enrol": ("enrolled", "enrolled"), "waive": ("waived", "waived"), "cancel": ("cancelled", "cancelled"),
    "top": ("topped", "topped"), "defer": ("deferred", "deferred"), "kit": ("kitted", "kitted"),
    "fit": ("fitted", "fitted"), "underwrite": ("underwrote", "underwritten"), "on-lend": ("on-lent", "on-lent"),
}  # fmt: skip
NOT_PLURAL = frozenset(
    {
        "aid",
        "relief",
        "training",
        "research",
        "assistance",
        "cooperation",
        "co-operation",
        "presence",
        "fdi",
        "aircraft",
        "equity",
    }
)


@dataclass(frozen=True, slots=True)
class Trigger:
    """A row of ``triggers.csv``: a verb or noun that may state an act."""

    words: str
    pos: str
    kind: Kind | Literal[""]
    shape: str
    status: Status
    weight: float


@dataclass(frozen=True, slots=True)
class Form:
    """An inflected trigger: ``tag`` is base, s, past, part (both where they are alike: past), ing, or noun."""

    trigger: Trigger
    tag: str


def _rows(name: str) -> list[dict[str, str]]:
    return list(packaged_rows("extractors.relations.frames.sentence", name))


def inflect(verb: str) -> list[tuple[str, str]]:
    """Return (form, tag) of a verb's forms; the first word of a phrase is inflected."""
    first, _, rest = verb.partition(" ")
    tail = f" {rest}" if rest else ""
    past, part = IRREGULAR.get(first, ("", ""))
    if not past:
        past = part = _regular(first)
    third = (
        first[:-1] + "ies"
        if first.endswith("y") and first[-2] not in "aeiou"
        else first + ("es" if first.endswith(("s", "sh", "ch", "x", "z", "o")) else "s")
    )
    third = {"have": "has", "be": "is"}.get(first, third)
    if first.endswith("e") and not first.endswith(("ee", "oe", "be")):
        stem = first[:-1]
    else:
        stem = past[:-2] if len(past) == len(first) + 3 and past.endswith("ed") else first
    ing = {
        "lie": "lying",
        "run": "running",
        "put": "putting",
        "get": "getting",
        "win": "winning",
        "set": "setting",
        "quit": "quitting",
    }.get(first, stem + "ing")
    forms = [(first, "base"), (third, "s"), (past, "past"), (part, "part" if part != past else "past"), (ing, "ing")]
    return [(form + tail, tag) for form, tag in dict(forms).items()]


def _regular(verb: str) -> str:
    if verb.endswith("e"):
        return verb + "d"
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return verb[:-1] + "ied"
    return verb + "ed"


@cache
def forms() -> dict[str, tuple[Form, ...]]:
    """Map each inflected trigger, in lower case, to its readings."""
    table: dict[str, list[Form]] = {}
    for row in _rows("triggers.csv"):
        for words in row["words"].split("|"):
            kind, status = cast("Kind", row["kind"]), cast("Status", row["status"])
            trigger = Trigger(words, row["pos"], kind, row["shape"], status, float(row["weight"]))
            for form, tag in inflect(words) if row["pos"] == "v" else nouns(words):
                table.setdefault(form, []).append(Form(trigger, tag))
    return {form: tuple(readings) for form, readings in table.items()}


def nouns(words: str) -> list[tuple[str, str]]:
    """Return a noun phrase and its plural."""
    if words in NOT_PLURAL or words.endswith("s"):
        return [(words, "noun")]
    plural = words[:-1] + "ies" if words.endswith("y") and words[-2] not in "aeiou" else words + "s"
    return [(words, "noun"), (plural, "noun")]


@cache
def longest_form() -> int:
    """Return the number of words of the longest trigger."""
    return max(form.count(" ") for form in forms()) + 1


@cache
def other_verbs() -> dict[str, str]:
    """Map the forms of common verbs that state no act to their tags."""
    text = (files("extractors.relations.frames.sentence") / "verbs.txt").read_text(encoding="utf-8")
    table = {form: tag for verb in text.split() for form, tag in inflect(verb)}
    table.update(
        dict.fromkeys(("is", "are", "has"), "s") | dict.fromkeys(("was", "were", "had"), "past") | {"been": "part"}
    )
    return table


@cache
def shapes() -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    """Map each shape to the relations that its actor and its partner may stand in, best first."""
    return {row["shape"]: (tuple(row["actor"].split()), tuple(row["partner"].split())) for row in _rows("shapes.csv")}


@cache
def overrides() -> dict[tuple[str, str], str]:
    """Map the shape of a verb, and that of a noun it governs or its voice, to the shape that rules both."""
    return {(verb, row["noun"]): row["shape"] for row in _rows("overrides.csv") for verb in row["verb"].split()}


def verb_class(name: str) -> frozenset[str]:
    """Return the verb forms of a class: ``light`` verbs lend their object a subject, ``statistics`` tell of numbers."""
    return frozenset(form for row in _rows("verb_classes.csv") if row["class"] == name for form in row["forms"].split())


PREPOSITIONS = frozenset(
    [
        "with",
        "to",
        "from",
        "by",
        "for",
        "in",
        "of",
        "at",
        "on",
        "between",
        "among",
        "amongst",
        "into",
        "onto",
        "under",
        "through",
        "via",
        "against",
        "along",
        "during",
        "over",
        "towards",
        "toward",
        "within",
        "across",
        "about",
        "as",
        "than",
        "like",
        "since",
        "until",
        "before",
        "after",
        "near",
        "outside",
        "inside",
        "alongside",
        "without",
        "despite",
        "around",
        "behind",
        "upon",
        "including",
        "regarding",
        "concerning",
        "throughout",
    ]
)
DETERMINERS = frozenset(
    [
        "the",
        "a",
        "an",
        "its",
        "their",
        "his",
        "her",
        "this",
        "that",
        "these",
        "those",
        "each",
        "every",
        "both",
        "some",
        "all",
        "any",
        "no",
        "our",
        "my",
        "your",
    ]
)
COORDINATORS = frozenset({"and", "&", "or", "+", "/"})
SUBORDINATORS = frozenset(
    [
        "which",
        "who",
        "whom",
        "whose",
        "that",
        "where",
        "while",
        "when",
        "after",
        "before",
        "because",
        "although",
        "though",
        "but",
        "if",
        "unless",
        "whether",
        "since",
        "as",
        "so",
        "until",
        "however",
    ]
)
BE = frozenset(["is", "are", "was", "were", "be", "been", "being", "get", "gets", "got"])
AUXILIARIES = BE | frozenset(["has", "have", "had", "having", "do", "does", "did"]) - {"get", "gets", "got"}
MODALS = frozenset(["will", "would", "may", "might", "can", "could", "should", "must", "shall", "'ll"])
PRONOUNS = frozenset(["it", "they", "he", "she", "both", "we"])
