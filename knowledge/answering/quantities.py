"""What laboratories ask for, and how documents say it: other names of a quantity, verbs that state it, and its units.

A question for the melting point is answered by "melts at 226 °C", one for the capacity by "stored 260 mAh/g", one for
the affinity by a K_D. Only wording and kinds of units are here, no values.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from knowledge.answering.amounts import dimension_of
from knowledge.lexical.tokens import tokenise

Terms = frozenset[str]


class Quantity(NamedTuple):
    """A quantity as documents say it.

    Attributes:
        names: Its names, each as index terms that all have to be there.
        verbs: Words that state it together with a figure of its units.
        dimensions: Of its units; none where it is told in figures without a unit or in words.
    """

    names: tuple[Terms, ...]
    verbs: tuple[Terms, ...]
    dimensions: frozenset[tuple[tuple[str, int], ...]]


# Names | verbs that say it with a figure | units of its kinds.
_TABLE = """
melting point, melting temperature, Tm, mp, 녹는점, 융점 | melts, melted | °C
boiling point, boiling temperature, bp, 끓는점, 비점 | boils | °C
glass transition temperature, glass transition, Tg, 유리전이 | vitrifies | °C
decomposition temperature | decomposes, decomposed | °C
critical temperature, transition temperature, Tc, 임계온도 | superconducting | K
temperature, 온도 | | °C
band gap, optical band gap, bandgap, energy gap, Eg, 밴드갭 | | eV
solubility, aqueous solubility, 용해도 | soluble, dissolves | g/L, M, %
half-life, t1/2, 반감기 | | s
lifetime, life, 수명 | lives, lived, lasts, survived | s, cycles
affinity, KD, Ki, dissociation constant, binding constant, 친화도 | binds, bound | M
potency, IC50, EC50, GI50, inhibitory concentration, 저해 농도 | inhibits, inhibited, inhibition, active | M, g/L
conductivity, ionic conductivity, electrical conductivity, conductance, 전도도 | conducts | S/m
thermal conductivity, 열전도도 | | W/m·K
viscosity, 점도 | viscous | Pa·s
density, 밀도 | dense | g/L
power density, 출력밀도 | delivered, delivers, reached | W/m2, W/g
energy density, 에너지밀도 | | Wh/g, Wh/L
current density, 전류밀도 | | A/m2, A/g
modulus, Young's modulus, elastic modulus, tensile modulus, stiffness, 탄성률 | stiff | Pa
strength, 강도 | strong, fails | Pa
tensile strength, ultimate tensile strength, UTS, 인장강도 | | Pa
compressive strength, 압축강도 | | Pa
yield strength, yield stress, 항복강도 | yields | Pa
hardness, 경도 | hard | Pa
toughness, fracture toughness | tough |
elongation, strain, 연신율 | elongated | %
capacity, 용량 | stored, stores, delivered, delivers | Ah/g, Ah/m2
capacity retention, retention, 유지율 | retained, retains, kept, keeps, fell, lost | %
efficiency, 효율 | efficient | %
power conversion efficiency, PCE, 광전변환효율 | | %
quantum yield, quantum efficiency, 양자수율 | | %
yield, 수율 | yielded, gave, obtained | %, g/L
selectivity, 선택도 | selective | %, fold
uptake, loading, adsorption capacity, 흡착량 | takes up, adsorbs, absorbs, adsorbed, absorbed, uptakes | mol/g, %, g/g
surface area, 비표면적 | | m2/g
bioavailability, 생체이용률 | bioavailable | %
clearance | cleared | L/min, L/min/g
activation energy, Ea, 활성화 에너지 | | eV, J/mol, cal/mol
enthalpy, 엔탈피 | | J/mol, eV, cal/mol
dielectric constant, permittivity, 유전율 | |
refractive index, 굴절률 | |
pKa, pKa1, acid dissociation constant | |
isoelectric point, pI, 등전점 | |
logP, partition coefficient, lipophilicity, logD | lipophilic |
molecular weight, molar mass, Mw, Mn, 분자량 | | Da, g/mol
Seebeck coefficient, thermopower, 제벡 계수 | | V/K
figure of merit, zT | |
turnover number, TON | |
turnover frequency, TOF, kcat | | /s, /h
catalytic efficiency, kcat/KM | |
Michaelis constant, KM | | M
rate constant | | /s, /M·s
rate, 속도 | evolved, evolves, produced | mol/g·h, /s, m/s, M/s
diameter, size, 지름, 직경, 크기 | large, across, wide | m
wavelength, 파장 | emits, emitted, absorbs, absorbed, emission, absorption | m
emission wavelength, emission maximum, 발광 파장 | emits, emitted, emission | m
absorption wavelength, absorption maximum | absorbs, absorbed | m
thickness, 두께 | thick, thicker, thinner | m
overpotential, 과전압 | | V
voltage, potential, 전압 | | V
pressure, 압력 | | Pa, bar
concentration, 농도 | | M, g/L, %
toxicity, LD50, LC50, 독성 | toxic, killed |
price, cost, 가격, 비용, 원가 | costs | EUR, USD
"""


def _terms(phrase: str) -> Terms:
    return frozenset(tokenise(phrase))


@cache
def _known() -> tuple[tuple[Terms, Quantity], ...]:
    """Every name with its quantity, the longer names first."""
    found: list[tuple[Terms, Quantity]] = []
    for line in _TABLE.strip().splitlines():
        names, verbs, units = ([part.strip() for part in cell.split(",") if part.strip()] for cell in line.split("|"))
        quantity = Quantity(
            tuple(map(_terms, names)),
            tuple(map(_terms, verbs)),
            frozenset(dimension_of(unit) for unit in units),
        )
        found += [(name, quantity) for name in quantity.names]
    return tuple(sorted(found, key=lambda pair: -len(pair[0])))


def quantity_of(phrase: str) -> Quantity | None:
    """The quantity that a phrase names, by its longest name in it ("lattice thermal conductivity").

    Args:
        phrase: What is asked for.
    """
    said = _terms(phrase)
    return next((quantity for name, quantity in _known() if name <= said), None)


ADJECTIVES = {
    "soluble": "solubility", "potent": "potency", "selective": "selectivity", "stiff": "modulus", "thick": "thickness",
    "large": "size", "big": "size", "dense": "density", "viscous": "viscosity", "toxic": "toxicity",
    "hot": "temperature", "expensive": "price", "efficient": "efficiency", "hard": "hardness",
    "lipophilic": "lipophilicity",
    "conductive": "conductivity", "tough": "toughness", "bioavailable": "bioavailability",
}  # fmt: skip
"""Of "how soluble is": the quantity that is asked for."""
COMMON = frozenset(
    dimension_of(unit) for unit in ("%", "K", "s", "M", "Pa", "m", "g", "g/L", "bar", "cycles", "fold", "h", "V")
)
"""Dimensions that many quantities share: a figure alone does not say which one it is."""
