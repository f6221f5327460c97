"""A sentence cut up: units, phrases, clauses, events and the parties that may fill their roles."""
