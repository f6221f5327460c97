"""The pages of a release for a person: what is in it, and what changed."""
