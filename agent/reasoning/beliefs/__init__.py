"""Beliefs: measured results applied to hypotheses by the rules fixed beforehand, and what is to be done next."""

from agent.reasoning.beliefs.following import Follow, follow, open_samples
from agent.reasoning.beliefs.judging import believe, decide, judge
from agent.reasoning.beliefs.reasons import RESULTS
from agent.reasoning.beliefs.replicating import replicate
from agent.reasoning.beliefs.sharpening import design_sharper, sharper

__all__ = [
    "RESULTS", "Follow", "believe", "decide", "design_sharper", "follow", "judge", "open_samples", "replicate",
    "sharper",
]  # fmt: skip
