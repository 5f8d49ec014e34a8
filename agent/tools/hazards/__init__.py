"""The hazard screen: what a goal names, and what a candidate is.

`assess_goal` reads a goal's words with no worker; `screen_candidates` compares structures and sequences. Both say what
they cover, and neither ever says "safe".
"""

from agent.tools.hazards.policy import GoalScreen, assess_goal
from agent.tools.hazards.tools import screen_candidates, screen_text

__all__ = ["GoalScreen", "assess_goal", "screen_candidates", "screen_text"]
