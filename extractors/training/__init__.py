"""What `coopledger train` calls."""
