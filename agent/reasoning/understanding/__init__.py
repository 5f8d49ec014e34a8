"""Understanding a goal with no model: what its words say, and which playbook they call for.

`read_goal` tags numbers, links them to quantities, and finds objectives, files, molecules, sequences, compositions and
groups. `route` chooses the playbook. Nothing here guesses: what is not understood becomes a note, what is missing a
question.
"""

from agent.reasoning.understanding.parts import GoalParts, notes_on_unused, read_goal
from agent.reasoning.understanding.routing import Route, route

__all__ = ["GoalParts", "Route", "notes_on_unused", "read_goal", "route"]
