"""The tool that enumerates compositions."""

from __future__ import annotations

from itertools import combinations

from agent.errors import RepairableToolError
from agent.records import Result, Value
from agent.tools import empty, ok, progress, tool
from agent.tools.crystals.compositions import balanced, simplest_first
from agent.tools.crystals.records import table

LARGEST_COEFFICIENT = 12


@tool("materials", engines=("smact", "pymatgen"))
def enumerate_compositions(
    elements: list[str],
    max_coefficient: int = 6,
    count: int = 20,
    subsystems: bool = False,
    uncommon_states: bool = False,
) -> Result:
    """List the charge-neutral compositions of a chemical system, by oxidation states and electronegativity.

    Args:
        elements: Two to five element symbols; every composition holds all of them.
        max_coefficient: Largest number of atoms of one element in the formula unit, up to 12.
        count: At most so many compositions, common oxidation states and simple formulas first.
        subsystems: Also list compositions of fewer (at least two) of the elements.
        uncommon_states: Also list those that need oxidation states in which fewer than 10 % of an element's ions are.

    Returns:
        ``data``: formulas, rows (formula, oxidation_states, common_states, atoms), total (how many pass the filter).
        What passes is plausible, not known to exist or to be stable.

    Source:
        SMACT: Davies et al., Chem 1, 617 (2016), with the oxidation states seen in the ICSD.
    """
    chosen = list(dict.fromkeys(symbol.strip() for symbol in elements))
    if not 2 <= len(chosen) <= 5:
        raise RepairableToolError(
            f"{len(chosen)} distinct elements were given.", remedy="Give two to five element symbols."
        )
    if not 1 <= max_coefficient <= LARGEST_COEFFICIENT:
        raise RepairableToolError(
            f"max_coefficient is {max_coefficient}.", remedy=f"Choose between 1 and {LARGEST_COEFFICIENT}."
        )
    if count < 1:
        raise RepairableToolError(f"count is {count}.", remedy="Ask for at least 1.")
    sizes = range(len(chosen), 1, -1) if subsystems else (len(chosen),)
    systems = [system for size in sizes for system in combinations(chosen, size)]
    found = []
    for index, system in enumerate(systems):
        progress(index / len(systems), "-".join(system))
        found += [item for item in balanced(list(system), max_coefficient) if uncommon_states or item.common]
    found.sort(key=simplest_first)
    name = "-".join(chosen)
    if not found:
        return empty(
            f"No composition of {name} with coefficients up to {max_coefficient} is charge neutral "
            f"with{'' if uncommon_states else ' common'} oxidation states in the order of electronegativity.",
            data={"formulas": [], "total": 0},
        )
    rows = [
        {
            "formula": item.formula,
            "oxidation_states": ", ".join(f"{symbol} {state:+d}" for symbol, state in item.states.items()),
            "common_states": item.common,
            "atoms": item.atoms,
        }
        for item in found[:count]
    ]
    return ok(
        f"{len(found)} compositions of {name} balance; the first {len(rows)}: "
        f"{', '.join(row['formula'] for row in rows[:8])}{', ...' if len(rows) > 8 else ''}.",
        values=[Value(name="compositions", value=len(found))],
        data={"formulas": [row["formula"] for row in rows], "rows": rows, "total": len(found)},
        artifacts=[table("compositions", f"Compositions of {name}", rows)],
    )
