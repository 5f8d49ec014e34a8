"""Crystal structures of common minerals: cell, space group and one atom of each orbit.

Each row names the published refinement that its parameters are taken from. Cells are those of nearly pure end members
at room conditions; coordinates are in the setting of the named space group (origin choice 1 where there are two), in
hexagonal axes for rhombohedral groups. Groups in brackets (``C-1``, ``C1``) are settings with a centred cell that are
built from the operations of `SETTINGS`. Hydrogen is left out of no mineral here.
"""

from __future__ import annotations

from dataclasses import dataclass

Atom = tuple[str, float, float, float]

SETTINGS: dict[str, tuple[str, ...]] = {
    "C-1": ("x,y,z", "-x,-y,-z", "x+1/2,y+1/2,z", "-x+1/2,-y+1/2,-z"),
    "C1": ("x,y,z", "x+1/2,y+1/2,z"),
}
"""Operations of centred triclinic settings, which the tables of space groups do not list."""


@dataclass(frozen=True)
class Mineral:
    """One mineral.

    Attributes:
        name: Its accepted name, lower case.
        formula: Idealised.
        group: Hermann-Mauguin symbol of the setting.
        cell: a, b, c in Å and alpha, beta, gamma in degrees.
        atoms: Element and fractional coordinates of one atom of each orbit.
        source: The refinement.
    """

    name: str
    formula: str
    group: str
    cell: tuple[float, float, float, float, float, float]
    atoms: tuple[Atom, ...]
    source: str


def _cubic(a: float) -> tuple[float, float, float, float, float, float]:
    return (a, a, a, 90, 90, 90)


def _hexagonal(a: float, c: float) -> tuple[float, float, float, float, float, float]:
    return (a, a, c, 90, 90, 120)


def _box(a: float, b: float, c: float) -> tuple[float, float, float, float, float, float]:
    return (a, b, c, 90, 90, 90)


def _carbonate(name: str, cation: str, a: float, c: float, x: float) -> Mineral:
    return Mineral(
        name,
        f"{cation}CO3",
        "R-3c",
        _hexagonal(a, c),
        ((cation, 0, 0, 0), ("C", 0, 0, 0.25), ("O", x, 0, 0.25)),
        "Effenberger et al., Z. Kristallogr. 156, 233 (1981)",
    )


_M = Mineral
MINERALS: tuple[Mineral, ...] = (
    # --- silica -----------------------------------------------------------------------------------------------------
    _M("quartz", "SiO2", "P3_221", _hexagonal(4.9134, 5.4052), (("Si", 0.4697, 0, 2 / 3), ("O", 0.4135, 0.2669, 0.7858)), "Levien et al., Am. Mineral. 65, 920 (1980)"),
    _M("cristobalite", "SiO2", "P4_12_12", _box(4.9717, 4.9717, 6.9223), (("Si", 0.3003, 0.3003, 0), ("O", 0.2392, 0.1044, 0.1787)), "Downs and Palmer, Am. Mineral. 79, 9 (1994)"),
    _M("coesite", "SiO2", "C2/c", (7.1356, 12.3692, 7.1736, 90, 120.34, 90), (("Si", 0.1403, 0.1083, 0.0724), ("Si", 0.5068, 0.1580, 0.5407), ("O", 0, 0, 0), ("O", 0.5, 0.1163, 0.75), ("O", 0.2660, 0.1234, 0.9401), ("O", 0.3114, 0.1038, 0.3280), ("O", 0.0175, 0.2117, 0.4784)), "Levien and Prewitt, Am. Mineral. 66, 324 (1981)"),
    _M("stishovite", "SiO2", "P4_2/mnm", _box(4.1797, 4.1797, 2.6669), (("Si", 0, 0, 0), ("O", 0.3061, 0.3061, 0)), "Ross et al., Am. Mineral. 75, 739 (1990)"),
    # --- feldspars, clay --------------------------------------------------------------------------------------------
    _M("albite", "NaAlSi3O8", "C-1", (8.142, 12.785, 7.159, 94.19, 116.61, 87.68), (("Na", 0.26826, 0.98894, 0.14611), ("Al", 0.00887, 0.16835, 0.20815), ("Si", 0.00370, 0.82055, 0.23731), ("Si", 0.69205, 0.11030, 0.31493), ("Si", 0.68149, 0.88180, 0.36073), ("O", 0.00494, 0.13101, 0.96651), ("O", 0.59207, 0.99715, 0.28034), ("O", 0.81259, 0.10993, 0.19086), ("O", 0.82003, 0.85100, 0.25868), ("O", 0.01348, 0.30237, 0.26978), ("O", 0.02387, 0.69375, 0.22944), ("O", 0.20772, 0.10902, 0.38915), ("O", 0.18375, 0.86826, 0.43617)), "Armbruster et al., Am. Mineral. 75, 135 (1990)"),
    _M("kaolinite", "Al2Si2H4O9", "C1", (5.1535, 8.9419, 7.3906, 91.926, 105.046, 89.797), (("Al", 0.289, 0.4966, 0.466), ("Al", 0.793, 0.3288, 0.465), ("Si", 0.989, 0.3395, 0.0906), ("Si", 0.507, 0.1665, 0.0938), ("O", 0.049, 0.3482, 0.3168), ("O", 0.113, 0.6598, 0.3188), ("O", 0.047, 0.5, 0.0), ("O", 0.204, 0.2291, 0.030), ("O", 0.197, 0.7641, 0.001), ("O", 0.050, 0.9710, 0.325), ("O", 0.960, 0.1658, 0.607), ("O", 0.037, 0.4726, 0.6046), ("O", 0.038, 0.8582, 0.609), ("H", 0.145, 0.0651, 0.326), ("H", 0.063, 0.1638, 0.739), ("H", 0.036, 0.5057, 0.732), ("H", 0.534, 0.3154, 0.728)), "Bish, Clays Clay Miner. 41, 738 (1993)"),
    # --- carbonates, sulfates ---------------------------------------------------------------------------------------
    _carbonate("calcite", "Ca", 4.9896, 17.061, 0.2568),
    _carbonate("magnesite", "Mg", 4.6328, 15.0129, 0.2775),
    _carbonate("siderite", "Fe", 4.6916, 15.3796, 0.2743),
    _carbonate("rhodochrosite", "Mn", 4.7682, 15.6354, 0.2695),
    _carbonate("smithsonite", "Zn", 4.6526, 15.0257, 0.2764),
    _M("dolomite", "CaMgC2O6", "R-3", _hexagonal(4.8069, 16.0034), (("Ca", 0, 0, 0), ("Mg", 0, 0, 0.5), ("C", 0, 0, 0.24289), ("O", 0.24776, -0.03526, 0.24402)), "Ross and Reeder, Am. Mineral. 77, 1108 (1992)"),
    _M("aragonite", "CaCO3", "Pnma", _box(5.7404, 4.9614, 7.9671), (("Ca", -0.2405, 0.25, 0.4150), ("C", -0.0862, 0.25, 0.7622), ("O", -0.0962, 0.25, 0.9225), ("O", -0.0862, 0.4736, 0.6810)), "de Villiers, Am. Mineral. 56, 758 (1971)"),
    _M("gypsum", "CaSO6H4", "C2/c", (5.679, 15.202, 6.522, 90, 118.43, 90), (("Ca", 0.5, 0.07967, 0.25), ("S", 0, 0.07705, 0.75), ("O", 0.96320, 0.13190, 0.55047), ("O", 0.75822, 0.02226, 0.66709), ("O", 0.37960, 0.18212, 0.45881), ("H", 0.25110, 0.16160, 0.50370), ("H", 0.40450, 0.24270, 0.49120)), "Pedersen and Semmingsen, Acta Cryst. B38, 1074 (1982)"),
    _M("anhydrite", "CaSO4", "Cmcm", _box(6.995, 6.245, 6.993), (("Ca", 0, 0.3476, 0.75), ("S", 0, 0.1556, 0.25), ("O", 0.1699, 0.0162, 0.25), ("O", 0, 0.2975, 0.0819)), "Hawthorne and Ferguson, Can. Mineral. 13, 289 (1975)"),
    _M("barite", "BaSO4", "Pnma", _box(8.884, 5.457, 7.157), (("Ba", 0.1845, 0.25, 0.1587), ("S", 0.4370, 0.75, 0.1910), ("O", 0.5870, 0.75, 0.1060), ("O", 0.3176, 0.75, 0.0496), ("O", 0.4194, 0.9704, 0.3116)), "Jacobsen et al., Can. Mineral. 36, 1053 (1998)"),
    # --- oxides, hydroxides -----------------------------------------------------------------------------------------
    _M("hematite", "Fe2O3", "R-3c", _hexagonal(5.038, 13.772), (("Fe", 0, 0, 0.3553), ("O", 0.3059, 0, 0.25)), "Blake et al., Am. Mineral. 51, 123 (1966)"),
    _M("corundum", "Al2O3", "R-3c", _hexagonal(4.7570, 12.9877), (("Al", 0, 0, 0.3522), ("O", 0.3063, 0, 0.25)), "Newnham and de Haan, Z. Kristallogr. 117, 235 (1962)"),
    _M("ilmenite", "FeTiO3", "R-3", _hexagonal(5.0884, 14.0855), (("Fe", 0, 0, 0.3553), ("Ti", 0, 0, 0.1464), ("O", 0.3174, 0.0233, 0.2451)), "Wechsler and Prewitt, Am. Mineral. 69, 176 (1984)"),
    _M("goethite", "FeHO2", "Pnma", _box(9.9560, 3.0215, 4.6080), (("Fe", 0.1459, 0.25, -0.0486), ("O", -0.1990, 0.25, 0.2880), ("O", -0.0530, 0.25, -0.1980), ("H", -0.0800, 0.25, -0.3800)), "Gualtieri and Venturelli, Am. Mineral. 84, 895 (1999)"),
    _M("magnetite", "Fe3O4", "Fd-3m", _cubic(8.3969), (("Fe", 0, 0, 0), ("Fe", 0.625, 0.625, 0.625), ("O", 0.3799, 0.3799, 0.3799)), "Wechsler et al., Am. Mineral. 69, 754 (1984)"),
    _M("spinel", "MgAl2O4", "Fd-3m", _cubic(8.0898), (("Mg", 0, 0, 0), ("Al", 0.625, 0.625, 0.625), ("O", 0.3883, 0.3883, 0.3883)), "Finger et al., Phys. Chem. Minerals 13, 215 (1986)"),
    _M("chromite", "FeCr2O4", "Fd-3m", _cubic(8.3765), (("Fe", 0, 0, 0), ("Cr", 0.625, 0.625, 0.625), ("O", 0.3875, 0.3875, 0.3875)), "Lenaz et al., Am. Mineral. 89, 633 (2004)"),
    _M("rutile", "TiO2", "P4_2/mnm", _box(4.5937, 4.5937, 2.9587), (("Ti", 0, 0, 0), ("O", 0.3048, 0.3048, 0)), "Meagher and Lager, Can. Mineral. 17, 77 (1979)"),
    _M("anatase", "TiO2", "I4_1/amd", _box(3.7842, 3.7842, 9.5146), (("Ti", 0, 0, 0), ("O", 0, 0, 0.2081)), "Howard et al., Acta Cryst. B47, 462 (1991)"),
    _M("cassiterite", "SnO2", "P4_2/mnm", _box(4.7382, 4.7382, 3.1871), (("Sn", 0, 0, 0), ("O", 0.3071, 0.3071, 0)), "Baur and Khan, Acta Cryst. B27, 2133 (1971)"),
    _M("pyrolusite", "MnO2", "P4_2/mnm", _box(4.4041, 4.4041, 2.8765), (("Mn", 0, 0, 0), ("O", 0.3046, 0.3046, 0)), "Bolzan et al., Aust. J. Chem. 46, 939 (1993)"),
    _M("periclase", "MgO", "Fm-3m", _cubic(4.2112), (("Mg", 0, 0, 0), ("O", 0.5, 0.5, 0.5)), "Hazen, Am. Mineral. 61, 266 (1976)"),
    _M("lime", "CaO", "Fm-3m", _cubic(4.8105), (("Ca", 0, 0, 0), ("O", 0.5, 0.5, 0.5)), "Fiquet et al., Phys. Chem. Minerals 27, 103 (1999)"),
    _M("brucite", "MgH2O2", "P-3m1", _hexagonal(3.150, 4.770), (("Mg", 0, 0, 0), ("O", 1 / 3, 2 / 3, 0.2203), ("H", 1 / 3, 2 / 3, 0.4130)), "Catti et al., Phys. Chem. Minerals 22, 200 (1995)"),
    # --- silicates of the mantle ------------------------------------------------------------------------------------
    _M("forsterite", "Mg2SiO4", "Pnma", _box(10.207, 5.980, 4.756), (("Mg", 0, 0, 0), ("Mg", 0.2774, 0.25, 0.9915), ("Si", 0.0940, 0.25, 0.4262), ("O", 0.0913, 0.25, 0.7657), ("O", 0.4474, 0.25, 0.2215), ("O", 0.1631, 0.0331, 0.2774)), "Fujino et al., Acta Cryst. B37, 513 (1981)"),
    _M("fayalite", "Fe2SiO4", "Pnma", _box(10.4788, 6.0873, 4.8195), (("Fe", 0, 0, 0), ("Fe", 0.2803, 0.25, 0.9856), ("Si", 0.0975, 0.25, 0.4297), ("O", 0.0921, 0.25, 0.7683), ("O", 0.4529, 0.25, 0.2087), ("O", 0.1655, 0.0384, 0.2885)), "Fujino et al., Acta Cryst. B37, 513 (1981)"),
    # --- halides, sulfides ------------------------------------------------------------------------------------------
    _M("halite", "NaCl", "Fm-3m", _cubic(5.6402), (("Na", 0, 0, 0), ("Cl", 0.5, 0.5, 0.5)), "Wyckoff, Crystal Structures 1, 85 (1963)"),
    _M("sylvite", "KCl", "Fm-3m", _cubic(6.2931), (("K", 0, 0, 0), ("Cl", 0.5, 0.5, 0.5)), "Wyckoff, Crystal Structures 1, 85 (1963)"),
    _M("fluorite", "CaF2", "Fm-3m", _cubic(5.4631), (("Ca", 0, 0, 0), ("F", 0.25, 0.25, 0.25)), "Wyckoff, Crystal Structures 1, 239 (1963)"),
    _M("pyrite", "FeS2", "Pa-3", _cubic(5.4166), (("Fe", 0, 0, 0), ("S", 0.3851, 0.3851, 0.3851)), "Bayliss, Am. Mineral. 62, 1168 (1977)"),
    _M("galena", "PbS", "Fm-3m", _cubic(5.9362), (("Pb", 0, 0, 0), ("S", 0.5, 0.5, 0.5)), "Wyckoff, Crystal Structures 1, 85 (1963)"),
    _M("sphalerite", "ZnS", "F-43m", _cubic(5.4093), (("Zn", 0, 0, 0), ("S", 0.25, 0.25, 0.25)), "Wyckoff, Crystal Structures 1, 109 (1963)"),
)  # fmt: skip
