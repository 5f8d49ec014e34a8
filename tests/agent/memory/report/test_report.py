"""The report: complete in itself, every figure linked, everything escaped, in both languages."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest
from markdown_it import MarkdownIt
from support.sample_run import candidates, make_run

from agent import events as ev
from agent.memory.history import History
from agent.memory.report import Report, render_report
from agent.memory.report.hypotheses import merged, print_rating
from agent.memory.report.markdown import code, escape
from agent.memory.report.table import BEST, EMBEDDED, ROWS, meets, print_constraint
from agent.memory.runs import create_run
from agent.records import Constraint, Goal, Question, RunInfo, Value

VOID = {"meta", "img", "input", "br", "link"}


class Page(HTMLParser):
    """A page taken apart; unbalanced tags raise."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.sources: list[str] = []
        self.classes: list[tuple[str, str]] = []
        self.tags: list[str] = []
        self.text: dict[str, list[str]] = {}
        self._open: list[tuple[str, str]] = []
        self.feed(html)
        self.close()
        assert not self._open, f"left open: {self._open}"

    def handle_starttag(self, tag, attrs) -> None:
        given = {name: value or "" for name, value in attrs}
        self.tags.append(tag)
        assert not [name for name in given if name.startswith("on")], "no event handlers in attributes"
        if "id" in given:
            self.ids.append(given["id"])
        if tag != "use" and (link := given.get("href") or given.get("xlink:href")):
            self.links.append(link)
        if "src" in given:
            self.sources.append(given["src"])
        if tag not in VOID:
            self._open.append((tag, given.get("class", "")))

    def handle_startendtag(self, tag, attrs) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self._open.pop()

    def handle_endtag(self, tag) -> None:
        assert self._open and self._open[-1][0] == tag, f"</{tag}> closes {self._open[-1:]}"
        self._open.pop()

    def handle_data(self, data) -> None:
        for _, classes in self._open:
            for name in classes.split():
                self.text.setdefault(name, []).append(data)


def render(tmp_path: Path, **options) -> Report:
    return render_report(*make_run(tmp_path, **options))


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    return render(tmp_path_factory.mktemp("run"))


@pytest.fixture(scope="module")
def page(report: Report) -> Page:
    return Page(report.html)


# --- the page -------------------------------------------------------------------------------------------------------


def test_the_page_needs_nothing_from_elsewhere(report: Report, page: Page) -> None:
    assert all(source.startswith("data:image/svg+xml;base64,") for source in page.sources)
    assert not [link for link in page.links if re.match(r"(?!artifacts/)[a-z][a-z0-9+.-]*:|//", link, re.IGNORECASE)]
    assert "@import" not in report.html and "url(" not in report.html.replace("url(#", "")
    assert "default-src 'none'" in report.html


def test_only_the_report_s_own_script_may_run(report: Report, page: Page) -> None:
    assert page.tags.count("script") == 1
    script = re.search(r"<script>(.*?)</script>", report.html, re.DOTALL)
    assert script
    digest = base64.b64encode(hashlib.sha256(script[1].encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in report.html


def test_ids_are_unique_and_every_inner_link_arrives(page: Page) -> None:
    assert len(page.ids) == len(set(page.ids))
    inner = {link[1:] for link in page.links if link.startswith("#")}
    assert inner <= set(page.ids)
    assert {"e1", "e2", "e3", "e4", "e5", "h1", "h2", "x1", "c1", "goal", "passage-1"} <= set(page.ids)
    assert {"e1", "e2", "e3", "e5", "passage-1", "goal", "c3"} <= inner


def test_links_to_files_lead_into_the_bundle(tmp_path: Path) -> None:
    folder, info, history = make_run(tmp_path)
    page = Page(render_report(folder, info, history).html)
    files = {unquote(link) for link in page.links if link.startswith("artifacts/")}
    assert len(files) == 17 and all((folder / file).is_file() for file in files)


def test_every_span_is_a_link_or_marked_unverified(tmp_path: Path) -> None:
    folder, info, history = make_run(tmp_path)
    html = render_report(folder, info, history).html
    page = Page(html)
    first = history.hypotheses[0]
    experiment = history.experiments[0]
    supports = (*first.evidence_for, *first.evidence_against)
    texts = [first.statement, first.mechanism, *(one.text for one in supports)]
    texts += [*experiment.procedure, experiment.decision_rule]
    for text in texts:
        for span in text.spans:
            figure = text.text[span.start : span.end]
            if span.source in (None, "e99"):
                assert re.search(rf'<span class="unverified" title="[^"]+">{re.escape(figure)}<sup', html)
            else:
                assert re.search(rf'<a class="figure" href="#[\w-]+" title="[^"]+">{re.escape(figure)}</a>', html)
    assert {"7.7", "2.2", "2.0"} <= set(page.text["unverified"])
    assert "is not in this bundle" in html


def test_sources_outside_the_evidence_are_listed_and_linked(report: Report, page: Page) -> None:
    assert '<a class="figure" href="#source-1" title="from method:shake-flask">24</a>' in report.html
    assert "source-1" in page.ids and "setting of a written method" in report.html
    assert "[24](#source-1)" in report.markdown and "setting of a written method: shake-flask" in report.markdown


def test_candidate_values_link_to_their_evidence_and_show_whether_they_fit(report: Report) -> None:
    row = re.search(r'<tr id="c1".*?</tr>', report.html, re.DOTALL)
    assert row
    assert re.search(r'class="num unmet" data-value="1.75"><a href="#e2"', row[0])
    assert re.search(r'class="num unmet" data-value="0.62\d+"><a href="#e2"', row[0])
    assert 'class="unmet"' in row[0]


def test_drawings_are_carried_along(report: Report, page: Page) -> None:
    drawn = [base64.b64decode(source.partition(",")[2]).decode() for source in page.sources]
    assert len(drawn) == BEST + 12 and all("<svg" in one for one in drawn)
    assert drawn[:BEST] == drawn[BEST : 2 * BEST]  # the best stand beside what was found, and again in their order
    assert report.html.count("<svg") >= 5  # the figures, the plan, and a bar per rated hypothesis


def test_a_missing_drawing_is_left_out(tmp_path: Path) -> None:
    folder, info, history = make_run(tmp_path)
    for path in (folder / "artifacts").glob("*.svg"):
        path.unlink()
    assert not Page(render_report(folder, info, history).html).sources


def test_the_page_says_who_thought_and_how_to_replay(report: Report) -> None:
    assert "no model: the playbook reasoner" in report.html
    assert "gedanken replay 20260102-030405-678-sample" in report.html
    assert "No match is not a statement of safety." in report.html
    assert "offline: nothing was fetched" in report.html


def test_a_model_is_named(tmp_path: Path) -> None:
    folder, info, history = make_run(tmp_path)
    named = info.model_copy(update={"model": "some-model-1", "reasoner": "model"})
    report = render_report(folder, named, history)
    assert "some-model-1" in report.html and "some-model-1" in report.markdown
    assert "no model" not in report.html


def test_errors_warnings_and_gaps_are_shown(report: Report) -> None:
    for shown in ("The model is not installed.", "Install it.", "Patents were not searched.", "A limit was near."):
        assert shown in report.html and shown in report.markdown
    assert "3 of 6 steps brought nothing, failed or did not run" in report.markdown
    assert "needs s5" in report.markdown


# --- what others wrote is escaped -----------------------------------------------------------------------------------

NASTY = '<script>alert("x")</script> [l](javascript:x) `a` | *b* ${{ 7*7 }} <img src=x onerror=y>\n# heading'


def test_a_hostile_goal_is_text_in_the_page(tmp_path: Path) -> None:
    html = render(tmp_path, goal=NASTY).html
    page = Page(html)  # refuses event handlers
    assert page.tags.count("script") == 1
    assert "&lt;script&gt;alert(" in html and "{{ 7*7 }}" in html
    assert not [link for link in page.links if link.startswith("javascript")]


def test_a_hostile_goal_is_text_in_the_markdown(tmp_path: Path) -> None:
    rendered = MarkdownIt("commonmark").enable("table").render(render(tmp_path, goal=NASTY).markdown)
    assert "<script" not in rendered and "<img src=x" not in rendered and 'href="javascript' not in rendered
    assert "&lt;script&gt;" in rendered
    assert "<h1>heading" not in rendered


@pytest.mark.parametrize(
    "text",
    ["a*b*c", "# x", "1. x", "- x", "+ x", "a_b _c_", "<b>", "[x](y)", "a|b", "`x`", "&lt;", "~~x~~", "--- ", "\\*"],
)
def test_escaped_markdown_reads_as_written(text: str) -> None:
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(escape(text))
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    inline = tokens[1].children or []
    assert {token.type for token in inline} <= {"text", "text_special"}
    assert "".join(token.content for token in inline) == text.strip()


@pytest.mark.parametrize("text", ["C1=CC`C", "`x`", "``"])
def test_code_spans_hold_any_backticks(text: str) -> None:
    inline = MarkdownIt("commonmark").parseInline(code(text))[0].children or []
    assert [(token.type, token.content) for token in inline] == [("code_inline", text)]


# --- the Markdown ---------------------------------------------------------------------------------------------------


def test_markdown_links_arrive_too(report: Report) -> None:
    anchors = set(re.findall(r'<a id="([^"]+)"></a>', report.markdown))
    inner = set(re.findall(r"\]\(#([^)]+)\)", report.markdown))
    assert inner <= anchors and {"e2", "e3", "passage-1", "h1", "goal"} <= inner


def test_markdown_figures_are_files_of_the_bundle(report: Report) -> None:
    shown = {
        path for path in re.findall(r"!\[[^]]*\]\(([^)]+)\)", report.markdown) if path.startswith("artifacts/report-")
    }
    assert shown == set(report.figures) and len(shown) >= 3


def test_markdown_marks_what_is_unverified(report: Report) -> None:
    assert re.search(r'7\.7<sup title="unverified', report.markdown)
    assert "[0.9](#passage-1)" in report.markdown


def test_markdown_tables_are_whole(report: Report) -> None:
    for table in re.findall(r"(?:^\|.*\|\n)+", report.markdown, re.MULTILINE):
        widths = {len(re.findall(r"(?<!\\)\|", line)) for line in table.splitlines()}
        assert len(widths) == 1, table
    rendered = MarkdownIt("commonmark").enable("table").render(report.markdown)
    assert rendered.count("<table>") == 4


# --- languages, sizes, ends -----------------------------------------------------------------------------------------


def test_a_korean_goal_gets_korean_headings(tmp_path: Path) -> None:
    report = render(tmp_path, language="ko", goal="용해도가 높은 유사체를 찾아라")
    assert '<html lang="ko">' in report.html
    for heading in ("가설", "실험 계획", "후보", "근거", "출처와 재현"):
        assert f"<h2>{heading}</h2>" in report.html and f"## {heading}" in report.markdown
    assert "<h2>Hypotheses" not in report.html
    Page(report.html)


def test_many_candidates_are_cut_and_said(tmp_path: Path) -> None:
    folder, info, history = make_run(tmp_path, count=3)
    history.candidates = candidates(ROWS + 50)
    page = Page(render_report(folder, info, history).html)
    rows = [identity for identity in page.ids if re.fullmatch(r"c\d+", identity)]
    assert len(rows) == ROWS
    assert "50 more candidates are in candidates.csv." in render_report(folder, info, history).html


def test_only_so_many_drawings_are_carried_along(tmp_path: Path) -> None:
    report = render(tmp_path, count=EMBEDDED + 5)
    assert len(Page(report.html).sources) == BEST + EMBEDDED


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"status": "stopped", "error": "the limit of 60 s is reached"}, "stopped before its end: the limit of 60 s"),
        ({"status": "failed", "error": "Nothing worked."}, "The run failed: Nothing worked."),
        ({"status": "waiting", "question": Question(key="q", text="Which seed?")}, "waits for an answer: Which seed?"),
        ({"status": "running"}, "The run is not finished"),
    ],
)
def test_an_unfinished_run_says_how_it_ended(tmp_path: Path, changes: dict, said: str) -> None:
    folder, info, history = make_run(tmp_path)
    report = render_report(folder, info.model_copy(update=changes), history)
    assert said in report.html and said in report.markdown


def test_an_empty_run_is_reported_without_pretence(tmp_path: Path) -> None:
    info = RunInfo(id="r1", goal=Goal(text="?"), status="failed", error="Nothing was understood.")
    report = render_report(create_run(tmp_path, info), info, History())
    Page(report.html)
    for said in (
        "No candidate was found.",
        "No hypothesis was formed.",
        "The goal was not interpreted.",
        "not screened",
    ):
        assert said in report.html and said in report.markdown
    assert report.figures == {}


def test_a_run_without_candidates_says_what_its_steps_brought_and_the_answer_first(tmp_path: Path) -> None:
    folder, info, history = make_run(tmp_path)
    assert history.brief is not None
    options = {"answer": "16", "because": "EcoRI cuts 15 times"}
    history.brief, history.candidates = history.brief.model_copy(update={"options": options}), ()
    report = render_report(folder, info, history)
    last = [found for found in history.evidence.values() if found.status == "ok"][-1]
    found = report.markdown.partition("What was found")[2].partition("\n#")[0]
    assert found.index("Answer: 16. EcoRI cuts 15 times") < found.index(last.summary)
    assert "No candidate was found" not in found
    Page(report.html)


def test_a_repeated_event_changes_no_byte(tmp_path: Path) -> None:
    folder, info, history = make_run(tmp_path)
    before = render_report(folder, info, history)
    history.apply(ev.CandidatesRanked(candidates=history.candidates))
    history.apply(ev.HypothesesRanked(hypotheses=history.hypotheses, verdicts=history.verdicts))
    assert render_report(folder, info, history) == before


def test_numbers_that_are_none_are_shown_as_missing(tmp_path: Path) -> None:
    folder, info, history = make_run(tmp_path)
    nan = float("nan")
    odd = history.candidates[0].quantities["QED"].model_copy(update={"value": nan})
    best = history.candidates[0]
    history.candidates = (
        best.model_copy(update={"quantities": best.quantities | {"QED": odd}}),
        *history.candidates[1:],
    )
    history.hypotheses = tuple(one.model_copy(update={"rating": nan}) for one in history.hypotheses)
    history.experiments = tuple(one.model_copy(update={"power": nan}) for one in history.experiments)
    report = render_report(folder, info, history)
    Page(report.html)
    shown = re.sub(r'title="[^"]*"|data:[^"]*', "", report.html)
    assert not re.search(r"\bnan\b", shown) and not re.search(r"\bnan\b", report.markdown)
    assert "not computed" in report.html


def test_the_same_said_of_several_candidates_is_said_once() -> None:
    lines = ("acetonitrile: flammable", "c1: no match", "c2: no match", "c3: match")
    assert merged(lines) == ("acetonitrile: flammable", "c1, c2: no match", "c3: match")


@pytest.mark.parametrize(("rating", "printed"), [(1851.04, "1851"), (-0.123, "-0.12"), (1.0, "1.00")])
def test_ratings_are_printed_on_their_scale(rating: float, printed: str) -> None:
    assert print_rating(rating) == printed


# --- constraints ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("constraint", "printed"),
    [
        (Constraint(quantity="logP", relation="between", low=2, high=4), "2 ≤ logP (Crippen) ≤ 4"),
        (Constraint(quantity="QED", relation=">", low=0.7), "QED > 0.7"),
        (Constraint(quantity="mass", relation="<=", high=450, unit="g/mol"), "molecular weight ≤ 450 g/mol"),
        (Constraint(quantity="rings", relation="==", low=2, high=2), "rings = 2"),
    ],
)
def test_constraints_read_as_people_write_them(constraint: Constraint, printed: str) -> None:
    assert print_constraint(constraint) == printed


def test_a_constraint_in_another_unit_is_converted() -> None:
    limit = Constraint(quantity="mass", relation="<", high=0.4, unit="kg/mol")
    assert meets(limit, Value(name="mass", value=399.0, unit="g/mol")) is True
    assert meets(limit, Value(name="mass", value=401.0, unit="g/mol")) is False
    assert meets(limit, Value(name="mass", value=1.0, unit="eV")) is None
