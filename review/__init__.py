"""The curators' page."""
