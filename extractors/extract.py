"""Turn text into records: clean it, find mentions, read acts, judge them, map every span back to the kept text."""

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import partial

from spacy.language import Language
from spacy.tokens import Doc

from extractors.digests import digests
from extractors.pipeline import make_pipeline
from extractors.reader import reader_folder
from extractors.records import THRESHOLD
from extractors.records.document import DocumentRecords, read_document
from extractors.records.judge import Judge, load_judge, shipped
from extractors.text import Aligned, clean, make_document
from schemas import CooperationRecord, Document, Extraction, PossibleRecord, Span, act_id_of, map_spans, record_id_of


def _span_in_kept(span: Span, aligned: Aligned) -> Span:
    return Span.of(aligned.kept, *aligned.to_kept(span.start, span.end))


class Extract:
    """Reads documents. Load it once with ``load()``; calling it is free of side effects and safe to repeat."""

    def __init__(self, nlp: Language, judge: Judge, *, model: str | None = None, threshold: float = THRESHOLD) -> None:
        self.nlp = nlp
        self.judge = judge
        self.threshold = threshold
        self.digests = digests(model)

    def __call__(self, document: str | Document) -> list[CooperationRecord]:
        """Return the records of a text or document, best first. Raises UnreadableError for an empty text."""
        return list(self.read(document).records)

    def read(self, document: str | Document) -> Extraction:
        """Return the records, the possible records and the unclaimed mentions of one document."""
        source = document if isinstance(document, Document) else make_document("text", document)
        aligned = clean(source.text, title=len(source.title or ""))
        doc = self._doc(aligned.text, source.date)
        return self._map_to_kept(source, aligned, read_document(doc, source, self.judge, threshold=self.threshold))

    def pipe(self, documents: Iterable[str | Document]) -> Iterator[list[CooperationRecord]]:
        """Yield the records of each document, in the order of the documents; one document is held at a time."""
        for extraction in self.read_all(documents):
            yield list(extraction.records)

    def read_all(self, documents: Iterable[str | Document]) -> Iterator[Extraction]:
        """Yield the extraction of each document, in the order of the documents."""
        yield from map(self.read, documents)

    def _doc(self, text: str, date: str | None) -> Doc:
        doc = self.nlp.make_doc(text)
        doc.user_data["date"] = date  # relative dates ("last year") are resolved against it
        return self.nlp(doc)

    def _map_to_kept(self, document: Document, aligned: Aligned, found: DocumentRecords) -> Extraction:
        records, possible, unclaimed = found.records, found.possible, found.unclaimed
        if aligned.text != aligned.kept:
            to_kept = partial(_span_in_kept, aligned=aligned)
            records = [map_spans(record, to_kept) for record in records]
            possible = [map_spans(record, to_kept) for record in possible]
            unclaimed = [map_spans(mention, to_kept) for mention in unclaimed]
        return Extraction(
            document=document, records=with_ids(records), possible=without_ids(possible), unclaimed=tuple(unclaimed)
        )


def load(model: str | None = None, *, threshold: float = THRESHOLD) -> Extract:
    """Load the extractor once.

    Args:
        model: the folder of another trained reader, or the name of a spaCy pipeline for tokens and sentences
        threshold: confidence, 0 to 1, below which a record is only a possible one

    Raises:
        ValueError: there is no such model
    """
    folder = reader_folder(model)
    judge = shipped() if folder is None else load_judge(folder)
    return Extract(make_pipeline(model), judge, model=model, threshold=threshold)


def with_ids(records: Iterable[CooperationRecord]) -> tuple[CooperationRecord, ...]:
    """Return records with ids made from their content; records that shared an ``act_id`` share the new one."""
    acts: dict[str, str] = {}
    seen: Counter[str] = Counter()
    return tuple(_record_with_ids(record, acts, seen) for record in records)


def without_ids(records: Iterable[CooperationRecord]) -> tuple[PossibleRecord, ...]:
    """Return records as possible ones, without ``record_id``: they get one when a curator accepts them."""
    return tuple(PossibleRecord(**record.model_dump(exclude={"record_id"})) for record in with_ids(records))


def _record_with_ids(record: CooperationRecord, acts: dict[str, str], seen: Counter[str]) -> CooperationRecord:
    if record.act_id not in acts:
        parts = (record.document_id, record.evidence.text, record.actor.name, record.kind)
        base_act_id = act_id_of(*parts)
        acts[record.act_id] = act_id_of(*parts, seen[base_act_id])
        seen[base_act_id] += 1
    base_id = record_id_of(record)
    seen[base_id] += 1
    update = {"act_id": acts[record.act_id], "record_id": record_id_of(record, seen[base_id] - 1)}
    return record.model_copy(update=update)
