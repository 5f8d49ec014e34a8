"""Findings by matching: rival structures of one compound, and compounds or sequences side by side.

A series of eight or more carries statistics; a handful of candidates does not. What a handful can carry is a contrast
of two, where the computed difference is beyond the error of the estimate, and, for crystals, the choice between rival
structures of one composition, which a diffraction pattern decides.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from agent.reasoning.experiments.methods import condition_text, outcome
from agent.reasoning.hypotheses.findings import LEAST_ROWS
from agent.reasoning.hypotheses.knowledge import MODEL_ERRORS, family
from agent.reasoning.hypotheses.prior import SHARED, error_deviation, normal_cdf
from agent.reasoning.hypotheses.rules import drafted
from agent.reasoning.hypotheses.scribe import Scribe, bound, difference_prediction, doubts, explain, measured, method_of
from agent.reasoning.hypotheses.table import Table
from agent.records import Hypothesis, Prediction, Relation
from agent.vocabulary import title

_ENERGIES = ("formation_energy", "energy_per_atom")
_DISCRIMINATING = ("density", "volume_per_atom")
_CLEAR = 0.02
"""Relative difference of density from which a computed cell tells two structures apart: twice the usual error."""

_LEAST_GAP = 0.002
"""Energy per atom (eV) below which two structures count as equally stable: the convergence of a relaxation."""


@dataclass(frozen=True)
class Polymorph:
    """Two structures of one composition, the one of lower energy first, and what tells them apart."""

    composition: str
    stable: str
    rival: str
    gap: float
    energy: str
    outcome: str
    values: tuple[float, float]
    rivals: int


@dataclass(frozen=True)
class Pair:
    """Two candidates side by side: the first has the higher outcome."""

    outcome: str
    higher: str
    lower: str
    values: tuple[float, float]
    among: int


def polymorphs(table: Table) -> list[Polymorph]:
    """Compositions with rival structures, the clearest choice first."""
    energy = next((name for name in _ENERGIES if name in table.columns), "")
    found = []
    for composition, members in sorted(_by_composition(table, energy).items()):
        stable, *rivals = members
        column = table.columns[energy]
        for rival in rivals:
            gap = column[rival] - column[stable]
            telling = next((name for name in _DISCRIMINATING if _apart(table, name, stable, rival)), "")
            if gap >= _LEAST_GAP and telling:
                values = (table.columns[telling][stable], table.columns[telling][rival])
                found.append(Polymorph(composition, stable, rival, gap, energy, telling, values, len(rivals)))
                break
    best = table.best
    return sorted(found, key=lambda item: (best is None or item.stable != best.id, -item.gap, item.composition))


def _by_composition(table: Table, energy: str) -> dict[str, list[str]]:
    """Candidate ids by composition, the lowest energy first."""
    column = table.columns.get(energy, {})
    groups: dict[str, list[str]] = {}
    for candidate in table.candidates:
        formula = candidate.labels.get("formula") or candidate.structure.partition(" ")[0]
        if candidate.kind == "crystal" and candidate.id in column:
            groups.setdefault(formula, []).append(candidate.id)
    return {formula: sorted(ids, key=lambda c: (column[c], c)) for formula, ids in groups.items()}


def _apart(table: Table, name: str, one: str, other: str) -> bool:
    column = table.columns.get(name, {})
    if outcome(name) is None or one not in column or other not in column:
        return False
    return abs(column[one] - column[other]) >= max(_CLEAR * abs(column[one]), 2 * method_of(name).spread)


def pairs(table: Table, wanted: list[str]) -> list[Pair]:
    """The two most different of a handful of candidates, for every outcome in which their difference is real.

    Of a composition with several structures only the most stable one stands for it. Real means beyond the published
    error of the estimate, else beyond three times the repeatability of the measurement.

    Args:
        table: The candidates.
        wanted: Measurable quantities, those that the goal asks about first.

    Returns:
        One pair a property, in the order of ``wanted``.
    """
    energy = next((name for name in _ENERGIES if name in table.columns), "")
    ground = [members[0] for members in _by_composition(table, energy).values()] if energy else []
    found = []
    for name in wanted:
        column = table.columns[name]
        members = [c for c in (ground or column) if c in column]
        if len(members) < 2 or (len(members) >= LEAST_ROWS and not ground):
            continue
        if ground and len(ground) < 2:
            continue
        higher = max(members, key=lambda c: (column[c], c))
        lower = min(members, key=lambda c: (column[c], c))
        error = MODEL_ERRORS.get(name)
        least = error.value if error else 3 * method_of(name).spread
        if column[higher] - column[lower] > least:
            found.append(Pair(name, higher, lower, (column[higher], column[lower]), len(members)))
    return list({family(item.outcome): item for item in reversed(found)}.values())[::-1]


def polymorph(scribe: Scribe, finding: Polymorph) -> Hypothesis:
    """One structure of a compound forms, and not its rival: the density tells."""
    name, method = finding.outcome, method_of(finding.outcome)
    up = finding.values[0] > finding.values[1]
    middle = bound(sum(finding.values) / 2, name)
    relation: Relation = ">" if up else "<"
    prediction = Prediction(
        quantity=name, relation=relation, value=middle, unit=method.unit,
        condition=f"{finding.composition} made and measured at ordinary pressure; {condition_text(method)}",
        effect=abs(finding.values[0] - finding.values[1]) / 2, spread=method.spread,
        source=scribe.estimate(finding.stable, name).source,
    )  # fmt: skip
    words = {
        "what": finding.composition, "stable": scribe.called(finding.stable), "rival": scribe.called(finding.rival),
        "measured": measured(name), "side": "above" if up else "below",
    }  # fmt: skip
    numbers = {
        "middle": scribe.number(middle, name),
        "a": scribe.estimate(finding.stable, name), "b": scribe.estimate(finding.rival, name),
        "gap": scribe.number(finding.gap, finding.energy), "rivals": scribe.count(finding.rivals, finding.energy),
    }  # fmt: skip
    statement = scribe.write(
        "{{what}} made at ordinary pressure has the structure of {{stable}}, not that of {{rival}}:"
        " its {{measured}} is {{side}} {{middle}} ({{a}} computed for the one, {{b}} for the other).",
        words,
        **numbers,
    )
    reason = scribe.write(
        "After relaxation {{stable}} lies {{gap}} below {{rival}}: of structures that can change into each other,"
        " the one of lowest free energy forms, unless the path to it is blocked.",
        words,
        **numbers,
    )
    error = MODEL_ERRORS.get(finding.energy)
    certain = 0.5
    if error is not None:
        certain = normal_cdf(finding.gap / (error_deviation(error) * math.sqrt(2 * (1 - SHARED))))
    support = [
        scribe.support(
            finding.energy,
            scribe.write(
                "Of {{what}}, {{stable}} has the lowest computed energy; {{rival}} lies {{gap}} above it.",
                words, **numbers,
            ),
            0.9 * certain,
        )
    ]  # fmt: skip
    against = doubts(scribe, finding.energy, (finding.stable, finding.rival), finding.gap)
    against.append(
        scribe.support(
            finding.energy,
            scribe.write(
                "The energies are those of atoms at rest, without vibrations, and only {{rivals}} rivals of {{stable}}"
                " were computed.",
                words,
                **numbers,
            ),
            0.3,
        )
    )
    scope = (
        f"{finding.composition} at ordinary temperature and pressure, made slowly enough to reach its most stable form."
    )
    return drafted("polymorph", statement, reason, prediction, scope, (finding.stable, finding.rival), support, against)


def pair(scribe: Scribe, finding: Pair) -> tuple[Hypothesis, str]:
    """One of two has the higher outcome.

    Returns:
        The hypothesis, and the driver that its mechanism names.
    """
    name = finding.outcome
    effect = finding.values[0] - finding.values[1]
    words = {
        "higher": scribe.called(finding.higher), "lower": scribe.called(finding.lower),
        "measured": measured(name), "what": title(name),
    }  # fmt: skip
    numbers = {
        "effect": scribe.number(effect, name), "a": scribe.estimate(finding.higher, name),
        "b": scribe.estimate(finding.lower, name), "n": scribe.count(finding.among, name),
    }  # fmt: skip
    statement = scribe.write(
        "{{higher}} has a higher {{measured}} than {{lower}}, by about {{effect|size}}: {{a}} against {{b}}.",
        words, **numbers,
    )  # fmt: skip
    reason, driver = explain(scribe, name, (finding.higher,), (finding.lower,), effect)
    prediction = difference_prediction(
        name, effect, method_of(name).spread, f"{finding.higher} minus {finding.lower}", scribe.table.source(name)
    )
    error = MODEL_ERRORS.get(name)
    certain = 0.6
    if error is not None:
        certain = normal_cdf(effect / (error_deviation(error) * math.sqrt(2 * (1 - SHARED))))
    support = [
        scribe.support(
            name,
            scribe.write("The same estimate gives {{a}} for {{higher}} and {{b}} for {{lower}}.", words, **numbers),
            0.9 * certain,
        )
    ]
    against = doubts(scribe, name, (finding.higher, finding.lower), effect)
    if finding.among > 2:
        against.append(
            scribe.support(
                name,
                scribe.write(
                    "They are the highest and the lowest of {{n}}, picked for their difference.", words, **numbers
                ),
                0.3,
            )
        )  # fmt: skip
    scope = "These candidates, in the form that was computed."
    return drafted(
        "contrast", statement, reason, prediction, scope, (finding.higher, finding.lower), support, against
    ), driver
