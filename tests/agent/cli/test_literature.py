"""``search``, ``ask`` and ``experts`` as a person types them."""

import json
from pathlib import Path

import pytest
from support.scripted_model import ScriptedModel, answers
from typer.testing import CliRunner

from agent.cli.app import app
from agent.memory.runs import create_run
from agent.records import Goal, RunInfo

RULES = """Article 5 Storage of peroxide formers
(1) Diethyl ether shall be stored in closed metal cabinets.
(2) Opened bottles of diethyl ether must be discarded after 6 months.
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    import knowledge

    home = tmp_path_factory.mktemp("home")
    store = knowledge.open_store(home / "knowledge", embedder=knowledge.MiniLM(threads=1))
    about = knowledge.Metadata("Storage rules", ("B. Safe",), 2020)
    page = knowledge.Page(RULES, 4)
    knowledge.add_documents([("/rules/storage.pdf", knowledge.Parsed((page,), about, "pdf"))], store)
    return home


def _run(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, list(words))
    return result.exit_code, result.stdout


def _last(output: str) -> dict:
    return json.loads(output.strip().splitlines()[-1])


QUESTION = "After how many months must opened bottles of diethyl ether be discarded?"


def test_ask_quotes_the_clause(home: Path) -> None:
    code, told = _run("ask", QUESTION, "--home", str(home))
    assert code == 0
    assert "Opened bottles of diethyl ether must be discarded after 6 months." in told
    assert "Article 5(2), storage.pdf, page 4, characters" in told
    plain = _last(_run("ask", QUESTION, "--home", str(home), "--json")[1])
    best = plain["answer"][0]
    assert plain["found"] and best["clause"] == "Article 5(2)" and RULES[best["start"] : best["end"]] == best["text"]
    assert "written" not in plain


def test_what_is_not_there_is_said_with_the_nearest(home: Path, tmp_path: Path) -> None:
    code, told = _run("ask", "What is the band gap of silicon carbide?", "--home", str(home))
    assert code == 1 and told.startswith("Not found in these documents (1).")
    code, told = _run("ask", "x?", "--home", str(tmp_path), "--json")
    assert code == 1 and _last(told)["documents"] == 0


def test_a_model_words_the_answer_and_is_checked(
    home: Path, scripted_model: ScriptedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEDANKEN_MODEL", "scripted-model")
    monkeypatch.setenv("GEDANKEN_BASE_URL", scripted_model.url)
    sentences = [
        {"text": "Opened bottles of diethyl ether must be discarded after 6 months.", "passages": [1]},
        {"text": "Unopened bottles keep for 12 months.", "passages": [1]},
    ]
    scripted_model.play(answers({"sentences": sentences}), answers({"sentences": sentences}))
    code, told = _run("ask", QUESTION, "--home", str(home))
    assert code == 0
    assert "Unopened bottles keep for 12 months. (unsupported: the figure 12 months is not in the passage)" in told
    plain = _last(_run("ask", QUESTION, "--home", str(home), "--json")[1])
    assert [one["supported"] for one in plain["written"]] == [True, False]
    assert plain["written"][0]["citations"][0]["document"] == "/rules/storage.pdf"
    assert "written" not in _last(_run("ask", QUESTION, "--home", str(home), "--reasoner", "playbook", "--json")[1])


def test_search_shows_documents_and_what_was_computed_here(home: Path, tmp_path: Path) -> None:
    folder = create_run(tmp_path, RunInfo(id="r1", goal=Goal(text="x"), status="finished"))
    (folder / "hypotheses.json").write_text(
        json.dumps([{"id": "h1", "statement": "Diethyl ether forms peroxides within 6 months.", "mechanism": ""}])
    )
    words = ("search", "diethyl ether peroxides months", "--home", str(home), "--out", str(tmp_path))
    code, told = _run(*words)
    assert code == 0 and "computed here, run r1, h1" in told and "Storage rules, page 4" in told
    plain = _last(_run(*words, "--json")[1])
    hit = plain["hits"][0]
    assert {"document", "page", "start", "end", "score", "text"} <= hit.keys() and RULES[hit["start"] : hit["end"]]
    assert plain["computed_here"][0]["run"] == "r1"


def test_experts(home: Path) -> None:
    code, told = _run("experts", "storage of ether", "--home", str(home))
    assert code == 0 and told.startswith("1. B. Safe (1 document")
    assert _last(_run("experts", "storage of ether", "--home", str(home), "--json")[1])["experts"][0]["documents"] == 1


def test_an_endpoint_elsewhere_is_refused_offline(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GEDANKEN_EMBEDDER", "endpoint:big")
    monkeypatch.setenv("GEDANKEN_EMBEDDING_URL", "https://models.example/v1")
    result = CliRunner().invoke(app, ["search", "ether", "--home", str(home)])
    assert result.exit_code != 0 and "the network is off" in result.stderr


def test_ask_and_search_by_words_need_no_embedding_model(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import knowledge

    monkeypatch.setattr(knowledge.MiniLM, "embed", lambda self, texts: pytest.fail("the model was asked"))
    code, told = _run("ask", QUESTION, "--words", "--home", str(home))
    assert code == 0 and "must be discarded after 6 months" in told
    assert _run("search", "diethyl ether", "--words", "--home", str(home))[0] == 0


def test_options_before_a_command_are_its_own(tmp_path: Path) -> None:
    for words in (("--home", str(tmp_path), "store", "info"), ("store", "info", "--home", str(tmp_path))):
        assert _last(_run(*words, "--json")[1])["path"] == str(tmp_path / "knowledge")


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/v1", "http://lab.example.org/v1", ""])
def test_a_store_whose_engine_cannot_be_asked_is_searched_by_words_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    import knowledge

    class Remote(knowledge.MiniLM):
        name = "endpoint:lab-model"

    store = knowledge.open_store(tmp_path / "home" / "knowledge", embedder=Remote(threads=1))
    about = knowledge.Metadata("Storage rules", ("B. Safe",), 2020)
    knowledge.add_documents(
        [("/rules/storage.pdf", knowledge.Parsed((knowledge.Page(RULES, 4),), about, "pdf"))], store
    )
    monkeypatch.chdir(tmp_path)
    if url:
        (tmp_path / "gedanken.toml").write_text(f'embedder = "endpoint:lab-model"\nembedding_url = "{url}"\n')
    for command in ("search", "ask", "experts"):
        code, told = _run(command, QUESTION, "--home", "home")
        assert code == 0 and told.startswith("(Searched by words alone: ")
        assert "storage.pdf" in told or "B. Safe" in told
        assert _last(_run(command, QUESTION, "--home", "home", "--json")[1])["notes"]


def test_only_documents_that_pass_a_filter(home: Path) -> None:
    base = ("diethyl ether", "--home", str(home), "--json", "--words")
    for filters, found in (
        (("year>=2020", "authors=safe"), 1), (("year>2020",), 0), (("title=*rules", "year>2018", "year<=2020"), 1),
    ):  # fmt: skip
        options = [word for one in filters for word in ("--where", one)]
        assert len(_last(_run("search", *base, *options)[1])["hits"]) == found
    assert _last(_run("ask", QUESTION, "--home", str(home), "--json", "--where", "year<2000")[1])["found"] is False
    for wrong in ("year>=new", "colour=red", "year"):
        result = CliRunner().invoke(app, ["search", *base[:3], "--where", wrong])
        assert result.exit_code != 0 and f"'{wrong}'" in result.stderr
