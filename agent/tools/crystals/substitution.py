"""Substituting elements in a crystal: ordered cells along a solid solution, or with a dopant."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from agent.errors import RepairableToolError
from agent.records import CandidateDraft, Result, Value
from agent.tools import ok, progress, tool
from agent.tools.crystals.prototypes import ionic_radius, oxidation_states
from agent.tools.crystals.records import cif_artifact, draft, table, value
from agent.tools.crystals.structures import MOST_ATOMS_POTENTIAL, Crystal, cif_text, known_warnings, read_crystals

if TYPE_CHECKING:
    from pymatgen.core import Structure

MOST_SITES = 40
"""The largest cell that is made: what the potential relaxes in a minute or two."""

MOST_MADE = 24


@tool("materials", engines=("pymatgen", "spglib"), seconds=300)
def substitute_elements(
    structures: list[str],
    by: list[str],
    replace: str = "",
    fractions: list[float] = [0.25, 0.5, 1.0],
) -> Result:
    """Replace a share of one element of a crystal by another: dopants and solid solutions, as ordered cells.

    Args:
        structures: Paths of CIF or POSCAR files of the hosts, or texts of them.
        by: Elements that come in, each on its own.
        replace: The element that they replace; empty: the cation whose ionic radius is nearest to each.
        fractions: Shares of the replaced element, above 0 and up to 1; the nearest share that a cell of up to 40 atoms
            can hold is made.

    Returns:
        ``data``: structures (CIF texts, the hosts first), names, rows (host, replaced, by, fraction, formula, atoms).
        Each cell is one ordering of many, its replaced sites as far apart as possible; charge is not compensated where
        the two ions differ in charge, and that is told.

    Source:
        Sites are picked by farthest-point sampling over periodic distances; radii of Shannon (1976).
    """
    if not by:
        raise RepairableToolError("No element to put in was given.", remedy="Give symbols such as La or Nb.")
    if any(not 0 < fraction <= 1 for fraction in fractions) or not fractions:
        raise RepairableToolError(f"fractions are {fractions}.", remedy="Give shares above 0 and up to 1.")
    hosts = read_crystals(structures, most=MOST_ATOMS_POTENTIAL, ordered=True)
    made: list[Crystal] = list(hosts)
    rows: list[dict[str, object]] = []
    warnings: list[str] = []
    drafts: list[CandidateDraft] = [
        draft(host, _measures(host.structure), host=host.formula, origin="given") for host in hosts
    ]
    for index, host in enumerate(hosts):
        progress(index / len(hosts), host.key)
        symbols = {element.symbol for element in host.structure.composition}
        for new in dict.fromkeys(by):
            out = replace or _nearest_cation(host.structure, new)
            if out not in symbols or out == new:
                warnings.append(f"{host.key} holds no {out} to replace by {new}." if out != new else f"{out} is {new}.")
                continue
            seen: set[float] = set()
            for fraction in sorted(fractions):
                cell, share = _substituted(host.structure, out, new, fraction)
                if share in seen or len(made) >= MOST_MADE:
                    continue
                seen.add(share)
                # The share is part of the name, as in a formula ("Fe0.25 for Mg"): it says what was made, not found.
                put = f"{new}{share:.3g} for {out}" if share < 1 else f"{new} for {out}"
                host_name = host.key.partition(" [")[2].rstrip("]")
                crystal = Crystal(f"{cell.composition.reduced_formula} [{host_name}, {put}]", cell)
                made.append(crystal)
                if abs(share - fraction) > 0.25 * fraction:
                    warnings.append(
                        f"{100 * fraction:.3g} % of {out} cannot be held by a cell of up to {MOST_SITES} atoms; "
                        f"the nearest share made is {100 * share:.3g} %."
                    )
                rows.append(
                    {
                        "structure": crystal.key, "host": host.formula, "replaced": out, "by": new,
                        "fraction": round(share, 4), "formula": crystal.formula, "atoms": len(cell),
                    }
                )  # fmt: skip
                labels = {"host": host.formula, "substitution": f"{out} by {new}", "origin": "substituted"}
                share_value = Value(name="substituted_share", value=round(100 * share, 3), unit="percent")
                drafts.append(draft(crystal, [*_measures(cell), share_value], **labels))
            warnings += _charges(host.structure, out, new)
    if len(made) == len(hosts):
        raise RepairableToolError(
            "; ".join(warnings) or "Nothing could be replaced.", remedy="Name an element of the host."
        )
    return ok(
        f"{len(rows)} substituted cells of {', '.join(host.formula for host in hosts)}: "
        + ", ".join(f"{row['formula']}" for row in rows[:6])
        + (", ..." if len(rows) > 6 else "")
        + ".",
        values=[Value(name="substituted_cells", value=len(rows))],
        data={
            "structures": [cif_text(crystal) for crystal in made],
            "names": [crystal.key for crystal in made],
            "rows": rows,
        },
        candidates=drafts,
        artifacts=[table("substitutions", "Substituted cells", rows), *(cif_artifact(c) for c in made[len(hosts) :])],
        warnings=list(dict.fromkeys(warnings)),
    )


def _measures(structure: Structure) -> list[Value]:
    return [
        value("density", structure.density),
        value("volume_per_atom", structure.volume / len(structure)),
    ]


def _nearest_cation(structure: Structure, new: str) -> str:
    """The cation of a crystal whose ionic radius is nearest to that of an element; its likeliest ion where known."""
    from pymatgen.core import Element

    states = oxidation_states(structure.composition.reduced_composition) or {}
    cations = [symbol for symbol, state in states.items() if state > 0]
    if not cations:
        cations = [element.symbol for element in structure.composition if Element(element.symbol).X < 2.2]
    common = [state for state in Element(new).common_oxidation_states if state > 0] or [2]

    def gap(symbol: str) -> float:
        own = ionic_radius(symbol, states.get(symbol, 2), 6)
        other = ionic_radius(new, min(common, key=lambda q: abs(q - states.get(symbol, 2))), 6)
        return abs(own - other) if own is not None and other is not None else 9.0

    return min(cations, key=gap, default=new)


def _substituted(structure: Structure, out: str, new: str, fraction: float) -> tuple[Structure, float]:
    """A cell with the nearest share of an element replaced, in the smallest supercell that comes near enough."""
    if len(structure) > MOST_SITES:  # the conventional cell of a spinel has 56 atoms, its primitive one 14
        with known_warnings():
            structure = structure.get_primitive_structure()
    best: tuple[float, int, tuple[int, int, int]] | None = None
    sites = sum(site.specie.symbol == out for site in structure)
    for repeat in _repeats(len(structure)):
        total = sites * int(np.prod(repeat))
        count = min(max(1, round(fraction * total)), total)
        miss = abs(count / total - fraction)
        if best is None or miss < best[0] - 0.02:
            best = (miss, count, repeat)
    assert best is not None
    _, count, repeat = best
    cell = structure * repeat
    places = [i for i, site in enumerate(cell) if site.specie.symbol == out]
    for place in _spread(cell, places, count):
        cell.replace(place, new)
    return cell, count / len(places)


def _repeats(atoms: int) -> list[tuple[int, int, int]]:
    """Supercells of up to `MOST_SITES` atoms, the smallest first."""
    pool = [(a, b, c) for a in (1, 2, 3) for b in (1, 2, 3) for c in (1, 2, 3) if a * b * c * atoms <= MOST_SITES]
    return sorted(pool, key=lambda r: (r[0] * r[1] * r[2], max(r) - min(r), r)) or [(1, 1, 1)]


def _spread(cell: Structure, places: list[int], count: int) -> list[int]:
    """So many of the places, each as far as possible from those chosen before."""
    distances = cell.distance_matrix[np.ix_(places, places)]
    chosen = [0]
    while len(chosen) < count:
        nearest = distances[:, chosen].min(axis=1)
        nearest[chosen] = -1
        chosen.append(int(np.argmax(np.round(nearest, 3))))
    return [places[i] for i in chosen]


def _charges(structure: Structure, out: str, new: str) -> list[str]:
    """Whether the ion that comes in has a usual state of the charge that goes out."""
    from pymatgen.core import Element

    states = oxidation_states(structure.composition.reduced_composition) or {}
    charge = states.get(out)
    if charge is None or charge in Element(new).oxidation_states:
        return []
    return [f"{new} has no oxidation state {charge:+g}: the charge that it brings is not compensated in these cells."]
