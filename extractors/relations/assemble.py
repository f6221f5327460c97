"""From a Doc with mentions to ranked records, and a list of the mentions that ended in none."""

from collections.abc import Sequence

from spacy.tokens import Doc

from extractors.english import split
from extractors.mentions import AmountMention, Mention, PartyMention, YearMention
from extractors.relations.cluster import ranked, unique, without_builders
from extractors.relations.frames.document import Reading, read
from extractors.relations.frames.frame import Frame
from extractors.relations.frames.grid import read_tables
from extractors.relations.frames.lists import read_lists
from extractors.relations.frames.score import THRESHOLD, judge
from extractors.relations.headlined import headline_for, headline_record, others
from extractors.relations.records import record_of
from schemas import CooperationRecord, Document, Span, Unclaimed, UnclaimedReason


def assemble(doc: Doc, document: Document) -> tuple[list[CooperationRecord], list[Unclaimed]]:
    """Return the records of ``doc``, best first, and its unclaimed mentions; spans point into ``doc.text``."""
    reading = read(doc.text, doc._.parties, doc._.amounts, doc._.years, _sentences(doc))
    frames = [judge(frame) for frame in [*read_tables(reading), *read_lists(reading), *reading.frames]]
    chosen = ranked(unique(without_builders([f for f in frames if f.score >= THRESHOLD and not f.reason])))
    first = headline_for(doc, document)
    if first is not None:
        chosen = others(first, chosen)
    rank = 1 if first is None else 2
    records = [record_of(frame, doc.text, document.id, i, reading.names.parties) for i, frame in enumerate(chosen, rank)]
    if first is not None:
        records.insert(0, headline_record(first, doc, document))
    return records, _unclaimed(doc, document, reading, frames, records)


def _sentences(doc: Doc) -> list[tuple[int, int]]:
    if doc.has_annotation("SENT_START"):
        return [(s.start_char, s.end_char) for s in doc.sents]
    return list(split(doc.text))


def _unclaimed(doc: Doc, document: Document, reading: Reading, frames: Sequence[Frame], records: Sequence[CooperationRecord]) -> list[Unclaimed]:
    claimed = {(s.start, s.end) for record in records for s in record.spans()}
    out: list[Unclaimed] = []
    for kind, mentions in (("party", doc._.parties), ("amount", doc._.amounts), ("year", doc._.years)):
        for mention in mentions:
            if any(start < mention.end and mention.start < end for start, end in claimed if (end - start) < 200):
                continue
            span = Span.of(doc.text, mention.start, mention.end)
            out.append(Unclaimed(document_id=document.id, mention=kind, span=span, reason=_reason(mention, frames)))  # type: ignore[arg-type]
    return sorted(out, key=_place)


def _place(unclaimed: Unclaimed) -> tuple[int, str]:
    return unclaimed.span.start, unclaimed.mention


def _reason(mention: Mention, frames: Sequence[Frame]) -> UnclaimedReason:
    inside = [f for f in frames if f.start <= mention.start and mention.end <= f.end]
    reasons = [f.reason for f in inside if f.reason]
    if reasons:
        return reasons[0]  # type: ignore[return-value]
    if inside:
        return "other_act"
    if isinstance(mention, AmountMention):
        return "statistic" if mention.kind == "share" else "not_act"
    return "not_act" if isinstance(mention, PartyMention | YearMention) else "out_of_scope"
