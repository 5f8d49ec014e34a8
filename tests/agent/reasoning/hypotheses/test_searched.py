"""Novelty by search, with the real tools over a small store of the lab's own documents."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest
from support.runs import CELECOXIB, molecule_brief, view

import knowledge
from agent.errors import TerminalToolError
from agent.reasoning.hypotheses import with_novelty, with_searched_novelty
from agent.reasoning.hypotheses.searched import MOST_STATEMENTS, claim
from agent.records import Candidate, Hypothesis, Prediction, Result, Span, Text
from agent.tools import catalogue, failed
from agent.tools.invoke import run_tool
from agent.tools.literature.access import _opened

STATED = "Fluorination of the pyrazole ring raises the metabolic stability in liver microsomes."
SETS = ("check_known_molecules", "check_known_crystals")
UNRELATED = "Doping of the perovskite with caesium narrows the optical gap of the film."


class Lab:
    """Calls tools in this process over one store, counts the calls, and lets named tools fail."""

    def __init__(self, store: Mapping[str, Any]) -> None:
        self.store, self.calls, self.broken = store, [], set[str]()

    async def __call__(self, tool: str, arguments: Mapping[str, Any]) -> Result:
        self.calls.append(tool)
        if tool in self.broken:
            return failed(TerminalToolError(f"{tool}: the index is damaged.", remedy="Ingest again."))
        found = catalogue().get(tool)
        return run_tool(found, dict(arguments), {} if tool in SETS else {"store": self.store})


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    folder = tmp_path_factory.mktemp("lab")
    made = knowledge.open_store(folder / "store", embedder=knowledge.MiniLM(threads=1))
    page = knowledge.Page(f"Twelve analogues were made. {STATED} Yields were moderate.", 4)
    about = knowledge.Metadata("Fluorinated pyrazoles", ("A. Kim",), 2019)
    knowledge.add_documents([("/papers/fluoro.pdf", knowledge.Parsed((page,), about, "pdf"))], made)
    yield {"path": str(folder / "store"), "generation": made.generation}
    _opened.cache_clear()


def hypothesis(number: int, statement: str, kind: str = "contrast", **more: Any) -> Hypothesis:
    return Hypothesis(
        id=f"h{number}", statement=Text(text=statement), mechanism=Text(text="Unknown."), refuted_by="The opposite.",
        prediction=Prediction(quantity="logP", relation=">", value=1.0), kind=kind, **more,
    )  # fmt: skip


def run(lab: Lab, candidates: tuple[Candidate, ...] = (), documents: int = 1):
    found = view(candidates, molecule_brief(), documents=documents, caller=lab)
    return replace(found, context=replace(found.context, catalogue=catalogue()))


async def test_a_stated_claim_is_known_with_its_passage_and_an_unrelated_one_is_novel(store):
    lab = Lab(store)
    made = await with_searched_novelty((hypothesis(1, STATED), hypothesis(2, UNRELATED)), run(lab))
    known, novel = made
    assert known.novelty == "known" and "fluoro.pdf" in known.novelty_basis and "page 4" in known.novelty_basis
    assert [(one.document, one.page) for one in known.citations] == [("/papers/fluoro.pdf", 4)]
    assert STATED in known.citations[0].quote
    assert novel.novelty == "novel" and novel.citations == ()
    assert "none of the 1 documents searched" in novel.novelty_basis[0].lower() + novel.novelty_basis[1:]
    assert lab.calls == ["check_novelty"] * 2


async def test_a_source_that_fails_makes_it_unknown_and_is_named(store, tmp_path):
    lab = Lab(store)
    lab.broken = {"check_novelty"}
    (made,) = await with_searched_novelty((hypothesis(1, UNRELATED),), run(lab))
    assert made.novelty == "unknown" and "the index is damaged" in made.novelty_basis
    missing = Lab({"path": str(tmp_path / "none"), "generation": 0})  # emptied since the run began
    (made,) = await with_searched_novelty((hypothesis(1, UNRELATED),), run(missing))
    assert made.novelty == "unknown" and "holds no documents" in made.novelty_basis


async def test_without_documents_and_for_what_is_known_nothing_is_asked(store):
    lab = Lab(store)
    given = (hypothesis(1, STATED),)
    assert await with_searched_novelty(given, run(lab, documents=0)) == given
    known = (hypothesis(1, STATED, novelty="known", novelty_basis="Stated in a handbook."),)
    assert await with_searched_novelty(known, run(lab)) == known
    assert lab.calls == []


async def test_only_so_many_statements_are_searched(store):
    lab = Lab(store)
    many = tuple(hypothesis(number, UNRELATED) for number in range(1, MOST_STATEMENTS + 4))
    made = await with_searched_novelty(many, run(lab))
    assert len(lab.calls) == MOST_STATEMENTS
    assert made[MOST_STATEMENTS:] == many[MOST_STATEMENTS:]


def molecule(number: int, smiles: str) -> Candidate:
    return Candidate(id=f"c{number}", kind="molecule", structure=smiles, rank=number)


async def test_a_statement_about_a_candidate_also_needs_its_structure_searched(store):
    table = (molecule(1, CELECOXIB), molecule(2, "CCCCCCCCCCC(F)(Cl)CCN1CCOC1=O"))
    given = (
        hypothesis(1, "c1 narrows the optical gap of the film.", "transfer", subjects=("c1",)),
        hypothesis(2, "c2 narrows the optical gap of the film.", "transfer", subjects=("c2",)),
    )
    lab = Lab(store)
    first, second = await with_searched_novelty(given, run(lab, table))
    assert first.novelty == "known" and "celecoxib" in first.novelty_basis.lower()
    assert second.novelty == "novel"
    assert sorted(lab.calls) == ["check_known_molecules", "check_novelty", "check_novelty", "find_known_structures"]
    lab.broken = {"check_known_molecules"}
    _, second = await with_searched_novelty(given, run(lab, table))
    assert second.novelty == "unknown" and "reference sets were not searched" in second.novelty_basis
    crystal = Candidate(id="c2", kind="crystal", structure="NaCl [rocksalt]")
    _, second = await with_searched_novelty(given, run(Lab(store), (crystal,)))
    assert second.novelty == "unknown" and "structure was not searched" in second.novelty_basis


async def test_candidates_are_labelled_where_there_are_documents(store):
    table = (molecule(1, CELECOXIB), molecule(2, "CCCCCCCCCCC(F)(Cl)CCN1CCOC1=O"))
    lab = Lab(store)
    known, novel = await with_novelty(table, run(lab).context)
    assert known.labels["novelty"].startswith("known: ") and novel.labels["novelty"].startswith("novel: not in")
    lab.broken = {"find_known_structures"}
    _, unknown = await with_novelty(table, run(lab).context)
    assert unknown.labels["novelty"].startswith("unknown: ") and "structure files failed" in unknown.labels["novelty"]
    assert await with_novelty(table, run(lab, documents=0).context) == table


async def test_crystals_are_compared_by_their_structure_and_named_by_their_key(store):
    salt = Candidate(id="c1", kind="crystal", structure="NaCl [rocksalt]", rank=1)
    lost = Candidate(id="c2", kind="crystal", structure="KCl [rocksalt]", rank=2)
    text = "NaCl\n1.0\n0 2.82 2.82\n2.82 0 2.82\n2.82 2.82 0\nNa Cl\n1 1\ndirect\n0 0 0\n0.5 0.5 0.5\n"
    lab, crystals = Lab(store), {"NaCl [rocksalt]": text}
    known, without = await with_novelty((salt, lost), run(lab).context, crystals)
    assert known.labels["novelty"].startswith("known: it is halite") and "novelty" not in without.labels
    about = hypothesis(1, "c1 narrows the optical gap of the film.", "polymorph", subjects=("c1",))
    (made,) = await with_searched_novelty((about,), run(lab, (salt, lost)), crystals)
    assert made.novelty == "known" and "NaCl [rocksalt]: it is halite" in made.novelty_basis


def test_a_claim_is_a_statement_without_the_figures_and_ids_of_this_run():
    text = "In this series the solubility in water falls with the logP (Crippen): between the thirds by about 0.27."
    start = text.index("0.27")
    spans = (Span(start=start, end=start + 4, source="e1"),)
    trend = hypothesis(1, "x").model_copy(update={"statement": Text(text=text, spans=spans)})
    assert claim(trend, {}) == "the solubility in water falls with the logP."
    assert (
        claim(hypothesis(1, "c2 is more stable than c3."), {"c2": "mavacoxib"}) == "mavacoxib is more stable than c3."
    )
