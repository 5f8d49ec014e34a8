"""Reading order, tables and captions, on words with boxes and on PDFs that another library made."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table, TableStyle

from knowledge.reading import read_document
from knowledge.reading.layout import Segment, Word, page_text, reading_order, rows_of, segments_of, table_text


def line(text: str, left: float, top: float, width: float = 200, height: float = 10) -> Segment:
    return Segment(text, left, left + width, top, top + height)


def two_columns(rows: int) -> list[Segment]:
    """Two columns whose lines are drawn row by row, as some programs do."""
    return [
        line(f"{side} column line number {n}", x, 100 + 12 * n)
        for n in range(rows)
        for side, x in (("left", 50), ("right", 300))
    ]


def test_columns_are_read_one_after_the_other() -> None:
    text = page_text([line("A title across both columns of this page", 50, 60, 450), *two_columns(8)])
    lines = text.splitlines()
    assert lines[0].startswith("A title")
    assert [one.split()[0] for one in lines[1:]] == ["left"] * 8 + ["right"] * 8


def test_a_line_across_the_page_divides_the_columns() -> None:
    upper, lower = two_columns(6), [line(s.text + " below", s.left, s.top + 200) for s in two_columns(6)]
    lines = page_text([*lower, line("A heading that runs across both columns", 50, 250, 450), *upper]).splitlines()
    sides = [" ".join((one.split()[0], one.split()[-1])) for one in lines]
    assert lines.index("A heading that runs across both columns") == 12
    assert sides[13].startswith("left") and sides[13].endswith("below") and sides[18].startswith("left")


def test_a_table_is_kept_row_by_row_and_its_caption_apart() -> None:
    cells = [("Compound", "gap / eV", "T / K"), ("GaAs", "1.42", "300"), ("Si", "1.12", "298"), ("CdTe", "1.50", "77")]
    table = [line(cell, 50 + 90 * n, 200 + 12 * row, 40) for row, cs in enumerate(cells) for n, cell in enumerate(cs)]
    text = page_text([
        line("The text goes on before the table that is", 50, 150),
        line("Table 1. Band gaps of semiconductors.", 50, 185),
        *table,
        line("shown above and after it as well.", 50, 270),
    ])  # fmt: skip
    body, caption, rows = text.split("\n\n")
    assert body.splitlines() == ["The text goes on before the table that is", "shown above and after it as well."]
    assert caption == "Table 1. Band gaps of semiconductors."
    assert rows.splitlines() == [f"| {' | '.join(row)} |" for row in cells]


@pytest.mark.parametrize("text", ["Figure 3. A spectrum.", "Fig. 2: Yields.", "Scheme 1 The route", "그림 4. 결과"])
def test_captions_are_recognised(text: str) -> None:
    assert page_text([line("Body text.", 50, 100), line(text, 50, 200), line("More body.", 50, 300)]).endswith(text)


def test_a_sentence_about_a_figure_is_no_caption() -> None:
    text = page_text([line("Figure 3 shows that the", 50, 100), line("yield rises.", 50, 112)])
    assert text == "Figure 3 shows that the\nyield rises."


segments = st.lists(
    st.builds(
        lambda text, left, top, width: Segment(text, left, left + width, top, top + 10),
        st.text("abcdefgh ", min_size=1, max_size=40),
        st.floats(0, 500),
        st.floats(0, 700),
        st.floats(1, 400),
    ),
    max_size=40,
)


@given(segments)
def test_every_segment_is_read_exactly_once(found: list[Segment]) -> None:
    flows = reading_order(found)
    assert sorted(map(id, (segment for flow in flows for segment in flow))) == sorted(map(id, found))
    assert sorted(map(id, (s for row in rows_of(found) for s in row))) == sorted(map(id, found))


@given(segments)
def test_no_letter_of_a_page_is_lost(found: list[Segment]) -> None:
    def letters(text: str) -> list[str]:
        return sorted(c for c in text if c.isalpha())

    assert letters(page_text(found)) == letters(" ".join(segment.text for segment in found))


@given(st.lists(st.lists(st.text(max_size=8), min_size=1, max_size=4), max_size=5))
def test_rows_of_a_table_are_lines(rows: list[list[str]]) -> None:
    lines = table_text(rows).splitlines()
    assert len(lines) == sum(any(cell.split() for cell in row) for row in rows)
    assert all(one.startswith("| ") and one.endswith(" |") for one in lines)


def test_words_are_joined_to_a_gap() -> None:
    words = [Word("a", 0, 5, 0, 10), Word("b", 8, 13, 0, 10), Word("c", 60, 65, 0, 10), Word("d", 0, 5, 12, 22)]
    assert [segment.text for segment in segments_of(words)] == ["a b", "c", "d"]


@pytest.fixture
def drawn(tmp_path: Path) -> Callable[[Callable[[Canvas], None]], str]:
    def text_of(draw: Callable[[Canvas], None]) -> str:
        path = tmp_path / "drawn.pdf"
        canvas = Canvas(str(path), pagesize=A4)
        draw(canvas)
        canvas.save()
        return "\n\f\n".join(page.text for page in read_document(path).pages)

    return text_of


def test_a_pdf_in_two_columns_drawn_line_by_line(drawn) -> None:
    left = ["The solubility of celecoxib in wa-", "ter is low, and its crystals dis-", "solve slowly at every pH."] * 3
    right = ["A sulfonamide binds the pocket in", "the enzyme, which is wider there", "than in its relative COX-1."] * 3

    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica-Bold", 16)
        canvas.drawString(60, 790, "Solubility of selective inhibitors of COX-2")
        for n, (a, b) in enumerate(zip(left, right, strict=True)):
            canvas.setFont("Times-Roman", 10)
            canvas.drawString(60, 740 - 12 * n, a)
            canvas.drawString(310, 740 - 12 * n, b)

    text = drawn(draw)
    assert "in water is low, and its crystals dissolve slowly at every pH." in text
    assert text.index("dissolve slowly") < text.index("A sulfonamide binds the pocket in the enzyme, which is wider")


def test_running_heads_and_page_numbers_are_left_out(drawn) -> None:
    def draw(canvas: Canvas) -> None:
        for page in range(5):
            canvas.setFont("Helvetica", 9)
            canvas.drawString(60, 820, f"Journal of Inventions 12 (2020) {100 + page}")
            canvas.drawCentredString(300, 30, str(page + 1))
            for n in range(20):
                canvas.drawString(60, 700 - 14 * n, f"Line {n} of page {page} says something of its own here.")
            canvas.showPage()

    text = drawn(draw)
    assert "Journal of Inventions" not in text
    assert text.count("says something of its own") == 100


def test_a_ruled_table_with_wrapped_cells(tmp_path: Path) -> None:
    path = tmp_path / "ruled.pdf"
    styles = getSampleStyleSheet()
    rows = [["Compound", "Solubility / mg/L"], ["celecoxib", "5"], ["ibuprofen\nsodium salt", "21"]]
    SimpleDocTemplate(str(path)).build([
        Paragraph("The measured solubilities in water at room temperature are listed here.", styles["Normal"]),
        Table(rows, style=TableStyle([("GRID", (0, 0), (-1, -1), 0.5, "black")])),
        Paragraph("The text goes on with a discussion of these values.", styles["Normal"]),
    ])  # fmt: skip
    text = read_document(path).pages[0].text
    assert "| ibuprofen sodium salt | 21 |" in text.splitlines()
    assert text.count("celecoxib") == 1
    assert "listed here. The text goes on" in text.replace("\n", " ")
