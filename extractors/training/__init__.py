"""Training of the models that the package ships, called by `coopledger train`."""
