"""Folding events into what is known now."""

from __future__ import annotations

from agent import events as ev
from agent.memory.history import fold
from agent.records import Evidence, Plan, Question, Step, Usage

STEPS = (Step(id="s1", tool="resolve_molecule"), Step(id="s2", tool="design_analogues", needs=("s1",)))


def finished(step: str, **changes) -> ev.StepFinished:
    found = {"id": f"e{step[1:]}", "step": step, "tool": "t", "status": "ok", "summary": "found", "seconds": 1.5}
    return ev.StepFinished(step=step, evidence=Evidence(**(found | changes)))


def test_steps_move_through_their_states() -> None:
    history = fold(
        [
            ev.PlanMade(plan=Plan(steps=STEPS)),
            ev.StepStarted(step="s1", tool="resolve_molecule"),
            ev.StepProgress(step="s1", fraction=0.25, message="reading"),
        ]
    )
    assert history.states["s1"].status == "running"
    assert history.states["s1"].message == "25% reading"
    assert history.states["s2"].status == "pending"
    history.apply(finished("s1", status="empty"))
    history.apply(ev.StepSkipped(step="s2", reason="it needs s1, which is 'empty'"))
    assert history.states["s1"].status == "empty"
    assert history.states["s1"].seconds == 1.5
    assert history.states["s2"].status == "skipped"


def test_extending_a_plan_keeps_what_was_done() -> None:
    history = fold(
        [
            ev.PlanMade(plan=Plan(steps=STEPS)),
            finished("s1"),
            ev.PlanMade(plan=Plan(steps=(Step(id="s3", tool="more"),)), round=1),
        ]
    )
    assert list(history.steps) == ["s1", "s2", "s3"]
    assert history.states["s1"].status == "ok"
    assert history.rounds == 1


def test_repeated_events_change_nothing() -> None:
    events = [
        ev.PlanMade(plan=Plan(steps=STEPS)),
        finished("s1"),
        ev.Notice(text="once"),
        ev.QuestionAsked(question=Question(key="seed", text="Which molecule?")),
        ev.QuestionAnswered(key="seed", answer="aspirin"),
    ]
    once, twice = fold(events), fold([*events, *events])
    assert once == twice
    assert once.question is None
    assert once.answers == {"seed": "aspirin"}


def test_model_calls_add_up() -> None:
    call = ev.ModelCalled(purpose="plan", model="m", usage=Usage(input_tokens=10, output_tokens=2, cost_usd=0.5))
    usage = fold([call, call]).usage
    assert (usage.input_tokens, usage.output_tokens, usage.cost_usd) == (20, 4, 1.0)
