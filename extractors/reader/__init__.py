"""The learned reader: text and mentions in, acts out, each with who may have done what with whom."""
