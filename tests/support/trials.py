"""Hand-made experiments with samples and a decision, and results for them: what the tests of beliefs work on."""

from __future__ import annotations

from collections.abc import Sequence

from agent.records import Decision, Experiment, Hypothesis, Measured, Measurement, Prediction, Relation, Sample, Text

QUANTITY, UNIT = "logS_ESOL", "log_molar"


def plain(words: str) -> Text:
    return Text(text=words)


def hypothesis(number: int = 1, *, prior: float | None = None, rank: int | None = None, **prediction) -> Hypothesis:
    fields = {"quantity": QUANTITY, "relation": ">", "value": 0.3, "unit": UNIT} | prediction
    return Hypothesis(
        id=f"h{number}",
        statement=plain(f"Statement {number}."),
        mechanism=plain("Because."),
        prediction=Prediction(**fields),
        refuted_by="The opposite.",
        prior=prior,
        rank=rank if rank is not None else number,
    )


def decision(
    relation: Relation = ">",
    value: float = 0.3,
    high: float | None = None,
    *,
    arms: tuple[str, ...] = ("tested", "comparator"),
    spread: float | None = None,
) -> Decision:
    return Decision(
        compares="level" if len(arms) == 1 else "difference",
        arms=arms,
        quantity=QUANTITY,
        unit=UNIT,
        relation=relation,
        value=value,
        high=high,
        spread=spread,
    )


def experiment(
    rule: Decision,
    replicates: int = 4,
    *,
    identity: str = "x1",
    tests: str = "h1",
    items: int = 1,
    controls: bool = False,
) -> Experiment:
    """A plan with ``replicates`` samples of each of ``items`` members an arm, and a control of either sign if asked."""
    samples: list[Sample] = []

    def add(arm: str, item: str, role, replicate: int = 1) -> None:
        number = len(samples) + 1
        samples.append(
            Sample(
                id=f"{identity}-{number:02d}",
                code=f"S{number}",
                arm=arm,
                item=item,
                role=role,
                replicate=replicate,
                order=number,
            )
        )

    for place, arm in enumerate(rule.arms):
        for member in range(1, items + 1):
            for replicate in range(1, replicates + 1):
                add(arm, arm if items == 1 else f"{arm} {member}", "test" if place == 0 else "comparator", replicate)
    if controls:
        add("controls", "soluble reference", "positive")
        add("controls", "insoluble reference", "negative")
    return Experiment(
        id=identity,
        hypothesis=tests,
        title="A trial",
        factors=(),
        controls=(),
        replicates=replicates,
        sample_size=len(samples),
        procedure=(plain("Measure."),),
        measurements=(Measurement(quantity=QUANTITY, method="shake flask", unit=UNIT),),
        decision_rule=plain("As fixed."),
        hazards=(),
        cost="",
        duration="",
        samples=tuple(samples),
        decision=rule,
    )


def results(plan: Experiment, values: Sequence[float | None], unit: str = UNIT) -> list[Measured]:
    """Results in the order of the plan's samples; ``None`` is a failed one, missing ones at the end are not told."""
    return [
        Measured(experiment=plan.id, sample=sample.id, quantity=QUANTITY, value=value, unit=unit, failed=value is None)
        for sample, value in zip(plan.samples, values, strict=False)
    ]
