"""Theoretical capacities of electrode materials, from the formula alone."""

from __future__ import annotations

from agent.errors import RepairableToolError
from agent.records import CandidateDraft, Result, Value
from agent.tools import ok, tool
from agent.tools.crystals.prototypes import read_formula
from agent.tools.crystals.records import table

FARADAY = 96485.33212 / 3.6
"""Charge of one mole of electrons in mAh (CODATA 2018)."""

CHARGES = {"Li": 1, "Na": 1, "K": 1, "Mg": 2, "Ca": 2, "Zn": 2, "Al": 3}


@tool("materials", engines=("pymatgen",), cost="light")
def electrode_capacities(formulas: list[str], ion: str = "Li") -> Result:
    """Theoretical gravimetric capacity of electrode materials: every working ion of the formula is extracted.

    Args:
        formulas: Compositions that hold the working ion, such as LiFePO4 or LiNi0.8Mn0.1Co0.1O2.
        ion: The working ion: Li, Na, K, Mg, Ca, Zn or Al.

    Returns:
        ``data.rows``: formula, ions (per formula unit), molar_mass (g/mol), capacity (mAh/g). An upper bound: how much
        can be cycled depends on redox limits and stability, which are not computed.

    Source:
        Faraday's law, Q = z n F / M.
    """
    if ion not in CHARGES:
        raise RepairableToolError(f"The working ion '{ion}' is not known.", remedy=f"Choose of {', '.join(CHARGES)}.")
    if not formulas:
        raise RepairableToolError("No formula was given.", remedy="Give compositions such as LiFePO4.")
    rows: list[dict[str, object]] = []
    values: list[Value] = []
    without: list[str] = []
    drafts: list[CandidateDraft] = []
    for formula in dict.fromkeys(formulas):
        composition = read_formula(formula)
        count = float(composition[ion])
        if not count:
            without.append(formula)
            continue
        capacity = CHARGES[ion] * count * FARADAY / float(composition.weight)
        rows.append(
            {
                "formula": formula,
                "ions": round(count, 4),
                "molar_mass": round(float(composition.weight), 3),
                "capacity": round(capacity, 1),
            }
        )
        made = Value(name="capacity", value=round(capacity, 1), unit="mA*hour/g")
        values.append(Value(name=f"capacity_{formula}", value=made.value, unit=made.unit))
        drafts.append(
            CandidateDraft(
                kind="crystal", structure=formula, name=formula, values=(made,), labels={"formula": formula, "ion": ion}
            )
        )
    if not rows:
        raise RepairableToolError(
            f"None of {', '.join(formulas)} holds {ion}.", remedy="Name the working ion, or lithiated formulas."
        )
    told = ", ".join(f"{row['formula']} {row['capacity']:g} mAh/g" for row in rows)
    return ok(
        f"Theoretical capacities with all {ion} extracted: {told}.",
        values=values,
        data={"rows": rows, "ion": ion},
        candidates=drafts,
        artifacts=[table("capacities", f"Theoretical capacities ({ion})", rows)],
        warnings=[f"{formula} holds no {ion}: it has no capacity of this kind." for formula in without],
    )
