"""The tool that lays samples out on plates."""

from __future__ import annotations

from typing import Literal

from agent.records import ArtifactContent, Result, Value
from agent.tools._declare import tool
from agent.tools._results import ok
from agent.tools.experiments.designs import table_as_csv
from agent.tools.experiments.plates_core import lay_out


@tool("experiments")
def plate_layout(
    samples: list[str],
    controls: list[str] | None = None,
    replicates: int = 3,
    wells: Literal["96", "384"] = "96",
    edge: Literal["avoid", "use"] = "avoid",
    random_seed: int = 0,
) -> Result:
    """Lay samples and controls out on 96 or 384 well plates in randomised complete blocks.

    Args:
        samples: Names of the samples.
        controls: Names of the controls; every block holds each of them once.
        replicates: Number of blocks; each holds every sample and control once.
        wells: Size of the plate.
        edge: avoid fills the outer wells with buffer (they lose water and heat first), use takes them too.
        random_seed: The same seed gives the same layout.

    Returns:
        data {plates, wells: [{plate, well, content, block}]}, and a CSV.

    Source:
        Well names and shapes: ANSI/SLAS 4-2004 (R2012). Randomised complete blocks: R. A. Fisher, The Design of
        Experiments, 1935.
    """
    placed = lay_out(samples, controls or [], replicates, int(wells), edge, random_seed)
    rows = [{"plate": w.plate, "well": w.name, "content": w.content, "block": w.block} for w in placed]
    plates = max(well.plate for well in placed)
    filled = sum(well.block > 0 for well in placed)
    return ok(
        f"{filled} wells on {plates} plate{'s' if plates > 1 else ''} of {wells}: {len(samples)} samples and "
        f"{len(controls or [])} controls in {replicates} randomised block{'s' if replicates > 1 else ''}.",
        values=[Value(name="plates", value=plates), Value(name="filled_wells", value=filled)],
        data={"plates": plates, "wells": rows},
        artifacts=[
            ArtifactContent(
                name="plate_layout.csv",
                media_type="text/csv",
                content=table_as_csv(rows),
                title=f"Layout on {wells} wells",
            )
        ],
    )
