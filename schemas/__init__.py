"""The models of documents, records, decisions, changes and releases. Imports pydantic only."""

from schemas.decision import (
    DECIDED_FIELDS,
    EDITED_FIELDS,
    Decision,
    FieldDecision,
    Merged,
    Outcome,
    RejectReason,
    Verdict,
)  # fmt: skip
from schemas.document import (
    Document,
    DocumentState,
    Extraction,
    Quarantined,
    StoredDocument,
    Unclaimed,
    UnclaimedReason,
)
from schemas.errors import CoopledgerError
from schemas.flat import LIST_SEPARATOR, FlatRecord, flatten
from schemas.identity import act_id_of, digest_of, record_id_of, record_of, signature
from schemas.record import (
    Amount,
    Check,
    Confidence,
    CooperationRecord,
    Derivation,
    Extractor,
    Party,
    PossibleRecord,
    Provenance,
    Review,
    Sector,
    Stated,
    Year,
)  # fmt: skip
from schemas.release import (
    SCHEMA_VERSION,
    Cause,
    Change,
    Counts,
    Digests,
    FieldChange,
    Lists,
    Manifest,
    ReleaseEntry,
    RemovalReason,
    Versions,
)
from schemas.spans import Model, Span, map_spans
from schemas.taxonomies import (
    UNSPECIFIED_SECTOR,
    AmountKind,
    Bound,
    Kind,
    PartyType,
    Status,
    countries,
    country_code,
    crs_sectors,
    currencies,
    field_words,
    fields,
)  # fmt: skip

__all__ = [
    "Amount", "AmountKind", "Bound", "Cause", "Change", "Check", "Confidence", "CooperationRecord", "CoopledgerError",
    "Counts",
    "DECIDED_FIELDS", "Decision", "Derivation", "Digests", "Document", "DocumentState", "EDITED_FIELDS", "Extraction",
    "Extractor", "FieldChange", "FieldDecision", "FlatRecord", "Kind", "LIST_SEPARATOR", "Lists", "Manifest",
    "Merged", "Model", "Outcome", "Party", "PartyType", "PossibleRecord", "Provenance", "Quarantined", "RejectReason",
    "ReleaseEntry", "RemovalReason", "Review", "SCHEMA_VERSION", "Sector", "Span", "Stated", "Status",
    "StoredDocument", "UNSPECIFIED_SECTOR", "Unclaimed", "UnclaimedReason", "Verdict", "Versions", "Year",
    "act_id_of", "countries", "country_code", "crs_sectors", "currencies", "digest_of", "field_words", "fields",
    "flatten", "map_spans", "record_id_of", "record_of", "signature",
]  # fmt: skip
