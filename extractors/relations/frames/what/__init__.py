"""What an act is: its kind, sector, fields, sums and counts."""
