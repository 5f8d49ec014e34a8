"""Units: published factors, what people write, and what cannot be compared."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import InputError
from agent.units import compatible, convert, parse_unit, print_value
from agent.vocabulary import QUANTITIES


@pytest.mark.parametrize(
    ("value", "source", "target", "expected"),
    [
        (1.0, "eV", "kJ/mol", None),  # energy per particle and per mole measure different things
        (1.0, "kcal/mol", "kJ/mol", 4.184),  # the thermochemical calorie, by definition
        (25.0, "°C", "K", 298.15),
        (1.0, "kDa", "g/mol", 1000.0),
        (1.0, "nM", "mol/L", 1e-9),
        (1.0, "Å", "nm", 0.1),
        (1.0, "µm", "nm", 1000.0),
        (1.0, "eV", "J", 1.602176634e-19),  # exact since the 2019 redefinition of the SI
        (1.0, "GPa", "eV/Å**3", 1 / 160.21766208),  # CODATA, as used for bulk moduli
        (60.0, "Å²", "nm**2", 0.6),
        (1.0, "atm", "kPa", 101.325),
    ],
)
def test_conversion_follows_published_factors(value: float, source: str, target: str, expected: float | None) -> None:
    if expected is None:
        with pytest.raises(InputError, match="measure different things"):
            convert(value, source, target)
    else:
        assert convert(value, source, target) == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("unit", ["furlongs per", "blorb", "g/", "((", "eV//"])
def test_an_unknown_unit_is_named(unit: str) -> None:
    with pytest.raises(InputError, match="unit"):
        parse_unit(unit)


def test_nanometres_and_nanomolar_stay_apart() -> None:
    assert not compatible("nm", "nM")
    assert compatible("nM", "µM")
    assert compatible("", "1")


def test_every_unit_of_the_vocabulary_is_known() -> None:
    for quantity in QUANTITIES:
        parse_unit(quantity.unit)


@pytest.mark.parametrize(
    ("value", "unit", "uncertainty", "shown"),
    [
        (3.5138, "1", None, "3.514"),
        (381.373, "g/mol", None, "381.4 g/mol"),
        (-4.2, "log_molar", 0.35, "-4.20 ± 0.35 log(mol/L)"),
        (5.0, "1", None, "5"),
        (77.98, "angstrom**2", None, "77.98 Å²"),
        (52.1, "percent", None, "52.1%"),
        (0.000012345, "molar", None, "1.234e-05 molar"),
    ],
)
def test_values_are_printed_for_readers(value: float, unit: str, uncertainty: float | None, shown: str) -> None:
    assert print_value(value, unit, uncertainty) == shown


PAIRS = [("eV", "J"), ("Å", "nm"), ("kcal/mol", "kJ/mol"), ("°C", "K")]


@given(st.floats(min_value=1e-6, max_value=1e6), st.sampled_from(PAIRS))
def test_conversion_there_and_back_changes_nothing(value: float, pair: tuple[str, str]) -> None:
    assert convert(convert(value, *pair), *reversed(pair)) == pytest.approx(value, rel=1e-9, abs=1e-9)
