"""Releases: writing, checking, publishing and reading them."""
