"""The CRS sector and the fields of science and technology of acts: what is done decides, in the words nearest to it."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from extractors.entities.sectors.classify import shipped
from extractors.mentions import PartyMention
from extractors.relations.frames.frame import Frame, one_pair
from extractors.relations.frames.parties import BODIES
from extractors.relations.frames.what.field_words import ENDS, SPELLS, FieldPlaces, field_hits, fields_of_sector
from extractors.relations.frames.what.signals import Hit, Phrases, inside, phrases
from extractors.relations.frames.windows import Windows
from schemas import UNSPECIFIED_SECTOR

_DEFAULT: dict[str, str] = {
    "joint_research": "430", "debt_relief": "600", "joint_facility": "430", "programme": "430", "membership": "430",
    "acquisition": "320", "investment": "320", "training": "110",
}  # fmt: skip
_PRIOR: dict[str, tuple[str, float]] = {
    "debt_relief": ("600", 40.0), "joint_research": ("430", 1.5), "joint_facility": ("430", 1.5),
    "membership": ("430", 0.5), "training": ("110", 1.5), "investment": ("320", 1.0), "acquisition": ("320", 1.0),
}  # fmt: skip
_SENTENCE, _NEXT, _HEADING, _ABOVE, _LINE, _NAMES, _TOLD, _THEME = 0.6, 0.6, 0.6, 0.3, 0.3, 0.5, 1.0, 4.0
_DOES = 0.4
_FORMS = frozenset({"110", "150", "240", "250", "430", "998"})  # sectors that names of bodies tell by their form
_LEARNED = 2.0  # weight of the trained classifier's probabilities
_ROOM = 2.0  # how much evidence halves what farther evidence counts
_LONGEST = 600  # characters of evidence, mostly
_FAINT = 0.9  # less evidence than this is none
_LEARNING = re.compile(
    r"\b(?:univers|research|scien|academ|royal society|max planck|nasa\b|space|cnrs\b|technolog|institute)", re.I
)
_FIELD, _TWO = 4.0, 2
_MOST = 3  # different phrases of a sector that count in one stretch of text
_PLACE = re.compile(r"\b(?:at|near|outside|from|beside)\s+(?:the\s+|its\s+)?$", re.I)
_MADE = re.compile(r"\W*(?:\w+\W+)?(?:factor(?:y|ies)|manufactur\w*|assembly|production)\b", re.I)
_PROOF = re.compile(r"-(?:resilient|resistant|proof|safe)\b")  # against what a thing stands is not its field
_LITTLE = 0.2
_DOER = re.compile(
    r"[\s-]*(?:company|firm|giant|group|maker|manufacturer|producer|developer|operator|supplier|start-?up)\b", re.I
)
_BACK = re.compile(
    r"\b(?:(?:the|this|that|these|same|said)\s+(?:\w+\s+)?(?:projects?|programmes?|schemes?|plants?|phases?|works?|"
    r"initiatives?|facility|facilities|centre|center|line|network|study|mission|deal|contract|loan|grant|agreement|"
    r"partnership|alliance|venture|package|first|second|third|last|two sides)"
    r"|of the (?:price|cost|costs|total|bill)"
    r"|its (?:construction|cost|price|purchase|building)|the (?:rest|remainder|cost)"
    r"|co-?financ\w+|a further|another|an additional|in addition|additional|extra|parallel|top-?up|feasibility study|"
    r"(?:second|third|next|new) (?:phase|tranche)|similar|also|for it|towards it|it|he|she|they)\b",
    re.I,
)
_REFERS = re.compile(r"\b(?:the|this|that|these|those|its|their|both|said|same)\s+(?:[a-z]+\s)?$", re.I)
Scores = defaultdict[str, float]


@dataclass(frozen=True, slots=True)
class Topic:
    """The sector of an act, the words that decided (where they stand in its clause) and their share; the fields."""

    code: str
    place: tuple[int, int] | None
    share: float
    fields: tuple[str, ...]


def topics_of(frames: Sequence[Frame], text: str, names: Windows[PartyMention], title: str) -> list[Topic]:
    """Return the topic of each frame, in the order given; ``title`` is the first line or heading of the document."""
    page = _Page(text, names, title, frames)
    told: dict[int, Topic] = {}
    last: tuple[str, Topic] | None = None
    for frame in sorted(frames, key=_place):
        told[id(frame)] = topic = page.topic(frame, last)
        last = (frame.heading, topic)
    return [told[id(frame)] for frame in frames]


def _place(frame: Frame) -> tuple[int, int]:
    return frame.evidence[0], frame.start


class _Page:
    """A document's phrases, found once, and the acts it tells."""

    def __init__(self, text: str, names: Windows[PartyMention], title: str, frames: Sequence[Frame]) -> None:
        self.text, self.names, self.title = text, names, title
        self.frames = sorted(frames, key=_place)
        self._starts = [frame.evidence[0] for frame in self.frames]
        self.hits = list(_sectors().find(text)) if frames else []
        self._places = [hit.start for hit in self.hits]
        self.field_hits = field_hits(text) if frames else []
        self._field_places = [hit.start for hit in self.field_hits]
        self._known: dict[tuple[int, int], dict[str, float]] = {}
        self.hits = list(_in_full(self.hits, text))
        self.theme = _shares(self.hits)

    def _between(self, start: int, end: int) -> list[Hit]:
        """The phrases of ``text[start:end]``."""
        first, last = bisect_left(self._places, start), bisect_left(self._places, end)
        return [h for h in self.hits[first:last] if h.end <= end]

    def _near(self, start: int, end: int) -> list[Frame]:
        """The frames whose evidence begins in ``text[start:end]``, or not long before it and ends in it."""
        first, last = bisect_left(self._starts, start - _LONGEST), bisect_left(self._starts, end)
        return [f for f in self.frames[first:last] if f.evidence[1] > start]

    def topic(self, frame: Frame, last: tuple[str, Topic] | None) -> Topic:
        """Return the topic of one frame; ``last`` is that of the act told before it, and its heading."""
        scores, place = self._scores(frame, last)
        code, score = max(((c, s) for c, s in sorted(scores.items())), key=_score, default=("", 0.0))
        if code == UNSPECIFIED_SECTOR:
            told = [(c, s) for c, s in sorted(scores.items()) if c != code and s > _FAINT]
            code, score = max(told, key=_score, default=(code, score))
        if score <= _FAINT:
            return Topic(self._guess(frame), None, 0.4, self._fields(frame, "", last))
        own = code if code in place else ""
        return Topic(code, place.get(code), score / sum(scores.values()), self._fields(frame, own, last))

    def _fields(self, frame: Frame, code: str, last: tuple[str, Topic] | None) -> tuple[str, ...]:
        """The fields of one act; ``code`` is its sector where words of its own clause tell it."""
        start, end = frame.evidence
        first, last_hit = bisect_left(self._field_places, start), bisect_left(self._field_places, end)
        hits = [h for h in self.field_hits[first:last_hit] if h.end <= end]
        places = FieldPlaces(self.text, self.names, frame, self._aside(frame), hits)
        told = last[1].fields if last is not None and self._goes_on(frame, last[0]) else ()
        near = places.own() or places.named() or places.heading() or places.spelt()
        return near or told or places.sentence() or fields_of_sector(code)

    def _guess(self, frame: Frame) -> str:
        """The sector where no words tell it: by kind, or research among universities and space agencies."""
        sides = [p for p in (frame.actor, frame.partner) if p is not None]
        if frame.kind not in _DEFAULT and all(p.type == "university" or _LEARNING.search(p.name) for p in sides):
            return "430"
        return _DEFAULT.get(frame.kind, UNSPECIFIED_SECTOR)

    def _scores(self, frame: Frame, last: tuple[str, Topic] | None) -> tuple[Scores, dict[str, tuple[int, int]]]:
        start, end = frame.evidence
        aside = self._aside(frame)
        clause = self._hits(frame, frame.start, frame.end, [])
        sentence = self._hits(frame, start, end, [*aside, (frame.start, frame.end)])
        total: Scores = defaultdict(float)
        _add(total, self._weigh(clause), 1.0)
        if frame.kind == "membership" and frame.partner is not None:
            _add(total, self._weigh(_sectors().find(frame.partner.name), frame.partner.name), 1.0)
        _add(total, self._weigh(sentence), _SENTENCE)
        if frame.kind in _PRIOR:
            total[_PRIOR[frame.kind][0]] += _PRIOR[frame.kind][1]
        if last is not None and self._goes_on(frame, last[0]):
            _add(total, {last[1].code: 4.0}, _TOLD)
        _add(total, self._weigh(self._spelt(end)), _NEXT)
        if not total:
            _add(total, self._weigh(self._doer(frame), frame.actor.name), _DOES)
        heads = frame.heading.split(" / ") if frame.heading else []
        for n, head in enumerate(heads):
            _add(total, self._weigh(self._told_in(head), head), _HEADING if n == 0 else _ABOVE)
        _add(total, self._weigh(self._named(frame)), _NAMES)
        if not _clear(total):
            _add(total, self._learned(start, end), _LEARNED)
        if self.title not in heads:
            _add(total, self._weigh(self._told_in(self.title), self.title), _ABOVE)
        _add(total, self._weigh(self._line(start, end)), _LINE)
        _add(total, self.theme, _THEME)
        self._general(total, clause)
        place = {code: (hit.start, hit.end) for hit in reversed(clause) for code, _ in hit.signals}
        return total, place

    def _doer(self, frame: Frame) -> list[Hit]:
        """The phrases of the actor's name, but that it is a bank, a university or a public body."""
        found = _sectors().find(frame.actor.name) if frame.actor.type in {"company", "organisation"} else ()
        return [hit for hit in found if hit.signals[0][0] not in _FORMS]

    def _told_in(self, head: str) -> Iterator[Hit]:
        """The phrases of a heading; a word of it means what the text first tells in full: "weather satellites"."""
        for hit in _sectors().find(head):
            longer = (h for h in self.hits if " " not in hit.key and h.key.endswith(f" {hit.key}"))
            first = next(longer, None)
            yield hit if first is None else replace(hit, signals=first.signals)

    def _aside(self, frame: Frame) -> list[tuple[int, int]]:
        """The clauses of other acts, of others, told in the sentence of a frame."""
        others = [f for f in self._near(*frame.evidence) if f.act != frame.act and not one_pair(f, frame)]
        return [(f.start, f.end) for f in others if f.end <= frame.start or frame.end <= f.start]

    def _goes_on(self, frame: Frame, heading: str) -> bool:
        """Whether an act goes on about the one told before it, under ``heading``."""
        return heading == frame.heading and _BACK.search(self.text, frame.start, frame.end) is not None

    def _general(self, total: Scores, clause: list[Hit]) -> None:
        """Where an act covers fields of three sectors or more in a text on science, it is science in general."""
        codes = {max(hit.signals, key=_score)[0] for hit in clause if hit.signals[0][1] >= _FIELD} - {"430"}
        if len(codes) > _TWO and total["430"]:
            total["430"] += max(total.values())

    def _hits(self, frame: Frame, start: int, end: int, without: Iterable[tuple[int, int]]) -> list[Hit]:
        """The phrases of ``text[start:end]`` outside the names of bodies and outside ``without``."""
        sides = [p for p in (frame.actor, frame.partner) if p is not None]
        bodies = sides if frame.source in {"table", "list"} else [*sides, *self.names.touching(start, end)]
        cut = [(p.start, p.end) for p in bodies if p.type in BODIES and p.role == "name"] + list(without)
        taught = "=trains" if frame.kind == "training" else ""
        return [h for h in self._between(start, end) if not inside(h, cut) and h.key != taught]

    def _named(self, frame: Frame) -> list[Hit]:
        """The phrases in the names of bodies other than the actor's."""
        start, end = frame.evidence
        actor = [(frame.actor.start, frame.actor.end)]
        bodies = [(p.start, p.end) for p in self.names.touching(start, end) if p.type in BODIES]
        return [
            h for h in self.hits if start <= h.start and h.end <= end and inside(h, bodies) and not inside(h, actor)
        ]

    def _spelt(self, end: int) -> list[Hit]:
        """The phrases of the next sentence, where it goes on about the act."""
        if SPELLS.match(self.text, end) is None:
            return []
        stop = ENDS.search(self.text, end + 2)
        last = stop.start() if stop else len(self.text)
        if any(f.evidence[0] < last and end < f.evidence[1] for f in self._near(end, last)):
            return []
        return self._between(end, last)

    def _line(self, start: int, end: int) -> list[Hit]:
        """The phrases of the paragraph that no other act tells."""
        first = self.text.rfind("\n", 0, start) + 1
        last = self.text.find("\n", end)
        last = last if last >= 0 else len(self.text)
        cut = [f.evidence for f in self._near(first, last)]
        return [h for h in self._between(first, last) if not inside(h, cut)]

    def _learned(self, start: int, end: int) -> dict[str, float]:
        if (start, end) in self._known:
            return self._known[start, end]
        text = self.text[start:end]
        codes, shares = shipped().probabilities({"title": text, "text": text, "lead": text})
        self._known[start, end] = dict(zip(codes, map(float, shares), strict=True))
        return self._known[start, end]

    def _weigh(self, hits: Iterable[Hit], text: str = "") -> Scores:
        """Add up what different phrases signal; less where they only tell a place, or what a factory makes."""
        text = text or self.text
        scores: Scores = defaultdict(float)
        times: dict[str, int] = defaultdict(int)
        seen: set[str] = set()
        for hit in hits:
            if hit.key in seen:
                continue
            seen.add(hit.key)
            part = 0.4 if _PLACE.search(text, max(0, hit.start - 16), hit.start) else 1.0
            part *= _LITTLE if _PROOF.match(text, hit.end) else 1.0
            for code, weight in hit.signals:
                times[code] += 1
                made = code != "320" and _MADE.match(text, hit.end) is not None
                doer = _DOER.match(text, hit.end) is not None
                scores[code] += weight * part * (0.4 if made or doer else 1.0) * (times[code] <= _MOST)
        return scores


def _in_full(hits: Sequence[Hit], text: str) -> Iterator[Hit]:
    """Yield hits, what a word refers back to in place of it: "the satellite", told before as "weather satellite"."""
    full: dict[str, Hit] = {}
    for hit in hits:
        *more, head = hit.key.split(" ")
        known = full.get(head)
        if more:
            full[head] = hit
        elif known is not None and _REFERS.search(text, max(0, hit.start - 24), hit.start):
            hit = replace(hit, signals=known.signals)
        yield hit


def _sectors() -> Phrases:
    return phrases("sectors.csv", "code")


def _score(item: tuple[str, float]) -> float:
    return item[1]


def _clear(total: Scores) -> bool:
    """Whether no classifier could still change the answer."""
    first, second = sorted([0.0, 0.0, *total.values()])[-1:-3:-1]
    return first - second > _LEARNED * _ROOM / (_ROOM + first)


def _add(total: Scores, more: dict[str, float], part: float) -> None:
    """Add evidence, the less the more there is already."""
    room = part * _ROOM / (_ROOM + max(total.values(), default=0.0))
    for code, score in more.items():
        total[code] += score * room


def _shares(hits: Sequence[Hit]) -> Scores:
    """The share of each sector in what the whole document says."""
    shares: Scores = defaultdict(float)
    for hit in hits:
        for code, weight in hit.signals:
            shares[code] += weight
    total = sum(shares.values()) or 1.0
    for code in shares:
        shares[code] = shares[code] / total if shares[code] > 8 else 0.0
    return shares
