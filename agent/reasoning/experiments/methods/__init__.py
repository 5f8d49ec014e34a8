"""How each quantity of the vocabulary is measured: method, conditions, repeatability, controls, steps."""

from __future__ import annotations

from agent.reasoning.experiments.methods import crystals, molecules, sequences
from agent.reasoning.experiments.methods.method import ASSUMED, Expected, Method, Setting, condition_text, fill

METHODS: dict[str, Method] = {
    method.quantity: method for method in (*molecules.METHODS, *crystals.METHODS, *sequences.METHODS)
}
"""The method for each quantity that can be measured; what only a computer knows (QED, an energy) is not in it."""


def outcome(quantity: str) -> Method | None:
    """The method that measures a quantity as it is estimated, or ``None`` where there is none."""
    method = METHODS.get(quantity)
    return method if method is not None and method.direct else None


__all__ = ["ASSUMED", "METHODS", "Expected", "Method", "Setting", "condition_text", "fill", "outcome"]
