"""The tool that lays samples out on plates."""

from __future__ import annotations

from typing import Literal

from agent.errors import RepairableToolError
from agent.records import ArtifactContent, Result, Value
from agent.tools._declare import tool
from agent.tools._results import ok
from agent.tools.experiments.designs import table_as_csv
from agent.tools.experiments.plates_core import complete_blocks, lay_out


@tool("experiments")
def plate_layout(
    samples: list[str] | None = None,
    controls: list[str] | None = None,
    replicates: int = 3,
    wells: Literal["96", "384"] = "96",
    edge: Literal["avoid", "use"] = "avoid",
    random_seed: int = 0,
    blocks: list[list[str]] | None = None,
) -> Result:
    """Lay samples and controls out on 96 or 384 well plates in randomised complete blocks.

    Args:
        samples: Names of the samples; none if blocks are given.
        controls: Names of the controls; every block holds each of them once.
        replicates: Number of blocks; each holds every sample and control once.
        wells: Size of the plate.
        edge: avoid fills the outer wells with buffer (they lose water and heat first), use takes them too.
        random_seed: The same seed gives the same layout.
        blocks: What each block holds, in place of samples, controls and replicates: for blocks that are not alike.

    Returns:
        data {plates, wells: [{plate, well, content, block}]}, and a CSV.

    Source:
        Well names and shapes: ANSI/SLAS 4-2004 (R2012). Randomised complete blocks: R. A. Fisher, The Design of
        Experiments, 1935.
    """
    if blocks and (samples or controls):
        raise RepairableToolError(
            "blocks: given together with samples or controls, which say otherwise",
            remedy="Give blocks alone, or samples, controls and replicates.",
        )
    contents = blocks or complete_blocks(samples or [], controls or [], replicates)
    placed = lay_out(contents, int(wells), edge, random_seed)
    rows = [{"plate": w.plate, "well": w.name, "content": w.content, "block": w.block} for w in placed]
    plates = max(well.plate for well in placed)
    filled = sum(well.block > 0 for well in placed)
    return ok(
        f"{filled} wells on {plates} plate{'s' if plates > 1 else ''} of {wells}, in {len(contents)} randomised "
        f"block{'s' if len(contents) > 1 else ''}.",
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
