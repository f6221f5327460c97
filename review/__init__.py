"""The curators' page: a web application over the ledger, for this machine or a team."""

from review.access import Access
from review.app import create_app
from review.normalise import Normaliser, PlainNormaliser, Suggestion
from review.serve import serve

__all__ = ["Access", "Normaliser", "PlainNormaliser", "Suggestion", "create_app", "serve"]
