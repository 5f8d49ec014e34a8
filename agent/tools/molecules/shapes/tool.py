"""The tools of the third dimension: conformers of a molecule, and docking into a receptor."""

from __future__ import annotations

from agent.errors import RepairableToolError, TerminalToolError
from agent.records import ArtifactContent, CandidateDraft, Result, Value
from agent.tools import empty, ok, progress, tool
from agent.tools._declare import FilePath
from agent.units import counted

MOST_CONFORMERS, MOST_LIGANDS, MOST_POSES, MOST_EXHAUSTIVE = 500, 200, 20, 64


@tool("chemistry", engines=("rdkit",), seconds=300)
def make_conformers(smiles: str, count: int = 20, random_seed: int = 0) -> Result:
    """Make low-energy three-dimensional geometries of a molecule, as an SD file.

    The energies are those of a force field for the molecule alone in vacuum; in water or a protein others may be lower.

    Args:
        smiles: The molecule as SMILES or InChI.
        count: How many geometries are tried, 1 to 500; repeats are left out.
        random_seed: The same number gives the same geometries.

    Returns:
        Data: smiles, field, conformers (relative_energy in kcal/mol, weight at 298 K), embedded. An SD file.

    Source:
        ETKDGv3 (Wang et al. 2020) and MMFF94s (Halgren 1999; UFF where it lacks parameters), as implemented in RDKit.
    """
    from agent.tools.molecules.shapes.conformers import as_sdf, conformers
    from agent.tools.molecules.structures import inchikey, read_structure

    _refuse("count", count, MOST_CONFORMERS)
    item = read_structure(smiles)
    found = conformers(item.mol, count, random_seed, progress)
    name = inchikey(item.mol) or "molecule"
    warnings = list(item.warnings)
    if found.unfinished:
        warnings.append(f"{found.unfinished} geometries had not converged")
    if found.field == "UFF":
        warnings.append("MMFF94s has no parameters for this molecule: UFF was used, which is less accurate")
    rows = [
        {"relative_energy": round(energy, 4), "weight": round(weight, 4)}
        for energy, weight in zip(found.energies, found.weights, strict=True)
    ]
    return ok(
        f"{counted(len(rows), 'distinct conformer')} of {item.smiles} from {found.embedded} tried ({found.field}), "
        f"within {found.energies[-1]:.2f} kcal/mol.",
        values=(
            Value(name="conformers", value=len(rows)),
            Value(name="conformer_energy_span", value=round(found.energies[-1], 4), unit="kcal/mol"),
        ),
        data={"smiles": item.smiles, "field": found.field, "embedded": found.embedded, "conformers": rows},
        artifacts=(
            ArtifactContent(
                name=f"{name}.sdf",
                media_type="chemical/x-mdl-sdfile",
                content=as_sdf(found, item.smiles),
                title=f"Conformers of {item.smiles}",
            ),
        ),
        warnings=warnings,
    )


@tool("chemistry", engines=("vina", "meeko", "rdkit"), cost="heavy", seconds=3600)
def dock_molecules(
    receptor: FilePath,
    smiles: list[str],
    center: list[float] = [],
    size: list[float] = [],
    around: str = "",
    poses: int = 3,
    exhaustiveness: int = 8,
    first: int = 0,
    random_seed: int = 0,
) -> Result:
    """Dock molecules into a rigid receptor with AutoDock Vina.

    A molecule is docked in the protonation state of its SMILES. The score's standard error against measured binding is
    2.85 kcal/mol: it is a hint at what to test, and close scores are equal.

    Args:
        receptor: A PDB file of the protein (waters, ions and ligands are left out), or a prepared PDBQT file.
        smiles: The molecules, up to 200; each takes about 15 seconds.
        center: Centre of the search box as x, y, z in Å; or give `around`.
        size: Sides of the box in Å; by default 20 each, or the ligand's extent and 6 Å on every side.
        around: A ligand in the PDB file to put the box around, by its residue name (such as STI), with chain and
            number (STI A:201) if there are several.
        poses: Poses kept of each molecule, 1 to 20.
        exhaustiveness: Independent searches, 1 to 64; more takes longer and finds better poses.
        first: Dock only so many of the molecules, those that come first: a shortlist; 0 docks all.
        random_seed: The same number gives the same poses.

    Returns:
        Candidates with the value docking_score (kcal/mol, lower is stronger). Data: rows (smiles, scores), box,
        left_out of the receptor, failed. An SD file of poses for each molecule.

    Source:
        O. Trott, A. J. Olson, J. Comput. Chem. 2010, 31, 455; J. Eberhardt et al., J. Chem. Inf. Model. 2021, 61, 3891.
    """
    from agent.tools.molecules.shapes import docking
    from agent.tools.molecules.structures import inchikey, read_structures, reading_warnings

    for name, value, most in (("poses", poses, MOST_POSES), ("exhaustiveness", exhaustiveness, MOST_EXHAUSTIVE)):
        _refuse(name, value, most)
    docking.require_engine()
    if first < 0:
        raise RepairableToolError(f"first: {first} molecules cannot be docked.", remedy="Give 0 for all, or a number.")
    good, bad = read_structures(smiles[:first] if first else smiles)
    good = list({item.smiles: (index, item) for index, item in reversed(good)}.values())[::-1]
    _refuse("smiles", len(good), MOST_LIGANDS)
    protein = docking.read_receptor(receptor)
    box = docking.box_of(protein, center, size, around)
    progress(0.02, "preparing the receptor")
    engine = docking.Docking(protein, box, seed=random_seed, exhaustiveness=exhaustiveness)
    rows, drafts, files, failed = [], [], [], []
    for place, (index, item) in enumerate(good):
        progress(0.05 + 0.95 * place / len(good), f"docking {place + 1} of {len(good)}")
        try:
            found = engine.dock(item.smiles, poses, random_seed)
        except TerminalToolError as error:
            failed.append({"index": index, "smiles": item.smiles, "error": error.message})
            continue
        rows.append({"index": index, "smiles": item.smiles, "scores": [round(one.energy, 3) for one in found]})
        score = Value(
            name="docking_score", value=round(found[0].energy, 3), unit="kcal/mol", uncertainty=docking.STANDARD_ERROR
        )
        drafts.append(CandidateDraft(kind="molecule", structure=item.smiles, values=(score,)))
        content = "".join(f"{one.block}>  <vina_score_kcal_per_mol>\n{one.energy:.3f}\n\n$$$$\n" for one in found)
        files.append(
            ArtifactContent(
                name=f"{inchikey(item.mol) or index}-docked.sdf",
                media_type="chemical/x-mdl-sdfile",
                content=content,
                title=f"Docked poses of {item.smiles}",
            )
        )
    data = {
        "rows": rows,
        "box": {"center": list(box.center), "size": list(box.size)},
        "left_out": list(protein.left_out),
        "failed": failed,
        "invalid": [item.plain() for item in bad],
    }
    warnings = [*reading_warnings(good, bad), *(f"not docked: {one['error']}" for one in failed)]
    if not rows:
        return empty("None of the molecules could be docked.", data=data, warnings=warnings)
    best = min(rows, key=lambda row: row["scores"][0])
    return ok(
        f"{counted(len(rows), 'molecule')} docked; the best score is "
        f"{best['scores'][0]:.2f} kcal/mol for {best['smiles']} "
        f"(standard error of the method {docking.STANDARD_ERROR} kcal/mol).",
        values=(Value(name="docked_molecules", value=len(rows)),),
        data=data,
        candidates=drafts,
        artifacts=files,
        warnings=warnings,
    )


def _refuse(name: str, value: int, most: int) -> None:
    if not 1 <= value <= most:
        raise RepairableToolError(f"{name}: {value} cannot be asked for.", remedy=f"Give 1 to {most}.")
