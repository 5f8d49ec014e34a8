import csv
import io
import re
from html.parser import HTMLParser

import pytest
from support.runs import molecule_brief, molecules, view

from agent.memory.files.artifacts import keep_file
from agent.memory.worksheet import build_sheet, key_csv, layout_csv, render_page, render_pdf, results_csv
from agent.memory.worksheet.sheet import Deck
from agent.reasoning.candidates import rank_candidates
from agent.reasoning.experiments import design_experiment
from agent.reasoning.hypotheses import infer_hypotheses

BRIEF = molecule_brief()
RUN = view(rank_candidates(BRIEF, molecules()), BRIEF, seed=5)


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


async def test_the_result_sheet_is_blind_and_the_key_opens_it():
    hypothesis = next(h for h in infer_hypotheses(RUN) if h.prediction.quantity == "Caco2")
    plan = await design_experiment(hypothesis, RUN)
    sheet, key = rows(results_csv(plan)), rows(key_csv(plan))
    assert [row["sample"] for row in sheet] == [sample.id for sample in plan.samples]
    assert {row["value"] for row in sheet} == {""} and {row["quantity"] for row in sheet} == {"Caco2"}
    for item in {sample.item for sample in plan.samples} | {"positive", "vehicle"}:
        assert item not in results_csv(plan)
    assert {row["code"]: row["item"] for row in key} == {sample.code: sample.item for sample in plan.samples}


async def test_the_layout_shows_each_code_in_its_well():
    hypothesis = next(h for h in infer_hypotheses(RUN) if h.prediction.quantity == "Caco2")
    plan = await design_experiment(hypothesis, RUN)
    grid = {(row["plate"], row["row"]): row for row in rows(layout_csv(plan))}
    for sample in plan.samples:
        assert grid[str(sample.plate), sample.well[0]][str(int(sample.well[1:]))] == sample.code
    without = plan.model_copy(update={"samples": tuple(s.model_copy(update={"well": ""}) for s in plan.samples)})
    assert layout_csv(without) == ""


class Reader(HTMLParser):
    """Collects text, and everything that a page would load."""

    def __init__(self) -> None:
        super().__init__()
        self.loads: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.loads += [value for name, value in attrs if name in ("src", "href") and value]


async def test_the_page_is_complete_in_itself_and_escapes_what_it_shows():
    hypothesis = next(h for h in infer_hypotheses(RUN) if h.prediction.quantity == "Caco2")
    plan = await design_experiment(hypothesis, RUN)
    odd = plan.model_copy(update={"title": "a <script>alert(1)</script> & b"})
    deck = Deck("Opentrons OT-2", (("1", "plate", "96 wells"),), (("stocks-1:A01", "c2", "1 mL"),))
    page = render_page(build_sheet(odd, hypothesis, "run-1", deck))
    reader = Reader()
    reader.feed(page)
    assert reader.loads == [] and "<script>" not in page and "&lt;script&gt;" in page
    assert page.index("Hazards") < page.index("Materials") < page.index("Procedure") < page.index("Decision")
    blind = page[: page.index('class="key"')]
    results = blind[blind.index("Results:") :]
    assert all(sample.code in results for sample in plan.samples)
    assert not re.search(r"<td>(propranolol|comparator|positive)</td>", results)
    for step in plan.procedure:
        assert step.text.split("(")[0][:30] in page
    assert page == render_page(build_sheet(odd, hypothesis, "run-1", deck))


async def test_the_pdf_is_the_same_bytes_every_time_and_holds_every_code():
    pytest.importorskip("typst", reason="typst is an extra: pip install 'gedanken[worksheets]'")
    import pypdfium2

    hypothesis = next(h for h in infer_hypotheses(RUN) if h.prediction.quantity == "Caco2")
    plan = await design_experiment(hypothesis, RUN)
    sheet = build_sheet(plan, hypothesis, "run-1", Deck("OT-2", (("1", "plate", "96"),), (("a:A1", "c2", "1 mL"),)))
    pdf = render_pdf(sheet)
    assert pdf == render_pdf(sheet)
    document = pypdfium2.PdfDocument(pdf)
    text = "\n".join(page.get_textpage().get_text_bounded() for page in document)
    assert "Hazards" in text and plan.title in " ".join(text.split())
    assert all(sample.code in text for sample in plan.samples)
    last = document[len(document) - 1].get_textpage().get_text_bounded()
    assert "Take this page off" in last and "comparator" in last


async def test_a_sheet_of_a_plan_without_samples_hypothesis_or_deck_renders():
    plan = await design_experiment(infer_hypotheses(RUN)[0], RUN)
    bare = plan.model_copy(
        update={"samples": (), "design": (), "stopping_rule": None, "waste": (), "power": None, "materials": ()}
    )
    sheet = build_sheet(bare, None, "run-1")
    assert "not computed" in render_page(sheet)
    pytest.importorskip("typst")
    assert render_pdf(sheet).startswith(b"%PDF")


def test_a_sheet_that_somebody_filled_in_is_never_overwritten(tmp_path):
    (tmp_path / "artifacts").mkdir()
    first = keep_file(tmp_path, "x1-results.csv", "sample,value\nx1-01,\n", "text/csv")
    assert first.path == "artifacts/x1-results.csv"
    assert keep_file(tmp_path, "x1-results.csv", "sample,value\nx1-01,\n", "text/csv") == first
    (tmp_path / first.path).write_text("sample,value\nx1-01,3.2\n")
    again = keep_file(tmp_path, "x1-results.csv", "sample,value\nx1-01,\n", "text/csv")
    assert again.path != first.path and (tmp_path / first.path).read_text().endswith("3.2\n")
