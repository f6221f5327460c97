"""JSON Schemas, generated from the models."""

from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from schemas.decision import Decision, Merged
from schemas.document import Quarantined, StoredDocument, Unclaimed
from schemas.record import CooperationRecord, PossibleRecord
from schemas.release import SCHEMA_VERSION, Change, Manifest, Versions
from schemas.spans import Model

PUBLISHED: dict[str, type[Model]] = {
    "record": CooperationRecord,
    "document": StoredDocument,
    "unclaimed": Unclaimed,
    "possible": PossibleRecord,
    "quarantine": Quarantined,
    "change": Change,
    "decision": Decision,
    "merged": Merged,
    "manifest": Manifest,
    "versions": Versions,
}
"""The model of each published schema: a line of a JSON Lines file, or a whole JSON file."""


def json_schema(name: str) -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) with a name of ``PUBLISHED``.

    Raises:
        KeyError: there is no such name.
    """
    model = PUBLISHED[name]
    schema = model.model_json_schema(mode="serialization")
    identity = {"$schema": GenerateJsonSchema.schema_dialect, "$id": f"urn:coopledger:{name}:{SCHEMA_VERSION}"}
    return identity | schema
