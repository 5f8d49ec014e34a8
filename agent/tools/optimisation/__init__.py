"""Bayesian optimisation of experiments: search spaces, a surrogate, and the next experiments to do."""

from agent.tools.optimisation.suggest import suggest_experiments

__all__ = ["suggest_experiments"]
