"""Curators' decisions: the log, the merge with a new extraction, the queue."""
