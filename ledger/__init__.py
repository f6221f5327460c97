"""Identity, decisions, changes and releases."""
