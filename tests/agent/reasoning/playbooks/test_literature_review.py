"""Questions to documents: which goals they are, and what is asked."""

import pytest

from agent.reasoning.playbooks.literature_review import _WHETHER, LiteratureReview
from agent.reasoning.understanding import read_goal
from agent.records import Goal


@pytest.mark.parametrize(
    "text",
    [
        "Review what our notes say on the stability of MAPbI3 films and where they contradict each other",
        "Find out from our literature whether AMPK is required for metformin",
        "What do the papers report on the coating of NMC811?",
    ],
)
def test_goals_that_ask_the_library(text: str) -> None:
    assert LiteratureReview().signals(read_goal(Goal(text=text))) >= 4


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        (
            "Find out whether AMPK is required for metformin and propose tests.",
            "whether AMPK is required for metformin",
        ),
        ("Tell me whether zinc and copper dissolve in acid; cite.", "whether zinc and copper dissolve in acid"),
    ],
)
def test_what_stands_behind_whether_is_asked(text: str, asked: str) -> None:
    found = _WHETHER.search(text)
    assert found and found[0] == asked
