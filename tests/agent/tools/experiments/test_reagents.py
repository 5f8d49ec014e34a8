import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import RepairableToolError
from agent.tools.experiments import look_up_reagents, weigh_precursors
from agent.tools.experiments.ghs_table import REAGENTS, STATEMENTS, find_reagent
from agent.tools.experiments.stoichiometry_core import weigh


def test_every_statement_of_the_table_has_its_wording_and_every_cas_its_check_digit():
    from chemicals.identifiers import check_CAS

    for reagent in REAGENTS:
        assert check_CAS(reagent.cas), reagent
        assert set(reagent.statements) <= STATEMENTS.keys()
    names = [name.lower() for one in REAGENTS for name in (one.name, *one.names)]
    assert len(set(names)) == len(names)


def test_the_table_s_numbers_are_those_of_another_source():
    from chemicals.identifiers import CAS_from_any

    for name in ("acetonitrile", "methanol", "toluene", "caffeine", "warfarin", "formic acid", "tetrahydrofuran"):
        found = find_reagent(name)
        assert found is not None and CAS_from_any(name) == found.cas


def test_what_is_missing_is_said_and_never_safe():
    rows = {row["name"]: row for row in look_up_reagents(["MeCN", "DMSO", "griseofulvin", "unobtainium"]).data["rows"]}
    assert rows["acetonitrile"]["statements"][0] == "H225 Highly flammable liquid and vapour"
    assert "CLP Annex VI" in rows["acetonitrile"]["line"] and "flash point 2 °C" in rows["acetonitrile"]["line"]
    assert "no data: harmonised H statements" in rows["dimethyl sulfoxide"]["line"]
    assert "IARC: possibly carcinogenic" in rows["griseofulvin"]["line"]
    assert rows["unobtainium"]["line"].startswith("unobtainium: no data in the shipped tables")
    assert not any("safe " in row["line"] or row["line"].endswith("safe") for row in rows.values())
    assert look_up_reagents(["unobtainium"]).status == "empty"
    with pytest.raises(RepairableToolError, match="none given"):
        look_up_reagents([" "])


def test_limits_of_solids_are_given_by_mass():
    row = look_up_reagents(["warfarin"]).data["rows"][0]
    assert "0.1 mg/m³" in row["line"]  # ACGIH's TLV


def test_barium_titanate_by_hand():
    # 1 g of BaTiO3 (233.19 g/mol) is 4.2883 mmol: 846.3 mg of BaCO3 (197.34) and 342.5 mg of TiO2 (79.87).
    found = {one.formula: one for one in weigh("BaTiO3", 1.0)}
    assert found["BaCO3"].mass_mg == pytest.approx(846.3, abs=0.3)
    assert found["TiO2"].mass_mg == pytest.approx(342.5, abs=0.3)
    assert weigh("BaTiO3", 1.0, {"BaCO3": 0.5})[0].mass_mg == pytest.approx(2 * found["BaCO3"].mass_mg)


def test_halides_and_intermetallics():
    assert [one.formula for one in weigh("CsPbI3", 1.0)] == ["CsI", "PbI2"]
    silicide = weigh("Mg2Si", 1.0)
    assert sum(one.mass_mg for one in silicide) == pytest.approx(1000)
    assert silicide[0].amount_mmol == pytest.approx(2 * silicide[1].amount_mmol)


@given(st.sampled_from(["LiFePO4", "SrTiO3", "LaMnO3", "MgAl2O4", "NaNbO3"]), st.floats(0.01, 50))
def test_every_metal_of_the_product_is_weighed_in(formula, grams):
    from chemicals.elements import molecular_weight, nested_formula_parser

    atoms = nested_formula_parser(formula)
    mmol = 1000 * grams / molecular_weight(atoms)
    weighed: dict[str, float] = {}
    for one in weigh(formula, grams):
        for symbol, count in nested_formula_parser(one.formula).items():
            weighed[symbol] = weighed.get(symbol, 0) + count * one.amount_mmol
    for symbol in atoms.keys() - {"O"}:
        assert weighed[symbol] == pytest.approx(atoms[symbol] * mmol)


@pytest.mark.parametrize("formula", ["", "Xx2O3", "H2O", "CsPbI2", "NaCl2", "UO2F2"])
def test_what_has_no_usual_precursors_is_refused(formula):
    with pytest.raises(RepairableToolError, match="formula"):
        weigh_precursors(formula)


def test_numbers_out_of_range_are_refused():
    with pytest.raises(RepairableToolError, match="not positive"):
        weigh_precursors("MgO", 0)
    with pytest.raises(RepairableToolError, match="fraction"):
        weigh_precursors("BaTiO3", purities={"TiO2": 99})
