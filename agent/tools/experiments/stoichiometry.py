"""The tool that computes what to weigh for a solid-state synthesis."""

from __future__ import annotations

from agent.records import ArtifactContent, Result, Value
from agent.tools._declare import tool
from agent.tools._results import ok
from agent.tools.experiments.designs import table_as_csv
from agent.tools.experiments.stoichiometry_core import weigh


@tool("experiments", engines=("chemicals",))
def weigh_precursors(formula: str, product_mass_g: float = 1.0, purities: dict[str, float] | None = None) -> Result:
    """What to weigh of the usual precursors to make a solid compound.

    Args:
        formula: Of the product, such as BaTiO3, CsPbI3 or Mg2Si.
        product_mass_g: Mass of product to make, in g.
        purities: Mass fraction of each precursor by formula, for instance {"BaCO3": 0.99}; 1 where none is given.

    Returns:
        data {formula, precursors: [{formula, amount_mmol, mass_mg, purity}]}, and a CSV. Gases are taken from or given
        to the atmosphere and not weighed.

    Source:
        Conservation of elements; standard atomic weights of the package chemicals.
    """
    rows = [
        {
            "formula": one.formula,
            "amount_mmol": round(one.amount_mmol, 4),
            "mass_mg": round(one.mass_mg, 2),
            "purity": one.purity,
        }
        for one in weigh(formula, product_mass_g, purities)
    ]
    listed = ", ".join(f"{row['mass_mg']:g} mg {row['formula']}" for row in rows)
    return ok(
        f"For {product_mass_g:g} g of {formula} weigh {listed}.",
        values=[Value(name="precursors", value=len(rows))],
        data={"formula": formula, "product_mass_g": product_mass_g, "precursors": rows},
        artifacts=[
            ArtifactContent(
                name="precursors.csv",
                media_type="text/csv",
                content=table_as_csv(rows),
                title=f"Precursors of {formula}",
            )
        ],
        warnings=["Losses on firing are not considered: dry carbonates and rare-earth oxides before weighing."],
    )
