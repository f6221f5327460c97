"""Universal parts of speech from Penn tags and UD labels: https://universaldependencies.org/tagset-conversion/."""

from spacy.tokens import Token

_BY_TAG = {
    "CC": "CCONJ", "CD": "NUM", "DT": "DET", "EX": "PRON", "FW": "X", "IN": "ADP", "JJ": "ADJ", "JJR": "ADJ",
    "JJS": "ADJ", "LS": "X", "MD": "AUX", "NN": "NOUN", "NNS": "NOUN", "NNP": "PROPN", "NNPS": "PROPN", "PDT": "DET",
    "POS": "PART", "PRP": "PRON", "PRP$": "PRON", "RB": "ADV", "RBR": "ADV", "RBS": "ADV", "RP": "ADP", "SYM": "SYM",
    "TO": "PART", "UH": "INTJ", "VB": "VERB", "VBD": "VERB", "VBG": "VERB", "VBN": "VERB", "VBP": "VERB",
    "VBZ": "VERB", "WDT": "PRON", "WP": "PRON", "WP$": "PRON", "WRB": "ADV", "ADD": "X", "AFX": "X", "GW": "X",
    "$": "SYM", "_SP": "SPACE", "XX": "X",
}  # fmt: skip
_BY_BOTH = {
    ("IN", "mark"): "SCONJ",
    ("DT", "nsubj"): "PRON",
    ("DT", "obj"): "PRON",
    ("DT", "obl"): "PRON",
    ("WDT", "det"): "DET",
    ("RB", "advmod:neg"): "PART",
    ("WRB", "mark"): "SCONJ",
    ("TO", "case"): "ADP",
}
_AUXILIARY = {"aux", "aux:pass", "cop"}


def universal(token: Token) -> str:
    """Return the universal part of speech of a tagged and parsed token; ``PUNCT`` for the tags of punctuation."""
    if token.is_space:
        return "SPACE"
    if token.dep_ in _AUXILIARY and token.tag_.startswith("V"):
        return "AUX"
    return _BY_BOTH.get((token.tag_, token.dep_)) or _BY_TAG.get(token.tag_, "PUNCT")
