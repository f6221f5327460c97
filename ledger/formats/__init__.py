"""File formats: the flat files of a release, and exports for other tools."""
