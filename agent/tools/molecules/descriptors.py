"""Descriptors: every quantity of the vocabulary that RDKit computes, for one molecule at a time.

Sources, by key:

- ``logP``, ``molar_refractivity``: Wildman and Crippen, J. Chem. Inf. Comput. Sci. 1999, 39, 868.
- ``QED``: Bickerton et al., Nature Chem. 2012, 4, 90 (mean weights).
- ``TPSA``: Ertl, Rohde and Selzer, J. Med. Chem. 2000, 43, 3714 (nitrogen and oxygen only).
- ``HBD``, ``HBA``: RDKit's ``Lipinski.NumHDonors`` and ``NumHAcceptors`` (substructure definitions; not the bare
  counts of
  NH/OH and N/O of the rule of five).
- ``rotatable_bonds``: RDKit's strict definition (amide C-N bonds do not count).
- ``SA_score``: Ertl and Schuffenhauer, J. Cheminf. 2009, 1, 8 (as in RDKit Contrib; 1 easy, 10 hard).
- ``alerts``: matches of the PAINS (Baell and Holloway 2010) and BRENK (Brenk et al. 2008) catalogues in RDKit.
- ``logS_ESOL``: Delaney, J. Chem. Inf. Comput. Sci. 2004, 44, 1000, with Crippen's logP in the place of ClogP.
- ``labute_area``: Labute, J. Mol. Graph. Model. 2000, 18, 464 (sum over atoms of their exposed van der Waals surface).
- ``similarity``: Tanimoto coefficient of Morgan fingerprints, radius 2, 2048 bits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import TYPE_CHECKING, Any

from agent.records import Value
from agent.tools.molecules.accessibility import synthetic_accessibility
from agent.vocabulary import QUANTITIES, by_key

if TYPE_CHECKING:
    from rdkit.Chem import Mol
    from rdkit.DataStructs import ExplicitBitVect

KEYS: tuple[str, ...] = tuple(
    quantity.key for quantity in QUANTITIES if quantity.engine == "rdkit" and quantity.domain == "chemistry"
)
"""The vocabulary keys that this module computes."""

ALONE: tuple[str, ...] = tuple(key for key in KEYS if key != "similarity")
"""Those that need no second molecule."""


def esol(log_p: float, mass: float, rotatable_bonds: float, aromatic_proportion: float) -> float:
    """Delaney's regression for the aqueous solubility of a solid or liquid at 25 °C.

    Args:
        log_p: Octanol-water partition coefficient (log10).
        mass: Molecular weight in g/mol.
        rotatable_bonds: Their number.
        aromatic_proportion: Aromatic atoms over heavy atoms, between 0 and 1.

    Returns:
        log10 of the solubility in mol/L; the published standard error is about 0.7 to 1.0.

    Source:
        J. S. Delaney, J. Chem. Inf. Comput. Sci. 2004, 44, 1000-1005.
    """
    return 0.16 - 0.63 * log_p - 0.0062 * mass + 0.066 * rotatable_bonds - 0.74 * aromatic_proportion


def describe(
    mol: Mol,
    keys: Iterable[str] = ALONE,
    reference: ExplicitBitVect | None = None,
    memory: dict[str, Any] | None = None,
) -> dict[str, float]:
    """Compute descriptors of a molecule.

    Args:
        mol: A sanitised molecule.
        keys: Which of `KEYS`; only these are computed.
        reference: Fingerprint of the molecule that ``similarity`` refers to; needed for that key alone.
        memory: Where intermediate results of this molecule are kept, for a later call or `alert_names`.

    Returns:
        The values by key, in the units of the vocabulary, unrounded; counts are whole floats.

    Raises:
        KeyError: A key is not one of `KEYS`.
        ValueError: ``similarity`` is asked for without a reference.
    """
    memory = {} if memory is None else memory
    found: dict[str, float] = {}
    for key in keys:
        if key == "similarity":
            if reference is None:
                raise ValueError("similarity needs the fingerprint of a reference molecule")
            found[key] = tanimoto(fingerprint(mol), reference)
        else:
            found[key] = float(_COMPUTED[key](mol, memory))
    return found


def values(row: dict[str, float]) -> tuple[Value, ...]:
    """Descriptors as values with the units of the vocabulary."""
    known = by_key()
    return tuple(Value(name=key, value=row[key], unit=known[key].unit) for key in KEYS if key in row)


def fingerprint(mol: Mol) -> ExplicitBitVect:
    """The Morgan fingerprint of radius 2 with 2048 bits (chirality not encoded)."""
    return _morgan().GetFingerprint(mol)


def tanimoto(one: ExplicitBitVect, other: ExplicitBitVect) -> float:
    """The Tanimoto coefficient of two fingerprints, between 0 and 1."""
    from rdkit.DataStructs import TanimotoSimilarity

    return TanimotoSimilarity(one, other)


def alert_names(mol: Mol, memory: dict[str, Any] | None = None) -> tuple[str, ...]:
    """The structural alerts that a molecule matches, as ``PAINS: name`` or ``BRENK: name``.

    Args:
        mol: A sanitised molecule.
        memory: What `describe` was given for the same molecule, so that nothing is matched twice.
    """
    return tuple(
        f"{match.GetProp('FilterSet').split('_')[0].upper()}: {match.GetDescription()}"
        for match in _alert_matches(mol, {} if memory is None else memory)
    )


@cache
def _morgan() -> Any:
    from rdkit.Chem import rdFingerprintGenerator

    return rdFingerprintGenerator.GetMorganGenerator(radius=2, fpSize=2048)


@cache
def _alert_catalogue() -> Any:
    from rdkit.Chem.FilterCatalog import FilterCatalog, FilterCatalogParams

    parameters = FilterCatalogParams()
    parameters.AddCatalog(FilterCatalogParams.FilterCatalogs.PAINS)
    parameters.AddCatalog(FilterCatalogParams.FilterCatalogs.BRENK)
    return FilterCatalog(parameters)


def _crippen(mol: Mol, memory: dict[str, Any]) -> tuple[float, float]:
    from rdkit.Chem import rdMolDescriptors

    if "crippen" not in memory:
        memory["crippen"] = rdMolDescriptors.CalcCrippenDescriptors(mol)
    return memory["crippen"]


def _mass(mol: Mol, memory: dict[str, Any]) -> float:
    from rdkit.Chem import Descriptors

    if "mass" not in memory:
        memory["mass"] = Descriptors.MolWt(mol)
    return memory["mass"]


def _qed(mol: Mol, memory: dict[str, Any]) -> float:
    """RDKit's QED on properties that are shared with the other descriptors (hydrogens are implicit in this room)."""
    from rdkit import Chem
    from rdkit.Chem import QED

    if any(mol.GetAtomWithIdx(index).GetAtomicNum() == 1 for index in range(mol.GetNumAtoms())):
        return QED.qed(mol)
    properties = QED.QEDproperties(
        MW=_mass(mol, memory),
        ALOGP=_crippen(mol, memory)[0],
        HBA=sum(len(mol.GetSubstructMatches(pattern)) for pattern in QED.Acceptors),
        HBD=_by_rdkit("CalcNumHBD")(mol, memory),
        PSA=_by_rdkit("CalcTPSA")(mol, memory),
        ROTB=_by_rdkit("CalcNumRotatableBonds")(mol, memory),
        AROM=len(Chem.GetSSSR(Chem.DeleteSubstructs(Chem.Mol(mol), QED.AliphaticRings))),
        ALERTS=len(_qed_alerts().GetMatches(mol)),
    )
    return QED.qed(mol, qedProperties=properties)


@cache
def _qed_alerts() -> Any:
    """QED's own alerts as one catalogue, matched in one call."""
    from rdkit.Chem import QED
    from rdkit.Chem.FilterCatalog import FilterCatalog, FilterCatalogEntry, SmartsMatcher

    catalogue = FilterCatalog()
    for index, pattern in enumerate(QED.StructuralAlerts):
        catalogue.AddEntry(FilterCatalogEntry(str(index), SmartsMatcher(str(index), pattern, 1)))
    return catalogue


def _by_rdkit(name: str) -> Callable[[Mol, dict[str, Any]], float]:
    def compute(mol: Mol, memory: dict[str, Any]) -> float:
        from rdkit.Chem import rdMolDescriptors

        if name not in memory:
            memory[name] = getattr(rdMolDescriptors, name)(mol)
        return memory[name]

    return compute


def _formal_charge(mol: Mol, _memory: dict[str, Any]) -> float:
    from rdkit import Chem

    return Chem.GetFormalCharge(mol)


def _sa_score(mol: Mol, memory: dict[str, Any]) -> float:
    return synthetic_accessibility(mol, _by_rdkit("CalcNumAtomStereoCenters")(mol, memory))


def _alert_matches(mol: Mol, memory: dict[str, Any]) -> Any:
    if "alerts" not in memory:
        memory["alerts"] = _alert_catalogue().GetMatches(mol)
    return memory["alerts"]


def _alerts(mol: Mol, memory: dict[str, Any]) -> float:
    return len(_alert_matches(mol, memory))


def _esol(mol: Mol, memory: dict[str, Any]) -> float:
    aromatic = len(mol.GetAromaticAtoms()) / mol.GetNumHeavyAtoms()
    rotors = _by_rdkit("CalcNumRotatableBonds")(mol, memory)
    return esol(_crippen(mol, memory)[0], _mass(mol, memory), rotors, aromatic)


_COMPUTED: dict[str, Callable[[Mol, dict[str, Any]], float]] = {
    "logP": lambda mol, memory: _crippen(mol, memory)[0],
    "QED": _qed,
    "mass": _mass,
    "TPSA": _by_rdkit("CalcTPSA"),
    "HBD": _by_rdkit("CalcNumHBD"),
    "HBA": _by_rdkit("CalcNumHBA"),
    "rotatable_bonds": _by_rdkit("CalcNumRotatableBonds"),
    "rings": _by_rdkit("CalcNumRings"),
    "aromatic_rings": _by_rdkit("CalcNumAromaticRings"),
    "heavy_atoms": _by_rdkit("CalcNumHeavyAtoms"),
    "aliphatic_rings": _by_rdkit("CalcNumAliphaticRings"),
    "heterocycles": _by_rdkit("CalcNumHeterocycles"),
    "heteroatoms": _by_rdkit("CalcNumHeteroatoms"),
    "amide_bonds": _by_rdkit("CalcNumAmideBonds"),
    "stereocentres": _by_rdkit("CalcNumAtomStereoCenters"),
    "Fsp3": _by_rdkit("CalcFractionCSP3"),
    "molar_refractivity": lambda mol, memory: _crippen(mol, memory)[1],
    "labute_area": _by_rdkit("CalcLabuteASA"),
    "SA_score": _sa_score,
    "formal_charge": _formal_charge,
    "alerts": _alerts,
    "logS_ESOL": _esol,
}
