"""The queue: what a curator should look at, filtered, counted and in order."""

from review.queue.filters import DIMENSIONS, Filters
from review.queue.table import QueueTable

__all__ = ["DIMENSIONS", "Filters", "QueueTable"]
