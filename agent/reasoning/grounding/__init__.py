"""Grounding: prose whose every figure leads to a value that a tool measured, a passage states, or the goal gives.

Two ways in. `ground` reads anybody's text (a model's): references such as ``{{c5.logP}}`` are rendered from the
registry, literal figures are matched to it, and what nothing supports gets a span without a source. `Grounder.write`
fills our own templates and refuses a reference that does not resolve, because that is a defect of ours.

Sources that a span may carry: an evidence id (``e3``), ``goal``, a passage id, ``doi:...`` (a published constant),
``method:...`` (a setting that a written method or plan chooses) and ``tool:...`` (a call outside the plan).
"""

from agent.reasoning.grounding.lexing import Figure, figures
from agent.reasoning.grounding.matching import Registry
from agent.reasoning.grounding.templates import Grounder, ground, join, number

__all__ = ["Figure", "Grounder", "Registry", "figures", "ground", "join", "number"]
