"""Tools that ask the potential: energies, relaxation, bulk moduli."""

from __future__ import annotations

from agent.errors import RepairableToolError
from agent.records import Result, Value
from agent.tools import empty, ok, progress, tool
from agent.tools.crystals.elasticity import VOLUME_STRAINS, EquationOfState, birch_murnaghan, strained
from agent.tools.crystals.elements import formation_energy
from agent.tools.crystals.potential import State, device, evaluate
from agent.tools.crystals.records import cif_artifact, draft, table, value
from agent.tools.crystals.relaxation import Relaxed, relax
from agent.tools.crystals.structures import MOST_ATOMS_POTENTIAL, Crystal, read_crystals
from agent.units import counted

SOFT = "CHGNet is trained near equilibrium: it tends to soften forces and moduli far from it."


@tool("materials", engines=("chgnet", "pymatgen", "torch", "ase"), cost="heavy", seconds=900, memory_mb=8192, gpu=True)
def estimate_energies(structures: list[str], formation: bool = True) -> Result:
    """Estimate energies, forces and pressure of crystals as given (nothing is moved) by a pretrained potential.

    Args:
        structures: Paths of ordered CIF or POSCAR files, or texts of them; at most 400 atoms a cell.
        formation: Also give the formation energy per atom from the elements, computed by the same potential.

    Returns:
        ``data.rows``: per structure energy_per_atom, formation_energy (null where an element has no reference; reason
        in warnings), both in eV/atom, max_force in eV/Å, pressure in GPa (positive: compressed, wants to expand).
        Formation energies are at 0 K without vibrations, for the structures as given, from relaxed elements.

    Source:
        CHGNet 0.3.0: Deng et al., Nature Machine Intelligence 5, 1031 (2023), trained on the Materials Project's
        PBE(+U) relaxations.
    """
    crystals = read_crystals(structures, most=MOST_ATOMS_POTENTIAL, ordered=True)
    share = 0.6 if formation else 1.0
    states = evaluate([c.structure for c in crystals], report=lambda f, m: progress(share * f, m))
    formations, warnings = _formations(crystals, states, share) if formation else ([None] * len(crystals), [])
    rows, drafts = [], []
    for crystal, state, energy in zip(crystals, states, formations, strict=True):
        rows.append({"structure": crystal.key, "formula": crystal.formula, **_numbers(state, energy)})
        drafts.append(draft(crystal, _values(state, energy)))
    lowest = min(rows, key=_stability)
    return ok(
        f"Energies of {counted(len(rows), 'structure')} on the {device()}; lowest: {_told(lowest)}.",
        values=[Value(name="structures", value=len(rows))],
        data={"rows": rows},
        candidates=drafts,
        artifacts=[table("energies", "Energies by CHGNet", rows)],
        warnings=warnings,
    )


@tool("materials", engines=("chgnet", "pymatgen", "torch", "ase"), cost="heavy", seconds=1800, memory_mb=8192, gpu=True)
def relax_structures(
    structures: list[str],
    steps: int = 200,
    force_tolerance: float = 0.05,
    relax_cell: bool = True,
    formation: bool = True,
) -> Result:
    """Relax crystals (positions and cell) to the minimum of a pretrained potential, several at once.

    Args:
        structures: Paths of ordered CIF or POSCAR files, or texts of them; at most 400 atoms a cell.
        steps: At most so many moves each.
        force_tolerance: Converged when no force is above this, in eV/Å (and no stress above 0.1 GPa).
        relax_cell: Whether the cell relaxes too; otherwise only positions.
        formation: Also give the formation energy per atom from the elements, computed by the same potential.

    Returns:
        ``data``: structures (CIF texts, relaxed, same order and keys), rows (energies in eV/atom before and after,
        formation_energy, max_force, pressure, volume change in percent, steps, converged). Those that did not converge
        are labelled so.

    Source:
        CHGNet 0.3.0: Deng et al., Nature Machine Intelligence 5, 1031 (2023); FIRE: Bitzek et al., Phys. Rev. Lett. 97,
        170201 (2006).
    """
    if not 1 <= steps <= 2000:
        raise RepairableToolError(f"steps is {steps}.", remedy="Choose between 1 and 2000.")
    if not 0.001 <= force_tolerance <= 1:
        raise RepairableToolError(
            f"force_tolerance is {force_tolerance} eV/Å.", remedy="Choose between 0.001 and 1 eV/Å."
        )
    crystals = read_crystals(structures, most=MOST_ATOMS_POTENTIAL, ordered=True)
    share = 0.8 if formation else 1.0
    relaxed = relax(
        [c.structure for c in crystals],
        steps=steps,
        force_tolerance=force_tolerance,
        cell=relax_cell,
        report=lambda f, m: progress(share * f, m),
    )
    after = [Crystal(c.key, r.structure) for c, r in zip(crystals, relaxed, strict=True)]
    states = [r.state for r in relaxed]
    formations, warnings = _formations(after, states, share) if formation else ([None] * len(after), [])
    rows, drafts = [], []
    for crystal, start, item, energy in zip(after, crystals, relaxed, formations, strict=True):
        change = 100 * (item.structure.volume / start.structure.volume - 1)
        rows.append(
            {
                "structure": crystal.key,
                "formula": crystal.formula,
                **_numbers(item.state, energy),
                "energy_before": item.before.energy,
                "volume_change_percent": change,
                "steps": item.steps,
                "converged": item.converged,
            }
        )
        values = [
            *_values(item.state, energy),
            value("density", float(item.structure.density)),
            value("volume_per_atom", item.structure.volume / len(item.structure)),
        ]
        drafts.append(draft(crystal, values, relaxed=_how_it_ended(item)))
        if not item.converged:
            warnings.append(f"{crystal.key}: {_how_it_ended(item)}; its energy is an upper bound.")
    settled = sum(item.converged for item in relaxed)
    return ok(
        f"{settled} of {counted(len(rows), 'structure')} relaxed on the {device()}; "
        f"lowest: {_told(min(rows, key=_stability))}.",
        values=[Value(name="structures", value=len(rows)), Value(name="converged", value=settled)],
        data={"structures": [cif.content for cif in map(cif_artifact, after)], "rows": rows},
        candidates=drafts,
        artifacts=[table("relaxed", "Relaxed by CHGNet", rows), *(cif_artifact(c, "_relaxed") for c in after)],
        warnings=warnings,
    )


@tool("materials", engines=("chgnet", "pymatgen", "torch", "ase"), cost="heavy", seconds=1800, memory_mb=8192, gpu=True)
def bulk_moduli(structures: list[str], relax_first: bool = True) -> Result:
    """Estimate bulk moduli from the energies of compressed and stretched cells by a pretrained potential.

    Args:
        structures: Paths of ordered CIF or POSCAR files, or texts of them; at most 400 atoms a cell.
        relax_first: Relax cell and positions before; without, the volumes are around the cell as given.

    Returns:
        ``data.rows``: per structure bulk_modulus in GPa, its pressure derivative, the equilibrium volume per atom in
        Å³, and the fit's error in meV/atom; null with a warning where the energies have no minimum. Fractional
        coordinates are kept while the cell is strained, so structures with free positions come out slightly too stiff.

    Source:
        Third-order equation of state: Birch, Phys. Rev. 71, 809 (1947), over 11 volumes within 10 %; energies by
        CHGNet 0.3.0 (Deng et al., 2023).
    """
    crystals = read_crystals(structures, most=MOST_ATOMS_POTENTIAL, ordered=True)
    starts = [c.structure for c in crystals]
    if relax_first:
        found = relax(starts, steps=200, force_tolerance=0.05, report=lambda f, m: progress(0.6 * f, m))
        starts = [item.structure for item in found]
    cells = [cell for start in starts for cell in strained(start)]
    states = evaluate(cells, forces=False, report=lambda f, m: progress(0.6 + 0.4 * f, m))
    rows, drafts, warnings = [], [], []
    for index, (crystal, start) in enumerate(zip(crystals, starts, strict=True)):
        part = slice(index * len(VOLUME_STRAINS), (index + 1) * len(VOLUME_STRAINS))
        volumes = [cell.volume / len(start) for cell in cells[part]]
        fitted = birch_murnaghan(volumes, [state.energy for state in states[part]])
        rows.append({"structure": crystal.key, "formula": crystal.formula, **_moduli(fitted)})
        if fitted is None:
            warnings.append(f"{crystal.key}: the energies have no minimum within 10 % of the volume; relax it first.")
        else:
            drafts.append(draft(crystal, [value("bulk_modulus", fitted.bulk_modulus)]))
    known = [row for row in rows if row["bulk_modulus"] is not None]
    if not known:
        return empty("No structure has an energy minimum near its volume.", data={"rows": rows}, warnings=warnings)
    stiffest = max(known, key=lambda row: row["bulk_modulus"])
    return ok(
        f"Bulk moduli of {len(known)} of {counted(len(rows), 'structure')}; "
        f"stiffest: {stiffest['structure']} with {stiffest['bulk_modulus']:.0f} GPa.",
        values=[Value(name="structures", value=len(known))],
        data={"rows": rows},
        candidates=drafts,
        artifacts=[table("bulk_moduli", "Bulk moduli by CHGNet", rows)],
        warnings=[*warnings, SOFT],
    )


def _formations(crystals: list[Crystal], states: list[State], share: float) -> tuple[list[float | None], list[str]]:
    energies: list[float | None] = []
    lacking: set[str] = set()
    for index, (crystal, state) in enumerate(zip(crystals, states, strict=True)):
        progress(share + (1 - share) * index / len(crystals), "reference elements")
        energy, without = formation_energy(crystal.structure, state.energy)
        energies.append(energy)
        lacking.update(without)
    warnings = []
    if lacking:
        warnings.append(f"No formation energy for compounds of {', '.join(sorted(lacking))}: no elemental reference.")
    return energies, warnings


def _numbers(state: State, formation: float | None) -> dict[str, float | None]:
    return {
        "energy_per_atom": state.energy,
        "formation_energy": formation,
        "max_force": state.max_force,
        "pressure": state.pressure,
    }


def _values(state: State, formation: float | None) -> list[Value]:
    return [value(key, number) for key, number in _numbers(state, formation).items() if number is not None]


def _stability(row: dict) -> float:
    """Compounds are compared by formation energy; without one, by energy."""
    return row["energy_per_atom"] if row["formation_energy"] is None else row["formation_energy"]


def _told(row: dict) -> str:
    if row["formation_energy"] is None:
        return f"{row['structure']} at {row['energy_per_atom']:.3f} eV/atom"
    return f"{row['structure']}, formation energy {row['formation_energy']:.3f} eV/atom"


def _how_it_ended(item: Relaxed) -> str:
    return f"converged in {item.steps} steps" if item.converged else f"not converged after {item.steps} steps"


def _moduli(fitted: EquationOfState | None) -> dict[str, float | None]:
    return {
        "bulk_modulus": fitted.bulk_modulus if fitted else None,
        "pressure_derivative": fitted.derivative if fitted else None,
        "volume_per_atom": fitted.volume if fitted else None,
        "fit_error_mev_per_atom": 1000 * fitted.error if fitted else None,
    }
