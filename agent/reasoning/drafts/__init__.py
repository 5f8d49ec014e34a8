"""Drafts: what a model may propose, as strict schemas, and how a proposal becomes a record.

Nothing that a model writes reaches the run as it is. A constraint needs its number in the goal, a step needs a tool
that takes its arguments, a figure needs a value that supports it, a piece of evidence needs to exist. What does not
hold is left out with a notice, or sent back to the model with the reason.
"""
