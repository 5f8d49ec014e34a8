"""Structures of common minerals, built from the table of published refinements."""

from __future__ import annotations

from functools import cache

from agent.errors import RepairableToolError
from agent.records import Result, Value
from agent.tools import empty, ok, progress, tool
from agent.tools.crystals.mineral_table import MINERALS, SETTINGS, Mineral
from agent.tools.crystals.records import cif_artifact, draft, table, value
from agent.tools.crystals.structures import Crystal, cif_text, known_warnings
from agent.units import counted


@tool("materials", engines=("pymatgen", "spglib"), cost="light")
def mineral_structures(names: list[str] = [], elements: list[str] = []) -> Result:
    """Give the crystal structures of common minerals, by name or by the elements that they may hold.

    Args:
        names: Minerals such as quartz or calcite, or formulas such as SiO2 (all polymorphs); empty: every mineral
            of the table.
        elements: Only minerals that hold no other element than these; empty: any.

    Returns:
        ``data``: structures (CIF texts), names (keys), rows (mineral, formula, space group, cell, density, source) and
        unknown (names that the table does not hold). Each is a nearly pure end member at room conditions.

    Source:
        The refinement that each row names.
    """
    wanted = [name.strip() for name in names if name.strip()]
    chosen = [mineral for mineral in MINERALS if not wanted or any(_is(mineral, name) for name in wanted)]
    unknown = [name for name in wanted if not any(_is(mineral, name) for mineral in MINERALS)]
    if elements:
        chosen = [mineral for mineral in chosen if {atom[0] for atom in mineral.atoms} <= {*elements, "H"}]
    if not chosen:
        listed = ", ".join(mineral.name for mineral in MINERALS)
        if unknown:
            raise RepairableToolError(
                f"The table of minerals holds no {', '.join(unknown)}.",
                remedy=f"Give a CIF file, or one of: {listed}.",
            )
        return empty(
            f"No mineral of the table is made of {', '.join(elements)} alone.",
            data={"structures": [], "names": [], "rows": [], "unknown": unknown},
        )
    crystals: list[Crystal] = []
    rows: list[dict[str, object]] = []
    for index, mineral in enumerate(chosen):
        progress(index / len(chosen), mineral.name)
        crystal = mineral_crystal(mineral)
        crystals.append(crystal)
        rows.append(
            {
                "mineral": mineral.name,
                "formula": crystal.formula,
                "space_group": mineral.group,
                "a_angstrom": mineral.cell[0],
                "b_angstrom": mineral.cell[1],
                "c_angstrom": mineral.cell[2],
                "density_g_per_cm3": round(float(crystal.structure.density), 3),
                "source": mineral.source,
            }
        )
    return ok(
        f"{counted(len(crystals), 'mineral')}: {', '.join(mineral.name for mineral in chosen[:8])}"
        f"{', ...' if len(chosen) > 8 else ''}.",
        values=[Value(name="minerals", value=len(crystals))],
        data={
            "structures": [cif_text(crystal) for crystal in crystals],
            "names": [crystal.key for crystal in crystals],
            "rows": rows,
            "unknown": unknown,
        },
        candidates=[
            draft(
                crystal,
                [
                    value("density", crystal.structure.density),
                    value("volume_per_atom", crystal.structure.volume / len(crystal.structure)),
                ],
                mineral=mineral.name,
                origin="published refinement",
            )
            for crystal, mineral in zip(crystals, chosen, strict=True)
        ]
        if wanted
        else [],  # the whole table is a set of references, not of candidates
        artifacts=[table("minerals", "Minerals", rows), *(cif_artifact(c) for c in crystals if wanted)],
        warnings=[f"The table holds no mineral called '{name}'." for name in unknown],
    )


def _is(mineral: Mineral, name: str) -> bool:
    return name.lower() == mineral.name or name == mineral.formula


@cache
def mineral_crystal(mineral: Mineral) -> Crystal:
    """A mineral of the table as a crystal, keyed ``formula [name]``."""
    from pymatgen.core import Lattice, Structure
    from pymatgen.core.operations import SymmOp

    lattice = Lattice.from_parameters(*mineral.cell)
    species = [atom[0] for atom in mineral.atoms]
    places = [list(atom[1:]) for atom in mineral.atoms]
    with known_warnings():
        if mineral.group in SETTINGS:
            operations = [SymmOp.from_xyz_str(text) for text in SETTINGS[mineral.group]]
            structure = Structure(
                lattice,
                [symbol for symbol in species for _ in operations],
                [operation.operate(place) for place in places for operation in operations],
                to_unit_cell=True,
            )
        else:
            structure = Structure.from_spacegroup(mineral.group, lattice, species, places, tol=0.01)
    return Crystal(f"{structure.composition.reduced_formula} [{mineral.name}]", structure)
