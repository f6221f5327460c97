"""English: sentences by rule, and tags, trees, lemmas and names only where they are asked for.

One `Doc` stands for a document; its text and character offsets never change. Most sentences cannot state an act, so
they are never parsed::

    from extractors.english import is_parsed, load_english, parse

    nlp = load_english()                    # tokeniser and sentences run on a text; the trained parts wait
    doc = nlp(text)                         # fast: doc.sents are there, nothing else
    wanted = [sent for sent in doc.sents if may_hold_an_act(sent)]
    parse(nlp, doc, wanted)                 # in place, in batches; call again for more sentences
    for sent in wanted:
        sent.root, sent.root.lemma_, [child.dep_ for child in sent.root.children]
    doc.ents                                # PERSON, ORG, LOC in the parsed sentences

After `parse`, the tokens of a wanted sentence have ``tag_`` (Penn Treebank), ``pos_`` (Universal), ``lemma_``, ``head``
and ``dep_`` (Universal Dependencies, root ``ROOT``), and its names are in ``doc.ents``. In any other sentence ``dep_``
is empty, every token is its own head, and names are unknown: ask `is_parsed`. Sentence bounds are those of `split`, and
the parser never moves them; a newline inside a hard-wrapped paragraph does not end a sentence.

* `load_english(lazy=False)` gives the plain pipeline: tagger, parser and names over all text.
* `parse_sentences(nlp, spans)` gives each span as a small parsed `Doc` of its own instead: token ``i`` of the small Doc
  is token ``span.start + i`` of the document, and character ``c`` is ``span.start_char + c``.
* `split(text)` gives the character bounds of sentences of a plain text.
* `extractors.english.trees` has the phrase, noun chunk, conjuncts, subjects, objects and obliques of a token under
  UD labels: use them in place of spaCy's ``noun_chunks``, which expect other labels.
* `lemma(word, tag)` is the light lemmatiser alone.
"""

from .lazy import is_parsed, parse, parse_sentences
from .lemmas import lemma
from .pipeline import TRAINED, load_english, numpy_products
from .sentences import set_sentences, split

__all__ = [
    "TRAINED",
    "is_parsed",
    "lemma",
    "load_english",
    "numpy_products",
    "parse",
    "parse_sentences",
    "set_sentences",
    "split",
]
