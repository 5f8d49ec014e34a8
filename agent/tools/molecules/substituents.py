"""Substituents and the swaps among them: the matched replacements at one attachment point. Pure data.

A substituent is a small group held by a single bond outside rings. The swap families collect what medicinal chemists
commonly exchange for one another at the same place: small groups scanned on a ring, acid and sulfonamide isosteres,
groups on nitrogen. The names are those that appear in a candidate's ``change`` label.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Substituent:
    """A group at one attachment point.

    Attributes:
        smarts: Finds exactly this group; its first atom is the one that is attached.
        smiles: Builds it; its first atom is the one that is attached. Empty: the group is only ever replaced.
    """

    smarts: str
    smiles: str = ""


@dataclass(frozen=True)
class SwapFamily:
    """Groups that may stand for one another: any of ``sources`` becomes any of ``targets`` on these anchors."""

    anchors: tuple[str, ...]
    sources: tuple[str, ...]
    targets: tuple[str, ...]


ANCHORS: dict[str, str] = {
    "aryl": "[c]",
    "alkyl": "[CX4;!$(C(F)F)]",
    "N": "[NX3;+0;!$(N~[O,N]);!$(N=*)]",
    "azole N": "[nX3;+0]",
}
"""SMARTS of the atom that holds the group, by the word that names it."""

_S = Substituent

SUBSTITUENTS: dict[str, Substituent] = {
    "F": _S("[FX1]", "F"),
    "Cl": _S("[ClX1]", "Cl"),
    "Br": _S("[BrX1]", "Br"),
    "I": _S("[IX1]"),
    "CH3": _S("[CH3]", "C"),
    "CH2CH3": _S("[CH2][CH3]", "CC"),
    "CH2CH2CH3": _S("[CH2][CH2][CH3]", "CCC"),
    "CH(CH3)2": _S("[CHX4]([CH3])[CH3]", "C(C)C"),
    "C(CH3)3": _S("[CX4]([CH3])([CH3])[CH3]", "C(C)(C)C"),
    "CH2CH(CH3)2": _S("[CH2][CHX4]([CH3])[CH3]", "CC(C)C"),
    "cyclopropyl": _S("[CHX4]1[CH2][CH2]1", "C1CC1"),
    "cyclobutyl": _S("[CHX4]1[CH2][CH2][CH2]1", "C1CCC1"),
    "cyclopropylmethyl": _S("[CH2][CHX4]1[CH2][CH2]1", "CC1CC1"),
    "oxetan-3-yl": _S("[CHX4]1[CH2]O[CH2]1", "C1COC1"),
    "CH2F": _S("[CH2][F]", "CF"),
    "CHF2": _S("[CHX4]([F])[F]", "C(F)F"),
    "CF3": _S("[CX4]([F])([F])[F]", "C(F)(F)F"),
    "CF2CH3": _S("[CX4]([F])([F])[CH3]", "C(F)(F)C"),
    "CH2CHF2": _S("[CH2][CHX4]([F])[F]", "CC(F)F"),
    "CH2CF3": _S("[CH2][CX4]([F])([F])[F]", "CC(F)(F)F"),
    "C≡CH": _S("[CX2]#[CH]", "C#C"),
    "CN": _S("[CX2]#[NX1]", "C#N"),
    "CH2CN": _S("[CH2][CX2]#[NX1]", "CC#N"),
    "OH": _S("[OH]", "O"),
    "OCH3": _S("[OX2][CH3]", "OC"),
    "OCH2CH3": _S("[OX2][CH2][CH3]", "OCC"),
    "OCH(CH3)2": _S("[OX2][CHX4]([CH3])[CH3]", "OC(C)C"),
    "OCHF2": _S("[OX2][CHX4]([F])[F]", "OC(F)F"),
    "OCF3": _S("[OX2][CX4]([F])([F])[F]", "OC(F)(F)F"),
    "OCH2CH2OCH3": _S("[OX2][CH2][CH2][OX2][CH3]", "OCCOC"),
    "CH2OH": _S("[CH2][OH]", "CO"),
    "CH2CH2OH": _S("[CH2][CH2][OH]", "CCO"),
    "CH2OCH3": _S("[CH2][OX2][CH3]", "COC"),
    "CH2CH2OCH3": _S("[CH2][CH2][OX2][CH3]", "CCOC"),
    "C(CH3)2OH": _S("[CX4]([CH3])([CH3])[OH]", "C(C)(C)O"),
    "NH2": _S("[NX3H2]", "N"),
    "NHCH3": _S("[NX3H1][CH3]", "NC"),
    "N(CH3)2": _S("[NX3]([CH3])[CH3]", "N(C)C"),
    "CH2NH2": _S("[CH2][NX3H2]", "CN"),
    "NHC(O)CH3": _S("[NX3H1]C(=O)[CH3]", "NC(=O)C"),
    "NHSO2CH3": _S("[NX3H1]S(=O)(=O)[CH3]", "NS(=O)(=O)C"),
    "NO2": _S("[NX3+](=O)[O-]"),
    "SH": _S("[SX2H]"),
    "SCH3": _S("[SX2][CH3]", "SC"),
    "S(O)CH3": _S("[SX3](=O)[CH3]", "S(=O)C"),
    "SO2CH3": _S("[SX4](=O)(=O)[CH3]", "S(=O)(=O)C"),
    "SO2CH2CH3": _S("[SX4](=O)(=O)[CH2][CH3]", "S(=O)(=O)CC"),
    "SO2-cyclopropyl": _S("[SX4](=O)(=O)[CHX4]1[CH2][CH2]1", "S(=O)(=O)C1CC1"),
    "S(O)(NH)CH3": _S("[SX4](=O)(=[NH])[CH3]", "S(=O)(=N)C"),
    "SO2NH2": _S("[SX4](=O)(=O)[NX3H2]", "S(=O)(=O)N"),
    "SO2NHCH3": _S("[SX4](=O)(=O)[NX3H1][CH3]", "S(=O)(=O)NC"),
    "SO2NH-cyclopropyl": _S("[SX4](=O)(=O)[NX3H1][CHX4]1[CH2][CH2]1", "S(=O)(=O)NC1CC1"),
    "SO2N(CH3)2": _S("[SX4](=O)(=O)[NX3]([CH3])[CH3]", "S(=O)(=O)N(C)C"),
    "CH2SO2NH2": _S("[CH2][SX4](=O)(=O)[NX3H2]", "CS(=O)(=O)N"),
    "SO3H": _S("[SX4](=O)(=O)[OH]"),
    "CHO": _S("[CX3H1]=O"),
    "C(O)CH3": _S("[CX3](=O)[CH3]", "C(=O)C"),
    "CO2H": _S("[CX3](=O)[OH]", "C(=O)O"),
    "CH2CO2H": _S("[CH2][CX3](=O)[OH]", "CC(=O)O"),
    "CO2CH3": _S("[CX3](=O)[OX2][CH3]", "C(=O)OC"),
    "CO2CH2CH3": _S("[CX3](=O)[OX2][CH2][CH3]", "C(=O)OCC"),
    "OC(O)CH3": _S("[OX2][CX3](=O)[CH3]", "OC(=O)C"),
    "C(O)NH2": _S("[CX3](=O)[NX3H2]", "C(=O)N"),
    "C(O)NHCH3": _S("[CX3](=O)[NX3H1][CH3]", "C(=O)NC"),
    "C(O)NH-cyclopropyl": _S("[CX3](=O)[NX3H1][CHX4]1[CH2][CH2]1", "C(=O)NC1CC1"),
    "C(O)N(CH3)2": _S("[CX3](=O)[NX3]([CH3])[CH3]", "C(=O)N(C)C"),
    "C(O)NHOH": _S("[CX3](=O)[NX3H1][OH]"),
    "C(O)NHSO2CH3": _S("[CX3](=O)[NX3H1]S(=O)(=O)[CH3]", "C(=O)NS(=O)(=O)C"),
    "tetrazol-5-yl": _S("c1nn[nH]n1", "c1nn[nH]n1"),
    "5-oxo-1,2,4-oxadiazol-3-yl": _S("c1noc(=O)[nH]1", "c1noc(=O)[nH]1"),
    "3-hydroxyisoxazol-5-yl": _S("c1cc([OH])no1", "c1cc(O)no1"),
    "phenyl": _S("c1[cH][cH][cH][cH][cH]1", "c1ccccc1"),
    "benzyl": _S("[CH2]c1[cH][cH][cH][cH][cH]1", "Cc1ccccc1"),
    "pyridin-3-yl": _S("c1cnccc1", "c1cnccc1"),
    "pyridin-4-yl": _S("c1ccncc1", "c1ccncc1"),
    "1H-pyrazol-4-yl": _S("c1c[nH]nc1", "c1c[nH]nc1"),
    "1-methylpyrazol-4-yl": _S("c1cn([CH3])nc1", "c1cn(C)nc1"),
    "azetidin-1-yl": _S("[NX3]1[CH2][CH2][CH2]1", "N1CCC1"),
    "pyrrolidin-1-yl": _S("[NX3]1[CH2][CH2][CH2][CH2]1", "N1CCCC1"),
    "piperidin-1-yl": _S("[NX3]1[CH2][CH2][CH2][CH2][CH2]1", "N1CCCCC1"),
    "4-hydroxypiperidin-1-yl": _S("[NX3]1[CH2][CH2][CH]([OH])[CH2][CH2]1", "N1CCC(O)CC1"),
    "4,4-difluoropiperidin-1-yl": _S("[NX3]1[CH2][CH2]C(F)(F)[CH2][CH2]1", "N1CCC(F)(F)CC1"),
    "morpholin-4-yl": _S("[NX3]1[CH2][CH2]O[CH2][CH2]1", "N1CCOCC1"),
    "thiomorpholin-4-yl dioxide": _S("[NX3]1[CH2][CH2]S(=O)(=O)[CH2][CH2]1", "N1CCS(=O)(=O)CC1"),
    "piperazin-1-yl": _S("[NX3]1[CH2][CH2][NH][CH2][CH2]1", "N1CCNCC1"),
    "4-methylpiperazin-1-yl": _S("[NX3]1[CH2][CH2][NX3]([CH3])[CH2][CH2]1", "N1CCN(C)CC1"),
    "4-acetylpiperazin-1-yl": _S("[NX3]1[CH2][CH2]N(C(=O)[CH3])[CH2][CH2]1", "N1CCN(C(=O)C)CC1"),
}  # fmt: skip
"""Substituents by name; ``H`` is understood."""

_SMALL = ("F", "Cl", "Br", "I", "CH3", "CH2CH3", "CH(CH3)2", "C(CH3)3", "cyclopropyl", "CH2F", "CHF2", "CF3", "CF2CH3",
          "C≡CH", "CN", "OH", "OCH3", "OCH2CH3", "OCH(CH3)2", "OCHF2", "OCF3", "SCH3", "NH2", "NHCH3", "N(CH3)2",
          "CH2OH", "NO2", "SH", "CHO", "C(O)CH3", "CH2OCH3", "CH2CH2CH3", "CH2CH(CH3)2", "cyclobutyl")  # fmt: skip
_ACIDS = ("CO2H", "CH2CO2H", "CO2CH3", "CO2CH2CH3", "C(O)NH2", "C(O)NHCH3", "C(O)N(CH3)2", "C(O)NHOH", "C(O)NHSO2CH3",
          "C(O)NH-cyclopropyl", "tetrazol-5-yl", "5-oxo-1,2,4-oxadiazol-3-yl", "3-hydroxyisoxazol-5-yl",
          "SO3H")  # fmt: skip
_SULFONYLS = ("SO2CH3", "SO2CH2CH3", "SO2-cyclopropyl", "S(O)CH3", "S(O)(NH)CH3", "SO2NH2", "SO2NHCH3",
              "SO2NH-cyclopropyl", "SO2N(CH3)2", "CH2SO2NH2", "NHSO2CH3")  # fmt: skip
_RING_AMINES = ("azetidin-1-yl", "pyrrolidin-1-yl", "piperidin-1-yl", "4-hydroxypiperidin-1-yl",
                "4,4-difluoropiperidin-1-yl", "morpholin-4-yl", "thiomorpholin-4-yl dioxide", "piperazin-1-yl",
                "4-methylpiperazin-1-yl", "4-acetylpiperazin-1-yl")  # fmt: skip

FAMILIES: tuple[SwapFamily, ...] = (
    # Scanning small groups round a ring.
    SwapFamily(
        ("aryl",),
        ("H", *_SMALL),
        ("H", "F", "Cl", "CH3", "CH2CH3", "cyclopropyl", "CHF2", "CF3", "CN", "OH", "OCH3", "OCHF2", "OCF3", "NH2",
         "NHCH3", "N(CH3)2", "CH2OH", "CH2OCH3", "OCH2CH3", "C(O)CH3", "C(O)NH2", "SO2CH3", "C≡CH", "SCH3", "CF2CH3"),
    ),
    SwapFamily(("aryl",), ("C(CH3)3", "CH(CH3)2", "cyclopropyl", "cyclobutyl", "CH2CH(CH3)2"),
               ("CH(CH3)2", "C(CH3)3", "cyclobutyl", "CF2CH3", "C(CH3)2OH", "oxetan-3-yl", "cyclopropylmethyl")),
    # Donors and their replacements.
    SwapFamily(("aryl",), ("OH", "NH2", "NHCH3", "NHC(O)CH3", "CH2OH", "CH2NH2", "NO2", "OC(O)CH3"),
               ("NHSO2CH3", "NHC(O)CH3", "CH2OH", "CH2NH2", "C(O)NH2", "SO2NH2", "OCH2CH2OCH3", "OCH3", "OH", "NH2")),
    # Sulfonyl groups.
    SwapFamily(("aryl", "alkyl"), _SULFONYLS, (*_SULFONYLS, "C(O)NH2", "C(O)NHCH3", "CN", "CF3", "OCH3", "H")),
    # Acids, esters and primary amides: isosteres.
    SwapFamily(("aryl", "alkyl"), _ACIDS,
               ("CO2H", "CH2CO2H", "CO2CH3", "C(O)NH2", "C(O)NHCH3", "C(O)N(CH3)2", "C(O)NH-cyclopropyl",
                "C(O)NHSO2CH3", "tetrazol-5-yl", "5-oxo-1,2,4-oxadiazol-3-yl", "3-hydroxyisoxazol-5-yl", "SO2NH2",
                "SO2CH3", "CN", "CH2OH", "C(O)CH3", "H")),
    SwapFamily(("aryl",), ("OC(O)CH3", "NHC(O)CH3", "C(O)CH3"),
               ("OC(O)CH3", "NHC(O)CH3", "NHSO2CH3", "CO2CH3", "C(O)NHCH3", "SO2CH3", "OCHF2", "OCH3", "C(O)CH3", "H")),
    # Small groups on saturated carbon.
    SwapFamily(("alkyl",), ("CH3", "CH2CH3", "CH2CH2CH3", "CH(CH3)2", "CF3", "CHF2", "CH2F", "cyclopropyl", "C(CH3)3",
                            "CH2CH(CH3)2", "CH2OH", "CN"),
               ("H", "CH3", "CH2CH3", "CH(CH3)2", "cyclopropyl", "CHF2", "CF3", "CH2OH", "CH2OCH3", "CN")),
    SwapFamily(("alkyl",), ("OH", "F", "OCH3", "NH2", "NHCH3", "N(CH3)2", "Cl", "Br", "I", "SCH3", "OCH2CH3"),
               ("H", "F", "OH", "OCH3", "NHCH3", "N(CH3)2", "OCHF2", "CH3", "CN", "CF3")),
    SwapFamily(("alkyl",), ("H",), ("F", "CH3", "OH", "OCH3")),
    # Groups on nitrogen.
    SwapFamily(("N", "azole N"), ("H", "CH3", "CH2CH3", "CH2CH2CH3", "CH(CH3)2", "cyclopropyl", "CH2CHF2", "CH2CF3",
                                  "CH2CH2OH", "CH2CH2OCH3", "benzyl", "cyclopropylmethyl", "C(CH3)3"),
               ("H", "CH3", "CH2CH3", "CH(CH3)2", "cyclopropyl", "cyclopropylmethyl", "CH2CHF2", "CH2CF3", "CH2CH2OH",
                "CH2CH2OCH3", "oxetan-3-yl")),
    SwapFamily(("azole N",), ("H", "CH3", "CH2CH3", "CH(CH3)2"), ("CHF2", "CH2CN")),
    # Ring amines for one another, on any carbon.
    SwapFamily(("aryl", "alkyl"), (*_RING_AMINES, "N(CH3)2"), (*_RING_AMINES, "N(CH3)2", "NHCH3")),
    # Growing: a ring or a solubilising group where there was hydrogen or halogen.
    SwapFamily(("aryl",), ("H", "F", "Cl", "Br", "I", "CH3", "OCH3", "phenyl", "pyridin-3-yl", "pyridin-4-yl"),
               ("phenyl", "pyridin-3-yl", "pyridin-4-yl", "1H-pyrazol-4-yl", "1-methylpyrazol-4-yl", "morpholin-4-yl",
                "4-methylpiperazin-1-yl", "pyrrolidin-1-yl", "azetidin-1-yl")),
)  # fmt: skip
"""What may be exchanged for what, and where."""
