"""Molecules and crystals re-checked from their structures alone, with bare RDKit and plain arithmetic."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from typing import Any

from evals.goals.cases import Bound, Case

# Oxidation states that a charge-balanced formula may use (CRC Handbook of Chemistry and Physics; the common ones).
_STATES = {
    "H": (1, -1), "Li": (1,), "Na": (1,), "K": (1,), "Cs": (1,), "Mg": (2,), "Ca": (2,), "Sr": (2,), "Zn": (2,),
    "Pb": (2, 4), "Mn": (2, 3, 4, 5, 6, 7), "Fe": (2, 3), "Ti": (2, 3, 4), "O": (-2,), "S": (-2, 4, 6), "F": (-1,),
    "Cl": (-1,), "Br": (-1,), "I": (-1,), "C": (-4, 4), "P": (-3, 3, 5), "Sn": (2, 4), "Ge": (2, 4), "Bi": (3,),
}  # fmt: skip
# Printed bounds and RDKit's values may differ in the last digit that a goal shows.
_SLACK = 1e-6


def molecule_problems(case: Case, smiles: Sequence[str]) -> list[str]:
    """What is wrong with the best candidates of a design goal; empty if nothing.

    Args:
        case: The goal.
        smiles: Structures, the best first; the first ``case.candidates`` are judged.
    """
    from rdkit import Chem, DataStructs, RDLogger
    from rdkit.Chem import rdFingerprintGenerator

    RDLogger.DisableLog("rdApp.*")
    problems: list[str] = []
    if len(smiles) < case.candidates:
        problems.append(f"{len(smiles)} feasible candidates, wanted {case.candidates}")
    morgan = rdFingerprintGenerator.GetMorganGenerator(radius=2, fpSize=2048)
    near = Chem.MolFromSmiles(case.near) if case.near else None
    seen: set[str] = set()
    for text in smiles[: case.candidates]:
        molecule = Chem.MolFromSmiles(text)
        if molecule is None:
            problems.append(f"{text} is no valid molecule")
            continue
        canonical = Chem.MolToSmiles(molecule)
        if canonical in seen:
            problems.append(f"{text} stands twice in the table")
        seen.add(canonical)
        problems += [f"{text}: {broken}" for bound in case.constraints if (broken := _broken(bound, molecule))]
        problems += [f"{text} lacks {s}" for s in case.keep if not molecule.HasSubstructMatch(Chem.MolFromSmarts(s))]
        problems += [f"{text} holds {s}" for s in case.avoid if molecule.HasSubstructMatch(Chem.MolFromSmarts(s))]
        if near is not None:
            if canonical == Chem.MolToSmiles(near):
                problems.append(f"{text} is the starting molecule")
            similarity = DataStructs.TanimotoSimilarity(morgan.GetFingerprint(molecule), morgan.GetFingerprint(near))
            if similarity < case.similarity:
                problems.append(f"{text} resembles the starting molecule by {similarity:.2f} only")
    return problems


def _broken(bound: Bound, molecule: Any) -> str:
    """How a molecule breaks a bound; empty if it does not."""
    value = _measured(bound.quantity, molecule)
    if bound.low is not None and value < bound.low - _SLACK:
        return f"{bound.quantity} is {value:g}, below {bound.low:g}"
    if bound.high is not None and value > bound.high + _SLACK:
        return f"{bound.quantity} is {value:g}, above {bound.high:g}"
    return ""


def _measured(quantity: str, molecule: Any) -> float:
    from rdkit.Chem import QED, Crippen, Descriptors, Lipinski, rdMolDescriptors

    measures = {
        "logP": Crippen.MolLogP,
        "mass": Descriptors.MolWt,
        "TPSA": rdMolDescriptors.CalcTPSA,
        "QED": QED.qed,
        "HBD": Lipinski.NumHDonors,
        "HBA": Lipinski.NumHAcceptors,
        "rotatable_bonds": rdMolDescriptors.CalcNumRotatableBonds,
        "rings": rdMolDescriptors.CalcNumRings,
        "heavy_atoms": lambda mol: mol.GetNumHeavyAtoms(),
    }
    return float(measures[quantity](molecule))


def crystal_problems(case: Case, structures: Sequence[str]) -> list[str]:
    """What is wrong with the crystals of a goal.

    Args:
        case: The goal.
        structures: Their keys: a formula, then whatever tells prototypes apart.
    """
    formulas = [parse_formula(text.split()[0]) for text in structures if text.split()]
    problems = [] if formulas else ["there is no crystal"]
    for wanted in case.formulas:
        if parse_formula(wanted) not in formulas:
            problems.append(f"{wanted} is not among the crystals")
    if case.elements:
        strange = {element for formula in formulas for element in formula} - set(case.elements)
        if strange:
            problems.append(f"elements that were not asked for: {', '.join(sorted(strange))}")
    if case.neutral:
        charged = [f for f in formulas if not balanced(f)]
        if charged:
            problems.append(f"{len(charged)} formulas cannot be balanced, such as {charged[0]}")
    return problems


def parse_formula(text: str) -> dict[str, int]:
    """Counts by element of a plain formula such as ``Li2MnO3``, reduced to the smallest whole numbers."""
    from math import gcd

    counts: dict[str, int] = {}
    for element, count in re.findall(r"([A-Z][a-z]?)(\d*)", text):
        counts[element] = counts.get(element, 0) + int(count or 1)
    divisor = gcd(*counts.values()) if counts else 1
    return {element: count // divisor for element, count in counts.items()}


def balanced(formula: dict[str, int]) -> bool:
    """Whether common oxidation states, one or two an element (mixed valence), add up to zero."""
    choices = []
    for element, count in formula.items():
        states = _STATES.get(element, ())
        pairs = itertools.combinations_with_replacement(states, 2)
        totals = {low * share + high * (count - share) for low, high in pairs for share in range(count + 1)}
        choices.append(totals)
    return bool(choices) and any(sum(charges) == 0 for charges in itertools.product(*choices))
