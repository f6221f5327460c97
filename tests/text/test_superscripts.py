"""Superscripts: marks of notes are left out of every format, exponents and ordinals stay."""

import io
import re
import zipfile

import docx
import pptx
import pytest
from lxml import etree

from extractors.text import read
from extractors.text.superscripts import raised, write_raised
from tests.text.test_more_formats import eml, epub

CASES = [
    ("In 2015{3} Japan lent Kenya $5{2} million.", "In 2015 Japan lent Kenya $5 million."),
    ("in 2012{1,2}, 2013{a}, 2014{*}, 2015{[4]} and 2016{(5)}", "in 2012, 2013, 2014, 2015 and 2016"),
    ("in 2012{1–3}, 2013{ii}, 2014{†}, 2015{[4][5]} and 2016{12a}", "in 2012, 2013, 2014, 2015 and 2016"),
    ("2011{[citation needed]} Kenya{b} {7}Source", "2011 Kenya Source"),
    ("10{6} doses, 3.2 × 10{9} litres, 10{-3} and 10{−3}", "10^6 doses, 3.2 × 10^9 litres, 10^-3 and 10^-3"),
    ("5 km{2}, 40 m{3}, 3 metres{2}", "5 km², 40 m³, 3 metres²"),
    ("30 kg ha{-1}", "30 kg ha^-1"),
    ("the 1{st}, 2{nd} and 13{th} round", "the 1st, 2nd and 13th round"),
    ("2{1}/2 million, {3}/4 done", "2 1/2 million, 3/4 done"),
    ("$10{6} million, US$ 10{2}, USD 10{3}, €5m{2}, £5 m{3}", "$10 million, US$ 10, USD 10, €5m, £5 m"),
    ("Rs 10{2}, Rs. 5 m{2} and 110{6}, 3.10{6}, 2010{6}", "Rs 10, Rs. 5 m and 110, 3.10, 2010"),
    ("team{2}, them{3}", "team, them"),
    ("2015{2016}", "2015 2016"),
    ("Brand{TM}", "BrandTM"),
]  # fmt: skip


@pytest.mark.parametrize(("marked", "text"), CASES)
def test_superscripts_on_the_line(marked: str, text: str) -> None:
    assert write_raised(re.sub(r"\{(.*?)\}", lambda mark: raised(mark[1]), marked)) == text


@pytest.mark.parametrize(
    "mark",
    [
        "<sup>{}</sup>",
        "<sup><a href='#n'>{}</a></sup>",
        "<a href='#n'><sup>{}</sup></a>",
        "<span style='vertical-align: super; color: red'>{}</span>",
    ],
)
@pytest.mark.parametrize(("marked", "text"), CASES)
def test_superscripts_of_pages_mails_and_books(marked: str, text: str, mark: str) -> None:
    body = re.sub(r"\{(.*?)\}", lambda found: mark.format(found[1]), marked)
    mail, page, book = (
        next(read(name, data)).text
        for name, data in [
            ("a.eml", eml("text/html", f"<p>{body}</p>")),
            ("a.html", f"<html><body><p>{body}</p></body></html>".encode()),
            (
                "a.epub",
                epub(**{"OEBPS/two.xhtml": f"<html><body><p>{body}</p></body></html>"}),
            ),
        ]
    )
    assert (mail.splitlines()[-1], page, book.splitlines()[-1]) == (text, text, text)


def test_a_superscript_at_the_start_of_a_cell_or_line_is_no_exponent_of_the_last() -> None:
    page = (
        "<table><tr><td>10</td><td><sup>6</sup>Kenya</td></tr></table>"
        "<p>10</p><p><sup>6</sup>Source<br>10<br><sup>2</sup>x"
    )
    (found,) = read("a.eml", eml("text/html", page))
    assert found.text.splitlines()[1:] == ["10\tKenya", "10", "Source", "10", "x"]


RICH = [
    (r"In 2015{\super 3} Japan lent $5\super 2\nosupersub  million.", "In 2015 Japan lent $5 million."),
    (r"In 2015\super 3\super0  Japan, 10{\super 6}, 1{\b\super st}\plain  and 2016{\up6\super *}",
     "In 2015 Japan, 10^6, 1st and 2016"),
    (r"Kenya {\deleted lent \u8364?5 }{\v hid\par den}gave \v x\'80\v0 $5.", "Kenya gave $5."),
    (r"\deleted a{\b b}\deleted0 c", "c"),
    (r"{\b\super0 5}{\v0 6}", "56"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "text"), RICH)
def test_rich_text_has_its_superscripts_and_what_is_hidden_in_no_text(source: str, text: str) -> None:
    (found,) = read("a.rtf", rf"{{\rtf1\ansi{{\stylesheet{{\*\cs1\super mark;}}}}\pard {source}\par}}".encode())
    assert found.text == f"{text}\n"


def run(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t xml:space='preserve'>{text}</w:t></w:r>"


UP, DOWN = "<w:vertAlign w:val='superscript'/>", "<w:vertAlign w:val='subscript'/>"
RUNS = [
    (run("2015") + run("3", UP) + run(" Japan"), "2015 Japan"),
    (run("10") + run("1", UP) + run("2", UP), "10^12"),
    (run("10") + run("1", "<w:rStyle w:val='Raised'/>" + UP) + run("2", "<w:rStyle w:val='Raised'/>" + UP), "10^12"),
    (run("CO") + run("2", DOWN), "CO2"),
    (run("2015") + run("3", "<w:rStyle w:val='Raised'/>") + run(" Japan"), "2015 Japan"),
    (run("2015") + run(" or 3", "<w:rStyle w:val='Raised'/><w:vertAlign w:val='baseline'/>"), "2015 or 3"),
    (run("Kenya") + run(" hidden", "<w:vanish/>") + run(" lent", "<w:vanish w:val='0'/>"), "Kenya lent"),
    (run("Kenya") + run(" hidden", "<w:rStyle w:val='Hidden'/>"), "Kenya"),
    (f"<w:ins w:id='1' w:author='x'>{run('2015')}{run('3', UP)}</w:ins>", "2015"),
]
STYLES = (
    "<w:style w:type='character' w:styleId='Raised'><w:rPr><w:vertAlign w:val='superscript'/></w:rPr></w:style>"
    "<w:style w:type='character' w:styleId='Hidden'><w:rPr><w:vanish/></w:rPr></w:style>"
)


@pytest.mark.parametrize(("runs", "text"), RUNS)
def test_word_has_its_superscripts_and_what_is_hidden_in_no_text(runs: str, text: str) -> None:
    made = docx.Document()
    space = f"xmlns:w='{made.element.nsmap['w']}'"
    made.styles.element.extend(etree.fromstring(f"<x {space}>{STYLES}</x>"))
    made.element.body.insert(0, etree.fromstring(f"<w:p {space}>{runs}</w:p>"))
    out = io.BytesIO()
    made.save(out)
    (found,) = read("a.docx", out.getvalue())
    assert found.text.strip() == text


def test_slides_and_open_document_too() -> None:
    deck = pptx.Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    paragraph = slide.placeholders[1].text_frame.paragraphs[0]
    for text, baseline in (("In 2015", None), ("3", "30000"), (" Japan, CO", None), ("2", "-25000")):
        part = paragraph.add_run()
        part.text = text
        if baseline:
            part._r.get_or_add_rPr().set("baseline", baseline)
    out = io.BytesIO()
    deck.save(out)
    (found,) = read("a.pptx", out.getvalue())
    assert found.text == "- In 2015 Japan, CO2"

    content = (
        '<o:document-content xmlns:o="urn:o" xmlns:text="urn:t" xmlns:style="urn:s"><o:automatic-styles>'
        '<style:style style:name="T1"><style:text-properties style:text-position="super 58%"/></style:style>'
        '</o:automatic-styles><o:body><text:p>In 2015<text:span text:style-name="T1">3</text:span> Japan, 5 km'
        '<text:span text:style-name="T1">2</text:span></text:p></o:body></o:document-content>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr("content.xml", content)
    (found,) = read("a.odt", out.getvalue())
    assert found.text == "In 2015 Japan, 5 km²"
