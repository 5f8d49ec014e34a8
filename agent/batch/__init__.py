"""Many goals: one bundle each, side by side, with one budget over all, and tables and a page over what they found.

Three lines suffice in a script::

    from agent import research_many
    study = research_many(["Design soluble analogues of aspirin", "Analyse plasmid.fasta"], out="study", workers=2)
    print(study.page, study.counts)
"""

from agent.batch.carriers import Crew, InSession, Sign
from agent.batch.folder import BatchFolder, GoalOutcome
from agent.batch.goals import BatchGoal, GoalFile, Problem, as_goals, read_goals
from agent.batch.running import run_batch
from agent.batch.study import Study, research_many, research_many_async
from agent.batch.summary import write_summary

__all__ = [
    "BatchFolder",
    "BatchGoal",
    "Crew",
    "GoalFile",
    "GoalOutcome",
    "InSession",
    "Problem",
    "Sign",
    "Study",
    "as_goals",
    "read_goals",
    "research_many",
    "research_many_async",
    "run_batch",
    "write_summary",
]
