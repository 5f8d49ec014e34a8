"""Units: parsing, conversion and printing, by pint with CODATA constants.

pint is loaded on first use, so that importing this module costs nothing. Units are kept as short strings in
records (``g/mol``, ``angstrom**2``, ``eV/atom``, ``1`` for a pure number) and become algebra here.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from agent.errors import InputError

if TYPE_CHECKING:
    from pint import Unit, UnitRegistry

DIMENSIONLESS = "1"

# How people write units in goals and tables, where pint would read something else or nothing.
_SPELLINGS = {
    "": DIMENSIONLESS,
    "da": "dalton",
    "daltons": "dalton",
    "kda": "kilodalton",
    "å": "angstrom",
    "å2": "angstrom**2",
    "å²": "angstrom**2",
    "å^2": "angstrom**2",
    "å3": "angstrom**3",
    "a2": "angstrom**2",
    "ang": "angstrom",
    "°c": "degC",
    "℃": "degC",
    "celsius": "degC",
    "°": "degree",
    "%": "percent",
    "um": "micrometer",
    "µm": "micrometer",
    "μm": "micrometer",
    "log(mol/l)": "log_molar",
    "logm": "log_molar",
    "nm": "nanometer",
    "nM": "nanomolar",
    "uM": "micromolar",
    "µM": "micromolar",
    "μM": "micromolar",
    "mM": "millimolar",
    "M": "molar",
    "U": "enzyme_unit",
    "bp": "base_pair",
    "aa": "residue",
    "kcal/mol": "kilocalorie/mole",
    "g/mol": "gram/mole",
}

# One dalton a particle is one gram a mole, numerically and by definition of use in chemistry; pint keeps the two
# dimensions apart.
_PER_MOLE = {"dalton": "gram/mole", "kilodalton": "kilogram/mole"}


@cache
def registry() -> UnitRegistry:
    """The one unit registry of the process (built on first use)."""
    import pint

    ureg = pint.UnitRegistry(autoconvert_offset_to_baseunit=True)
    ureg.define("base_pair = [sequence_length] = bp")
    ureg.define("residue = [chain_length]")
    ureg.define("log_molar = [log_concentration] = logM")  # log10 of mol/L: a scale, not a concentration
    ureg.define("atom = []")
    ureg.formatter.default_format = "~C"
    return ureg


@cache
def parse_unit(text: str) -> Unit:
    """Read a unit as people write it.

    Args:
        text: For instance ``g/mol``, ``Da``, ``Å²``, ``°C``, ``nM``, or an empty string for a pure number.

    Returns:
        The unit in the registry's terms.

    Raises:
        InputError: The unit is unknown.
    """
    import pint

    stripped = text.strip()
    spelled = _SPELLINGS.get(stripped) or _SPELLINGS.get(stripped.lower()) or stripped
    spelled = _PER_MOLE.get(spelled, spelled)
    if spelled == DIMENSIONLESS:
        return registry().Unit("dimensionless")
    try:
        return registry().Unit(spelled.replace("²", "**2").replace("³", "**3").replace("·", "*"))
    except (pint.errors.PintError, AttributeError, TypeError, ValueError, AssertionError, KeyError) as error:
        raise InputError(f"The unit '{text}' is unknown.", remedy="Write it as in g/mol, nM, eV, Å or °C.") from error
    except Exception as error:  # pint's tokenizer raises Python's own TokenError on stray brackets
        raise InputError(f"The unit '{text}' cannot be read.", remedy="Write it as in g/mol or eV.") from error


def compatible(one: str, other: str) -> bool:
    """Whether two units measure the same thing (both known, same dimension)."""
    return parse_unit(one).is_compatible_with(parse_unit(other))


def convert(value: float, source: str, target: str) -> float:
    """Convert a value between units.

    Args:
        value: In ``source``.
        source: A unit as `parse_unit` reads it.
        target: A unit of the same dimension.

    Returns:
        The value in ``target``.

    Raises:
        InputError: A unit is unknown, or the two measure different things.
    """
    one, other = parse_unit(source), parse_unit(target)
    if one == other:
        return float(value)
    if not one.is_compatible_with(other):
        raise InputError(
            f"'{source}' cannot be converted to '{target}': they measure different things.",
            remedy=f"Give the value in {target}.",
        )
    return float(registry().Quantity(value, one).to(other).magnitude)


# How a unit is printed for people, where its own spelling is clumsy.
_PRINTED = {
    DIMENSIONLESS: "",
    "angstrom": "Å",
    "angstrom**2": "Å²",
    "angstrom**3": "Å³",
    "degC": "°C",
    "degree": "°",
    "percent": "%",
    "micromolar": "µM",
    "millimolar": "mM",
    "microliter": "µL",
    "gigapascal": "GPa",
    "hour": "h",
    "week": "weeks",
    "nanomolar": "nM",
    "log_molar": "log(mol/L)",
    "g/cm**3": "g/cm³",
    "base_pair": "bp",
    "residue": "aa",
    "eV/angstrom": "eV/Å",
    "mA*hour/g": "mAh/g",
}


def print_unit(unit: str) -> str:
    """The unit as a reader expects to see it (``Å²``, nothing for a pure number)."""
    return _PRINTED.get(unit, unit)


def counted(number: int, noun: str, plural: str = "") -> str:
    """A count with its noun: ``1 sequence``, ``2 sequences``, ``3 analyses``.

    Args:
        number: How many.
        noun: What, in the singular.
        plural: Its plural, where that is not the noun with an s.
    """
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"


def print_value(value: float, unit: str = DIMENSIONLESS, uncertainty: float | None = None) -> str:
    """Print a value with its unit, rounded to its uncertainty or to four significant digits.

    Args:
        value: The number.
        unit: Its unit.
        uncertainty: One standard deviation in the same unit, if known.

    Returns:
        For instance ``3.514``, ``381.4 g/mol`` or ``-4.20 ± 0.35 log(mol/L)``.
    """
    if uncertainty is not None and uncertainty > 0:
        from uncertainties import ufloat

        number = f"{ufloat(value, uncertainty):.2uP}".replace("±", " ± ").replace("(", "").replace(")", "")
    elif float(value).is_integer() and abs(value) < 1e6:
        number = str(int(value))
    else:
        number = f"{value:.4g}"
    printed = print_unit(unit)
    return f"{number}{'' if printed in ('', '%', '°') else ' '}{printed}"
