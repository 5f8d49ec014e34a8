"""Names of minerals in goals, English and Korean, with the formula of the end member."""

from __future__ import annotations

import re
from dataclasses import dataclass

MINERALS: dict[str, tuple[str, str]] = {
    # name: formula, Korean names as a pattern
    "quartz": ("SiO2", "석영"), "cristobalite": ("SiO2", "크리스토발라이트"), "coesite": ("SiO2", "코에사이트"),
    "stishovite": ("SiO2", "스티쇼바이트"), "albite": ("NaAlSi3O8", "조장석|앨바이트"),
    "kaolinite": ("Al2Si2H4O9", "고령석|카올리나이트"), "calcite": ("CaCO3", "방해석"),
    "magnesite": ("MgCO3", "마그네사이트|능고토석"), "siderite": ("FeCO3", "능철석"),
    "rhodochrosite": ("MnCO3", "능망간석"), "smithsonite": ("ZnCO3", "능아연석"),
    "dolomite": ("CaMgC2O6", "백운석|돌로마이트"), "aragonite": ("CaCO3", "아라고나이트|산석"),
    "gypsum": ("CaSO6H4", "석고"), "anhydrite": ("CaSO4", "경석고|무수석고"),
    "barite": ("BaSO4", "중정석"), "hematite": ("Fe2O3", "적철석"), "corundum": ("Al2O3", "강옥|커런덤"),
    "ilmenite": ("FeTiO3", "티탄철석"), "goethite": ("FeHO2", "침철석"), "magnetite": ("Fe3O4", "자철석"),
    "chromite": ("FeCr2O4", "크롬철석"), "rutile": ("TiO2", "금홍석"), "anatase": ("TiO2", "예추석|아나타제"),
    "cassiterite": ("SnO2", "석석"), "pyrolusite": ("MnO2", "연망간석"), "periclase": ("MgO", "페리클레이스"),
    "brucite": ("MgH2O2", "브루사이트|수활석"), "forsterite": ("Mg2SiO4", "포스테라이트|고토감람석"),
    "fayalite": ("Fe2SiO4", "파얄라이트|철감람석"), "halite": ("NaCl", "암염"), "sylvite": ("KCl", "실바이트"),
    "pyrite": ("FeS2", "황철석"), "galena": ("PbS", "방연석"), "sphalerite": ("ZnS", "섬아연석"),
    "fluorite": ("CaF2", "형석"), "spinel": ("MgAl2O4", "첨정석"),
}  # fmt: skip
"""Minerals whose structures the table of the crystals room holds, with formulas in its spelling."""

STRUCTURE_TYPES = frozenset(("fluorite", "spinel", "rutile", "ilmenite", "sphalerite", "halite", "anatase"))
"""Minerals that are names of structure types too: beside formulas of another composition they mean the type."""

_SPELT = {"haematite": "hematite", "baryte": "barite", "barytes": "barite", "corindon": "corundum"}
_ENGLISH = re.compile(
    rf"\b(?P<name>{'|'.join(sorted((*MINERALS, *_SPELT), key=len, reverse=True))})s?\b", re.IGNORECASE
)
_KOREAN = tuple((re.compile(pattern), name) for name, (_, pattern) in MINERALS.items())


@dataclass(frozen=True)
class NamedMineral:
    """A mineral that a goal names."""

    start: int
    end: int
    name: str
    formula: str


def find_minerals(text: str) -> tuple[NamedMineral, ...]:
    """Find the minerals that a goal names.

    Args:
        text: Normalised goal text.

    Returns:
        Each once, in order of appearance.
    """
    found = [
        (match.start(), match.end(), _SPELT.get(match["name"].lower(), match["name"].lower()))
        for match in _ENGLISH.finditer(text)
    ]
    for pattern, name in _KOREAN:
        found += [(match.start(), match.end(), name) for match in pattern.finditer(text)]
    # "경석고" holds "석고": the longer name wins.
    longest = [
        one
        for one in found
        if not any(o is not one and o[0] <= one[0] and one[1] <= o[1] and o[1] - o[0] > one[1] - one[0] for o in found)
    ]
    first: dict[str, NamedMineral] = {}
    for start, end, name in sorted(longest):
        first.setdefault(name, NamedMineral(start, end, name, MINERALS[name][0]))
    return tuple(first.values())
