"""Bayesian optimisation of experiments: search spaces, a surrogate, and the next experiments to do."""

from agent.tools.optimisation.propose import propose_from_table
from agent.tools.optimisation.suggest import suggest_experiments

__all__ = ["propose_from_table", "suggest_experiments"]
