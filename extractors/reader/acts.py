"""The reader's output: acts with the entities that may fill their roles, and the closed lists of labels."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from extractors.mentions import Mention
from schemas import Kind, PartyType, Status, crs_sectors, fields

Role = Literal["actor", "partner", "year", "amount"]
Sort = Literal["party", "year", "amount"]  # of an entity that may fill a role

ROLES: tuple[Role, ...] = get_args(Role)
SORTS: tuple[Sort, ...] = get_args(Sort)
SORT_OF: dict[Role, Sort] = {"actor": "party", "partner": "party", "year": "year", "amount": "amount"}
KINDS: tuple[Kind, ...] = get_args(Kind)
STATUSES: tuple[Status, ...] = get_args(Status)
TYPES: tuple[str, ...] = get_args(PartyType)
SECTORS: tuple[str, ...] = tuple(crs_sectors())
FIELDS: tuple[str, ...] = tuple(fields())
BIO = 3  # tags: outside, begin, inside


@dataclass(frozen=True, slots=True)
class Filler:
    """An entity that may fill a role: its best mention (None: the document's date) and its probability, 0 to 1."""

    mention: Mention | None
    likely: float


@dataclass(frozen=True, slots=True)
class Act:
    """An act stated by ``text[start:end]``, its anchor.

    ``likely`` is the probability that these words state an act; ``fillers`` lists for each role the entities of the
    window, most likely first, each scored against "none". ``kinds``, ``statuses``, ``sectors`` and ``fields`` map
    labels to probabilities.
    """

    start: int
    end: int
    likely: float
    fillers: Mapping[Role, tuple[Filler, ...]]
    kinds: Mapping[Kind, float]
    statuses: Mapping[Status, float]
    sectors: Mapping[str, float]
    fields: Mapping[str, float]

    @property
    def kind(self) -> Kind:
        """The likeliest kind."""
        return max(self.kinds, key=self.kinds.__getitem__)

    @property
    def status(self) -> Status:
        """The likeliest status."""
        return max(self.statuses, key=self.statuses.__getitem__)

    @property
    def sector(self) -> str:
        """The likeliest sector's code."""
        return max(self.sectors, key=self.sectors.__getitem__)
