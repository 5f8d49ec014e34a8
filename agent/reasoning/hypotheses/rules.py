"""The rules for contrasts and trends: each writes one hypothesis, with evidence on both sides."""

from __future__ import annotations

from agent.reasoning.hypotheses.findings import Contrast, Trend
from agent.reasoning.hypotheses.knowledge import mechanism
from agent.reasoning.hypotheses.scribe import (
    Scribe,
    certainty,
    difference_prediction,
    doubts,
    driver_name,
    explain,
    listed,
    measured,
    method_of,
    refutation,
)
from agent.reasoning.hypotheses.statistics import association, pooled_spread
from agent.records import Hypothesis, Prediction, Support, Text
from agent.vocabulary import by_key, title

SAMPLE_NOTE = (
    "The candidates were generated to a specification and not drawn at random, so p describes this table only."
)

_LABELS = {
    "change": "with the change", "scaffold": "with the scaffold", "prototype": "of the prototype",
    "space_group": "of the space group", "lattice": "with the lattice", "type": "of the type",
    "oxidation_states": "with the oxidation states",
}  # fmt: skip


def drafted(
    kind: str,
    statement: Text,
    reason: Text,
    prediction: Prediction,
    scope: str,
    subjects: tuple[str, ...],
    support: list[Support],
    against: list[Support],
) -> Hypothesis:
    """A hypothesis before it has an id, citations and a novelty verdict."""
    return Hypothesis(
        id="",
        statement=statement,
        mechanism=reason,
        prediction=prediction,
        refuted_by=refutation(prediction),
        scope=scope,
        kind=kind,
        subjects=subjects,
        evidence_for=tuple(support),
        evidence_against=tuple(against),
    )


def about(finding: Contrast) -> str:
    """The group of a contrast in words."""
    return f"{_LABELS.get(finding.label, f'with the {finding.label}')} {finding.value}"


def contrast(scribe: Scribe, finding: Contrast) -> tuple[Hypothesis, str]:
    """Candidates that share a part differ from the rest.

    Returns:
        The hypothesis, and the driver that its mechanism names.
    """
    name, column = finding.outcome, scribe.table.columns[finding.outcome]
    up = finding.difference > 0
    numbers = {
        "difference": scribe.number(finding.difference, name), "low": scribe.number(finding.low, name),
        "high": scribe.number(finding.high, name), "n": scribe.count(len(finding.members), name),
        "rest": scribe.count(len(finding.others), name), "p": scribe.number(finding.p, name, unit="1"),
        "q": scribe.number(finding.adjusted_p, name, unit="1"), "tests": scribe.count(finding.tests, name),
    }  # fmt: skip
    statement = scribe.write(
        "In this series, candidates {{group}} have a {{way}} {{measured}} than the others,"
        " by about {{difference|size}} on average.",
        {"group": about(finding), "way": "higher" if up else "lower", "measured": measured(name)},
        **numbers,
    )
    reason, driver = explain(scribe, name, finding.members, finding.others, finding.difference)
    spread = (finding.spread**2 + method_of(name).spread ** 2) ** 0.5
    prediction = difference_prediction(
        name, finding.difference, spread, f"candidates {about(finding)} minus the others", scribe.table.source(name)
    )
    support = [
        scribe.support(
            name,
            scribe.write(
                "{{n}} candidates {{group}} against {{rest}} without: difference of the mean {{what}} {{difference}}"
                " ({{level}} Welch interval {{low}} to {{high}}, permutation p {{p}}, adjusted to {{q}} over {{tests}}"
                " tests).",
                {"group": about(finding), "what": title(name)},
                **numbers,
            ),
            certainty(finding.adjusted_p),
        )
    ]
    sign = 1 if up else -1
    mean = sum(column[c] for c in finding.others) / len(finding.others)
    inside = [c for c in finding.members if sign * (column[c] - mean) <= 0]
    against: list[Support] = []
    if inside:
        against.append(
            scribe.support(
                name,
                scribe.write(
                    "{{k}} of the {{n}} do not pass the mean of the others, {{mean}} ({{ids}}).",
                    {"ids": listed(inside)},
                    k=scribe.count(len(inside), name),
                    mean=scribe.number(mean, name),
                    **numbers,
                ),
                len(inside) / len(finding.members),
            )
        )
    own = sum(column[c] for c in finding.members) / len(finding.members)
    rivals = sorted((c for c in finding.others if sign * (column[c] - own) >= 0), key=lambda c: (-sign * column[c], c))
    if rivals:
        against.append(
            scribe.support(
                name,
                scribe.write(
                    "{{k}} candidates without it reach the group's mean of {{own}} all the same;"
                    " {{rival}} has {{value}}.",
                    {"rival": rivals[0]},
                    k=scribe.count(len(rivals), name),
                    own=scribe.number(own, name),
                    value=scribe.estimate(rivals[0], name),
                ),
                len(rivals) / len(finding.others),
            )
        )
    against += doubts(scribe, name, finding.members, finding.difference)
    scope = f"This series of {things(scribe)}, one group against the rest. {SAMPLE_NOTE}"
    return drafted("contrast", statement, reason, prediction, scope, finding.members, support, against), driver


def things(scribe: Scribe) -> str:
    """What the table holds, in words."""
    return {"molecule": "molecules", "crystal": "crystals", "sequence": "sequences"}.get(
        scribe.table.candidates[0].kind, "candidates"
    )


def trend(scribe: Scribe, finding: Trend) -> Hypothesis:
    """An outcome rises or falls with another quantity."""
    name, driver = finding.outcome, finding.driver
    column, along = scribe.table.columns[name], scribe.table.columns[driver]
    up = finding.rho > 0
    ordered = sorted(finding.members, key=lambda c: (along[c], c))
    third = max(len(ordered) // 3, 2)
    lowest, highest = ordered[:third], ordered[-third:]
    effect = sum(column[c] for c in highest) / third - sum(column[c] for c in lowest) / third
    numbers = {
        "rho": scribe.number(finding.rho, name, unit="1"), "low": scribe.number(finding.low, name, unit="1"),
        "high": scribe.number(finding.high, name, unit="1"), "n": scribe.count(len(finding.members), name),
        "q": scribe.number(finding.adjusted_p, name, unit="1"), "tests": scribe.count(finding.tests, name),
        "effect": scribe.number(effect, name), "from": scribe.number(along[ordered[0]], driver),
        "to": scribe.number(along[ordered[-1]], driver),
    }  # fmt: skip
    words = {
        "measured": measured(name),
        "driver": driver_name(driver),
        "way": "rises" if up else "falls",
        "what": title(name),
    }
    statement = scribe.write(
        "In this series the {{measured}} {{way}} with the {{driver}}: between the lowest and the highest third by"
        " about {{effect|size}}.",
        words,
        **numbers,
    )
    reason, expected = trend_reason(scribe, name, driver, finding.rho)
    spread = (pooled_spread(column, lowest, highest) ** 2 + method_of(name).spread ** 2) ** 0.5
    prediction = difference_prediction(
        name,
        effect if effect * finding.rho > 0 else abs(effect) * (1 if up else -1),
        spread,
        f"candidates with the highest third of the {driver_name(driver)} minus those with the lowest",
        scribe.table.source(name),
    )
    weight = certainty(finding.adjusted_p) * (0.5 if finding.built_in else 1.0) * (1.0 if expected else 0.8)
    support = [
        scribe.support(
            name,
            scribe.write(
                "Over {{n}} candidates ({{driver}} from {{from}} to {{to}}) Spearman's rho with the {{what}} is"
                " {{rho}} ({{level}} interval {{low}} to {{high}}, p adjusted to {{q}} over {{tests}} tests).",
                words,
                **numbers,
            ),
            weight,
        )
    ]
    against: list[Support] = []
    if finding.built_in:
        against.append(
            scribe.support(
                name,
                scribe.write(
                    "The estimate of the {{what}} is computed from the {{driver}} or shares inputs with it,"
                    " so this trend is partly arithmetic.",
                    words,
                ),
                0.5,
            )
        )
    if not expected and mechanism(name, driver):
        against.append(
            scribe.support(
                name,
                scribe.write("The direction is the opposite of what the textbook mechanism leads to expect.", words),
                0.4,
            )
        )
    against += _breakers(scribe, finding) + _rival_driver(scribe, finding)
    subjects = (*lowest[:3], *highest[-3:])
    against += doubts(scribe, name, subjects, effect)
    scope = f"This series of {things(scribe)}, within the range of {title(driver)} that it covers. {SAMPLE_NOTE}"
    return drafted("trend", statement, reason, prediction, scope, subjects, support, against)


def trend_reason(scribe: Scribe, name: str, driver: str, rho: float) -> tuple[Text, bool]:
    """Why an outcome follows a driver, and whether a textbook mechanism says the same."""
    known = mechanism(name, driver)
    if known is None:
        return scribe.write(
            "No mechanism for this pair is on file: the association is the finding, and its cause is open."
        ), False
    reason = known.reason[0].upper() + known.reason[1:]
    if known.sign == 0 or known.sign * rho > 0:
        return scribe.write("{{reason}}.", {"reason": reason}), known.sign != 0
    return scribe.write(
        "This runs against the usual mechanism ({{reason}}), so another difference that goes along with it must"
        " outweigh that one here.",
        {"reason": known.reason},
    ), False


def _breakers(scribe: Scribe, finding: Trend) -> list[Support]:
    """The candidate that lies furthest on the wrong side of the trend."""
    column, along = scribe.table.columns[finding.outcome], scribe.table.columns[finding.driver]
    half = sorted(along[c] for c in finding.members)[len(finding.members) // 2]
    sign = 1 if finding.rho > 0 else -1
    # Wrong: above the line where the trend is already at its good end's opposite, or below it at the good end.
    wrong = []
    for c in finding.members:
        residual = column[c] - (finding.intercept + finding.slope * along[c])
        if residual and sign * (along[c] - half) * residual < 0:
            wrong.append((abs(residual), c))
    if not wrong:
        return []
    residual, candidate = max(wrong)
    deviation = pooled_spread(column, list(finding.members)) or 1.0
    return [
        scribe.support(
            finding.outcome,
            scribe.write(
                "{{subject}} breaks the trend: its {{what}} of {{value}} is {{gap}} off the fitted line.",
                {"subject": candidate, "what": title(finding.outcome)},
                value=scribe.estimate(candidate, finding.outcome),
                gap=scribe.number(residual, finding.outcome),
            ),
            min(0.5, 0.5 * residual / deviation),
        )
    ]


def _rival_driver(scribe: Scribe, finding: Trend) -> list[Support]:
    """Another quantity that moves along with the driver, and would explain the outcome as well."""
    along = scribe.table.columns[finding.driver]
    best: tuple[float, str, float] = (0.7, "", 0.0)
    for other in scribe.table.varying:
        known, column = by_key().get(other), scribe.table.columns[other]
        if other in (finding.driver, finding.outcome) or mechanism(finding.outcome, other) is None or known is None:
            continue
        shared = [c for c in finding.members if c in column]
        if len(shared) < len(finding.members) or len({column[c] for c in shared}) < 3:
            continue
        rho = association([along[c] for c in shared], [column[c] for c in shared]).rho
        if abs(rho) > best[0]:
            best = (abs(rho), other, rho)
    if not best[1]:
        return []
    return [
        scribe.support(
            best[1],
            scribe.write(
                "The {{driver}} does not vary alone: the {{other}} goes with it (Spearman's rho {{rho}}) and could be"
                " the cause.",
                {"driver": driver_name(finding.driver), "other": driver_name(best[1])},
                rho=scribe.number(best[2], best[1], unit="1"),
            ),
            0.3,
        )
    ]
