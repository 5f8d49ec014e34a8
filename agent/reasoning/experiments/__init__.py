"""Experiment plans: what tests a hypothesis, sized, controlled and decided beforehand."""

from agent.reasoning.experiments.design import design_experiment
from agent.reasoning.experiments.methods import METHODS, Method, outcome

__all__ = ["METHODS", "Method", "design_experiment", "outcome"]
