"""The session: the one way in. It assembles everything and carries goals through: run, resume, answer, cancel.

Three lines suffice in a script::

    from agent import research
    run = research("Design soluble analogues of celecoxib with logP between 2 and 4")
    print(run.bundle / "report.html")
"""

from agent.events import Listener
from agent.session.ending import RunOutcome
from agent.session.scripting import research, research_async
from agent.session.workplace import Session

__all__ = ["Listener", "RunOutcome", "Session", "research", "research_async"]
