from pathlib import Path
from typing import Any

import pytest

import knowledge
from agent.errors import RepairableToolError, TerminalToolError
from agent.tools.literature.access import _opened
from agent.tools.literature.documents import list_documents
from agent.tools.literature.passages import search_passages


@pytest.fixture
def lab(tmp_path: Path) -> dict[str, Any]:
    store = knowledge.open_store(tmp_path / "lab", embedder=knowledge.MiniLM(threads=1))
    page = knowledge.Page("Rats were fed for a week. Celecoxib dissolves in water at 5 mg/L. The end.", 3)
    items = [
        ("/papers/celecoxib.pdf", knowledge.Parsed((page,), knowledge.Metadata("Celecoxib", ("A. Kim",), 2019), "pdf")),
        ("/papers/zeolite.md", knowledge.Parsed((knowledge.Page("Zeolites adsorb water vapour."),))),
    ]
    knowledge.add_documents(items, store)
    yield {"path": str(tmp_path / "lab"), "generation": store.generation}
    _opened.cache_clear()


def test_hits_become_citations(lab: dict[str, Any]) -> None:
    result = search_passages("How soluble is celecoxib in water?", lab, count=2)
    assert result.status == "ok"
    citation, hit = result.citations[0], result.data["hits"][0]
    assert citation.document == hit["document"] == "/papers/celecoxib.pdf"
    assert (citation.page, citation.passage) == (3, hit["passage"])
    assert citation.quote == "Celecoxib dissolves in water at 5 mg/L."
    assert hit["text"][citation.start : citation.end] == hit["text"]
    assert set(hit) >= {"document", "title", "page", "start", "end", "score", "text"}
    assert "celecoxib.pdf" in result.summary


def test_an_empty_store_and_an_alien_query_are_empty(lab: dict[str, Any], tmp_path: Path) -> None:
    nothing = {"path": str(tmp_path / "nowhere"), "generation": 0}
    assert search_passages("celecoxib", nothing).status == "empty"
    assert list_documents(nothing).status == "empty"
    assert not (tmp_path / "nowhere").exists()
    alien = search_passages("medieval Norwegian stave church carpentry", lab)
    assert alien.status == "empty" and "Not found" in alien.summary


@pytest.mark.parametrize(("query", "count"), [("", 3), ("x", 0), ("x", 1000)])
def test_arguments_that_do_not_fit_can_be_repaired(lab: dict[str, Any], query: str, count: int) -> None:
    with pytest.raises(RepairableToolError):
        search_passages(query, lab, count)


def test_a_damaged_store_is_an_error_and_not_empty(tmp_path: Path) -> None:
    (tmp_path / "store.json").write_text("{")
    with pytest.raises(TerminalToolError, match="cannot be used"):
        search_passages("x", {"path": str(tmp_path), "generation": 1})


def test_documents_are_listed(lab: dict[str, Any]) -> None:
    result = list_documents(lab)
    assert [document["title"] for document in result.data["documents"]] == ["Celecoxib", "zeolite"]
    assert list_documents(lab, contains="kim").data["documents"][0]["year"] == 2019
    assert list_documents(lab, contains="nobody").status == "empty"
