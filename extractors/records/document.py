"""All records of a document: the headline's, if it is a note about one act, the reader's, and unclaimed mentions."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import ValidationError
from spacy.tokens import Doc

from extractors.records import POSSIBLE, THRESHOLD
from extractors.records.build import record_of
from extractors.records.headlined import headline_for, headline_record, of_other_acts
from extractors.records.judge import Judge, Judged, judged
from extractors.records.unclaimed import unclaimed
from extractors.text.sentences import sentences_of, text_of
from schemas import CooperationRecord, Document, Unclaimed

_LOG = logging.getLogger("coopledger.extractors")


def records_of(
    found: Sequence[Judged], text: str, document_id: str, *, date: str | None, first: int = 1
) -> list[CooperationRecord]:
    """Return the records of judged candidates, ranked from ``first`` on in their order.

    A candidate whose values fail validation is skipped, with a warning in the log; the of_other_acts are returned.
    """
    acts: dict[int, int] = {}
    records: list[CooperationRecord] = []
    for one in found:
        act, rank = acts.setdefault(id(one.instance.act), len(acts)), first + len(records)
        try:
            records.append(record_of(one.instance, text, document_id, rank=rank, act=act, date=date, sure=one.sure))
        except ValidationError as error:
            _LOG.warning("%s: a record was left out, %s", document_id, error.errors()[0]["msg"])
    return records


@dataclass(frozen=True, slots=True)
class DocumentRecords:
    """What was extracted from a document; spans point into its cleaned text, ids are provisional."""

    records: Sequence[CooperationRecord]
    possible: Sequence[CooperationRecord]
    unclaimed: Sequence[Unclaimed]


def read_document(doc: Doc, document: Document, judge: Judge, *, threshold: float = THRESHOLD) -> DocumentRecords:
    """Return records, possible records (both most confident first) and unclaimed mentions of a Doc with its acts.

    A headline's record is the first. Records have at least ``threshold``, possible ones at least POSSIBLE confidence.
    """
    text, sentences = text_of(doc), sentences_of(doc)
    found = judged(doc._.acts, text, sentences, judge)
    headline = headline_for(doc, document)
    if headline is not None:
        found = of_other_acts(headline, found)
    likely = [one for one in found if one.sure["record"] >= threshold]
    possible_candidates = [one for one in found if POSSIBLE <= one.sure["record"] < threshold]
    records = _records(likely, text, document, first=1 if headline is None else 2)
    if headline is not None:
        records.insert(0, headline_record(headline, doc, document))
    possible = _records(possible_candidates, text, document, first=len(records) + 1)
    return DocumentRecords(records, possible, unclaimed(doc, document.id, records, possible))


def _records(found: Sequence[Judged], text: str, document: Document, *, first: int) -> list[CooperationRecord]:
    return records_of(found, text, document.id, date=document.date, first=first)
