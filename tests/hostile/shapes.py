"""Texts of any length in shapes that tempt a program to go back: each pattern's near-matches, one word, only brackets.

A shape is a function of a length that gives a text of about so many characters; twice the length is the same shape
twice as long.
"""

from collections.abc import Callable

Shape = Callable[[int], str]

_UNITS = {
    # one line, one word
    "one word": "a",
    "one word of capitals": "A",
    "one word in turns": "aB",
    "one line of words": "word ",
    "one line of capitals": "BANK ",
    "one line of names": "Bank of Peru and ",
    "one line of Titles": "Joint Water Fund ",
    # digits
    "digits": "7",
    "digits and blanks": "7 ",
    "digits and commas": "1,",
    "digits in groups": "1,234,",
    "digits in groups of blanks": "123 456 ",
    "digits and points": "1.",
    "digits and slashes": "1/",
    "digits and dashes": "19-",
    "years": "2014 ",
    "years joined": "2014-",
    "years joined by words": "2014 and ",
    "roman numerals": "XIV ",
    "number words": "hundred and ",
    "number words glued": "twenty-",
    "scales": "million ",
    "percent signs": "5%",
    "foreign digits": "٣",
    "chinese digits": "三万",
    # money
    "dollar signs": "$",
    "dollars": "$5 ",
    "dollars to": "$5 to ",
    "dollars to dashes": "$5-",
    "currency codes": "USD ",
    "currency and number in turns": "USD 5 EUR ",
    "sums joined": "$5 million and ",
    "sums with or": "5 or ",
    "sums with of": "$5 million of ",
    # brackets, quotes, punctuation
    "open brackets": "(",
    "closed brackets": ")",
    "brackets in turns": "()",
    "square brackets": "[1]",
    "curly brackets": "{",
    "open quotes": "“",
    "nested quotes": "\"'",
    "straight quotes": '"',
    "apostrophes": "'",
    "possessives": "Peru's ",
    "stops": ".",
    "stops and blanks": ". ",
    "exclamations": "!?",
    "commas": ",",
    "commas and names": "Peru, ",
    "commas, names glued": "Peru,",
    "semicolons": ";",
    "colons": "a: ",
    "dashes": "-",
    "long dashes": "—",
    "hyphens in words": "a-",
    "slashes": "/",
    "backslashes": "\\",
    "stars": "*",
    "stars and letters": "*a",
    "underscores": "_",
    "hashes": "#",
    "ampersands": "A & ",
    "at signs": "a@",
    "addresses": "http://a.b/",
    "dots in words": "A.",
    "abbreviations": "U.S. ",
    # blanks
    "blanks": " ",
    "tabs": "\t",
    "blanks of no break": "\u00a0",
    "newlines": "\n",
    "form feeds": "\f",
    "returns": "\r",
    "blanks and newlines": " \n",
    "hyphens at ends": "a-\n",
    "hyphens, blanks and newline": "a-  \n  ",
    # lines
    "short lines": "a\n",
    "bullets": "- one\n",
    "bullets that sink": "  - one\n",
    "bullets of stars": "* one\n",
    "numbered lines": "1. one\n",
    "lettered lines": "a) one\n",
    "headings": "# Head\n",
    "headings of capitals": "HEAD LINE\n\n",
    "lead-ins": "Projects:\n",
    "dated lines": "2014: signed\n",
    "bare dated lines": "2014 Signed\n",
    "lines with one bar": "a | b\n",
    "cells with bars": "a | ",
    "rows with bars": "| a | 5 | c |\n",
    "rules under rows": "| a | b | c |\n|---|---|---|\n",
    "cells with tabs": "a\t",
    "rows with tabs": "Peru\t5\t2014\n",
    "rows of one cell with tabs": "Peru\t\t\n",
    "cells with commas": "a,",
    "rows with commas": "Peru,5,2014\n",
    "rows with semicolons": "Peru;5;2014\n",
    "cells with wide gaps": "a   ",
    "rows with wide gaps": "Peru   5   2014\n",
    "ditto marks": '"\t"\t5\n',
    "open quotes in rows": 'a,"b,5\n',
    "quoted cells": '"a, b",5,6\n',
    "totals": "Total\t5\t6\n",
    # characters
    "combining marks": "\u0301",
    "letters with combining marks": "e\u0301",
    "zero width joiners": "a\u200d",
    "soft hyphens": "a\u00ad",
    "bidirectional overrides": "\u202ea\u202c",
    "emoji": "🙂",
    "families of emoji": "👨\u200d👩\u200d👧",
    "mojibake": "Ã©",
    "mojibake of mojibake": "ÃƒÂ©",
    "mojibake in words": "CÃ´te ",
    "chinese": "中国",
    "arabic": "مصر ",
    "nulls": "\x00",
    "controls": "\x1b[0m",
    "byte order marks": "\ufeff",
    "line separators": "a\u2028",
    "ligatures": "ﬁ",
    "dotted i": "İ",
    "sharp s": "ß",
    # near-matches
    "and": "and ",
    "of the": "of the ",
    "the": "the ",
    "banks of": "Bank of ",
    "ministries of": "Ministry of ",
    "ministries and": "ministry of food and ",
    "universities of": "University of ",
    "republics": "Republic of ",
    "countries": "Peru ",
    "countries glued": "Peru-",
    "countries joined": "Peru and Chile and ",
    "countries in brackets": "Peru (Chile) ",
    "demonyms": "Chinese ",
    "demonyms joined": "Sino-",
    "persons with office": "President ",
    "persons": "President John ",
    "names after offices": "Ministers Defg ",
    "offices after places": "Square President ",
    "offices between places": "Conference Minister Province",
    "bare ministries": "RMB Ministry May ",
    "ministries bare and whole": "Peru's Ministry of Health. Peruvian Ministry. ",
    "initials": "J. ",
    "acronyms": "UNDP ",
    "acronyms in brackets": "(UNDP) ",
    "names with acronyms": "World Food Fund (WFF) ",
    "companies": "Acme Co., ",
    "companies of companies": "Acme Holdings Ltd. of ",
    "said to be": "the central bank of ",
    "countries in number": "68 countries ",
    "months": "May ",
    "dates": "3 May 2014 ",
    "dates glued": "03/05/",
    "weekdays": "on Monday ",
    "last year": "last year ",
    "since": "since 2014 to ",
    "quarters": "Q1 ",
    "fiscal years": "FY2013/",
    "acts": "China lent Peru $5 million in 2014. ",
    "acts in one line": "China lent Peru $5 million and ",
    "acts in lines": "China lent Peru $5 million in 2014\n",
    "tags": "<a>",
    "open tags": "<",
    "entities": "&amp;",
    "links": "[a](http://b) ",
    "images": "![",
    "front matter": "---\n",
}


def _of(unit: str) -> Shape:
    def shape(length: int) -> str:
        return (unit * (length // len(unit) + 1))[:length]

    return shape


def _ended(unit: str, end: str) -> Shape:
    def shape(length: int) -> str:
        return (unit * (length // len(unit) + 1))[: max(0, length - len(end))] + end

    return shape


def _deep(length: int) -> str:
    """Bullets each deeper than the last."""
    lines, size, depth = [], 0, 0
    while size < length:
        lines.append(f"{' ' * (depth % 400)}- a\n")
        size += len(lines[-1])
        depth += 1
    return "".join(lines)


def _numbers(length: int) -> str:
    """Sums that are all different."""
    return " ".join(f"${number}" for number in range(length // 7 + 1))[:length]


def _names(length: int) -> str:
    """Names that are all different, each with its acronym."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    found = []
    for number in range(length // 36 + 1):
        a, b, c = letters[number % 26], letters[number // 26 % 26], letters[number // 676 % 26]
        found.append(f"{a}ora {b}ank {c}und Bank ({a}{b}{c}B) met. ")
    return "".join(found)[:length]


def _wide_table(length: int) -> str:
    """A table of one row of heads and one row of data."""
    cells = [str(number) for number in range(length // 8 + 1)]
    return "\t".join("h" for _ in cells) + "\n" + "\t".join(cells) + "\n"


SHAPES: dict[str, Shape] = {
    **{name: _of(unit) for name, unit in _UNITS.items()},
    "blanks and a bullet": lambda length: " " * (length - 3) + "- a",
    "blanks and a rule": lambda length: "-" * (length // 2) + " " * (length // 2) + "a",
    "one sentence of clauses": _ended("which China said that ", "."),
    "digits and a letter": _ended("7", "x"),
    "a dollar before digits": lambda length: "$" + "7" * length,
    "a quote that never ends": lambda length: "“" + "word " * (length // 5),
    "a bracket that never ends": lambda length: "(" + "Peru and " * (length // 9),
    "quotes that never end in a row": lambda length: "a," + '"b,' * (length // 3),
    "bullets ever deeper": _deep,
    "sums all different": _numbers,
    "names all different": _names,
    "a table of one row": _wide_table,
    "a row of one number": lambda length: "h\t" * (length // 8) + "\n" + "12345\t" * (length // 8),
}
"""The shapes by name."""
