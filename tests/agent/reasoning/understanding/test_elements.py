"""Elements, families, minerals and substitutions that a goal about crystals names."""

from __future__ import annotations

import pytest

from agent.errors import ConflictError
from agent.reasoning.understanding.elements import find_elements
from agent.reasoning.understanding.families import balanced, find_family, refuse_impossible_family
from agent.reasoning.understanding.mineral_names import find_minerals
from agent.reasoning.understanding.replacing import find_replacing
from agent.reasoning.understanding.text import normalise


@pytest.mark.parametrize(
    ("text", "excluded"),
    [
        ("Na-ion cathodes without cobalt or vanadium", {"Co", "V"}),
        ("a Pb-free absorber", {"Pb"}),
        ("Lead-free halide perovskites", {"Pb"}),
        ("no sulfur, no germanium, please", {"S", "Ge"}),
        ("neither iodine, bromine nor chlorine", {"I", "Br", "Cl"}),
        ("크롬 제외, 납은 쓰지 마세요", {"Cr", "Pb"}),
        ("무연 할라이드 페로브스카이트", {"Pb"}),
        ("avoid rare earths", {"La", "Nd", "Sm", "Gd", "Y"}),
        ("no more than 3 phases at no cost", set()),
        ("In no case should I be late", set()),
    ],
)
def test_elements_that_are_ruled_out(text: str, excluded: set[str]) -> None:
    assert find_elements(normalise(text)).without == excluded


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("nitrides of group 13 elements (Al, Ga, In)", ("Al", "Ga", "In")),
        ("which alkaline earth oxides are stiffest", ("Mg", "Ca", "Sr", "Ba")),
        ("powder pattern with Mo Ka radiation", ()),
        ("수소결합이 많은 분자", ()),
        ("carbides of titanium and Zr without hafnium", ("Ti", "Zr")),
    ],
)
def test_elements_that_are_wanted(text: str, wanted: tuple[str, ...]) -> None:
    assert find_elements(normalise(text)).wanted == wanted


def family(text: str) -> tuple[str, ...]:
    plain = normalise(text)
    found = find_family(plain, find_elements(plain))
    return found.formulas if found else ()


def test_families_become_formulas() -> None:
    assert family("nitrides of Al and Ga") == ("AlN", "GaN")
    assert family("ABO3 perovskites of Ca or Sr with Ti, Zr") == ("CaTiO3", "CaZrO3", "SrTiO3", "SrZrO3")
    assert "CsSnI3" in family("lead-free halide perovskites") and "CsPbI3" not in family("lead-free halide perovskites")
    cathodes = family("Na-ion cathodes without cobalt")
    assert "NaFePO4" in cathodes and not any("Co" in formula for formula in cathodes)
    assert family("Screen perovskites") == ()  # everything is open: that is a question


def test_binaries_balance() -> None:
    assert [balanced("Ca", "O"), balanced("Al", "O"), balanced("Ti", "C"), balanced("Mg", "N")] == [
        "CaO", "Al2O3", "TiC", "Mg3N2",
    ]  # fmt: skip


def test_a_family_without_its_own_element_is_a_contradiction() -> None:
    text = "Oxide perovskites without oxygen"
    with pytest.raises(ConflictError, match="without oxygen"):
        refuse_impossible_family(text, find_elements(text))


@pytest.mark.parametrize(
    ("text", "out", "new", "fractions"),
    [
        ("dope SrTiO₃ with La or Nb at 5 at%", "", ("La", "Nb"), (0.05,)),
        ("Substitute Fe for Mg in forsterite", "Mg", ("Fe",), ()),
        ("Replace Fe by Mn in LiFePO4", "Fe", ("Mn",), ()),
        ("if 10–25 % of the Ti in BaTiO3 is replaced with Zr", "Ti", ("Zr",), (0.1, 0.25)),
        ("Cu-doped ZnO at 12.5 at.%", "", ("Cu",), (0.125,)),
        ("Fe를 Mn으로 일부 치환하면", "Fe", ("Mn",), ()),
        ("SrTiO3에 La을 10% 도핑하면", "", ("La",), (0.1,)),
    ],
)
def test_substitutions(text: str, out: str, new: tuple[str, ...], fractions: tuple[float, ...]) -> None:
    found = find_replacing(normalise(text))
    assert found is not None and (found.out, found.new, found.fractions) == (out, new, fractions)
    assert not found.assumed


def test_what_comes_in_may_be_left_open() -> None:
    found = find_replacing("Replace Pb in CsPbI3 by something less toxic")
    assert found is not None and found.assumed and "Sn" in found.new
    assert find_replacing("Replace the carboxylic acid of aspirin") is None


def test_minerals_by_their_names() -> None:
    assert [m.name for m in find_minerals("Is there haematite or Calcite in it?")] == ["hematite", "calcite"]
    assert [m.name for m in find_minerals("경석고와 방해석을 비교해줘")] == ["anhydrite", "calcite"]
