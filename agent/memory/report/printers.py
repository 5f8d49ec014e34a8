"""What both forms of the report call in their templates: how names, figures and lines are printed."""

from __future__ import annotations

from typing import Any

from agent import vocabulary
from agent.memory.report.drawing.plan_graph import SYMBOLS, print_seconds
from agent.memory.report.hypotheses import merged, print_power, print_prior, print_rating, unit_of
from agent.memory.report.prose import anchor
from agent.memory.report.rounds import print_probability

PRINTERS: dict[str, Any] = {
    "anchor": anchor,
    "merged": merged,
    "power": print_power,
    "prior": print_prior,
    "probability": print_probability,
    "rating": print_rating,
    "seconds": print_seconds,
    "symbols": SYMBOLS,
    "title": vocabulary.title,
    "unit": unit_of,
}
"""By the names that templates use."""
