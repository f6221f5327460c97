"""When an act was done and how it stands."""
