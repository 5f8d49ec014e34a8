"""Judging a design with RDKit alone: whether a molecule meets a specification, and how diverse a set is."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from evals.design.specifications import Specification


def meets(smiles: str, specification: Specification) -> bool:
    """Whether a molecule meets everything that a specification asks for.

    Args:
        smiles: The molecule.
        specification: What is asked for.
    """
    from rdkit import Chem
    from rdkit.Chem.FilterCatalog import FilterCatalog, FilterCatalogParams

    from agent.tools.molecules.groups import GROUPS

    mol = Chem.MolFromSmiles(smiles)
    if mol is None:
        return False
    for key, (low, high) in specification.bounds.items():
        value = _quantity(key, specification.like)(mol)
        if (low is not None and value < low) or (high is not None and value > high):
            return False
    if not all(mol.HasSubstructMatch(Chem.MolFromSmarts(GROUPS[name])) for name in specification.keep):
        return False
    if any(mol.HasSubstructMatch(Chem.MolFromSmarts(GROUPS[name])) for name in specification.avoid):
        return False
    parameters = FilterCatalogParams()
    for name in specification.free_of:
        parameters.AddCatalog(getattr(FilterCatalogParams.FilterCatalogs, name))
    return not FilterCatalog(parameters).HasMatch(mol) and _right_elements(mol, specification.elements)


def diversity(smiles: Sequence[str]) -> float:
    """Mean Tanimoto distance of two different molecules (Morgan bits, radius 2, 2048); 0 for fewer than two."""
    from rdkit import Chem
    from rdkit.Chem import rdFingerprintGenerator
    from rdkit.DataStructs import BulkTanimotoSimilarity

    generator = rdFingerprintGenerator.GetMorganGenerator(radius=2, fpSize=2048)
    bits = [generator.GetFingerprint(Chem.MolFromSmiles(text)) for text in smiles]
    likeness = [value for place, one in enumerate(bits) for value in BulkTanimotoSimilarity(one, bits[:place])]
    return 1 - sum(likeness) / len(likeness) if likeness else 0.0


def _right_elements(mol: Any, elements: Sequence[str]) -> bool:
    symbols = [atom.GetSymbol() for atom in mol.GetAtoms()]
    named = set()
    for text in elements:
        symbol, sign, number = re.fullmatch(r"([A-Z][a-z]?)(<=|>=|=)?(\d+)?", text).groups()  # type: ignore[union-attr]
        named.add(symbol)
        count = symbols.count(symbol)
        if sign and not {"<=": count <= int(number), ">=": count >= int(number), "=": count == int(number)}[sign]:
            return False
    return not elements or set(symbols) <= named


def _quantity(key: str, like: str) -> Callable[[Any], float]:
    from rdkit import Chem, DataStructs
    from rdkit.Chem import QED, Crippen, Descriptors, Lipinski, rdFingerprintGenerator, rdMolDescriptors
    from rdkit.Contrib.SA_Score import sascorer

    generator = rdFingerprintGenerator.GetMorganGenerator(radius=2, fpSize=2048)

    def likeness(mol: Any) -> float:
        other = generator.GetFingerprint(Chem.MolFromSmiles(like))
        return DataStructs.TanimotoSimilarity(generator.GetFingerprint(mol), other)

    def solubility(mol: Any) -> float:
        aromatic = len(mol.GetAromaticAtoms()) / mol.GetNumHeavyAtoms()
        rotors = rdMolDescriptors.CalcNumRotatableBonds(mol)
        return 0.16 - 0.63 * Crippen.MolLogP(mol) - 0.0062 * Descriptors.MolWt(mol) + 0.066 * rotors - 0.74 * aromatic  # type: ignore[attr-defined]

    known: dict[str, Callable[[Any], float]] = {
        "logP": Crippen.MolLogP,  # type: ignore[attr-defined]
        "TPSA": rdMolDescriptors.CalcTPSA,
        "mass": Descriptors.MolWt,  # type: ignore[attr-defined]
        "HBD": Lipinski.NumHDonors,
        "HBA": Lipinski.NumHAcceptors,
        "QED": QED.qed,
        "SA_score": sascorer.calculateScore,
        "rotatable_bonds": rdMolDescriptors.CalcNumRotatableBonds,
        "Fsp3": rdMolDescriptors.CalcFractionCSP3,
        "rings": rdMolDescriptors.CalcNumRings,
        "aromatic_rings": rdMolDescriptors.CalcNumAromaticRings,
        "heavy_atoms": lambda mol: mol.GetNumHeavyAtoms(),
        "stereocentres": rdMolDescriptors.CalcNumAtomStereoCenters,
        "similarity": likeness,
        "logS_ESOL": solubility,
    }
    return known[key]
