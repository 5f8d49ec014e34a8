"""What a question demands, and whether a sentence says it: quantity, names, conditions, and what is carried over."""

import pytest

from knowledge import Metadata, Page, Parsed, Store, add_documents
from knowledge.answering import answer
from knowledge.answering.amounts import amount, figures, same
from knowledge.answering.demands import asked_of


def read(store: Store, **texts: str) -> Store:
    add_documents([(name, Parsed((Page(text),), Metadata(name))) for name, text in texts.items()], store)
    return store


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("0.8 nM", "800 pM", True), ("298 K", "25 °C", True), ("77 K", "25 °C", False), ("5 mg/mL", "5 g/L", True),
        ("12 mmol g−1 h−1", "12 mol/kg/h", True), ("2 h", "120 min", True), ("3 µm", "3 µM", False),
        ("10−2 S cm−1", "1 S/m", True), ("1.5 × 10^5 Pa", "1.5 bar", True), ("9,900 M−1 s−1", "9900 L/mol/s", True),
    ],
)  # fmt: skip
def test_amounts_are_compared_across_units(one: str, other: str, alike: bool) -> None:
    (first,), (second,) = figures(one), figures(other)
    assert same(amount(first), amount(second)) is alike


@pytest.mark.parametrize(
    ("question", "said", "exact"),
    [
        ("What is the solubility of caffeine in acetone?", ["solubility", "caffeine", "acetone"], True),
        ("How soluble is lab-117 at 37 °C?", ["solubility", "37 °C", "lab-117"], True),
        ("What is the methane uptake of Mg-MOF-74?", ["methane uptake", "methane", "Mg-MOF-74"], True),
        ("At what voltage does oxygen release begin in NMC811?", ["voltage", "NMC811"], True),
        ("CalB의 반감기는 얼마인가?", ["반감기", "CalB의"], True),
        ("Does metformin inhibit mTOR?", ["mTOR"], False),
        ("Statins increase rates of diabetes in women.", [], False),
    ],
)
def test_a_question_demands_its_quantity_names_subject_and_conditions(
    question: str, said: list[str], exact: bool
) -> None:
    found = asked_of(question)
    assert [one.said for one in found.demands] == said and found.exact is exact


NOTE = (
    "The optical band gap of MAPbI₃ is 1.57 eV at 300 K. At 77 K it is 1.65 eV. FAPbI3 films turn yellow within ten "
    "days. The solubility of MAPbI3 in acetonitrile is 3 g/L."
)


@pytest.mark.parametrize(
    ("question", "answered"),
    [
        ("What is the band gap of MAPbI3 at 300 K?", "1.57 eV"),
        ("What is the band gap of MAPbI3 at 77 K?", "At 77 K it is 1.65 eV."),  # what "it" is stands before
        ("What is the solubility of MAPbI3 in acetonitrile?", "3 g/L"),
    ],
)
def test_the_sentence_under_the_asked_conditions_answers(store: Store, question: str, answered: str) -> None:
    found = answer(read(store, note=NOTE), question)
    assert found.found and answered in found.statements[0].text


@pytest.mark.parametrize(
    ("question", "lacking"),
    [
        ("What is the band gap of FAPbI3?", "FAPbI3"),  # another compound's band gap
        ("What is the band gap of MAPbI3 at 400 K?", "400 K"),  # another temperature
        ("What is the refractive index of MAPbI3?", "refractive index"),  # another quantity
        ("What is the solubility of MAPbI3 in toluene?", "toluene"),  # another solvent
    ],
)
def test_what_is_only_near_is_not_an_answer(store: Store, question: str, lacking: str) -> None:
    found = answer(read(store, note=NOTE), question)
    assert not found.found and found.nearest and lacking in found.lacking
    assert f"does not say “{found.lacking[0]}”" in found.reservation


def test_a_row_of_a_table_answers_with_its_unit(store: Store) -> None:
    rows = "| celecoxib | 52 | 287 |\n| rofecoxib | 410 | 240 |"
    table = f"| compound | IC50 COX-2 (nM) | selectivity |\n|---|---|---|\n{rows}"
    found = answer(read(store, assay=f"Inhibition of COX-2.\n\n{table}"), "What is the IC50 of rofecoxib on COX-2?")
    assert found.statements[0].text == "| rofecoxib | 410 | 240 |"
    assert found.statements[0].said == "rofecoxib: IC50 COX-2 410 nM; selectivity 240"
    assert len(found.statements) == 1  # celecoxib's row is about celecoxib


def test_figures_of_one_quantity_in_two_documents_disagree_unless_conditions_differ(store: Store) -> None:
    texts = {
        "May": "Celecoxib inhibited COX-2 with an IC50 of 52 nM.",
        "October": "In October the IC50 of celecoxib against COX-2 was 0.21 µM.",
    }
    found = answer(read(store, **texts), "What is the IC50 of celecoxib against COX-2?")
    (reason,) = (one.reason for one in found.disagreements)
    assert "figures differ" in reason and "0.21 µM" in reason and "52 nM" in reason
    read(store, cold="LLZO conducts 0.5 mS/cm at 25 °C.", warm="The conductivity of LLZO is 3 mS/cm at 100 °C.")
    assert answer(store, "What is the conductivity of LLZO?").disagreements == ()


def test_what_no_sentence_names_is_told_where_an_answer_is_given(store: Store) -> None:
    texts = {f"d{i}": f"Metformin activates AMPK in hepatocytes of donor {i}." for i in range(2)}
    found = answer(read(store, **texts), "Does metformin activate AMPK or mTOR in hepatocytes?")
    assert found.found and found.reservation == "None of these sentences says “mTOR”."


def test_a_denial_of_what_was_asked_is_set_beside_it(store: Store) -> None:
    texts = {
        "yes": "AMPK is required for the glucose-lowering effect of metformin in liver.",
        "no": "Metformin still lowered glucose in knock-out cells, so that AMPK is not required for the effect.",
    }
    (pair,) = answer(read(store, **texts), "Is AMPK required for the effect of metformin?").disagreements
    assert "denies" in pair.reason
