"""Releases: staged, checked, published in one rename, and read again."""
