"""The bodies of the tables by other spellings of their names."""

import re

from .entries import Entry, adjectives, country_names
from .lexicon import lexicon

FORMS = "Co|Corp|Corporation|Company|Group|Ltd|Limited|Inc|plc|PLC|LLC|AG|SE|GmbH|Oyj|ASA|SpA|Bhd"
LEGAL = re.compile(rf"(?:[ ,.]+\(?(?:{FORMS})\b\)?\.?)+$")


def known(surface: str, country: str | None) -> Entry | None:
    """Return the body of the tables that ``surface`` names, alone or with its country."""
    for plain in spellings(surface):
        names = [plain]
        if country is not None:
            own, adjective = country_names()[country], adjectives()[country]
            names = [f"{own} {plain}", f"{adjective} {plain}", f"{plain} of {own}", plain]
        for name in names:
            entry = lexicon().find(name)
            if entry is not None and entry.source == "body" and (country is None or entry.country in (country, None)):
                return entry
    return None


def spellings(surface: str) -> list[str]:
    """Return ``surface`` as other writers spell it: without possessor's s, legal form, or with the form in full."""
    plain = surface.replace("’s ", " ").replace("'s ", " ")
    full = re.sub(r"\bCorp\b\.?", "Corporation", re.sub(r"\bCo\b\.?", "Company", plain))
    bare = LEGAL.sub("", plain)
    return list(dict.fromkeys((plain, full, bare, plain.replace("&", "and"))))
