"""Design of experiments: sample sizes, designs, plates, dilutions and stock solutions."""

from agent.tools.experiments.designs import factorial_design, space_filling_design
from agent.tools.experiments.plates import plate_layout
from agent.tools.experiments.power import size_experiment
from agent.tools.experiments.reagents import look_up_reagents
from agent.tools.experiments.solutions import dilution_series, stock_solution
from agent.tools.experiments.stoichiometry import weigh_precursors

__all__ = [
    "dilution_series",
    "factorial_design",
    "look_up_reagents",
    "plate_layout",
    "size_experiment",
    "space_filling_design",
    "stock_solution",
    "weigh_precursors",
]
