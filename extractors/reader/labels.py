"""The closed lists that the reader's heads answer with, in the order of their outputs."""

from typing import Literal, get_args

from schemas import Kind, PartyType, Status, crs_sectors, fields

Role = Literal["actor", "partner", "year", "amount"]
Sort = Literal["party", "year", "amount"]

ROLES: tuple[Role, ...] = get_args(Role)
SORTS: tuple[Sort, ...] = get_args(Sort)
SORT_OF: dict[Role, Sort] = {"actor": "party", "partner": "party", "year": "year", "amount": "amount"}
KINDS: tuple[Kind, ...] = get_args(Kind)
STATUSES: tuple[Status, ...] = get_args(Status)
TYPES: tuple[str, ...] = get_args(PartyType)
SECTORS: tuple[str, ...] = tuple(crs_sectors())
FIELDS: tuple[str, ...] = tuple(fields())
BIO = 3  # outside, begins, goes on
