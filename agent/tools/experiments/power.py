"""The tool that sizes an experiment."""

from __future__ import annotations

from agent.records import Result, Value
from agent.tools._declare import tool
from agent.tools._results import ok
from agent.tools.experiments.power_core import sample_size
from agent.units import counted


@tool("experiments", engines=("scipy",))
def size_experiment(
    effect: float,
    spread: float,
    power: float = 0.8,
    alpha: float = 0.05,
    groups: int = 2,
    two_sided: bool = True,
    least: int = 3,
) -> Result:
    """How many replicates an experiment needs to find an effect.

    Args:
        effect: The difference of means to resolve; between the extreme groups where there are more than two.
        spread: Standard deviation of one measurement within a group, in the same unit as the effect.
        power: Probability of finding the effect if it is there.
        alpha: Probability of finding one that is not there.
        groups: Number of groups; 1 compares one sample with a fixed value.
        two_sided: Whether a difference either way counts (one and two groups).
        least: The fewest replicates to plan, whatever the power.

    Returns:
        data {replicates, total, power, standardised_effect, test}: replicates are independent samples a group.

    Source:
        J. Cohen, Statistical Power Analysis for the Behavioral Sciences, 2nd ed., 1988; noncentral t and F
        distributions by SciPy.
    """
    size = sample_size(effect, spread, power=power, alpha=alpha, groups=groups, two_sided=two_sided, least=least)
    return ok(
        f"{counted(size.replicates, 'replicate')} a group ({counted(size.total, 'sample')}) find an effect"
        f" of {effect:g} in a spread of {spread:g} with a power of {size.power:.2f} ({size.test}, alpha {alpha:g}).",
        values=[
            Value(name="replicates", value=size.replicates),
            Value(name="total", value=size.total),
            Value(name="power", value=size.power),
            Value(name="standardised_effect", value=size.standardised),
        ],
        data={
            "replicates": size.replicates,
            "total": size.total,
            "power": size.power,
            "standardised_effect": size.standardised,
            "test": size.test,
            "alpha": alpha,
        },
    )
