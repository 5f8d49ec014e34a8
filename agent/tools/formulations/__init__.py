"""The formulations room: mixture recipes, designed, modelled and made ready for a campaign."""

from agent.tools.formulations.tools import analyse_mixture, design_mixture

__all__ = ["analyse_mixture", "design_mixture"]
