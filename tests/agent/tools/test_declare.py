"""Declaring tools: nothing is written twice, and nothing undocumented gets in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal

import pytest

from agent.errors import RepairableToolError
from agent.records import Constraint, Result
from agent.tools import FilePath, Injected, ok, tool
from agent.tools._declare import declared


@pytest.fixture(autouse=True)
def _leave_no_tools() -> Iterator[None]:
    before = dict(declared())
    yield
    declared().clear()
    declared().update(before)


def measure(
    smiles: list[str],
    way: Literal["fast", "slow"] = "fast",
    bounds: list[Constraint] | None = None,
    file: FilePath | None = None,
    store: Annotated[dict[str, Any], Injected("store")] = {},
) -> Result:
    """Measure something.

    It takes its time.

    Args:
        smiles: Molecules,
            one string each.
        way: How to measure.
        bounds: What to keep to.
        file: Where more is written.

    Returns:
        What was measured.

    Source:
        Nobody 2020.
    """
    return ok("measured")


def test_the_declaration_returns_the_function_and_makes_its_schema() -> None:
    assert tool("chemistry")(measure) is measure
    made = declared()["measure"]
    schema = made.schema()
    assert schema["properties"]["smiles"]["description"] == "Molecules, one string each."
    assert schema["properties"]["way"]["enum"] == ["fast", "slow"]
    assert schema["required"] == ["smiles"]
    assert "store" not in schema["properties"]
    assert made.injected == {"store": "store"}
    assert made.files == ("file",)
    assert (made.summary, made.returns, made.source) == ("Measure something.", "What was measured.", "Nobody 2020.")
    assert made.description == "Measure something.\n\nIt takes its time."


def test_arguments_are_completed_and_checked() -> None:
    tool("chemistry")(measure)
    made = declared()["measure"]
    assert made.check({"smiles": ["C"]}) == {"smiles": ["C"], "way": "fast", "bounds": None, "file": None}
    with pytest.raises(RepairableToolError) as caught:
        made.check({"smiles": "C", "way": "sideways", "colour": 3})
    message = str(caught.value)
    for part in ("smiles", "way", "colour", "It takes: smiles, way, bounds, file"):
        assert part in message


def test_an_undescribed_parameter_is_refused() -> None:
    def half(a: int, b: int) -> Result:
        """Do half.

        Args:
            a: Described.
        """
        return ok("half")

    with pytest.raises(TypeError, match="argument 'b' is not described"):
        tool("data")(half)


def test_a_tool_without_words_types_or_fixed_arguments_is_refused() -> None:
    def silent(a: int) -> Result:
        return ok("silent")

    def untyped(a) -> Result:
        """Be vague.

        Args:
            a: Anything.
        """
        return ok("untyped")

    def open_ended(**everything: int) -> Result:
        """Take everything."""
        return ok("open")

    for function, complaint in (
        (silent, "no docstring"),
        (untyped, "no annotation"),
        (open_ended, "cannot be described"),
    ):
        with pytest.raises(TypeError, match=complaint):
            tool("data")(function)


def test_two_tools_of_one_name_are_refused() -> None:
    tool("chemistry")(measure)

    def other() -> Result:
        """Measure otherwise."""
        return ok("other")

    other.__name__ = "measure"
    with pytest.raises(TypeError, match="two tools are named 'measure'"):
        tool("data")(other)
