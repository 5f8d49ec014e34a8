"""Design to many constraints: how many oracle calls a hundred feasible, diverse molecules take."""

from evals.design.suite import evaluate

__all__ = ["evaluate"]
