"""Training of the reader: documents to examples, the network in torch, fitting and export (extra ``train``)."""
