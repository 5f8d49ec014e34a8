"""The plan's graph: layers follow the needs, whatever the plan, and the drawing is sound SVG."""

from __future__ import annotations

from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from agent.memory.history import History
from agent.memory.report.drawing.plan_graph import draw_plan, layers, print_seconds
from agent.memory.report.prose import Anchors
from agent.memory.report.strings import words
from agent.records import Evidence, Step, StepState


def steps(needs: list[list[int]]) -> dict[str, Step]:
    made = [
        Step(id=f"s{place}", tool=f"tool_{place}", needs=tuple(f"s{need}" for need in needed))
        for place, needed in enumerate(needs)
    ]
    return {step.id: step for step in made}


@st.composite
def plans(draw: st.DrawFn) -> dict[str, Step]:
    count = draw(st.integers(1, 12))
    return steps(
        [draw(st.lists(st.integers(0, place - 1), unique=True, max_size=3)) if place else [] for place in range(count)]
    )


@given(plans())
def test_every_step_stands_once_and_right_of_what_it_needs(plan: dict[str, Step]) -> None:
    placed = layers(plan)
    column = {identity: place for place, layer in enumerate(placed) for identity in layer}
    assert sorted(column) == sorted(plan) and sum(map(len, placed)) == len(plan)
    for step in plan.values():
        assert column[step.id] == max((column[need] + 1 for need in step.needs), default=0)


def test_cycles_and_needs_from_elsewhere_do_not_hang() -> None:
    placed = layers(steps([[1], [0], [9]]))
    assert sorted(identity for layer in placed for identity in layer) == ["s0", "s1", "s2"]


def test_a_long_chain_is_drawn() -> None:
    assert len(layers(steps([[place - 1] if place else [] for place in range(300)]))) == 300


def test_the_drawing_shows_status_by_symbol_and_links_to_evidence() -> None:
    plan = steps([[], [0]])
    plan["s0"] = plan["s0"].model_copy(update={"tool": "<b>&amp", "why": 'a "quoted" reason'})
    found = Evidence(id="e0", step="s0", tool="t", status="empty", summary="")
    states = {"s0": StepState(status="empty", seconds=0.25), "s1": StepState(status="skipped")}
    history = History(steps=plan, states=states, evidence={"e0": found})
    svg = draw_plan(history, Anchors(history, (), words("en")))
    root = ElementTree.fromstring(svg)
    texts = ["".join(element.itertext()) for element in root.iter() if element.tag.endswith("text")]
    assert texts == ["<b>&amp", "∅ empty · 0.25 s", "s0", "tool_1", "» skipped", "s1"]
    assert [element.get("href") for element in root.iter() if element.tag.endswith("}a")] == ["#e0"]


def test_no_plan_no_drawing() -> None:
    assert draw_plan(History(), Anchors(History(), (), words("en"))) == ""


def test_durations_read_naturally() -> None:
    assert [print_seconds(one) for one in (0.0421, 0.0, 12.34, 245.0)] == ["0.042 s", "0 s", "12.3 s", "4 min 05 s"]
