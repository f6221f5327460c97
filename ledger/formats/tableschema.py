"""The Table Schema of the flat files, written from the model."""

from typing import Any

from ledger.formats.columns import Column, columns

_PROFILE = "https://datapackage.org/profiles/2.0/tableschema.json"


def table_schema() -> dict[str, Any]:
    """Return the Table Schema (Data Package v2) of records.csv and records.parquet."""
    return {
        "$schema": _PROFILE,
        "fields": [_field(column) for column in columns()],
        "primaryKey": ["record_id"],
        "missingValues": [""],
    }


def _field(column: Column) -> dict[str, Any]:
    constraints: dict[str, Any] = {} if column.nullable else {"required": True}
    if column.name == "record_id":
        constraints["unique"] = True
    if column.values:
        constraints["enum"] = list(column.values)
    parts = {"name": column.name, "type": column.type, "description": column.description}
    return parts | ({"constraints": constraints} if constraints else {})
