"""A small made-up run, with one of everything that a report shows. Its numbers mean nothing."""

from __future__ import annotations

import json
from pathlib import Path

from agent import events as ev
from agent.memory.files.artifacts import keep_artifact
from agent.memory.history import History, fold
from agent.memory.ledger import Ledger
from agent.memory.runs import create_run
from agent.records import (
    ArtifactContent,
    Brief,
    Candidate,
    Citation,
    Constraint,
    Entity,
    ErrorInfo,
    Evidence,
    Experiment,
    Factor,
    Goal,
    Hypothesis,
    Measurement,
    Objective,
    Plan,
    Prediction,
    Quantity,
    Review,
    RunInfo,
    Span,
    Status,
    Step,
    Support,
    Text,
    Usage,
    Value,
    Verdict,
)

AT = "2026-01-02T03:04:05.678+00:00"
GOAL = "Find soluble analogues with logP between 2 and 4 & QED above 0.7"


def text(words: str, **sources: str | None) -> Text:
    """A text whose figures are given as ``_2_0="e2"`` (an underscore for what a name cannot hold)."""
    spans = []
    for figure, source in sources.items():
        start = words.index(figure.strip("_").replace("_", "."))
        spans.append(Span(start=start, end=start + len(figure.strip("_")), source=source))
    return Text(text=words, spans=tuple(sorted(spans, key=lambda span: span.start)))


def drawing(label: str) -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 30"><text x="4" y="20">{label}</text></svg>'


def candidates(count: int) -> tuple[Candidate, ...]:
    """Candidates with two constrained quantities, some with a unit or an uncertainty, one outside the vocabulary."""
    made = []
    for number in range(1, count + 1):
        values = {
            "QED": Quantity(name="QED", value=0.6 + 0.35 * number / count, source="e2"),
            "logP": Quantity(name="logP", value=1.5 + 0.25 * (number % 9), source="e2"),
            "mass": Quantity(name="mass", value=300.0 + number, unit="g/mol", source="e2"),
            "HBD": Quantity(name="HBD", value=float(number % 4), source="e2"),
            "logS_ESOL": Quantity(
                name="logS_ESOL", value=-3.0 - number / 20, unit="log_molar", uncertainty=0.5, source="e2"
            ),
            "zeta_score": Quantity(name="zeta_score", value=number / 7, unit="1", source="e3"),
        }
        if number % 5 == 0:
            del values["zeta_score"]
        feasible = values["QED"].value > 0.7 and 2 <= values["logP"].value <= 4
        made.append(
            Candidate(
                id=f"c{number}",
                kind="molecule",
                structure="C" * number + "O",
                name='=HYPERLINK, "quoted"\nname' if number == 1 else "",
                quantities=values,
                labels={"change": f"grow to C{number}"},
                feasible=feasible,
                reason="" if feasible else "QED or logP is outside",
                score=round(1 - number / (count + 1), 4),
            )
        )
    ordered = sorted(made, key=lambda one: (not one.feasible, -(one.score or 0)))
    ranked = [one.model_copy(update={"rank": rank}) for rank, one in enumerate(ordered, start=1)]
    withheld = Candidate(
        id=f"c{count + 1}", kind="molecule", structure="WITHHELD", withheld=True, reason="matches the hazard screen"
    )
    return (*ranked, withheld)


def make_run(out: Path, *, language: str = "en", goal: str = GOAL, count: int = 12) -> tuple[Path, RunInfo, History]:
    """A finished run on disk: ``run.json``, ledger and artifacts are there, the rest of the bundle is not.

    Returns:
        Its folder, head and history.
    """
    info = RunInfo(
        id="20260102-030405-678-sample",
        goal=Goal(text=goal),
        status="finished",
        started=AT,
        finished="2026-01-02T03:05:00.000+00:00",
        versions={"gedanken": "0.1.0", "python": "3.11.7"},
        budget_spent=Usage(seconds=54.3, tool_calls=4, cached_calls=1),
        notes=("The literature was not searched.",),
    )
    folder = create_run(out, info)
    table = candidates(count)
    drawings = tuple(
        keep_artifact(
            folder,
            ArtifactContent(
                name=f"{one.id} drawing.svg", media_type="image/svg+xml", content=drawing(one.id), title=one.structure
            ),
        )
        for one in table
    )
    events = _events(folder, info, table, drawings, language)
    ledger = Ledger(folder)
    for event in events:
        ledger.append(event)
    return folder, info, fold(events)


def _events(folder, info, table, drawings, language) -> list[ev.Event]:
    passage = Citation(document="A <study> of solubility", passage="study-p3-0", page=3, quote="It dissolves & stays.")
    brief = Brief(
        goal=info.goal.text,
        domain="chemistry",
        playbook="molecule-design",
        language=language,
        objectives=(
            Objective(quantity="logS_ESOL", direction="maximise", unit="log_molar", text="soluble"),
            Objective(quantity="mass", direction="minimise", unit="g/mol"),
        ),
        constraints=(
            Constraint(quantity="logP", relation="between", low=2, high=4, text="logP between 2 and 4"),
            Constraint(quantity="QED", relation=">", low=0.7),
        ),
        entities=(Entity(kind="molecule", text="methanol", value="CO", source="chemicals"),),
        wanted=5,
        notes=("'soluble' was read as ESOL.",),
    )
    steps = (
        Step(id="s1", tool="resolve_molecule", arguments={"molecule": "methanol"}, why="Find the structure."),
        Step(id="s2", tool="design_analogues", arguments={"seed": "${s1.data.smiles}"}, needs=("s1",), why="Vary it."),
        Step(id="s3", tool="check_known_molecules", needs=("s2",), why="Look it up."),
        Step(id="s4", tool="search_passages", optional=True, why="Read."),
        Step(id="s5", tool="estimate_admet", needs=("s2",), why="Estimate."),
        Step(id="s6", tool="size_experiment", needs=("s5",), why="Size it."),
    )

    def bring(number: int, status: Status, summary: str, **rest) -> Evidence:
        content = json.dumps({"summary": summary})
        payload = keep_artifact(
            folder, ArtifactContent(name=f"e{number}.json", media_type="application/json", content=content)
        )
        step = steps[number - 1]
        return Evidence(
            id=f"e{number}", step=step.id, tool=step.tool, status=status, summary=summary, payload=payload.path, **rest
        )

    found = (
        bring(1, "ok", "methanol is CO.", values=(Value(name="mass", value=32.04, unit="g/mol"),), seconds=0.2),
        bring(2, "ok", "12 analogues.", values=(Value(name="slope", value=-0.4, uncertainty=0.1),), artifacts=drawings),
        bring(3, "empty", "None is among the reference drugs.", cached=True, warnings=("Patents were not searched.",)),
        bring(4, "ok", "1 passage.", citations=(passage,)),
        bring(
            5,
            "error",
            "The model is not installed.",
            error=ErrorInfo(kind="EngineMissing", message="The model is not installed.", remedy="Install it."),
        ),
    )
    first = Hypothesis(
        id="h1",
        statement=text(
            "A hydroxyl, as in c3, lowers logP by 0.4 and raises solubility by 0.9.", _0_4="e2", _0_9="study-p3-0"
        ),
        mechanism=text("Each donor costs 1.5 of 7.7 units.", _1_5="goal", _7_7=None),
        prediction=Prediction(
            quantity="logS_ESOL",
            relation=">=",
            value=-3.2,
            unit="log_molar",
            condition="at pH 7.4",
            effect=0.9,
            source="e2",
        ),
        refuted_by="A measured value below -3.8.",
        scope="alcohols",
        kind="trend",
        subjects=("c3",),
        evidence_for=(Support(source="e2", text=text("The slope is -0.4 over 12.", _0_4="e2", _12="e2"), weight=0.8),),
        evidence_against=(
            Support(source="study-p3-0", text=text("One passage disagrees by 2.2.", _2_2="e99"), weight=0.3),
        ),
        citations=(passage,),
        novelty="unknown",
        novelty_basis="Only e3 was asked.",
        rank=1,
        rating=1.2,
        interval=(0.4, 2.0),
    )
    second = first.model_copy(
        update={
            "id": "h2",
            "rank": 2,
            "rating": -1.2,
            "interval": (-2.0, -0.4),
            "novelty": "known",
            "evidence_against": (),
        }
    )
    experiment = Experiment(
        id="x1",
        hypothesis="h1",
        title="Solubility of c3",
        factors=(Factor(name="compound", levels=("c3", "methanol")), Factor(name="pH", levels=("1.2", "7.4"))),
        controls=("Buffer alone.",),
        replicates=4,
        sample_size=16,
        power=0.85,
        power_basis="two-sided t-test, effect 0.9 (e2)",
        procedure=(text("Weigh 2.0 mg.", _2_0=None), text("Shake for 24 h.", _24="method:shake-flask")),
        measurements=(Measurement(quantity="logS_ESOL", method="shake-flask", unit="log_molar"),),
        decision_rule=text("Support above 0.3.", _0_3="e2"),
        hazards=("Methanol: highly flammable (H225).",),
        cost="200 EUR",
        duration="3 days",
        materials=("methanol, 10 mL",),
    )
    return [
        ev.RunStarted(at=AT, run=info.id, goal=info.goal.text),
        ev.GoalScreened(at=AT, verdict="no match", reason="Nothing is named.", covers="treaty schedules by name"),
        ev.GoalUnderstood(at=AT, brief=brief),
        ev.PlanMade(at=AT, plan=Plan(steps=steps, rationale="Resolve, vary, check.")),
        *(ev.StepFinished(at=AT, step=one.step, evidence=one) for one in found),
        ev.StepSkipped(at=AT, step="s6", reason="it needs s5, which is 'error'"),
        ev.Reviewed(at=AT, review=Review(enough=True, notes=("Enough was found (e2).",))),
        ev.CandidatesRanked(at=AT, candidates=table),
        ev.HypothesesRanked(
            at=AT,
            hypotheses=(first, second),
            verdicts=(Verdict(first="h1", second="h2", winner="first", reason="better supported", judge="criteria"),),
        ),
        ev.ExperimentsDesigned(at=AT, experiments=(experiment,)),
        ev.Notice(at=AT, level="warning", text="A limit was near."),
        ev.RunEnded(at=AT, status="finished"),
    ]
