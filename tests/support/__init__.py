"""What tests and benchmarks make their documents, releases and crashes with."""
