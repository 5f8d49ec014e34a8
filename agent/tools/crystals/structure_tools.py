"""Tools that describe structures and make them from compositions."""

from __future__ import annotations

from agent.errors import RepairableToolError
from agent.records import CandidateDraft, Result, Value
from agent.tools import empty, ok, progress, tool
from agent.tools.crystals.analysis import Analysis, analyse
from agent.tools.crystals.prototypes import Candidate, candidates
from agent.tools.crystals.records import cif_artifact, draft, table, value
from agent.tools.crystals.structures import Crystal, cif_text, read_crystal, read_crystals, space_group
from agent.units import counted

MOST_STRUCTURES = 60
"""How many structures one call makes: what a relaxation gets through in minutes."""


@tool("materials", engines=("pymatgen", "spglib"))
def analyse_structure(structure: str) -> Result:
    """Describe a crystal: formula, space group, lattice, density, coordination, likely oxidation states.

    Args:
        structure: Path of a CIF or POSCAR file, or the text of one.

    Returns:
        ``data``: formula, space_group, space_group_number, crystal_system, lattice (conventional cell), density,
        volume_per_atom, coordination, oxidation_states (or "unknown"). Disordered structures get no coordination.

    Source:
        Space group by spglib (tolerance 0.01 Å); coordination by CrystalNN (Zimmermann and Jain, RSC Adv. 10, 6063,
        2020); oxidation states from the frequency of states in the ICSD.
    """
    crystal = read_crystal(structure)
    found = analyse(crystal)
    return ok(
        f"{found.reduced}: space group {found.group}, {found.density:.2f} g/cm³, "
        f"a = {found.lattice[0]:.3f} Å, oxidation states {found.shown_states}.",
        values=_values(found),
        data={"structure": crystal.key, **found.plain()},
        candidates=[_described(crystal, found)],
        artifacts=[cif_artifact(crystal)],
        warnings=found.notes,
    )


@tool("materials", engines=("pymatgen", "spglib"), seconds=300)
def analyse_structures(structures: list[str]) -> Result:
    """Describe several crystals: the same as analyse_structure for each, with a table.

    Args:
        structures: Paths of CIF or POSCAR files, or texts of them.

    Returns:
        ``data.rows``: one entry per structure as analyse_structure gives.

    Source:
        As analyse_structure.
    """
    crystals = read_crystals(structures)
    found: list[Analysis] = []
    for index, crystal in enumerate(crystals):
        progress(index / len(crystals), crystal.key)
        found.append(analyse(crystal))
    rows = [
        {
            "structure": crystal.key,
            "formula": item.reduced,
            "space_group": item.symbol,
            "number": item.number,
            "a_angstrom": round(item.lattice[0], 4),
            "b_angstrom": round(item.lattice[1], 4),
            "c_angstrom": round(item.lattice[2], 4),
            "density_g_per_cm3": round(item.density, 4),
            "volume_per_atom_angstrom3": round(item.volume_per_atom, 4),
            "oxidation_states": item.shown_states,
        }
        for crystal, item in zip(crystals, found, strict=True)
    ]
    return ok(
        f"{counted(len(crystals), 'structure')}: "
        + ", ".join(f"{item.reduced} {item.group}" for item in found[:6])
        + (", ..." if len(found) > 6 else "")
        + ".",
        values=[Value(name="structures", value=len(crystals))],
        data={"rows": [{"structure": c.key, **item.plain()} for c, item in zip(crystals, found, strict=True)]},
        candidates=[_described(crystal, item) for crystal, item in zip(crystals, found, strict=True)],
        artifacts=[table("structures", "Structures", rows), *(cif_artifact(crystal) for crystal in crystals)],
        warnings=[f"{c.key}: {note}" for c, item in zip(crystals, found, strict=True) for note in item.notes],
    )


@tool("materials", engines=("pymatgen", "spglib"), seconds=300)
def prototype_structures(
    formulas: list[str],
    per_formula: int = 4,
    prototypes: list[str] = [],
) -> Result:
    """Make candidate structures for compositions from common crystal prototypes, lattice scaled by radii.

    Args:
        formulas: Charge-balanced compositions such as SrTiO3; an element's symbol gives fcc, bcc, hcp and diamond.
        per_formula: At most so many structures per composition, the best-fitting coordination first.
        prototypes: Names or parts of names of prototypes, such as perovskite: where any of them fits a composition,
            only those are made of it.

    Returns:
        ``data``: structures (CIF texts), names (keys), rows (formula, prototype, space group, lattice, mismatch,
        oxidation states), skipped (formula: why). Mismatch compares coordination with radius ratios: 0 fits, -1 is the
        prototype's own compound. Lattice parameters are estimates, commonly within 3 %.

    Source:
        Wyckoff, Crystal Structures (1963-1971), and the AFLOW prototypes (Mehl et al., Comput. Mater. Sci. 136, S1,
        2017); ionic radii of Shannon (1976), covalent radii of Slater (1964).
    """
    if per_formula < 1:
        raise RepairableToolError(f"per_formula is {per_formula}.", remedy="Ask for at least 1.")
    if not formulas:
        raise RepairableToolError("No formula was given.", remedy="Give compositions such as SrTiO3.")
    made: list[tuple[Crystal, dict[str, object], CandidateDraft]] = []
    skipped: dict[str, str] = {}
    unreadable = 0
    distinct = list(dict.fromkeys(formulas))
    for index, formula in enumerate(distinct):
        progress(index / len(distinct), formula)
        try:
            fitting = candidates(formula)
        except RepairableToolError as error:
            if len(distinct) == 1:
                raise
            skipped[formula], unreadable = error.message, unreadable + 1
            continue
        if not fitting:
            skipped[formula] = "no prototype in the table has this stoichiometry"
        fitting = _of_types(fitting, prototypes)
        for candidate in fitting[:per_formula]:
            crystal = Crystal(f"{candidate.formula} [{candidate.prototype.name}]", candidate.structure)
            group = f"{space_group(candidate.structure)[0]} ({candidate.prototype.number})"
            row = {
                "structure": crystal.key,
                "formula": candidate.formula,
                "prototype": candidate.prototype.name,
                "space_group": group,
                "a_angstrom": round(candidate.structure.lattice.a, 4),
                "mismatch": round(candidate.mismatch, 3),
                "oxidation_states": ", ".join(f"{s} {q:+g}" for s, q in candidate.states.items()),
            }
            values = [
                value("density", candidate.structure.density),
                value("volume_per_atom", candidate.structure.volume / len(candidate.structure)),
                value("lattice_a", candidate.structure.lattice.a),
            ]
            labels = {"prototype": candidate.prototype.name, "space_group": group, "origin": "prototype estimate"}
            made.append((crystal, row, draft(crystal, values, **labels)))
    if unreadable == len(distinct):
        raise RepairableToolError("; ".join(skipped.values()), remedy="Give salts, oxides, halides and the like.")
    warnings = [f"{formula}: {why}" for formula, why in skipped.items()]
    if not made:
        return empty(
            f"No prototype of the table fits {', '.join(distinct)}; give a structure file.",
            data={"structures": [], "names": [], "skipped": skipped},
            warnings=warnings,
        )
    if len(made) > MOST_STRUCTURES:
        warnings.append(f"{len(made)} structures fit; the first {MOST_STRUCTURES} are given.")
        made = made[:MOST_STRUCTURES]
    crystals = [crystal for crystal, _, _ in made]
    return ok(
        f"{counted(len(made), 'candidate structure')} for "
        f"{len(distinct) - len(skipped)} of {len(distinct)} compositions.",
        values=[Value(name="structures", value=len(made))],
        data={
            "structures": [cif_text(crystal) for crystal in crystals],
            "names": [crystal.key for crystal in crystals],
            "rows": [row for _, row, _ in made],
            "skipped": skipped,
        },
        candidates=[item for _, _, item in made],
        artifacts=[
            table("prototypes", "Candidate structures", [row for _, row, _ in made]),
            *(cif_artifact(crystal) for crystal in crystals),
        ],
        warnings=warnings,
    )


_ALSO = {"layered": "nafeo2", "caesium chloride": "cscl", "olivine": "triphylite"}
"""Structure types by the name of the prototype that stands for them, where the two differ."""


def _of_types(fitting: list[Candidate], prototypes: list[str]) -> list[Candidate]:
    """The candidates of the named types; all of them where none is."""
    wanted = {name.strip().lower() for name in prototypes if name.strip()}
    wanted |= {_ALSO[name] for name in wanted if name in _ALSO}
    kept = [one for one in fitting if any(name in one.prototype.name.lower() for name in wanted)]
    return kept or fitting


def _values(found: Analysis) -> list[Value]:
    values = [
        value("density", found.density),
        value("volume_per_atom", found.volume_per_atom),
        value("lattice_a", found.lattice[0]),
    ]
    if found.spread is not None:
        values.append(value("electronegativity_spread", found.spread))
    return values


def _described(crystal: Crystal, found: Analysis) -> CandidateDraft:
    return draft(crystal, _values(found), space_group=found.group, oxidation_states=found.shown_states)
