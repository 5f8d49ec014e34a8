"""Tools for stock solutions and dilution series."""

from __future__ import annotations

from agent.records import ArtifactContent, Result, Value
from agent.tools._declare import tool
from agent.tools._results import ok
from agent.tools.experiments.designs import table_as_csv
from agent.tools.experiments.solutions_core import dilutions, stock_mass_mg
from agent.units import counted


@tool("experiments")
def stock_solution(
    molar_mass: float, concentration_mm: float = 10.0, volume_ml: float = 1.0, purity: float = 1.0
) -> Result:
    """The mass to weigh for a stock solution.

    Args:
        molar_mass: Molar mass in g/mol of the form that is weighed (salt and solvate included).
        concentration_mm: Wanted concentration in mmol/L.
        volume_ml: Wanted volume in mL.
        purity: Mass fraction of the substance in what is weighed, between 0 and 1.

    Returns:
        data {mass_mg}.

    Source:
        Definition of amount concentration, m = c V M / purity.
    """
    mass = stock_mass_mg(molar_mass, concentration_mm, volume_ml, purity)
    return ok(
        f"Weigh {mass:.4g} mg and make it up to {volume_ml:g} mL: {concentration_mm:g} mM.",
        values=[Value(name="mass", value=mass, unit="mg")],
        data={"mass_mg": mass},
        warnings=["Under 1 mg weighing is uncertain: make a larger volume."] if mass < 1 else [],
    )


@tool("experiments")
def dilution_series(
    stock: float,
    targets: list[float],
    volume_ul: float = 200.0,
    serial: bool = True,
    unit: str = "mM",
) -> Result:
    """The volumes to mix for a series of dilutions.

    Args:
        stock: Concentration of the stock, in the unit given.
        targets: Wanted concentrations, in the same unit.
        volume_ul: Volume that must remain of each dilution, in µL.
        serial: Make each step from the one before (true), or all from the stock (false).
        unit: Unit of the concentrations, for the table.

    Returns:
        data {steps: [{concentration, source, transfer_ul, diluent_ul}]}, and a CSV.

    Source:
        Conservation of amount in mixing, C1 V1 = C2 V2.
    """
    steps = dilutions(stock, targets, volume_ul, serial=serial)
    rows = [
        {
            f"concentration_{unit}": step.concentration,
            "from": step.source,
            "transfer_uL": round(step.transfer_ul, 3),
            "diluent_uL": round(step.diluent_ul, 3),
        }
        for step in steps
    ]
    return ok(
        f"{counted(len(steps), 'dilution')} from {stock:g} {unit} down to {steps[-1].concentration:g} {unit}, "
        f"{volume_ul:g} µL of each{', one from the other' if serial else ', each from the stock'}.",
        values=[
            Value(name="steps", value=len(steps)),
            Value(name="smallest_transfer", value=min(s.transfer_ul for s in steps), unit="microliter"),
        ],
        data={
            "steps": [
                {
                    "concentration": s.concentration,
                    "source": s.source,
                    "transfer_ul": s.transfer_ul,
                    "diluent_ul": s.diluent_ul,
                }
                for s in steps
            ]
        },
        artifacts=[
            ArtifactContent(
                name="dilutions.csv", media_type="text/csv", content=table_as_csv(rows), title="Dilution series"
            )
        ],
    )
