"""Merging what steps returned into one table."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from agent.memory.candidates import merge_drafts
from agent.records import CandidateDraft, Value


def draft(structure: str, **changes) -> CandidateDraft:
    return CandidateDraft(kind="molecule", structure=structure, **changes)


def test_drafts_of_one_structure_become_one_candidate_with_every_value_and_its_source() -> None:
    table = merge_drafts(
        [
            ("e2", [draft("CCO", values=(Value(name="logP", value=-0.1),), labels={"change": "H → OH"})]),
            (
                "e3",
                [draft("CCO", name="ethanol", values=(Value(name="hERG", value=0.1),), labels={"known": "ethanol"})],
            ),
        ]
    )
    (candidate,) = table
    assert candidate.id == "c1"
    assert candidate.name == "ethanol"
    assert {name: q.source for name, q in candidate.quantities.items()} == {"logP": "e2", "hERG": "e3"}
    assert candidate.labels == {"change": "H → OH", "known": "ethanol"}


def test_a_later_value_replaces_an_earlier_one_and_a_withholding_stands() -> None:
    table = merge_drafts(
        [
            ("e1", [draft("CCO", values=(Value(name="logP", value=1),), feasible=True)]),
            ("e2", [draft("CCO", values=(Value(name="logP", value=2),), withheld=True, reason="why", feasible=False)]),
            ("e3", [draft("CCO", feasible=True)]),
        ]
    )
    assert table[0].quantities["logP"].value == 2
    assert table[0].quantities["logP"].source == "e2"
    assert table[0].withheld
    assert table[0].feasible is False
    assert table[0].reason == "why"


@given(st.lists(st.tuples(st.sampled_from("ABCDE"), st.sampled_from(["e1", "e2"]))))
def test_ids_follow_first_appearance_and_structures_stay_distinct(pairs: list[tuple[str, str]]) -> None:
    table = merge_drafts([(evidence, [draft(structure)]) for structure, evidence in pairs])
    assert [candidate.structure for candidate in table] == list(dict.fromkeys(structure for structure, _ in pairs))
    assert [candidate.id for candidate in table] == [f"c{n}" for n in range(1, len(table) + 1)]


def test_what_holds_of_a_composition_goes_to_its_crystals() -> None:
    def crystal(structure: str, formula: str, **values: float) -> CandidateDraft:
        found = tuple(Value(name=name, value=value) for name, value in values.items())
        return CandidateDraft(kind="crystal", structure=structure, values=found, labels={"formula": formula})

    table = merge_drafts(
        [
            ("e1", [crystal("LiCoO2", "LiCoO2", capacity=273.8), crystal("LiNiO2", "LiNiO2", capacity=274.5)]),
            ("e2", [crystal("LiCoO2 [delafossite]", "LiCoO2", density=5.0), crystal("LiCoO2 [spinel]", "LiCoO2")]),
        ]
    )
    assert [(one.id, one.structure) for one in table] == [
        ("c2", "LiNiO2"),
        ("c3", "LiCoO2 [delafossite]"),
        ("c4", "LiCoO2 [spinel]"),
    ]
    assert [one.quantities["capacity"].source for one in table] == ["e1", "e1", "e1"]
    assert table[2].quantities["capacity"].value == 273.8
