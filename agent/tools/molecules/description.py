"""The tool that computes the descriptors of molecules."""

from __future__ import annotations

from typing import Any

from agent.records import CandidateDraft, Result, Value
from agent.tools import ok, progress, tool
from agent.units import counted


@tool("chemistry", engines=("rdkit",))
def describe_molecules(smiles: list[str]) -> Result:
    """Compute the properties of molecules from their structure.

    Crippen logP and molar refractivity, QED, average molecular weight (g/mol), TPSA (Å², nitrogen and oxygen),
    hydrogen-bond donors and acceptors (RDKit's Lipinski definitions), rotatable bonds, rings (all, aromatic, aliphatic,
    heterocycles), heavy atoms, heteroatoms, amide bonds, stereocentres, Fsp3, approximate surface area (Å²), synthetic
    accessibility (1 easy to 10 hard), formal charge, structural alerts (PAINS and BRENK) and the aqueous solubility by
    Delaney's ESOL regression (log mol/L, with Crippen's logP). These are computed from the structure, not measured.

    Args:
        smiles: The molecules as SMILES or InChI; salts are reduced to their parent.

    Returns:
        Data: smiles (canonical, of the readable ones), rows (the same order: index in the input, smiles, a number per
        quantity, scaffold, alert_names), invalid (index, smiles, error). Candidates with the values and the labels
        scaffold and alert_names.

    Source:
        RDKit; Wildman and Crippen 1999; Bickerton et al. 2012; Ertl et al. 2000; Ertl and Schuffenhauer 2009; Baell and
        Holloway 2010; Brenk et al. 2008; Delaney 2004; Labute 2000.
    """
    from agent.tools.molecules.descriptors import alert_names, describe, values
    from agent.tools.molecules.structures import read_structures, reading_warnings, scaffold
    from agent.tools.tautomers import told as told_tautomers

    good, bad = read_structures(smiles)
    rows, drafts = [], {}
    for place, (index, item) in enumerate(good):
        memory: dict[str, Any] = {}
        row = describe(item.mol, memory=memory)
        labels = {"scaffold": scaffold(item.mol)}
        if row["alerts"]:
            labels["alert_names"] = "; ".join(alert_names(item.mol, memory))
        rows.append({"index": index, "smiles": item.smiles, **row, **labels})
        drafts[item.smiles] = CandidateDraft(kind="molecule", structure=item.smiles, values=values(row), labels=labels)
        if place % 20 == 19:
            progress((place + 1) / len(good), f"{place + 1} of {len(good)} molecules")
    once: dict[str, tuple[str, Any]] = {}
    for index, item in good:
        once.setdefault(item.smiles, (f"entry {index}", item.mol))
    alike = told_tautomers(list(once), [name for name, _ in once.values()], [mol for _, mol in once.values()])
    first = rows[0]
    headline = (
        values({key: value for key, value in first.items() if isinstance(value, float)}) if len(rows) == 1 else ()
    )
    told = (
        f"{first['smiles']}: logP {first['logP']:.2f}, QED {first['QED']:.2f}, {first['mass']:.1f} g/mol."
        if len(rows) == 1
        else f"Properties of {counted(len(rows), 'molecule')}{f' ({len(bad)} could not be read)' if bad else ''}."
    )
    return ok(
        told,
        values=headline or (Value(name="described_molecules", value=len(rows)),),
        data={"smiles": [row["smiles"] for row in rows], "rows": rows, "invalid": [item.plain() for item in bad]},
        candidates=drafts.values(),
        warnings=(*reading_warnings(good, bad), *alike),
    )
