"""Tables as laboratories write them."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.tools.tables import bounds, first_rows, number, numeric_columns, read_table


@pytest.mark.parametrize(
    ("text", "header", "first"),
    [
        ("Last (N);HV\n0,25;2864,2\n1,5;2500,1\n", ("Last (N)", "HV"), ("0.25", "2864.2")),
        ("Temp, °C;Zeit, h\n20,5;3,1\n30,5;4,1\n", ("Temp, °C", "Zeit, h"), ("20.5", "3.1")),
        ("well,As,Fe\n,ug/L,[mg/L]\nW1,<0,5,1\n".replace("<0,5", "<0.5") + "W2,2,3\nW3,4,1\n",
         ("well", "As (ug/L)", "Fe (mg/L)"), ("W1", "<0.5", "1")),
        ("Leaching test of March\n\nsample,mass\nA,\"1,234\"\nB,\"2,345\"\n", ("sample", "mass"), ("A", "1,234")),
        ("a;b\n1.234,5;2\n7;8\n", ("a", "b"), ("1234.5", "2")),
    ],
)  # fmt: skip
def test_what_is_meant_is_read(tmp_path: Path, text: str, header: tuple[str, ...], first: tuple[str, ...]) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(text.encode("cp1252"))
    table = read_table(str(path), "path")
    assert table.header == header and table.rows[0][1] == first
    assert first_rows(str(path), 2) == [list(header), list(first)]


def test_a_first_row_of_words_among_words_is_no_row_of_units(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("name,kind,x\nA,clay,nd\nB,sand,2\nC,silt,3\n")
    table = read_table(str(path), "path")
    assert table.header == ("name", "kind", "x") and len(table.rows) == 3


def test_a_workbook_is_read_as_text(tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    assert book.active is not None
    for row in (("id", "grade"), (None, "wt%"), ("a", 1.5), ("b", 2), ("c", "<0.1")):
        book.active.append(row)
    book.save(tmp_path / "t.xlsx")
    table = read_table(str(tmp_path / "t.xlsx"), "path")
    assert table.header == ("id", "grade (wt%)") and table.column(1) == ["1.5", "2", "<0.1"]
    assert numeric_columns(table) == [1]


def test_numbers_and_bounds() -> None:
    assert number("1,234.5") == 1234.5 and number("12.3 ± 0.4") == 12.3 and number("1,23") is None
    assert bounds("< 0.01") == (0.0, 0.01) and bounds("<-3") == (float("-inf"), -3.0) and bounds("n.d.") is None
