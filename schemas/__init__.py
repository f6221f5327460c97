"""The shapes of everything that goes in and comes out. Imports pydantic only."""

from schemas.change import Cause, Change, FieldChange, RemovalReason
from schemas.decision import DECIDED_FIELDS, Decision, FieldDecision, Merged, Outcome, Verdict
from schemas.document import (
    Document,
    DocumentState,
    Extraction,
    Quarantined,
    StoredDocument,
    Unclaimed,
    UnclaimedReason,
)
from schemas.flat import LIST_SEPARATOR, FlatRecord, flatten
from schemas.identity import act_id_of, digest_of, record_id_of
from schemas.record import (
    Amount,
    Check,
    Confidence,
    CooperationRecord,
    Derivation,
    Extractor,
    Party,
    Provenance,
    Review,
    Sector,
    Stated,
    Year,
)  # fmt: skip
from schemas.release import SCHEMA_VERSION, Counts, Digests, Lists, Manifest, ReleaseEntry, Versions
from schemas.spans import Model, Span, map_spans
from schemas.taxonomies import (
    UNSPECIFIED_SECTOR,
    AmountKind,
    Bound,
    Kind,
    PartyType,
    Status,
    countries,
    crs_sectors,
    currencies,
    field_words,
    fields,
)  # fmt: skip

__all__ = [
    "DECIDED_FIELDS", "LIST_SEPARATOR", "SCHEMA_VERSION", "UNSPECIFIED_SECTOR", "Amount", "AmountKind", "Bound",
    "Cause", "Change", "Check", "Confidence", "CooperationRecord", "Counts", "Decision", "Derivation", "Digests",
    "Document", "DocumentState", "Extraction", "Extractor", "FieldChange", "FieldDecision", "FlatRecord", "Kind",
    "Lists", "Manifest", "Merged", "Model", "Outcome", "Party", "PartyType", "Provenance", "Quarantined",
    "ReleaseEntry", "RemovalReason", "Review", "Sector", "Span", "Stated", "Status", "StoredDocument",
    "Unclaimed", "UnclaimedReason", "Verdict", "Versions", "Year", "act_id_of", "countries", "crs_sectors", "currencies",
    "digest_of", "field_words", "fields", "flatten", "map_spans", "record_id_of",
]  # fmt: skip
