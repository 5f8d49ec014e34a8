"""Practical molecular optimisation: how good molecules get, and how soon, within a budget of oracle calls."""

from evals.pmo.suite import evaluate

__all__ = ["evaluate"]
