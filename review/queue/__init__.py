"""The records of a release, those to be looked at first: filtered, counted and in order."""

from review.queue.facets import ONE_OF_TWO
from review.queue.filters import DIMENSIONS, RANGES, SORTS, STATES, Filters
from review.queue.table import QueueTable, Said

__all__ = ["DIMENSIONS", "SORTS", "STATES", "Filters", "ONE_OF_TWO", "QueueTable", "RANGES", "Said"]
