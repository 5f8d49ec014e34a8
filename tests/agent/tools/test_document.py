"""The page of tools is what the code says."""

from pathlib import Path

from agent.tools.catalogue import catalogue
from agent.tools.document import catalogue_page


def test_the_page_of_tools_has_not_drifted() -> None:
    page = Path(__file__).parents[3] / "docs" / "tools.md"
    assert page.read_text(encoding="utf-8") == catalogue_page(catalogue()), "run `make docs`"


def test_every_tool_states_what_it_returns() -> None:
    silent = [tool.name for tool in catalogue() if not tool.returns]
    assert not silent
