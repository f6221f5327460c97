"""The train flow: train the statistical models on corpora and write a spaCy pipeline with a model card."""
