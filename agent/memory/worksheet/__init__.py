"""What goes to the bench: worksheet (HTML and PDF), blinded result sheet, key, plate layout, of one experiment."""

from agent.memory.worksheet.page import render_page
from agent.memory.worksheet.pdf import pdf_missing, render_pdf
from agent.memory.worksheet.sheet import Sheet, build_sheet
from agent.memory.worksheet.tables import key_csv, layout_csv, results_csv

__all__ = [
    "Sheet",
    "build_sheet",
    "key_csv",
    "layout_csv",
    "pdf_missing",
    "render_page",
    "render_pdf",
    "results_csv",
]
