"""The curators' page: a web application over the ledger, for this machine or a team."""

from review.access import Access
from review.app import create_app, serve
from review.drafts import Normaliser, Suggestion

__all__ = ["Access", "Normaliser", "Suggestion", "create_app", "serve"]
