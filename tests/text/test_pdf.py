"""PDF pages: text as the layer has it, tables as rows of cells."""

from extractors.text import read
from extractors.text.pdf import pdf_pages
from schemas import Document

Placed = tuple[float, float, str]
Line = tuple[float, float, float, float]


def pdf(*pages: tuple[list[Placed], list[Line]]) -> bytes:
    """Write a small PDF by hand: pages of texts (left, baseline, text) and ruled lines (from, to)."""
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"", b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"]
    kids = []
    for texts, lines in pages:
        drawn = [f"BT /F1 10 Tf {left} {base} Td ({text}) Tj ET" for left, base, text in texts]
        drawn += [f"{a} {b} m {c} {d} l S" for a, b, c, d in lines]
        stream = "\n".join(drawn).encode()
        objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream))
        resources = b"/Resources<</Font<</F1 3 0 R>>>>/MediaBox[0 0 600 800]"
        objects.append(b"<</Type/Page/Parent 2 0 R%s/Contents %d 0 R>>" % (resources, len(objects)))
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<</Type/Pages/Kids[%s]/Count %d>>" % (b" ".join(kids), len(kids))
    out, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj%s endobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    return out + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start)


def row(base: float, *cells: str) -> list[Placed]:
    return [(50 + 140 * i, base, cell) for i, cell in enumerate(cells) if cell]


PROSE = "The bank of the south lent ten million dollars to the farmers of the north in 2012."


def test_cells_stand_apart_and_the_text_around_them_stays() -> None:
    table = row(680, "Donor", "Recipient", "Amount") + row(660, "Japan", "Kenya", "$5 million")
    table += row(640, "Denmark", "", "DKK 30 million") + row(620, "World Bank", "Peru", "$7 million")
    (page,) = pdf_pages(pdf(([(50, 720, PROSE), *table, (50, 580, PROSE)], [])))
    assert page.split("\n") == [
        PROSE,
        "Donor\tRecipient\tAmount",
        "Japan\tKenya\t$5 million",
        "Denmark\t\tDKK 30 million",
        "World Bank\tPeru\t$7 million",
        PROSE,
    ]


def test_between_ruled_lines_a_cell_of_two_lines_is_one() -> None:
    table = (
        row(680, "Donor", "Project", "Year") + row(655, "Japan", "A bridge over the", "2011") + row(643, "", "river")
    )
    table += row(615, "France", "Wells", "2012")
    lines = [(40.0, y, 500.0, y) for y in (695.0, 670.0, 635.0, 605.0)]
    (page,) = pdf_pages(pdf((table, lines)))
    assert page.split("\n") == ["Donor\tProject\tYear", "Japan\tA bridge over the river\t2011", "France\tWells\t2012"]


def test_a_ruled_off_head_belongs_to_its_rows_and_several_cells_of_two_lines_are_one_row() -> None:
    table = row(680, "Donor", "Project", "Amount in USD") + row(669, "", "", "million")
    table += row(645, "Japan", "A bridge over the", "5") + row(634, "", "river")
    table += row(612, "France", "Road from Bamako", "300, and more") + row(601, "", "to the coast", "in 2012")
    table += row(579, "Mali", "Wells", "2")
    lines = [(40.0, y, 500.0, y) for y in (693.0, 660.0, 568.0)]
    (page,) = pdf_pages(pdf(([*table, (50, 540, PROSE)], lines)))
    assert page.split("\n") == [
        "Donor\tProject\tAmount in USD million",
        "Japan\tA bridge over the river\t5",
        "France\tRoad from Bamako to the coast\t300, and more in 2012",
        "Mali\tWells\t2",
        PROSE,
    ]


def test_rows_that_leave_the_first_cell_out_stay_rows() -> None:
    table = row(680, "Kenya", "Wells", "2011") + row(666, "", "Roads", "2012") + row(652, "", "Schools", "2013")
    table += row(638, "Ghana", "A port", "2014")
    (page,) = pdf_pages(pdf((table, [])))
    assert page.split("\n") == ["Kenya\tWells\t2011", "\tRoads\t2012", "\tSchools\t2013", "Ghana\tA port\t2014"]


def test_a_cell_that_begins_above_the_others_of_its_row_is_whole() -> None:
    table = row(687, "", "Project or") + row(680, "Donor", "", "Year") + row(673, "", "programme")
    table += row(650, "Japan", "A bridge", "2011") + row(630, "France", "Wells", "2012")
    lines = [(40.0, y, 500.0, y) for y in (700.0, 663.0, 642.0, 620.0)]
    (page,) = pdf_pages(pdf((table, lines)))
    assert page.split("\n") == ["Donor\tProject or programme\tYear", "Japan\tA bridge\t2011", "France\tWells\t2012"]


def test_a_head_is_repeated_on_each_page_and_no_row_is_lost() -> None:
    head = row(700, "Donor", "Project", "Year")
    first = head + row(680, "Japan", "A bridge", "2011") + row(660, "France", "Wells", "2012")
    second = head + row(680, "Peru", "A school", "2013") + row(660, "Chile", "Roads", "2014")
    lines = [(40.0, y, 500.0, y) for y in (715.0, 693.0, 673.0, 650.0)]
    pages = pdf_pages(pdf((first, lines), (second, lines)))
    assert [page.split("\n") for page in pages] == [
        ["Donor\tProject\tYear", "Japan\tA bridge\t2011", "France\tWells\t2012"],
        ["Donor\tProject\tYear", "Peru\tA school\t2013", "Chile\tRoads\t2014"],
    ]


def test_columns_of_prose_and_lists_are_no_tables() -> None:
    left = [(50, 700 - 14 * i, "the farmers of the north paid it back within") for i in range(5)]
    right = [(310, 700 - 14 * i, "three years, which nobody had thought they") for i in range(5)]
    items = [part for i in range(4) for part in ((50, 500 - 14 * i, f"{i}."), (80, 500 - 14 * i, "a joint laboratory"))]
    (page,) = pdf_pages(pdf(([*left, *right, *items], [])))
    assert "\t" not in page


def test_evidence_leads_to_its_page() -> None:
    (found,) = read("a.pdf", pdf(([(50, 700, "Summary.")], []), ([(50, 700, PROSE)], []), ([(50, 700, "End.")], [])))
    assert isinstance(found, Document)
    assert found.page_at(found.text.index("farmers")) == 2
    assert [found.page_at(at) for at in (0, found.text.index("End"))] == [1, 3]
