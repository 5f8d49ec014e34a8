"""Support, contradiction, figures and clauses: the rules that judge sentences."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.answering import check_support, disagreement
from knowledge.answering.clauses import clause_before
from knowledge.answering.features import features, figures

PASSAGE = (
    "Celecoxib inhibits COX-2 with an IC50 of 40 nM. Its aqueous solubility is 5 mg/L at 25 °C. "
    "The sulfonamide binds a side pocket of the enzyme."
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("an IC50 of 40 nM at 25 °C", [(40.0, "nM"), (25.0, "°C")]),
        ("1,200 patients, 12.5 % of them", [(1200.0, ""), (12.5, "%")]),
        ("3.2 × 10^-5 mol/L", [(3.2e-5, "mol/L")]),
        ("IL-6, C60, COX-2 and 4-fluorophenyl", []),
        ("−1.5 eV after 3 days", [(-1.5, "eV"), (3.0, "days")]),
    ],
)
def test_figures(text: str, expected: list[tuple[float, str]]) -> None:
    assert [(pytest.approx(one.value), one.unit) for one in figures(text)] == expected


def test_names_are_words_with_capitals_or_digits() -> None:
    assert features("The kinase JAK2 phosphorylates STAT3 in mice.").names == {"jak2", "stat3"}
    assert features("Aspirin works.").names == frozenset()  # a capital that begins a sentence is no name


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        ("Vitamin D reduces mortality in adults.", "Vitamin D does not reduce mortality in adults.", "denies"),
        ("Heating increases the yield of the ester.", "Heating decreases the yield of the ester.", "directions"),
        ("The p53 mutant activates transcription of MDM2.", "The p53 mutant inhibits transcription of MDM2.", "direct"),
        ("The solubility of celecoxib is 5 mg/L.", "The solubility of celecoxib is 50 mg/L.", "5 and 50 mg/L"),
        ("촉매 온도를 올리면 수율이 증가한다.", "촉매 온도를 올리면 수율이 감소한다.", "directions"),
    ],
)
def test_disagreements_are_seen_both_ways(first: str, second: str, reason: str) -> None:
    assert reason in disagreement(first, second)
    assert disagreement(second, first)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Vitamin D reduces mortality in adults.", "Zeolites do not adsorb methane at room temperature."),
        ("IL6 is increased in sepsis patients.", "IL10 is decreased in sepsis patients."),  # another subject
        ("The solubility of celecoxib is 5 mg/L.", "The solubility of celecoxib is 5.0 mg/L."),
        ("Heating increases the yield of the ester.", "The yield of the ester is increased by heating."),
        ("No less than 3 samples increase the yield here.", "3 samples increase the yield here."),
    ],
)
def test_what_does_not_disagree(first: str, second: str) -> None:
    assert disagreement(first, second) == ""


@given(st.text(max_size=300))
def test_nothing_disagrees_with_itself(text: str) -> None:
    assert disagreement(text, text) == ""


@pytest.mark.parametrize(
    "sentence",
    [
        "Celecoxib inhibits COX-2 with an IC50 of 40 nM.",
        "The aqueous solubility of celecoxib is 5 mg/L.",
        "A side pocket of the enzyme binds the sulfonamide.",
    ],
)
def test_what_a_passage_says_is_supported(sentence: str) -> None:
    assert check_support(sentence, [PASSAGE]).supported


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("Celecoxib inhibits COX-2 with an IC50 of 4 nM.", "the figure 4 nM is not"),
        ("Celecoxib inhibits COX-1 with an IC50 of 40 nM.", "cox1"),
        ("Celecoxib does not inhibit COX-2.", "otherwise"),
        ("Lactase hydrolyses milk sugar in the gut.", "too little"),
    ],
)
def test_what_a_passage_does_not_say_is_not_supported(sentence: str, reason: str) -> None:
    verdict = check_support(sentence, [PASSAGE])
    assert not verdict.supported and reason in verdict.reason
    assert not check_support(sentence, []).supported


def test_a_sentence_may_rest_on_two_passages() -> None:
    both = "Celecoxib inhibits COX-2 and lactase hydrolyses lactose."
    other = "Lactase hydrolyses lactose."
    assert not check_support(both, [other]).supported
    assert check_support(both, [PASSAGE, other]).supported


RULES = """Article 4 Scope
(1) This regulation applies to all laboratories.
Article 5 Storage
(1) Ether shall be stored in closed cabinets.
(2) Opened bottles must be discarded after 6 months.
Article 6 Waste
Solvent waste is collected. It is labelled.
§ 3.1 Gloves are worn.
제5조(보관) ① 밀폐하여 보관한다. ② 6개월 이내에 폐기한다.
제7조 제2항 허가를 받아야 한다.
"""


@pytest.mark.parametrize(
    ("words", "clause"),
    [
        ("This regulation applies", "Article 4(1)"),
        ("Opened bottles", "Article 5(2)"),
        ("It is labelled", "Article 6"),
        ("Gloves are worn", "§ 3.1"),
        ("6개월 이내", "제5조 제2항"),
        ("허가를 받아야", "제7조 제2항"),
    ],
)
def test_a_sentence_has_the_number_of_its_clause(words: str, clause: str) -> None:
    assert clause_before(RULES, RULES.index(words)) == clause


def test_a_title_and_its_first_paragraph_in_one_sentence() -> None:
    waste = "Article 5. Waste\n(1) Solvents shall be collected.\n(2) Not above 90 per cent."
    assert clause_before(waste, waste.index("Waste")) == "Article 5(1)"
    korean = "제5조(폐기물) ① 용매는 수집하여야 한다.\n② 용기는 채워서는 아니 된다."
    assert [clause_before(korean, korean.index(one)) for one in ("제5조", "②")] == ["제5조 제1항", "제5조 제2항"]
    mid = "Article 6. Limits\nThe limit of Equation (1) holds. Nothing else does."
    assert clause_before(mid, mid.index("The limit")) == "Article 6"


def test_without_a_heading_there_is_no_clause() -> None:
    assert clause_before("Ether boils at 34.6 °C. It is shown in Fig. 3.", 25) == ""


def test_a_title_takes_no_side() -> None:
    passage = "Silver nanowires in glycol\n\nSilver nanowires grow in ethylene glycol at 160 °C in 40 minutes."
    denied = check_support("Silver nanowires do not grow in ethylene glycol at 160 °C.", [passage])
    assert not denied.supported and "says otherwise" in denied.reason
    both = passage + " In the second series silver nanowires did not grow in ethylene glycol."
    assert check_support("Silver nanowires do not grow in ethylene glycol.", [both]).supported
