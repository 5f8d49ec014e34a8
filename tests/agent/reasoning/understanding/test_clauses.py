"""The clause parser: phrasings as people write them, with the constraints that they mean."""

from __future__ import annotations

import pytest

from agent.errors import ConflictError, InputError
from agent.reasoning.understanding import notes_on_unused, read_goal
from agent.records import Goal

Bound = tuple[str, str, float | None, float | None]


def bounds(text: str) -> list[Bound]:
    return [(c.quantity, c.relation, c.low, c.high) for c in read_goal(Goal(text=text)).constraints]


PHRASINGS: list[tuple[str, list[Bound]]] = [
    # --- one bound, in many wordings ---
    ("logP between 2 and 4", [("logP", "between", 2, 4)]),
    ("logP 2-4", [("logP", "between", 2, 4)]),
    ("logP 2–4", [("logP", "between", 2, 4)]),
    ("logP of 2 to 3.5", [("logP", "between", 2, 3.5)]),
    ("logP in [2, 4]", [("logP", "between", 2, 4)]),
    ("a clogP somewhere between 1.5 and 3", [("logP", "between", 1.5, 3)]),
    ("logP in the 2-4 range", [("logP", "between", 2, 4)]),
    ("from 2 to 4 logP units", [("logP", "between", 2, 4)]),
    ("logP 3 ± 0.5", [("logP", "between", 2.5, 3.5)]),
    ("MW within 10% of 400", [("mass", "between", 360, 440)]),
    ("MW 350 +/- 50", [("mass", "between", 300, 400)]),
    ("no more than 3 donors", [("HBD", "<=", None, 3)]),
    ("not more than 5 rotatable bonds", [("rotatable_bonds", "<=", None, 5)]),
    ("fewer than five rotatable bonds", [("rotatable_bonds", "<", None, 5)]),
    ("maximum of 3 rotatable bonds", [("rotatable_bonds", "<=", None, 3)]),
    ("5 rotatable bonds at most", [("rotatable_bonds", "<=", None, 5)]),
    ("3 donors or fewer", [("HBD", "<=", None, 3)]),
    ("at least two rings", [("rings", ">=", 2, None)]),
    ("between two and four rings", [("rings", "between", 2, 4)]),
    ("exactly 2 aromatic rings", [("aromatic_rings", "==", 2, 2)]),
    ("no fewer than 2 aromatic rings", [("aromatic_rings", ">=", 2, None)]),
    ("at least one chiral center", [("stereocentres", ">=", 1, None)]),
    ("net charge of 0", [("formal_charge", "==", 0, 0)]),
    ("HBD<=3", [("HBD", "<=", None, 3)]),
    ("HBD ≤ 3", [("HBD", "<=", None, 3)]),
    ("QED above 0.7", [("QED", ">", 0.7, None)]),
    ("QED ≥ .7", [("QED", ">=", 0.7, None)]),
    ("QED 0.7+", [("QED", ">=", 0.7, None)]),
    ("QED of at least 70%", [("QED", ">=", 0.7, None)]),
    ("minimum QED 0.7", [("QED", ">=", 0.7, None)]),
    ("MW must not exceed 450", [("mass", "<=", None, 450)]),
    ("Lipophilicity shouldn't go above 3.5", [("logP", "<=", None, 3.5)]),
    ("TPSA not below 40", [("TPSA", ">=", 40, None)]),
    ("a TPSA that doesn't exceed 100 Å^2", [("TPSA", "<=", None, 100)]),
    ("limit MW to 450", [("mass", "<=", None, 450)]),
    ("maximum MW of 450", [("mass", "<=", None, 450)]),
    ("MW 450 max", [("mass", "<=", None, 450)]),
    ("an SA score of 3.5 or lower", [("SA_score", "<=", None, 3.5)]),
    ("The molecular weight of each proposed compound should be below 450", [("mass", "<", None, 450)]),
    ("no stereocentres", [("stereocentres", "<=", None, 0)]),
    ("avoid PAINS", [("alerts", "<=", None, 0)]),
    # --- units ---
    ("MW < 450 Da", [("mass", "<", None, 450)]),
    ("mass under 0.45 kDa", [("mass", "<", None, 450)]),
    ("compounds of less than 400 Da", [("mass", "<", None, 400)]),
    ("TPSA in the range 60–90 Å²", [("TPSA", "between", 60, 90)]),
    ("polar surface area within 60 to 90 square angstroms", [("TPSA", "between", 60, 90)]),
    ("solubility above 1 mM", [("logS_ESOL", ">", -3, None)]),
    ("half-life longer than 90 minutes", [("half_life", ">", 1.5, None)]),
    ("hERG probability at most 30%", [("hERG", "<=", None, 0.3)]),
    ("plasma protein binding below 90%", [("PPBR", "<", None, 90)]),
    ("density over 5 g/cm3", [("density", ">", 5, None)]),
    ("density below 3000 kg/m3", [("density", "<", None, 3)]),
    ("formation energy below -500 meV/atom", [("formation_energy", "<", None, -0.5)]),
    ("lattice constant between 0.4 and 0.5 nm", [("lattice_a", "between", 4, 5)]),
    ("Tm 55 to 65 °C", [("melting_temperature", "between", 55, 65)]),
    ("length 1.2 kb or more", [("length", ">=", 1200, None)]),
    # --- several at once ---
    (
        "logP between 2 and 4 and QED above 0.7",
        [("logP", "between", 2, 4), ("QED", ">", 0.7, None)],
    ),
    ("logP<5, MW<500", [("logP", "<", None, 5), ("mass", "<", None, 500)]),
    ("logP above 2 and below 4", [("logP", ">", 2, None), ("logP", "<", None, 4)]),
    ("logP below 5 but above 2", [("logP", "<", None, 5), ("logP", ">", 2, None)]),
    ("above 2 but below 5 rings", [("rings", ">", 2, None), ("rings", "<", None, 5)]),
    ("2 < logP <= 4", [("logP", ">", 2, None), ("logP", "<=", None, 4)]),
    ("400 > MW > 250", [("mass", "<", None, 400), ("mass", ">", 250, None)]),
    (
        "at most 3 donors, 5 acceptors and 6 rotatable bonds",
        [("HBD", "<=", None, 3), ("HBA", "<=", None, 5), ("rotatable_bonds", "<=", None, 6)],
    ),
    ("HBD and HBA each below 5", [("HBA", "<", None, 5), ("HBD", "<", None, 5)]),
    ("HBD and HBA at most 5 and 10 respectively", [("HBD", "<=", None, 5), ("HBA", "<=", None, 10)]),
    (
        "Molecular weight: 300–450; HBA: max. 6; HBD: max. 2",
        [("mass", "between", 300, 450), ("HBA", "<=", None, 6), ("HBD", "<=", None, 2)],
    ),
    (
        "MW above 300 and below 500 and at least 2 rings",
        [("mass", ">", 300, None), ("mass", "<", None, 500), ("rings", ">=", 2, None)],
    ),
    (
        "QED > 0.6, SA score below 4 and hERG below 0.3",
        [("QED", ">", 0.6, None), ("SA_score", "<", None, 4), ("hERG", "<", None, 0.3)],
    ),
    ("logD at pH 7.4 below 2", [("logD", "<", None, 2)]),
    ("CYP3A4 inhibition below 0.4 and LD50 under 2.5", [("CYP3A4", "<", None, 0.4), ("LD50", "<", None, 2.5)]),
    # --- Korean ---
    ("분자량 450 이하", [("mass", "<=", None, 450)]),
    ("분자량은 450을 넘지 않게", [("mass", "<=", None, 450)]),
    ("분자량이 300에서 450 사이", [("mass", "between", 300, 450)]),
    ("logP 2에서 4 사이", [("logP", "between", 2, 4)]),
    ("logP 2~4", [("logP", "between", 2, 4)]),
    ("logP는 2 이상 4 이하", [("logP", ">=", 2, None), ("logP", "<=", None, 4)]),
    ("logP 3 초과", [("logP", ">", 3, None)]),
    ("QED 0.7 이상", [("QED", ">=", 0.7, None)]),
    ("QED가 0.6보다 큰 화합물", [("QED", ">", 0.6, None)]),
    ("수소결합 주개 3개 이하", [("HBD", "<=", None, 3)]),
    ("수소결합 받개는 최대 6개, 주개는 2개를 넘지 않게", [("HBA", "<=", None, 6), ("HBD", "<=", None, 2)]),
    ("TPSA 90 미만", [("TPSA", "<", None, 90)]),
    ("회전 가능 결합 7개 이내", [("rotatable_bonds", "<=", None, 7)]),
    ("방향족 고리 두 개 이상", [("aromatic_rings", ">=", 2, None)]),
    ("GC 함량 40~60%", [("GC", "between", 40, 60)]),
    ("밀도가 5 g/cm³ 이상인 산화물", [("density", ">=", 5, None)]),
]


@pytest.mark.parametrize(("text", "expected"), PHRASINGS, ids=[text for text, _ in PHRASINGS])
def test_a_phrasing_means_its_constraints(text: str, expected: list[Bound]) -> None:
    assert sorted(bounds(text), key=repr) == sorted(
        ((key, relation, low, high) for key, relation, low, high in expected), key=repr
    )


@pytest.mark.parametrize(("text", "expected"), PHRASINGS, ids=[text for text, _ in PHRASINGS])
def test_every_constraint_quotes_the_goal(text: str, expected: list[Bound]) -> None:
    parts = read_goal(Goal(text=f"Design molecules: {text}."))
    assert parts.constraints
    assert all(bound.text and bound.text in parts.text for bound in parts.constraints)


@pytest.mark.parametrize(
    ("text", "quantity", "target"),
    [
        ("logP around 3", "logP", 3),
        ("logP of 3", "logP", 3),
        ("분자량 약 400", "mass", 400),
        ("Tm around 60 °C", "melting_temperature", 60),
    ],
)
def test_an_inexact_value_is_a_target_and_says_so(text: str, quantity: str, target: float) -> None:
    parts = read_goal(Goal(text=text))
    assert not parts.constraints
    assert [(o.quantity, o.direction, o.target) for o in parts.objectives] == [(quantity, "target", target)]
    assert any("target" in note for note in parts.notes)


def test_a_preference_is_a_wish_and_not_a_bound() -> None:
    parts = read_goal(Goal(text="QED at least 0.5, preferably above 0.7"))
    assert [(c.relation, c.low) for c in parts.constraints] == [(">=", 0.5)]
    assert [(o.quantity, o.direction) for o in parts.objectives] == [("QED", "maximise")]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("potency below 100 nM", "below 100 nM"),
        ("MW under 400 within 30 minutes", "30 minutes"),
        ("logP below 3 and reorganisation energy above 0.5 eV", "above 0.5 eV"),
        ("solubility as high as possible at 37 °C", "37 °C"),
    ],
)
def test_a_number_that_belongs_to_nothing_is_noted(text: str, words: str) -> None:
    notes = notes_on_unused(read_goal(Goal(text=text)))
    assert any(words in note and note.startswith("I did not use") for note in notes)


@pytest.mark.parametrize(
    "text",
    ["COX-2 inhibitors", "a 5-HT1A ligand with CYP3A4 data", "1,2-dichlorobenzene", "a 3D structure", "Caco-2 cells"],
)
def test_figures_inside_names_are_no_numbers(text: str) -> None:
    parts = read_goal(Goal(text=text))
    assert not parts.constraints
    assert not notes_on_unused(parts)


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        ("logP above 5 and below 2", "logP above 5", "logP below 2"),
        ("logP above 5. MW < 400. clogP below 2", "logP above 5", "clogP below 2"),
        ("more than 2 and fewer than 3 rings", "more than 2", "fewer than 3 rings"),
        ("obeys Lipinski, MW above 600", "MW above 600", "Lipinski"),
        ("분자량 300 이하, 분자량 400 이상", "분자량 300 이하", "분자량 400 이상"),
    ],
)
def test_a_contradiction_names_both_phrases(text: str, first: str, second: str) -> None:
    with pytest.raises(ConflictError) as caught:
        read_goal(Goal(text=text))
    assert first in caught.value.message and second in caught.value.message


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("QED above 1.2", "QED above 1.2"),
        ("at least 12 SA score", "at least 12 SA score"),
        ("MW below 0", "MW below 0"),
    ],
)
def test_a_bound_outside_the_possible_values_is_refused(text: str, phrase: str) -> None:
    with pytest.raises(ConflictError, match="lies") as caught:
        read_goal(Goal(text=text))
    assert phrase in caught.value.message


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("MW below 450 florps", "florps"),
        ("mass under 450 zorkmids and logP below 3", "zorkmids"),
        ("band gap above 2 eW/q", "eW/q"),
        ("MW below 450 eV", "eV"),
        ("logP below 3 GPa", "GPa"),
        ("solubility above 10 mg/kg", "mg/kg"),
    ],
)
def test_a_unit_that_is_unknown_or_does_not_fit_is_named(text: str, unit: str) -> None:
    with pytest.raises(InputError) as caught:
        read_goal(Goal(text=text))
    assert unit in caught.value.message


@pytest.mark.parametrize(
    "text", ["MW under 450, please", "MW under 450 overall", "MW below 450 only", "mass under 450 and keep it simple"]
)
def test_ordinary_words_after_a_number_are_no_units(text: str) -> None:
    assert bounds(text) == [("mass", "<", None, 450)]


def test_exclusions_cannot_be_held_and_are_noted() -> None:
    parts = read_goal(Goal(text="logP not between 2 and 3"))
    assert not parts.constraints
    assert any("not between 2 and 3" in note for note in parts.notes)


def test_a_number_does_not_reach_over_the_end_of_a_sentence() -> None:
    parts = read_goal(Goal(text="Think of logP. Below 3 is what I mean."))
    assert not parts.constraints
    assert notes_on_unused(parts)
