"""What the page reads and writes: releases, the curators' log, and the files beside them."""

from review.store.decided import Decided
from review.store.shelf import Shelf
from review.store.store import Clash, Store
from review.store.view import View

__all__ = ["Clash", "Decided", "Shelf", "Store", "View"]
