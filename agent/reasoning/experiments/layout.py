"""The plate layout of an experiment, where it is run on plates."""

from __future__ import annotations

from agent.reasoning.protocol import RunView
from agent.records import Experiment, Result

WELLS = "96"


async def layout(experiment: Experiment, view: RunView) -> Result:
    """Lay an experiment out on 96-well plates.

    Args:
        experiment: The plan.
        view: The run; its seed fixes the random order.

    Returns:
        The result of the tool ``plate_layout``: wells as data, and a CSV.
    """
    samples = next((list(f.levels) for f in experiment.factors if f.name == "sample"), [])
    controls = [control.partition(":")[0] for control in experiment.controls]
    blocks = max(-(-experiment.sample_size // max(len(samples), 1)), 1)
    return await view.context.call(
        "plate_layout",
        {"samples": samples, "controls": controls, "replicates": blocks, "wells": WELLS, "random_seed": view.goal.seed},
    )
