"""From the reader's acts to records: who is paired with whom, what is told twice, how likely each record is right."""
