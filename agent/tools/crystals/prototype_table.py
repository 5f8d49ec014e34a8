"""Common crystal prototypes: space group, occupied Wyckoff positions, free parameters and axial ratios.

Roles: A, B, C are cations, X and Y anions; in the elements there is A alone. Coordinates are those of the named example
in the settings of pymatgen's space group table (origin choice 1 where there are two, hexagonal axes for rhombohedral
groups). The lattice is given in units of a.

Sources: R. W. G. Wyckoff, Crystal Structures (2nd ed., 1963-1971); Mehl et al., Comput. Mater. Sci. 136, S1 (2017) and
later parts, for the labels and the free parameters.
"""

from __future__ import annotations

from dataclasses import dataclass

Site = tuple[str, float, float, float]


@dataclass(frozen=True)
class Prototype:
    """One prototype.

    Attributes:
        name: What it is called.
        example: The compound whose parameters are used.
        group: Hermann-Mauguin symbol of the space group.
        number: Its number.
        lattice: b/a, c/a, alpha, beta, gamma (degrees).
        counts: Atoms of each role in the formula unit.
        sites: Role and fractional coordinates of one atom of each orbit.
        coordination: Neighbours of the other sign that each role has.
        shared: One element in two valence states may take both cation roles (Fe3O4).
    """

    name: str
    example: str
    group: str
    number: int
    lattice: tuple[float, float, float, float, float]
    counts: dict[str, int]
    sites: tuple[Site, ...]
    coordination: dict[str, int]
    shared: bool = False

    @property
    def cations(self) -> tuple[str, ...]:
        """The roles with positive charge."""
        return tuple(role for role in self.counts if role in "ABC")

    @property
    def anions(self) -> tuple[str, ...]:
        """The roles with negative charge."""
        return tuple(role for role in self.counts if role in "XY")


def _cubic() -> tuple[float, float, float, float, float]:
    return (1, 1, 90, 90, 90)


def _tetragonal(ratio: float) -> tuple[float, float, float, float, float]:
    return (1, ratio, 90, 90, 90)


def _hexagonal(ratio: float) -> tuple[float, float, float, float, float]:
    return (1, ratio, 90, 90, 120)


_P = Prototype
_T = 1 / 3
_AX, _AX2, _ABX2, _ABX3, _ABX4 = (
    {"A": 1, "X": 1},
    {"A": 1, "X": 2},
    {"A": 1, "B": 1, "X": 2},
    {"A": 1, "B": 1, "X": 3},
    {"A": 1, "B": 1, "X": 4},
)

COMPOUNDS: tuple[Prototype, ...] = (
    # --- AX ---
    _P("rocksalt", "NaCl", "Fm-3m", 225, _cubic(), _AX, (("A", 0, 0, 0), ("X", .5, .5, .5)), {"A": 6, "X": 6}),
    _P("CsCl", "CsCl", "Pm-3m", 221, _cubic(), _AX, (("A", 0, 0, 0), ("X", .5, .5, .5)), {"A": 8, "X": 8}),
    _P("zincblende", "ZnS", "F-43m", 216, _cubic(), _AX, (("A", 0, 0, 0), ("X", .25, .25, .25)), {"A": 4, "X": 4}),
    _P("wurtzite", "ZnS", "P6_3mc", 186, _hexagonal(1.633), _AX,
       (("A", _T, 2 * _T, 0), ("X", _T, 2 * _T, .375)), {"A": 4, "X": 4}),
    _P("NiAs", "NiAs", "P6_3/mmc", 194, _hexagonal(1.50), _AX,
       (("A", 0, 0, 0), ("X", _T, 2 * _T, .25)), {"A": 6, "X": 6}),
    # --- AX2, A2X ---
    _P("fluorite", "CaF2", "Fm-3m", 225, _cubic(), _AX2, (("A", 0, 0, 0), ("X", .25, .25, .25)), {"A": 8, "X": 4}),
    _P("rutile", "TiO2", "P4_2/mnm", 136, _tetragonal(.644), _AX2,
       (("A", 0, 0, 0), ("X", .305, .305, 0)), {"A": 6, "X": 3}),
    _P("anatase", "TiO2", "I4_1/amd", 141, _tetragonal(2.514), _AX2,
       (("A", 0, 0, 0), ("X", 0, 0, .2081)), {"A": 6, "X": 3}),
    _P("CdI2", "CdI2", "P-3m1", 164, _hexagonal(1.60), _AX2,
       (("A", 0, 0, 0), ("X", _T, 2 * _T, .25)), {"A": 6, "X": 3}),
    _P("molybdenite", "MoS2", "P6_3/mmc", 194, _hexagonal(3.89), _AX2,
       (("A", _T, 2 * _T, .25), ("X", _T, 2 * _T, .621)), {"A": 6, "X": 3}),
    _P("cotunnite", "PbCl2", "Pnma", 62, (.594, 1.188, 90, 90, 90), _AX2,
       (("A", .2459, .25, .0954), ("X", .1426, .25, .4261), ("X", .5232, .25, .8369)), {"A": 9, "X": 4}),
    _P("quartz", "SiO2", "P3_221", 154, _hexagonal(1.100), _AX2,
       (("A", .4697, 0, 2 * _T), ("X", .4135, .2669, .7858)), {"A": 4, "X": 2}),
    _P("antifluorite", "Li2O", "Fm-3m", 225, _cubic(), {"A": 2, "X": 1},
       (("A", .25, .25, .25), ("X", 0, 0, 0)), {"A": 4, "X": 8}),
    _P("cuprite", "Cu2O", "Pn-3m", 224, _cubic(), {"A": 2, "X": 1},
       (("A", .25, .25, .25), ("X", 0, 0, 0)), {"A": 2, "X": 4}),
    # --- A2X3, A3X4, AX3, A3X ---
    _P("corundum", "Al2O3", "R-3c", 167, _hexagonal(2.730), {"A": 2, "X": 3},
       (("A", 0, 0, .352), ("X", .306, 0, .25)), {"A": 6, "X": 4}),
    _P("bixbyite", "Mn2O3", "Ia-3", 206, _cubic(), {"A": 2, "X": 3},
       (("A", .25, .25, .25), ("A", .9656, 0, .25), ("X", .3905, .1529, .3832)), {"A": 6, "X": 4}),
    _P("La2O3", "La2O3", "P-3m1", 164, _hexagonal(1.557), {"A": 2, "X": 3},
       (("A", _T, 2 * _T, .2454), ("X", _T, 2 * _T, .6471), ("X", 0, 0, 0)), {"A": 7, "X": 4}),
    _P("beta-Si3N4", "Si3N4", "P6_3/m", 176, _hexagonal(.3827), {"A": 3, "X": 4},
       (("A", .1744, .7691, .25), ("X", _T, 2 * _T, .25), ("X", .3299, .0311, .25)), {"A": 4, "X": 3}),
    _P("ReO3", "ReO3", "Pm-3m", 221, _cubic(), {"A": 1, "X": 3}, (("A", 0, 0, 0), ("X", .5, 0, 0)), {"A": 6, "X": 2}),
    _P("FeF3", "FeF3", "R-3c", 167, _hexagonal(2.562), {"A": 1, "X": 3},
       (("A", 0, 0, 0), ("X", .412, 0, .25)), {"A": 6, "X": 2}),
    _P("BiI3", "BiI3", "R-3", 148, _hexagonal(2.751), {"A": 1, "X": 3},
       (("A", 0, 0, 1 / 6), ("X", .3415, .3395, .0805)), {"A": 6, "X": 2}),
    _P("UCl3", "UCl3", "P6_3/m", 176, _hexagonal(.5805), {"A": 1, "X": 3},
       (("A", _T, 2 * _T, .25), ("X", .3858, .2997, .25)), {"A": 9, "X": 3}),
    _P("BiF3 antitype", "Li3Sb", "Fm-3m", 225, _cubic(), {"A": 3, "X": 1},
       (("A", .25, .25, .25), ("A", .5, .5, .5), ("X", 0, 0, 0)), {"A": 4, "X": 8}),
    _P("Na3As", "Na3As", "P6_3/mmc", 194, _hexagonal(1.765), {"A": 3, "X": 1},
       (("A", 0, 0, .25), ("A", _T, 2 * _T, .583), ("X", _T, 2 * _T, .25)), {"A": 4, "X": 11}),
    # --- two cations ---
    _P("half-Heusler", "LiMgN", "F-43m", 216, _cubic(), {"A": 1, "B": 1, "X": 1},
       (("A", .5, .5, .5), ("B", .25, .25, .25), ("X", 0, 0, 0)), {"A": 6, "B": 4, "X": 4}),
    _P("alpha-NaFeO2", "NaFeO2", "R-3m", 166, _hexagonal(4.99), _ABX2,
       (("A", 0, 0, .5), ("B", 0, 0, 0), ("X", 0, 0, .2605)), {"A": 6, "B": 6, "X": 6}),
    _P("chalcopyrite", "CuFeS2", "I-42d", 122, _tetragonal(1.971), _ABX2,
       (("A", 0, 0, 0), ("B", 0, 0, .5), ("X", .2574, .25, .125)), {"A": 4, "B": 4, "X": 4}),
    _P("delafossite", "CuFeO2", "R-3m", 166, _hexagonal(5.654), _ABX2,
       (("A", 0, 0, 0), ("B", 0, 0, .5), ("X", 0, 0, .1066)), {"A": 2, "B": 6, "X": 4}),
    _P("cubic perovskite", "SrTiO3", "Pm-3m", 221, _cubic(), _ABX3,
       (("A", .5, .5, .5), ("B", 0, 0, 0), ("X", .5, 0, 0)), {"A": 12, "B": 6, "X": 6}),
    _P("orthorhombic perovskite", "GdFeO3", "Pnma", 62, (1.372, .957, 90, 90, 90), _ABX3,
       (("A", .0628, .25, -.0163), ("B", 0, 0, .5), ("X", .4668, .25, .1005), ("X", .3011, .0506, -.3037)),
       {"A": 8, "B": 6, "X": 5}),
    _P("ilmenite", "FeTiO3", "R-3", 148, _hexagonal(2.768), _ABX3,
       (("A", 0, 0, .3553), ("B", 0, 0, .1464), ("X", .3174, .0233, .2450)), {"A": 6, "B": 6, "X": 4}),
    _P("LiNbO3", "LiNbO3", "R3c", 161, _hexagonal(2.693), _ABX3,
       (("A", 0, 0, .279), ("B", 0, 0, 0), ("X", .0476, .3433, .0633)), {"A": 6, "B": 6, "X": 4}),
    _P("calcite", "CaCO3", "R-3c", 167, _hexagonal(3.419), _ABX3,
       (("A", 0, 0, 0), ("B", 0, 0, .25), ("X", .2568, 0, .25)), {"A": 6, "B": 3, "X": 3}),
    _P("Li2MnO3", "Li2MnO3", "C2/m", 12, (1.728, 1.019, 90, 109.46, 90), {"A": 2, "B": 1, "X": 3},
       (("A", 0, .5, 0), ("A", 0, .6606, .5), ("A", 0, 0, .5), ("B", 0, .16708, 0), ("X", .2189, 0, .2273),
        ("X", .2540, .32119, .2233)), {"A": 6, "B": 6, "X": 6}),
    _P("spinel", "MgAl2O4", "Fd-3m", 227, _cubic(), {"A": 1, "B": 2, "X": 4},
       (("A", 0, 0, 0), ("B", .625, .625, .625), ("X", .3875, .3875, .3875)), {"A": 4, "B": 6, "X": 4}, True),
    _P("olivine", "Mg2SiO4", "Pnma", 62, (.5869, .4671, 90, 90, 90), {"A": 1, "B": 2, "X": 4},
       (("B", 0, 0, 0), ("B", .2774, .25, .9915), ("A", .094, .25, .4262), ("X", .0913, .25, .7657),
        ("X", .4474, .25, .2215), ("X", .1628, .0331, .2777)), {"A": 4, "B": 6, "X": 4}),
    _P("K2NiF4", "K2NiF4", "I4/mmm", 139, _tetragonal(3.264), {"A": 1, "B": 2, "X": 4},
       (("A", 0, 0, 0), ("B", 0, 0, .353), ("X", 0, .5, 0), ("X", 0, 0, .153)), {"A": 6, "B": 9, "X": 6}),
    _P("zircon", "ZrSiO4", "I4_1/amd", 141, _tetragonal(.9057), _ABX4,
       (("A", 0, 0, 0), ("B", 0, 0, .5), ("X", 0, .1839, .3203)), {"A": 8, "B": 4, "X": 3}),
    _P("scheelite", "CaWO4", "I4_1/a", 88, _tetragonal(2.169), _ABX4,
       (("A", 0, 0, .5), ("B", 0, 0, 0), ("X", .2415, .1504, .0861)), {"A": 8, "B": 4, "X": 3}),
    _P("K2PtCl6", "K2PtCl6", "Fm-3m", 225, _cubic(), {"A": 2, "B": 1, "X": 6},
       (("A", .25, .25, .25), ("B", 0, 0, 0), ("X", .24, 0, 0)), {"A": 12, "B": 6, "X": 5}),
    # --- three cations ---
    _P("double perovskite", "K2NaAlF6", "Fm-3m", 225, _cubic(), {"A": 2, "B": 1, "C": 1, "X": 6},
       (("A", .25, .25, .25), ("B", .5, .5, .5), ("C", 0, 0, 0), ("X", .22, 0, 0)),
       {"A": 12, "B": 6, "C": 6, "X": 6}),
    _P("triphylite", "LiFePO4", "Pnma", 62, (.5818, .4540, 90, 90, 90), {"A": 1, "B": 1, "C": 1, "X": 4},
       (("A", 0, 0, 0), ("B", .2822, .25, .9747), ("C", .0948, .25, .4182), ("X", .0968, .25, .7428),
        ("X", .4571, .25, .2060), ("X", .1656, .0465, .2848)), {"A": 6, "B": 6, "C": 4, "X": 4}),
    # --- two anions ---
    _P("matlockite", "PbFCl", "P4/nmm", 129, _tetragonal(1.762), {"A": 1, "X": 1, "Y": 1},
       (("A", 0, .5, .205), ("X", 0, 0, 0), ("Y", 0, .5, .65)), {"A": 9, "X": 4, "Y": 5}),
    _P("antiperovskite", "Li3OCl", "Pm-3m", 221, _cubic(), {"A": 3, "X": 1, "Y": 1},
       (("A", .5, 0, 0), ("X", 0, 0, 0), ("Y", .5, .5, .5)), {"A": 2, "X": 6, "Y": 12}),
)  # fmt: skip
"""Compounds with charges. The order says nothing; candidates are ordered by how well radii fit the coordination."""

ELEMENTS: tuple[Prototype, ...] = (
    _P("diamond", "C", "Fd-3m", 227, _cubic(), {"A": 1}, (("A", 0, 0, 0),), {"A": 4}),
    _P("fcc", "Cu", "Fm-3m", 225, _cubic(), {"A": 1}, (("A", 0, 0, 0),), {"A": 12}),
    _P("bcc", "W", "Im-3m", 229, _cubic(), {"A": 1}, (("A", 0, 0, 0),), {"A": 8}),
    _P("hcp", "Mg", "P6_3/mmc", 194, _hexagonal(1.633), {"A": 1}, (("A", _T, 2 * _T, .25),), {"A": 12}),
)  # fmt: skip
"""Elements."""
