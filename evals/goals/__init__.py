"""Research goals in plain words, carried through whole and judged by checkers that share no code with the run.

The goals are the TOML files beside this module, one a category; `judging` reads a bundle as plain files, `molecules`
re-checks structures with bare RDKit, `running` carries the goals through sessions of their own.
"""

from evals.goals.running import evaluate

__all__ = ["evaluate"]
