"""The ledger: stable record ids, curators' decisions, changes between releases, and the releases themselves."""
