"""The forms in which texts write years, as one regular expression with named branches."""

import re

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan jan.", "february feb feb. febuary", "march mar mar.", "april apr apr.", "may", "june jun jun.",
            "july jul jul.", "august aug aug.", "september sept sep sept. sep. septemeber", "october oct oct.",
            "november nov nov.", "december dec dec.",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip
WORDS = {"one": 1, "a": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
         "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "couple of": 2}  # fmt: skip

ORDINALS = {word: number for number, word in enumerate(
    ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
     "twelfth", "thirteenth", "fourteenth", "fifteenth"], 1
)}  # fmt: skip

YEAR = r"(?:1[5-9]\d\d|20\d\d|21\d\d)"
MONTH = "(?:" + "|".join(sorted((re.escape(name) for name in MONTHS), key=len, reverse=True)) + r")(?![a-z])"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?"
_SEP = r"[\s,]{1,2}"
_TO = r"(?:\s?-\s?|\s(?:to|until|till|through|up to)\s(?:the\s(?:end|beginning|start)\sof\s|early\s|late\s|mid-)?)"
_NUMBER = "|".join(WORDS)
_FULL = "january|february|march|april|may|june|july|august|september|october|november|december"
_NO_YEAR = rf"\b(?!,?\s(?:of\s)?(?:{YEAR}|that|the\ssame|each|every)\b|[\s-]\d)"

# Branches are tried in this order at each place; every repeat is bounded.
FORMS: dict[str, str] = {
    "iso": rf"(?P<iso_y>{YEAR})[-/.](?P<iso_m>0?[1-9]|1[0-2])[-/.](?P<iso_d>0[1-9]|[12]\d|3[01]|[1-9])(?!\d|[-/.]\d)",
    "numeric": rf"(?P<num_a>0?[1-9]|[12]\d|3[01])(?P<num_s>[/.-])(?P<num_b>0?[1-9]|[12]\d|3[01])(?P=num_s)"
    rf"(?P<num_y>{YEAR}|\d\d)(?![\d]|[-/.]\d)",
    "fiscal": r"(?:(?:fiscal|financial|budget)\s(?:year\s)?|[af]y\s?'?)"
    rf"(?P<fy_a>{YEAR}|\d\d)(?:\s?[-/]\s?(?P<fy_b>{YEAR}|\d\d))?(?!\d)"
    rf"|(?P<fy_c>{YEAR})(?:[-/](?P<fy_d>\d\d|{YEAR}))?\s(?:fiscal|financial|budget|academic)\syear",
    "month_range": rf"(?:(?:{MONTH}){_SEP}(?:{_DAY},?\s)?)?(?P<mr_y1>{YEAR}){_TO}(?:{_DAY}\s)?"
    rf"{MONTH}{_SEP}(?P<mr_y2>{YEAR})"
    rf"|{MONTH}{_SEP}(?P<mr_y3>{YEAR}){_TO}(?P<mr_y4>{YEAR})(?![\d%]|[,.]\d)",
    "year_first": rf"(?P<yf_y>{YEAR}),?\s(?P<yf_m>{MONTH})\s(?P<yf_d>{_DAY})(?!\d|[,.]\d|,?\s{YEAR})",
    "day_month": rf"(?:{_DAY}(?:\s?(?:-|to|and|&)\s?{_DAY})?(?:\sof)?[\s\-]|(?:the\s)?{_DAY}\sday\sof\s)"
    rf"(?P<dm_m>{MONTH})(?:{_SEP}(?:in\s)?|-|')(?P<dm_y>{YEAR}|(?<=['-])\d\d)(?!\d|[,.]\d)",
    "month_day": rf"(?P<md_m>{MONTH})\s?{_DAY}(?:\s?(?:-|to|and|&)\s?(?:{MONTH}\s)?{_DAY})?"
    rf"(?:\s?,\s?|\s|,?\sof\s)(?P<md_y>{YEAR})(?!\d|[,.]\d)",
    "month_month": rf"(?P<mm_m>{MONTH})\s?(?:-|to|and|/|or)\s?{MONTH}(?:{_SEP}|\sof\s)(?P<mm_y>{YEAR})(?!\d|[,.]\d)",
    "month_year": rf"(?P<my_m>{MONTH})(?:[\s,]{{1,2}}(?:of\s)?|-|/|')(?P<my_y>{YEAR}|(?<=['-])\d\d)(?!\d|[,.]\d)",
    "quarter": rf"(?:q(?P<q_n>[1-4])|(?P<q_w>first|second|third|fourth|last|1st|2nd|3rd|4th)[\s\-]quarter)"
    rf"[\s,]{{0,2}}(?:of\s)?(?:(?:fy|fiscal)\s?)?'?(?P<q_y>{YEAR})(?!\d)|(?P<q_y2>{YEAR})\s?q(?P<q_n2>[1-4])(?!\d)",
    "decade": r"(?:(?:early|late|mid)[\s\-])?(?:the\s)?(?P<de_y>1[5-9]\d0|20\d0)'?s(?![a-z])"
    r"|(?:early|late|mid|the)[\s\-](?P<de_s>[2-9]0)'?s(?![a-z])",
    "short_range": rf"(?P<sr_a>{YEAR})(?:/|\s?-\s?)(?P<sr_b>\d\d)"
    r"(?![\d%]|[-/.,]\d|\s?(?:percent|per\scent|million|billion))",
    "range": rf"(?P<ra_a>{YEAR})(?:{_TO}|/)(?P<ra_b>{YEAR})(?![\d%]|[,.]\d)",
    "between": rf"(?<=between\s)(?P<be_a>{YEAR})\sand\s(?P<be_b>{YEAR})(?!\d|[,.]\d)",
    "open": rf"(?P<op_a>{YEAR})(?:\s?-\s?|\s(?:to|until)\s(?:the\s)?)(?:present|today|now|ongoing|date)\b",
    "cjk": rf"(?P<cj_y>{YEAR})\s?年(?:\s?(?P<cj_m>1[0-2]|[1-9])\s?月(?:\s?(?P<cj_d>[12]\d|3[01]|[1-9])\s?日)?)?",
    "year": rf"(?P<ye_y>{YEAR})(?![\d%]|[,.]\d|-[\da-z]|\s\d{{4}})|'(?P<ye_s>[0-9]\d)(?!\d|[a-z])",
    "relative": rf"(?P<re_n>{_NUMBER}|\d{{1,2}})\s(?P<re_u>years?|decades?)\s"
    r"(?P<re_d>later|after(?:wards)?|earlier|before|ago|hence|on(?=,\s))\b"
    r"|(?P<re_k>(?:the|that)\ssame\syear|the\s(?:following|next|previous|preceding)\syear"
    r"|the\syear\s(?:after|before|earlier)"
    r"|(?:this|last|next)\syear)\b",
    "bare_day": rf"(?:(?<=on\s)|(?<=\())(?:(?:the\s)?{_DAY}\s(?:of\s)?(?P<bd_a>{_FULL})|"
    rf"(?P<bd_b>{_FULL})\s{_DAY}){_NO_YEAR}"
    rf"|(?<=,\s)(?:(?P<bd_c>{MONTH})\s{_DAY}|{_DAY}\s(?P<bd_d>{MONTH}))(?=\s?(?:\(|-{{1,2}}\s))",
    "bare_month": rf"(?:(?<=\bin\s)|(?<=\blast\s)|(?<=\bthis\s)|(?<=\bsince\s)|(?<=\bearly\s)|(?<=\blate\s)|(?<=mid-))"
    rf"(?P<bm_m>{_FULL}){_NO_YEAR}",
    "weekday": r"(?<=\bon\s)(?P<wd_d>(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b"
    rf"(?!s|,?\s\(?(?:the\s)?(?:\d|{_FULL}))"
    r"|(?P<wd_n>(?:last|this)\s(?:week|month)|yesterday)\b",
    "ordinal_plan": r"(?P<op_n>\d{1,2}(?:st|nd|rd|th)|" + "|".join(ORDINALS) + r")[\s\-](?:five[\s\-]year\splan|fyp)\b",
}  # fmt: skip

PATTERN = re.compile(
    rf"(?<![a-z0-9_à-ÿ])(?<!\d[.,])(?=[\d'a-z])(?:{'|'.join(f'(?P<{name}>{form})' for name, form in FORMS.items())})"
)
