"""From text to records: clean, find mentions, assemble, and map every span back to the text as it was kept."""

import sys
from collections.abc import Iterable, Iterator
from functools import partial

from spacy.language import Language
from spacy.tokens import Doc

from extractors.digests import digests
from extractors.identify import with_ids
from extractors.pipeline import make_pipeline
from extractors.relations.assemble import assemble
from extractors.text import Aligned, clean, make_document
from schemas import CooperationRecord, Document, Extraction, Span, Unclaimed, map_spans


def _kept(span: Span, aligned: Aligned) -> Span:
    return Span.of(aligned.kept, *aligned.to_kept(span.start, span.end))


class Extract:
    """Reads documents. Load it once with ``load()``; calling it is free of side effects and safe to repeat."""

    def __init__(self, nlp: Language, *, model: str | None = None) -> None:
        self.nlp = nlp
        nlp.max_length = sys.maxsize  # how long a text may be is said by ``make_document``
        self.digests = digests(model)

    def __call__(self, document: str | Document) -> list[CooperationRecord]:
        """Return the records of a text or document, best first. Raises UnreadableError where a text is empty."""
        return list(self.read(document).records)

    def read(self, document: str | Document) -> Extraction:
        """Return records and unclaimed mentions of one document."""
        known = document if isinstance(document, Document) else make_document("text", document)
        aligned = clean(known.text)
        records, unclaimed = assemble(self._doc(aligned.text, known.date), known)
        return self._mapped(known, aligned, records, unclaimed)

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

    def _mapped(
        self, document: Document, aligned: Aligned, records: Iterable[CooperationRecord], unclaimed: Iterable[Unclaimed]
    ) -> Extraction:
        if aligned.text != aligned.kept:
            to_kept = partial(_kept, aligned=aligned)
            records = [map_spans(record, to_kept) for record in records]
            unclaimed = [map_spans(mention, to_kept) for mention in unclaimed]
        return Extraction(document=document, records=with_ids(records), unclaimed=tuple(unclaimed))


def load(model: str | None = None) -> Extract:
    """Load the extractor once, on ``model``, another spaCy pipeline, if given; ValueError where there is none."""
    return Extract(make_pipeline(model), model=model)
