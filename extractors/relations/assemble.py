"""From a Doc with mentions to ranked records, and a list of the mentions that ended in none."""

from spacy.tokens import Doc

from extractors.english import split
from extractors.relations.cluster import ranked, unique, without_builders, without_details, without_openings
from extractors.relations.frames.document import read
from extractors.relations.frames.frame import Frame
from extractors.relations.frames.listed.grid import read_tables
from extractors.relations.frames.listed.lists import read_lists
from extractors.relations.frames.reading import Reading
from extractors.relations.frames.score import accepted, judge
from extractors.relations.frames.what.later_sums import with_later_sums
from extractors.relations.frames.what.topics import topics_of
from extractors.relations.headlined import headline_for, headline_record, others
from extractors.relations.records import record_of
from extractors.relations.unclaimed import unclaimed
from extractors.texts import text_of
from schemas import CooperationRecord, Document, Unclaimed


def candidates(doc: Doc) -> tuple[Reading, list[Frame]]:
    """Return the reading of ``doc`` and all candidate acts in it, judged."""
    reading = read(text_of(doc), doc._.parties, doc._.amounts, doc._.years, _sentences(doc))
    return reading, [judge(frame) for frame in [*read_tables(reading), *read_lists(reading), *reading.frames]]


def assemble(doc: Doc, document: Document) -> tuple[list[CooperationRecord], list[Unclaimed]]:
    """Return the records of ``doc``, best first, and its unclaimed mentions; spans point into ``text_of(doc)``."""
    reading, frames = candidates(doc)
    text = reading.text
    frames = with_later_sums(reading, frames)
    likely = [f for f in frames if accepted(f)]
    chosen = ranked(unique(without_openings(without_builders(without_details(likely)))))
    first = headline_for(doc, document)
    if first is not None:
        chosen = others(first, chosen)
    rank = 1 if first is None else 2
    title = reading.outline.title()
    topics = topics_of(chosen, text, reading.names.parties, text[title.start : title.end] if title else "")
    records = [
        record_of(frame, text, document.id, i, topic)
        for i, (frame, topic) in enumerate(zip(chosen, topics, strict=True), rank)
    ]
    if first is not None:
        records.insert(0, headline_record(first, doc, document))
    return records, unclaimed(doc, document.id, frames, records)


def _sentences(doc: Doc) -> list[tuple[int, int]]:
    if doc.has_annotation("SENT_START"):
        return [(s.start_char, s.end_char) for s in doc.sents]
    return list(split(text_of(doc)))
