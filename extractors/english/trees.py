"""Phrases and arguments in trees with Universal Dependencies labels.

Labels: https://universaldependencies.org/u/dep/. All functions take tokens of a parsed sentence (see `parse`) and never
leave it; none of them changes anything.
"""

from collections.abc import Collection, Iterator

from spacy.tokens import Span, Token

SUBJECT = frozenset({"nsubj", "csubj", "nsubj:outer"})
PASSIVE_SUBJECT = frozenset({"nsubj:pass", "csubj:pass"})
OBLIQUE = frozenset({"obl", "obl:agent", "obl:unmarked", "obl:tmod", "obl:npmod", "nmod", "nmod:unmarked"})
_CLAUSES = frozenset({"acl:relcl", "acl", "advcl", "advcl:relcl", "parataxis", "ccomp", "list"})
_BESIDE = frozenset(
    {"appos", "conj", "cc", "cc:preconj", "punct", "dep", "orphan", "discourse", "cop", "mark", "nsubj", "aux"}
)
_NOMINAL = frozenset({"NOUN", "PROPN", "PRON", "NUM", "SYM", "X"})
_CHUNK = frozenset({"det", "amod", "compound", "nummod", "flat", "nmod:poss", "nmod:desc", "det:predet", "fixed",
                    "goeswith", "advmod", "flat:foreign"})  # fmt: skip


def phrase(token: Token, *, without: Collection[str] = _CLAUSES | _BESIDE | {"case"}) -> Span:
    """Return the stretch of the subtree of ``token`` around it that leaves out children with the labels ``without``.

    By default relative and other clauses, appositions, conjuncts and the token's own preposition are left out, but its
    complements are kept: "a loan of $5m from the bank, which ..." gives "a loan of $5m from the bank".
    """
    return _stretch(token, {t.i for child in token.children if child.dep_ not in without for t in child.subtree})


def noun_chunk(token: Token) -> Span:
    """Return the base noun phrase headed by ``token``: determiners, modifiers, compounds and the parts of a name."""
    inside: set[int] = set()
    for child in token.children:
        if child.dep_ in _CHUNK:
            inside |= {t.i for t in child.subtree}
    return _stretch(token, inside)


def noun_chunks(sentence: Span) -> Iterator[Span]:
    """Yield the base noun phrases of a sentence that lie in no other, in order."""
    for token in sentence:
        if token.pos_ in _NOMINAL and token.dep_ not in _CHUNK:
            yield noun_chunk(token)


def conjuncts(token: Token) -> list[Token]:
    """Return ``token`` and all that is coordinated with it, in order, whichever of them is asked for."""
    first = token
    while first.dep_ == "conj" and first.head.i != first.i:
        first = first.head
    found, waiting = [], [first]
    while waiting:
        found.append(waiting.pop())
        waiting += [child for child in found[-1].children if child.dep_ == "conj"]
    return sorted(found)


def subjects(verb: Token) -> list[Token]:
    """Return the subjects of ``verb`` with their conjuncts, active or passive; its own, or those it shares.

    A verb without one takes that of the verb it is coordinated with, or of the verb that governs it as ``xcomp``; a
    participle or relative clause (``acl``) takes the noun that it modifies, where it has no subject or a relative one.
    """
    own = [child for child in verb.children if child.dep_ in SUBJECT | PASSIVE_SUBJECT]
    if own and not (verb.dep_ == "acl:relcl" and own[0].tag_ in {"WDT", "WP"}):
        return [t for token in own for t in conjuncts(token)]
    if verb.dep_ in {"acl", "acl:relcl"} and (own or verb.tag_ in {"VBG", "VBN"}):
        return conjuncts(verb.head) if verb.head.dep_ != "conj" else [verb.head]
    if verb.dep_ in {"conj", "xcomp", "advcl"} and verb.head.i != verb.i:
        return subjects(verb.head)
    return []


def objects(verb: Token) -> list[Token]:
    """Return the direct objects of ``verb`` with their conjuncts; those of a later conjunct are its own alone."""
    return [t for child in verb.children if child.dep_ == "obj" for t in conjuncts(child)]


def indirect_objects(verb: Token) -> list[Token]:
    """Return the receivers of ``verb`` without a preposition ("lent Kenya $5m"), with their conjuncts."""
    return [t for child in verb.children if child.dep_ == "iobj" for t in conjuncts(child)]


def obliques(head: Token) -> list[tuple[str, Token]]:
    """Return the prepositional arguments of a verb or noun: lower-case preposition ("" for none) and noun.

    Conjuncts carry the preposition of the first unless they have their own: "with A and B" gives two.
    """
    found = []
    for child in head.children:
        if child.dep_ in OBLIQUE:
            shared = preposition(child)
            found += [(preposition(t) or shared, t) for t in conjuncts(child)]
    return found


def preposition(token: Token) -> str:
    """Return the preposition or postposition of a noun in lower case, its fixed parts joined ("because of")."""
    for child in token.children:
        if child.dep_ == "case" and child.tag_ != "POS":
            return " ".join(t.lower_ for t in [child, *[c for c in child.children if c.dep_ == "fixed"]])
    return ""


def possessors(noun: Token) -> list[Token]:
    """Return who has the noun ("China's loan", "its loan"), with conjuncts."""
    return [t for child in noun.children if child.dep_ == "nmod:poss" for t in conjuncts(child)]


def appositions(noun: Token) -> list[Token]:
    """Return the heads of the appositions of a noun, in order."""
    return [child for child in noun.children if child.dep_ == "appos"]


def is_passive(verb: Token) -> bool:
    """Whether a verb is passive: by its auxiliary or subject, as a bare participle of a noun, or by sharing them."""
    marks = {child.dep_ for child in verb.children}
    if marks & {"aux:pass", "nsubj:pass", "csubj:pass"}:
        return True
    if verb.tag_ != "VBN" or "aux" in marks:
        return False
    shares = verb.dep_ == "conj" and not marks & (SUBJECT | {"obj"}) and verb.head.i != verb.i
    return verb.dep_ in {"acl", "amod"} or (shares and is_passive(verb.head))


def agents(verb: Token) -> list[Token]:
    """Return who does it in a passive ("by the bank"), with conjuncts."""
    return [noun for mark, noun in obliques(verb) if mark == "by"] if is_passive(verb) else []


def negations(token: Token) -> list[Token]:
    """Return the negating words that hang on a token ("not", "no", "never")."""
    return [c for c in token.children if c.lower_ in {"not", "n't", "n’t", "no", "never", "neither", "without", "nor"}]


def auxiliaries(verb: Token) -> list[Token]:
    """Return the auxiliaries of a verb in order; those of the verb it is coordinated with where it has none."""
    own = [child for child in verb.children if child.dep_ in {"aux", "aux:pass"}]
    shares = not own and verb.dep_ == "conj" and not any(c.dep_ in SUBJECT | PASSIVE_SUBJECT for c in verb.children)
    return auxiliaries(verb.head) if shares and verb.head.i != verb.i else own


def _stretch(token: Token, inside: Collection[int]) -> Span:
    """The unbroken run of token indices around ``token``."""
    start = end = token.i
    while start - 1 in inside:
        start -= 1
    while end + 1 in inside:
        end += 1
    return token.doc[start : end + 1]
