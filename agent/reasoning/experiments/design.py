"""Designing the experiment that tests a hypothesis."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass

from agent.reasoning.experiments.arms import Arm, arms
from agent.reasoning.experiments.bench import bench_of
from agent.reasoning.experiments.deciding import decision, decision_rule, is_difference, stopping_rule
from agent.reasoning.experiments.lab_methods import own_measurement
from agent.reasoning.experiments.materials import cost, duration, hazards, look_up, materials, waste
from agent.reasoning.experiments.methods import METHODS, Method
from agent.reasoning.experiments.procedure import Plan, design_notes, procedure
from agent.reasoning.experiments.quantities import diluting, stocks
from agent.reasoning.experiments.samples import CONTROLS, arrange, planned
from agent.reasoning.experiments.synthesis import precursors
from agent.reasoning.grounding import Grounder
from agent.reasoning.hypotheses.sample_groups import sides
from agent.reasoning.hypotheses.scribe import significant_digits
from agent.reasoning.hypotheses.table import in_unit, tabulate
from agent.reasoning.protocol import RunView
from agent.records import CandidateKind, Experiment, Factor, Hypothesis, Measurement, Prediction, Result, Sample
from agent.units import print_value
from agent.vocabulary import by_key, title

_KINDS: dict[str, CandidateKind] = {"chemistry": "molecule", "materials": "crystal", "biology": "sequence"}
"""What a quantity of a domain is measured on."""

POWER, ALPHA = 0.8, 0.05
LEAST, MOST = 3, 24
"""Replicates a group: three at least, to see a spread; past two dozen a plan says that it is not practical."""


@dataclass(frozen=True)
class Sizing:
    """Replicates a group, the power they reach, and what that rests on."""

    replicates: int
    power: float | None
    basis: str


async def design_experiment(hypothesis: Hypothesis, view: RunView, sizing: Sizing | None = None) -> Experiment:
    """Plan the experiment that tests a hypothesis.

    Factors are the candidates to compare, the seed or another comparator among them; replicates come from a power
    analysis on the prediction's effect and spread (the tool ``size_experiment``); the decision rule is fixed
    beforehand.

    Args:
        hypothesis: With a prediction.
        view: The run that it comes from.
        sizing: Replicates that are known already, as those of a further round are.

    Returns:
        The plan. Its figures are settings of the written method, values of the run, or stated assumptions.
    """
    table = tabulate(view)
    method = METHODS.get(hypothesis.prediction.quantity) or _unlisted(
        hypothesis.prediction,
        {candidate.kind for candidate in table.candidates},
        groups=sides(hypothesis, table) is not None,
    )
    compared = arms(hypothesis, table)
    sizing = sizing or await _size(hypothesis, view)
    identity = f"x{hypothesis.id.removeprefix('h')}"
    # Replicates of an arm are shared out over its members; each is prepared independently at least once.
    per_item = {arm.name: -(-sizing.replicates // len(arm.items)) for arm in compared}
    places = planned(compared, per_item, method)
    bench, diluted = bench_of(method), diluting(method)
    known = await look_up(method, bench, view)
    references = {
        place.item: (sum(one.item == place.item for one in places), float(known[place.item]["molar_mass"]))
        for place in places
        if place.arm == CONTROLS and known.get(place.item, {}).get("molar_mass")
    }
    plan = Plan(
        method=method, bench=bench, compared=compared, per_item=per_item,
        weighings=stocks(compared, per_item, diluted, references) if method.stock else (),
        dilutions=diluted, arrangement=await arrange(identity, places, bench, view),
        precursors=await precursors(compared, method, view),
    )  # fmt: skip
    grounder = Grounder.of(view)
    return Experiment(
        id=identity,
        hypothesis=hypothesis.id,
        title=_title(method, compared),
        factors=_factors(compared, hypothesis),
        controls=tuple(method.said(control) for control in method.controls),
        replicates=sizing.replicates,
        sample_size=sum(sample.arm != CONTROLS for sample in plan.arrangement.samples),
        power=sizing.power,
        power_basis=_basis(sizing, compared),
        procedure=procedure(plan, grounder),
        measurements=(Measurement(quantity=method.quantity, method=method.method, unit=method.unit),),
        decision_rule=decision_rule(hypothesis, compared, grounder, ALPHA),
        decision=decision(hypothesis, compared, method.unit, ALPHA),
        stopping_rule=stopping_rule(sizing.replicates, grounder),
        design=design_notes(plan, view.goal.seed, grounder),
        samples=tuple(_expecting(sample, method) for sample in plan.arrangement.samples),
        hazards=hazards(plan, known),
        waste=waste(plan),
        cost=cost(plan),
        duration=duration(plan),
        materials=materials(plan),
    )


def resolved(hypothesis: Hypothesis, view: RunView) -> tuple[float | None, int]:
    """What the decision rule has to resolve, and in how many groups.

    A difference has to be told from none, so its whole effect counts, in two groups. A level has to be told from the
    predicted bound, so the distance of the estimate from the bound counts, in one group.
    """
    prediction = hypothesis.prediction
    if is_difference(prediction):
        return prediction.effect, 2
    estimate = next(
        (c.quantities.get(prediction.quantity) for c in view.candidates if c.id in hypothesis.subjects), None
    )
    value = in_unit(estimate, prediction.unit) if estimate else None
    bounds = [prediction.value] if prediction.high is None else [prediction.value, prediction.high]
    if value is None:
        return prediction.effect, 1
    return min(abs(value - bound) for bound in bounds) or prediction.effect, 1


async def _size(hypothesis: Hypothesis, view: RunView) -> Sizing:
    """Replicates from the power analysis; the stated fallback where it cannot be made."""
    prediction = hypothesis.prediction
    effect, groups = resolved(hypothesis, view)
    if not effect or not prediction.spread:
        return Sizing(
            LEAST,
            None,
            "The prediction states no effect and spread, so no power was computed; three replicates show the spread.",
        )
    asked = {
        "effect": effect, "spread": prediction.spread, "power": POWER, "alpha": ALPHA, "groups": groups, "least": LEAST,
    }  # fmt: skip
    result: Result = await view.context.call("size_experiment", asked)
    if result.status != "ok":
        reason = result.error.message if result.error else result.summary
        return Sizing(LEAST, None, f"The power analysis failed ({reason}); three replicates are a stopgap.")
    replicates = int(result.data["replicates"])
    what = "effect" if groups == 2 else "distance of the estimate from the bound"
    basis = (
        f"{result.data.get('test', 't test')}, two-sided, alpha {ALPHA:g}, {what} {_shown(effect, prediction.unit)}, "
        f"standard deviation {_shown(prediction.spread, prediction.unit)}."
    )
    if replicates > MOST:
        basis += f" More than {MOST} replicates a group are rarely practical: make a pilot first, "
        basis += "or look for a larger effect."
    power = float(result.data["power"])
    return Sizing(replicates, power if math.isfinite(power) else None, basis)


def _shown(value: float, unit: str) -> str:
    return print_value(significant_digits(value), unit)


def _basis(sizing: Sizing, compared: tuple[Arm, ...]) -> str:
    basis = sizing.basis
    if any(len(arm.items) > 1 for arm in compared):
        basis += (
            " Replicates of a group are shared out over its members, which are the independent units: repeats of one "
            "member do not stand in for further members."
        )
    return basis


def _unlisted(prediction: Prediction, kinds_of_candidates: Collection[str] = (), *, groups: bool = False) -> Method:
    """What to say of a quantity without a method of its own: the lab's measurement, or another engine's computation."""
    known = by_key().get(prediction.quantity)
    if known is None:
        if "sample" in kinds_of_candidates:
            return own_measurement(prediction, "group" if groups else "sample")
        return own_measurement(prediction, "molecule" if "molecule" in kinds_of_candidates else "recipe")
    return Method(
        quantity=prediction.quantity,
        kind=_KINDS.get(known.domain, "recipe"),
        measures=title(prediction.quantity),
        method="computed only: a second, independent method of computation",
        unit=prediction.unit,
        condition="",
        spread=prediction.spread or 1.0,
        spread_source="method:assumed",
        controls=(
            "positive: a case whose value is published",
            "negative: a case known to differ",
            "blank: the same input computed twice",
        ),
        steps=(
            "Compute every sample with a second, independent method, and compare with the first on cases whose values "
            "are published.",
        ),
        materials=("a second engine",),
        days=1.0,
        cost=0.0,
        direct=False,
    )


def _expecting(sample: Sample, method: Method) -> Sample:
    """A sample with where it should read, if it is a control whose value is known."""
    known = method.expected.get(sample.role)
    if known is None:
        return sample
    return sample.model_copy(update={"expected": (known.low, known.high), "expected_source": known.source})


def _title(method: Method, compared: tuple[Arm, ...]) -> str:
    what = method.measures[0].upper() + method.measures[1:]
    if len(compared) == 1:
        return f"{what} of {compared[0].name}"
    return f"{what}: {compared[0].name} against {compared[1].name}"


def _factors(compared: tuple[Arm, ...], hypothesis: Hypothesis) -> tuple[Factor, ...]:
    sample = Factor(name="sample", levels=tuple(dict.fromkeys(item for arm in compared for item in arm.items)))
    if any(len(arm.items) > 1 for arm in compared):
        return Factor(name=f"group ({hypothesis.kind})", levels=tuple(arm.name for arm in compared)), sample
    return (sample,)
