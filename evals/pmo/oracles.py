"""The 23 oracles of practical molecular optimisation (PMO), written from their published definitions.

An oracle turns a molecule into a score between 0 and 1. Most are means of *terms*: a measured property (a similarity, a
descriptor, an element count, a substructure) and a *modifier* that maps it to 0..1. Three are classifiers of biological
activity (`evals.pmo.classifiers`). None looks at stereochemistry. What cannot be read as a molecule scores 0.

Sources: N. Brown, M. Fiscato, M. H. S. Segler, A. C. Vaucher, "GuacaMol: benchmarking models for de novo molecular
design", J. Chem. Inf. Model. 2019, 59, 1096 (similarity, rediscovery, median, isomer, multi-property, hop and SMARTS
tasks; table of objectives in the supporting information); K. Huang et al., "Therapeutics Data Commons", NeurIPS 2021;
W. Gao et al., "Sample efficiency matters: a benchmark for practical molecular optimization", NeurIPS 2022 (the choice
of the 23).

Isomer scores come in two definitions. GuacaMol counts all atoms of the molecule, hydrogens included. The commons that
PMO was measured with reads the total off the canonical SMILES as though it were a formula (capital letters with the
digits after them), which is harder to bring to its target. The published table follows the latter: 10,000 random ZINC
molecules give an AUC of 0.157 and 0.078 on the two isomer tasks by it, 0.544 and 0.612 by the former, and the table
says 0.169 and 0.106. `oracle` therefore takes the latter unless told otherwise.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent.errors import InputError

if TYPE_CHECKING:
    from rdkit.Chem import Mol

Score = Callable[[list[str]], list[float]]
"""An oracle: SMILES in, scores in the same order out."""

Modifier = Callable[[float], float]

CLASSIFIERS = ("drd2", "gsk3b", "jnk3")
"""The oracles that need weights from the bench folder."""


class Sample:
    """One molecule with its fingerprints, each computed once.

    Args:
        mol: A sanitised molecule.
    """

    def __init__(self, mol: Mol) -> None:
        self.mol = mol
        self._fingerprints: dict[str, Any] = {}

    @cached_property
    def formula_of_text(self) -> int:
        """The number of atoms that the canonical SMILES would stand for if it were a formula."""
        from rdkit.Chem import MolToSmiles

        return sum(int(number or 1) for number in re.findall(r"[A-Z][a-z]*(\d*)", MolToSmiles(self.mol)))

    @cached_property
    def formula(self) -> dict[str, int]:
        """Atoms by element, hydrogens included."""
        counts: dict[str, int] = {}
        for atom in self.mol.GetAtoms():
            counts[atom.GetSymbol()] = counts.get(atom.GetSymbol(), 0) + 1
            counts["H"] = counts.get("H", 0) + atom.GetTotalNumHs()
        return counts

    def fingerprint(self, kind: str) -> Any:
        """A fingerprint with counts: ``ECFP4``, ``ECFP6``, ``FCFP4``, ``AP`` (atom pairs to 10 bonds) or ``PHCO``
        (Gobbi's two-dimensional pharmacophores, as bits).
        """
        if kind not in self._fingerprints:
            if kind == "PHCO":
                from evals.pmo.pharmacophores import pharmacophores

                self._fingerprints[kind] = pharmacophores(self.mol)
            else:
                self._fingerprints[kind] = _generator(kind).GetSparseCountFingerprint(self.mol)
        return self._fingerprints[kind]


@cache
def _generator(kind: str) -> Any:
    from rdkit.Chem import rdFingerprintGenerator as generators

    if kind == "AP":
        return generators.GetAtomPairGenerator(maxDistance=10)
    if kind == "FCFP4":
        return generators.GetMorganGenerator(radius=2, atomInvariantsGenerator=generators.GetMorganFeatureAtomInvGen())
    return generators.GetMorganGenerator(radius={"ECFP4": 2, "ECFP6": 3}[kind])


# --- modifiers ------------------------------------------------------------------------------------------------------


def identity(value: float) -> float:
    """The property itself."""
    return value


def gaussian(mean: float, width: float) -> Modifier:
    """1 at ``mean``, falling off as a normal curve of standard deviation ``width`` on both sides."""
    return lambda value: math.exp(-0.5 * ((value - mean) / width) ** 2)


def at_most(mean: float, width: float) -> Modifier:
    """1 up to ``mean``, falling off as a normal curve above it (GuacaMol's MinGaussian)."""
    bell = gaussian(mean, width)
    return lambda value: bell(max(value, mean))


def at_least(mean: float, width: float) -> Modifier:
    """1 from ``mean`` on, falling off as a normal curve below it (GuacaMol's MaxGaussian)."""
    bell = gaussian(mean, width)
    return lambda value: bell(min(value, mean))


def clipped(upper: float) -> Modifier:
    """Proportional up to ``upper``, where it is 1, and 1 from there on (GuacaMol's Thresholded)."""
    return lambda value: min(value / upper, 1.0)


# --- properties -----------------------------------------------------------------------------------------------------


def similarity(target: str, kind: str) -> Callable[[Sample], float]:
    """Tanimoto coefficient to a target molecule on the fingerprints of this kind."""
    from rdkit.Chem import MolFromSmiles
    from rdkit.DataStructs import TanimotoSimilarity

    reference = Sample(MolFromSmiles(target)).fingerprint(kind)
    return lambda sample: TanimotoSimilarity(reference, sample.fingerprint(kind))


def descriptor(name: str) -> Callable[[Sample], float]:
    """An RDKit descriptor by its name there."""
    from rdkit.Chem import QED, Crippen, GraphDescriptors, rdMolDescriptors

    functions: dict[str, Callable[[Mol], float]] = {
        "logP": Crippen.MolLogP,  # type: ignore[attr-defined]
        "TPSA": rdMolDescriptors.CalcTPSA,
        "Bertz": GraphDescriptors.BertzCT,
        "QED": QED.qed,
        "rings": rdMolDescriptors.CalcNumRings,
        "aromatic rings": rdMolDescriptors.CalcNumAromaticRings,
    }
    function = functions[name]
    return lambda sample: float(function(sample.mol))


def count(element: str) -> Callable[[Sample], float]:
    """Atoms of an element."""
    return lambda sample: float(sample.formula.get(element, 0))


def has(smarts: str, *, wanted: bool = True) -> Callable[[Sample], float]:
    """1 if the molecule contains the pattern (or lacks it, if it is not ``wanted``), else 0."""
    from rdkit.Chem import MolFromSmarts

    pattern = MolFromSmarts(smarts)
    return lambda sample: float(sample.mol.HasSubstructMatch(pattern) == wanted)


# --- objectives -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Objective:
    """Terms and how they are averaged.

    Attributes:
        terms: Pairs of a property and its modifier.
        geometric: The geometric mean (0 if one term is 0), else the arithmetic one.
    """

    terms: tuple[tuple[Callable[[Sample], float], Modifier], ...]
    geometric: bool = True

    def __call__(self, sample: Sample) -> float:
        """The score of a molecule."""
        values = []
        for measure, modifier in self.terms:
            values.append(modifier(measure(sample)))
            if self.geometric and values[-1] <= 0:
                return 0.0
        if self.geometric:
            return math.exp(sum(math.log(value) for value in values) / len(values))
        return sum(values) / len(values)


def isomer(formula: str, *, of_text: bool) -> Objective:
    """How near a molecule's formula is to this one: the geometric mean of a normal curve of width 1 for every element
    and one of width 2 for the total number of atoms (``of_text``: as read off the SMILES; see the module).
    """
    wanted = {element: int(number or 1) for element, number in re.findall(r"([A-Z][a-z]?)(\d*)", formula)}
    total = sum(wanted.values())
    elements = tuple((count(element), gaussian(number, 1.0)) for element, number in wanted.items())

    def atoms(sample: Sample) -> float:
        return float(sample.formula_of_text if of_text else sum(sample.formula.values()))

    return Objective((*elements, (atoms, gaussian(total, 2.0))))


ALBUTEROL = "CC(C)(C)NCC(O)c1ccc(O)c(CO)c1"
AMLODIPINE = "CCOC(=O)C1=C(COCCN)NC(C)=C(C(=O)OC)C1c1ccccc1Cl"
CAMPHOR = "CC1(C)C2CCC1(C)C(=O)C2"
CELECOXIB = "Cc1ccc(-c2cc(C(F)(F)F)nn2-c2ccc(S(N)(=O)=O)cc2)cc1"
FEXOFENADINE = "CC(C)(C(=O)O)c1ccc(C(O)CCCN2CCC(C(O)(c3ccccc3)c3ccccc3)CC2)cc1"
HOP_PARENT = "CCCOc1cc2ncnc(Nc3ccc4ncsc4c3)c2cc1S(=O)(=O)C(C)(C)C"
MENTHOL = "CC1CCC(C(C)C)C(O)C1"
MESTRANOL = "C#CC1(O)CCC2C3CCc4cc(OC)ccc4C3CCC21C"
OSIMERTINIB = "C=CC(=O)Nc1cc(Nc2nccc(-c3cn(C)c4ccccc34)n2)c(OC)cc1N(C)CCN(C)C"
PERINDOPRIL = "CCCC(NC(C)C(=O)N1C(C(=O)O)CC2CCCCC21)C(=O)OCC"
RANOLAZINE = "COc1ccccc1OCC(O)CN1CCN(CC(=O)Nc2c(C)cccc2C)CC1"
SILDENAFIL = "CCCc1nn(C)c2c(=O)[nH]c(-c3cc(S(=O)(=O)N4CCN(C)CC4)ccc3OCC)nc12"
SITAGLIPTIN = "NC(CC(=O)N1CCn2c(nnc2C(F)(F)F)C1)Cc1cc(F)c(F)cc1F"
TADALAFIL = "CN1CC(=O)N2C(Cc3c([nH]c4ccccc34)C2c2ccc3OCOc3c2)C1=O"
THIOTHIXENE = "CN1CCN(CCC=C2c3ccccc3Sc3ccc(S(=O)(=O)N(C)C)cc32)CC1"
TROGLITAZONE = "Cc1c(C)c2c(c(C)c1O)CCC(C)(COc1ccc(CC3SC(=O)NC3=O)cc1)O2"
ZALEPLON = "CCN(C(C)=O)c1cccc(-c2ccnc3c(C#N)cnn23)c1"

_HOP_SCAFFOLD = "[#7]-c1n[c;h1]nc2[c;h1]c(-[#8])[c;h0][c;h1]c12"
_HOP_DECORATION = "[#6]-[#6]-[#6]-[#8]-[#6]~[#6]~[#6]~[#6]~[#6]-[#7]-c1ccc2ncsc2c1"


def _like(target: str, kind: str, modifier: Modifier = identity) -> Objective:
    return Objective(((similarity(target, kind), modifier),), geometric=False)


def _sitagliptin_like(name: str, width: float) -> tuple[Callable[[Sample], float], Modifier]:
    """A descriptor that is to have sitagliptin's value."""
    from rdkit.Chem import MolFromSmiles

    measure = descriptor(name)
    return measure, gaussian(measure(Sample(MolFromSmiles(SITAGLIPTIN))), width)


OBJECTIVES: dict[str, Callable[[bool], Objective]] = {
    "albuterol_similarity": lambda of_text: _like(ALBUTEROL, "FCFP4", clipped(0.75)),
    "amlodipine_mpo": lambda of_text: Objective(
        ((similarity(AMLODIPINE, "ECFP4"), identity), (descriptor("rings"), gaussian(3, 0.5)))
    ),
    "celecoxib_rediscovery": lambda of_text: _like(CELECOXIB, "ECFP4"),
    "deco_hop": lambda of_text: Objective(
        (
            (similarity(HOP_PARENT, "PHCO"), clipped(0.85)),
            (has("CS([#6])(=O)=O", wanted=False), identity),
            (has("[#7]-c1ccc2ncsc2c1", wanted=False), identity),
            (has(_HOP_SCAFFOLD), identity),
        ),
        geometric=False,
    ),
    "fexofenadine_mpo": lambda of_text: Objective(
        (
            (similarity(FEXOFENADINE, "AP"), clipped(0.8)),
            (descriptor("TPSA"), at_least(90, 10)),
            (descriptor("logP"), at_most(4, 1)),
        )
    ),
    "isomers_c7h8n2o2": lambda of_text: isomer("C7H8N2O2", of_text=of_text),
    "isomers_c9h10n2o2pf2cl": lambda of_text: isomer("C9H10N2O2PF2Cl", of_text=of_text),
    "median1": lambda of_text: Objective(
        ((similarity(CAMPHOR, "ECFP4"), identity), (similarity(MENTHOL, "ECFP4"), identity))
    ),
    "median2": lambda of_text: Objective(
        ((similarity(TADALAFIL, "ECFP6"), identity), (similarity(SILDENAFIL, "ECFP6"), identity))
    ),
    "mestranol_similarity": lambda of_text: _like(MESTRANOL, "AP", clipped(0.75)),
    "osimertinib_mpo": lambda of_text: Objective(
        (
            (similarity(OSIMERTINIB, "FCFP4"), clipped(0.8)),
            (similarity(OSIMERTINIB, "ECFP6"), at_most(0.85, 0.1)),
            (descriptor("TPSA"), at_least(100, 10)),
            (descriptor("logP"), at_most(1, 1)),
        )
    ),
    "perindopril_mpo": lambda of_text: Objective(
        ((similarity(PERINDOPRIL, "ECFP4"), identity), (descriptor("aromatic rings"), gaussian(2, 0.5)))
    ),
    "qed": lambda of_text: Objective(((descriptor("QED"), identity),), geometric=False),
    "ranolazine_mpo": lambda of_text: Objective(
        (
            (similarity(RANOLAZINE, "AP"), clipped(0.7)),
            (descriptor("logP"), at_least(7, 1)),
            (descriptor("TPSA"), at_least(95, 20)),
            (count("F"), gaussian(1, 1)),
        )
    ),
    "scaffold_hop": lambda of_text: Objective(
        (
            (similarity(HOP_PARENT, "PHCO"), clipped(0.75)),
            (has(_HOP_SCAFFOLD, wanted=False), identity),
            (has(_HOP_DECORATION), identity),
        ),
        geometric=False,
    ),
    "sitagliptin_mpo": lambda of_text: Objective(
        (
            (similarity(SITAGLIPTIN, "ECFP4"), gaussian(0, 0.1)),
            _sitagliptin_like("logP", 0.2),
            _sitagliptin_like("TPSA", 5),
            (partial(_scored, isomer("C16H15F6N5O", of_text=of_text)), identity),
        )
    ),
    "thiothixene_rediscovery": lambda of_text: _like(THIOTHIXENE, "ECFP4"),
    "troglitazone_rediscovery": lambda of_text: _like(TROGLITAZONE, "ECFP4"),
    "valsartan_smarts": lambda of_text: Objective(
        (
            (has("CN(C=O)Cc1ccc(c2ccccc2)cc1"), identity),
            _sitagliptin_like("logP", 0.2),
            _sitagliptin_like("TPSA", 5),
            _sitagliptin_like("Bertz", 30),
        )
    ),
    "zaleplon_mpo": lambda of_text: Objective(
        ((similarity(ZALEPLON, "ECFP4"), identity), (partial(_scored, isomer("C19H17N3O2", of_text=of_text)), identity))
    ),
}
"""How to make each objective, by name; the argument says which definition of isomer scores it takes."""

ORACLES: tuple[str, ...] = tuple(sorted((*OBJECTIVES, *CLASSIFIERS)))
"""The names of the 23."""


def _scored(objective: Objective, sample: Sample) -> float:
    return objective(sample)


def oracle(name: str, folder: Path | None = None, *, of_text: bool = True) -> Score:
    """Make an oracle.

    Args:
        name: One of `ORACLES`.
        folder: Where the weights of the three classifiers are (the bench's ``pmo`` folder).
        of_text: Isomer scores as the published table has them; else as GuacaMol defines them.

    Raises:
        InputError: There is no such oracle, or its weights are not in the folder.
    """
    from rdkit.Chem import MolFromSmiles

    if name not in ORACLES:
        raise InputError(f"There is no PMO oracle '{name}'.", remedy=f"There are: {', '.join(ORACLES)}.")
    judge = _classifier(name, folder) if name in CLASSIFIERS else _judge(OBJECTIVES[name](of_text))

    def score(smiles: Sequence[str]) -> list[float]:
        mols = [MolFromSmiles(text) for text in smiles]
        return [judge(mol) if mol is not None and mol.GetNumAtoms() else 0.0 for mol in mols]

    return score


def _judge(objective: Objective) -> Callable[[Mol], float]:
    return lambda mol: objective(Sample(mol))


def _classifier(name: str, folder: Path | None) -> Callable[[Mol], float]:
    from evals.pmo.classifiers import classifier

    if folder is None:
        raise InputError(f"The oracle '{name}' needs its weights.", remedy="Name the bench folder.")
    return classifier(name, folder)
