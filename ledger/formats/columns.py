"""What the columns of the flat files are, read from the model: name, type, null or not, closed list, description."""

from dataclasses import dataclass
from functools import cache
from types import NoneType
from typing import Any, Literal, get_args, get_origin

from schemas import FlatRecord

ColumnType = Literal["string", "integer", "number"]
_TYPES: dict[type, ColumnType] = {str: "string", int: "integer", float: "number"}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of records.csv and records.parquet."""

    name: str
    type: ColumnType
    nullable: bool
    values: tuple[str, ...]
    description: str


@cache
def columns() -> tuple[Column, ...]:
    """List the columns in order."""
    return tuple(_column(name) for name in FlatRecord.model_fields)


def _column(name: str) -> Column:
    field = FlatRecord.model_fields[name]
    options = get_args(field.annotation) if NoneType in get_args(field.annotation) else (field.annotation,)
    kind = next(option for option in options if option is not NoneType)
    return Column(
        name=name,
        type=_TYPES[_plain(kind)],
        nullable=NoneType in options,
        values=get_args(kind) if get_origin(kind) is Literal else (),
        description=field.description or "",
    )


def _plain(kind: Any) -> type:
    if get_origin(kind) is Literal:
        return str
    return _plain(get_args(kind)[0]) if get_args(kind) else kind
