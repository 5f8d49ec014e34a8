"""The rules for findings that join sources: transfer, estimate, disagreement of estimates, what passages state."""

from __future__ import annotations

from agent.reasoning.experiments.methods import condition_text
from agent.reasoning.grounding import join, number
from agent.reasoning.hypotheses.knowledge import MODEL_ERRORS, RELATIVE_TOLERANCE, USUALLY_BETTER, family
from agent.reasoning.hypotheses.rules import drafted, trend, trend_reason
from agent.reasoning.hypotheses.scribe import Scribe, bound, doubts, driver_name, explain_one, measured, method_of
from agent.reasoning.hypotheses.sources import Disagreement, Estimate, Stated, Transfer
from agent.reasoning.hypotheses.statistics import association
from agent.reasoning.hypotheses.table import Reference, in_unit
from agent.records import Hypothesis, Prediction, Relation, Support
from agent.vocabulary import title


def transfer(scribe: Scribe, finding: Transfer, reference: Reference) -> Hypothesis:
    """The best candidate improves on the reference."""
    name, up = finding.outcome, finding.better == "above"
    method, error = method_of(name), MODEL_ERRORS.get(name)
    effect = finding.value - finding.reference_value
    # One published error short of the estimate; where none is published, half of the improvement.
    margin = error.value if error else abs(effect) / 2
    value = bound(finding.value - margin if up else finding.value + margin, name)
    relation: Relation = ">" if up else "<"
    prediction = Prediction(
        quantity=name,
        relation=relation,
        value=value,
        unit=method.unit,
        condition=f"{finding.subject}; {condition_text(method)}; {reference.name} measured beside it",
        effect=abs(effect),
        spread=method.spread,
        source=scribe.estimate(finding.subject, name).source,
    )
    words = {
        "subject": finding.subject, "reference": reference.name, "measured": measured(name), "what": title(name),
        "way": "higher" if up else "lower", "side": finding.better,
    }  # fmt: skip
    numbers = {
        "value": scribe.estimate(finding.subject, name), "effect": scribe.number(effect, name),
        "known": number(finding.reference_value, scribe.table.unit(name), source=finding.reference_source),
        "bound": scribe.number(value, name),
    }  # fmt: skip
    statement = scribe.write(
        "{{subject}} has a {{way}} {{measured}} than {{reference}}: {{side}} {{bound}}, with {{value}} estimated"
        " against {{known}} for {{reference}}.",
        words,
        **numbers,
    )
    support = [
        scribe.support(
            name,
            scribe.write(
                "The same estimate gives {{value}} for {{subject}} and {{known}} for {{reference}}:"
                " {{effect|size}} {{way}}.",
                words,
                **numbers,
            ),
            min(0.9, 0.4 + 0.4 * abs(effect) / (error.value if error else 2 * method.spread)),
        )
    ]
    candidate = scribe.table.get(finding.subject)
    if candidate.rank is not None and candidate.feasible:
        support.append(
            Support(
                source=numbers["value"].source,
                text=scribe.write(
                    "{{subject}} meets every constraint of the goal and is ranked first of the candidates.", words
                ),
                weight=0.3,
            )
        )
    against = doubts(scribe, name, (finding.subject,), effect)
    against += _losses(scribe, finding, reference)
    if candidate.kind == "molecule":
        against.append(
            scribe.support(
                name,
                scribe.write(
                    "Whether {{subject}} keeps the biological activity of {{reference}} was not computed.", words
                ),
                0.2,
            )
        )
    reason = explain_one(scribe, name, finding.subject, reference, effect)
    scope = f"{finding.subject} against {reference.name}, under the stated conditions."
    return drafted("transfer", statement, reason, prediction, scope, (finding.subject,), support, against)


def _losses(scribe: Scribe, finding: Transfer, reference: Reference) -> list[Support]:
    """What the candidate gives away against the reference in other wanted quantities."""
    worst: tuple[float, str, float] = (0.0, "", 0.0)
    for name, way in USUALLY_BETTER.items():
        known = reference.quantities.get(name)
        value = scribe.table.columns.get(name, {}).get(finding.subject)
        before = in_unit(known, scribe.table.unit(name)) if known else None
        if value is None or before is None or family(name) == family(finding.outcome):
            continue
        loss = (before - value) if way == "maximise" else (value - before)
        column = list(scribe.table.columns[name].values())
        width = max(column) - min(column)
        if width and loss / width > worst[0]:
            worst = (loss / width, name, before)
    if not worst[1]:
        return []
    return [
        scribe.support(
            worst[1],
            scribe.write(
                "{{subject}} is worse than {{reference}} in {{what}}: {{value}} against {{before}}.",
                {"subject": finding.subject, "reference": reference.name, "what": title(worst[1])},
                value=scribe.estimate(finding.subject, worst[1]),
                before=number(worst[2], scribe.table.unit(worst[1]), source=reference.quantities[worst[1]].source),
            ),
            min(0.5, worst[0]),
        )
    ]


_WHY = (
    "The estimate was computed for exactly this candidate, and should hold within its error for the sample made of it"
)
_WHY_IT_HOLDS = {
    "molecule": (
        "The estimate was fitted to measurements of this property, and should hold within its error as far as this"
        " structure resembles those it was fitted to"
    ),
    "crystal": (
        "The estimate follows from the forces between the atoms of this structure, and should hold within its error if"
        " the sample has that structure and composition"
    ),
    "sequence": (
        "The estimate adds up contributions of the residues or bases, and should hold within its error where neighbours"
        " beyond those it counts matter little"
    ),
}


def estimate(scribe: Scribe, finding: Estimate) -> Hypothesis:
    """The best candidate's measured value lies within the estimate's error."""
    name, method = finding.outcome, method_of(finding.outcome)
    low, high = bound(finding.value - finding.tolerance, name), bound(finding.value + finding.tolerance, name)
    prediction = Prediction(
        quantity=name,
        relation="between",
        value=low,
        high=high,
        unit=method.unit,
        condition=f"{finding.subject}; {condition_text(method)}",
        effect=finding.tolerance,
        spread=method.spread,
        source=scribe.estimate(finding.subject, name).source,
    )
    error, share = MODEL_ERRORS.get(name), RELATIVE_TOLERANCE.get(name)
    basis = (
        scribe.write(
            "A tolerance of {{share}} either way is taken.",
            share=number(100 * share, "percent", source="method:tolerance"),
        )
        if share is not None
        else scribe.write(
            "The published error of the estimate ({{measure}}) is {{error}}.",
            {"measure": error.measure if error else ""},
            error=number(finding.tolerance, scribe.table.unit(name), source=error.source if error else ""),
        )
    )
    words = {"subject": finding.subject, "measured": measured(name), "what": title(name)}
    numbers = {
        "value": scribe.estimate(finding.subject, name),
        "low": scribe.number(low, name),
        "high": scribe.number(high, name),
    }
    statement = scribe.write("The {{measured}} of {{subject}} lies between {{low}} and {{high}}.", words, **numbers)
    reason = scribe.write("{{basis}}.", {"basis": _WHY_IT_HOLDS.get(scribe.table.get(finding.subject).kind, _WHY)})
    support = [
        Support(
            source=numbers["value"].source,
            text=join([scribe.write("The estimate is {{value}}.", words, **numbers), basis]),
            weight=0.6,
        )
    ]
    against = doubts(scribe, name, (finding.subject,), finding.tolerance)
    return drafted(
        "estimate",
        statement,
        reason,
        prediction,
        f"{finding.subject}, as computed.",
        (finding.subject,),
        support,
        against,
    )


def disagreement(scribe: Scribe, finding: Disagreement) -> Hypothesis:
    """Two estimates disagree about a candidate: the one with the smaller published error is taken to be nearer."""
    name, other = finding.first, finding.second
    values = dict(zip((name, other), finding.values, strict=True))
    nearer = min((name, other), key=lambda key: (MODEL_ERRORS[key].value, key))
    further = other if nearer == name else name
    method = method_of(nearer)
    middle = bound(sum(finding.values) / 2, nearer)
    gap = values[nearer] - values[further]
    relation: Relation = ">" if gap > 0 else "<"
    prediction = Prediction(
        quantity=nearer,
        relation=relation,
        value=middle,
        unit=method.unit,
        condition=f"{finding.subject}; {condition_text(method)}",
        effect=abs(gap) / 2,
        spread=method.spread,
        source=scribe.estimate(finding.subject, nearer).source,
    )
    words = {
        "subject": finding.subject,
        "measured": measured(nearer),
        "nearer": title(nearer),
        "further": title(further),
    }
    numbers = {
        "near": scribe.estimate(finding.subject, nearer), "far": scribe.estimate(finding.subject, further),
        "middle": scribe.number(middle, nearer), "gap": scribe.number(gap, nearer),
    }  # fmt: skip
    statement = scribe.write(
        "The two estimates contradict each other about {{subject}}, and its {{measured}} lies on the side of the"
        " {{nearer}}: {{near}}, not {{far}}.",
        words,
        **numbers,
    )
    reason = scribe.write(
        "One estimate is a regression on a few whole-molecule descriptors, the other was trained on whole structures;"
        " they part where a structure has interactions that the descriptors do not carry.",
    )
    x = [scribe.table.columns[name][c] for c in finding.members]
    y = [scribe.table.columns[other][c] for c in finding.members]
    support = [
        Support(
            source=MODEL_ERRORS[nearer].source,
            text=scribe.write(
                "The published error of the {{nearer}} is {{a}}, that of the {{further}} {{b}}.",
                words,
                a=number(MODEL_ERRORS[nearer].value, scribe.table.unit(nearer), source=MODEL_ERRORS[nearer].source),
                b=number(MODEL_ERRORS[further].value, scribe.table.unit(further), source=MODEL_ERRORS[further].source),
            ),
            weight=0.5,
        )
    ]
    against = [
        scribe.support(
            further,
            scribe.write("The {{further}} puts {{subject}} at {{far}}, {{gap|size}} away.", words, **numbers),
            0.45,
        )
    ]
    if len(finding.members) >= 8 and len(set(x)) > 2 and len(set(y)) > 2:
        rho = association(x, y).rho
        agreeing = scribe.support(
            other,
            scribe.write(
                "Over {{n}} candidates the two estimates agree with a Spearman's rho of {{rho}},"
                " so the gap {{reading}}.",
                {"reading": "is particular to this candidate" if rho > 0.5 else "is no exception"},
                n=scribe.count(len(finding.members), other),
                rho=scribe.number(rho, other, unit="1"),
            ),
            0.2,
        )
        against.append(agreeing)
    against += doubts(scribe, nearer, (finding.subject,), gap / 2)
    scope = f"{finding.subject}; the test also tells which estimate to trust for the rest of the series."
    return drafted("contradiction", statement, reason, prediction, scope, (finding.subject,), support, against)


def stated(scribe: Scribe, finding: Stated) -> Hypothesis:
    """A passage states a relation that the table agrees with, or contradicts."""
    base = trend(scribe, finding.trend)
    words = {
        "document": finding.citation.document,
        "measured": measured(finding.outcome),
        "driver": driver_name(finding.driver),
    }
    quote = scribe.grounder.read(f"“{finding.sentence}”")
    passage = Support(
        source=finding.citation.passage,
        text=join([scribe.write("{{document}} states:", words), quote]),
        weight=0.6,
    )
    reason, _ = trend_reason(scribe, finding.outcome, finding.driver, finding.trend.rho)
    mechanism = join([quote, reason])
    if finding.contradicts:
        statement = scribe.write(
            "In this series the {{measured}} does not follow the {{driver}} as {{document}} states,"
            " but the other way round.",
            words,
        )
        return base.model_copy(
            update={
                "kind": "contradiction",
                "statement": statement,
                "mechanism": mechanism,
                "citations": (finding.citation,),
                "evidence_against": (passage, *base.evidence_against),
            }
        )
    statement = scribe.write(
        "What {{document}} states holds in this series: the {{measured}} {{way}} with the {{driver}}.",
        words | {"way": "rises" if finding.sign > 0 else "falls"},
    )
    return base.model_copy(
        update={
            "kind": "mechanism",
            "statement": statement,
            "mechanism": mechanism,
            "citations": (finding.citation,),
            "evidence_for": (passage, *base.evidence_for),
        }
    )
