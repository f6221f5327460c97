"""Mentions: one spaCy component for each kind."""
