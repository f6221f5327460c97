"""The HTML pages of a release for people: what it holds, and what changed."""
