"""Typed findings in the candidate table: contrasts, trends, trade-offs, outliers.

Every test made is counted, and the p values of all of them are adjusted together (Benjamini and Hochberg), so that a
table of many quantities does not yield findings by chance alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from agent.reasoning.experiments.methods import outcome
from agent.reasoning.hypotheses.knowledge import ESTIMATE_INPUTS, NO_CAUSES, USUALLY_BETTER, family, mechanism
from agent.reasoning.hypotheses.statistics import LEVEL, adjusted, association, difference, front, robust_z
from agent.reasoning.hypotheses.table import Table
from agent.records import Brief

LEAST_ROWS = 8
"""The fewest candidates that a trend is looked for in."""

LEAST_RHO = 0.5
OUTLIER = 3.5


@dataclass(frozen=True)
class Contrast:
    """A group of candidates that share a part differs from the rest in an outcome."""

    outcome: str
    label: str
    value: str
    members: tuple[str, ...]
    others: tuple[str, ...]
    difference: float
    low: float
    high: float
    spread: float
    p: float
    adjusted_p: float = 1.0
    tests: int = 1


@dataclass(frozen=True)
class Trend:
    """An outcome follows another quantity over the candidates."""

    outcome: str
    driver: str
    members: tuple[str, ...]
    rho: float
    low: float
    high: float
    slope: float
    intercept: float
    built_in: bool
    p: float
    adjusted_p: float = 1.0
    tests: int = 1


@dataclass(frozen=True)
class TradeOff:
    """Two quantities that are both wanted cannot be had together; ``better`` says which way each is wanted."""

    first: str
    second: str
    better: tuple[str, str]
    members: tuple[str, ...]
    front: tuple[str, ...]
    rho: float
    low: float
    high: float
    p: float
    adjusted_p: float = 1.0
    tests: int = 1


@dataclass(frozen=True)
class Outlier:
    """One candidate's outcome departs from what the others' trend (or their median) leads to expect."""

    outcome: str
    driver: str
    subject: str
    value: float
    expected: float
    score: float
    members: tuple[str, ...]


Tested = Contrast | Trend | TradeOff


def outcomes(table: Table, brief: Brief) -> list[str]:
    """Quantities of the table that an experiment measures directly, those that the goal names first."""
    named = [o.quantity for o in brief.objectives] + [c.quantity for c in brief.constraints]
    order = {name: place for place, name in reversed(list(enumerate(named)))}
    found = [name for name in table.varying if outcome(name) is not None and not (name == "lattice_a" and mixed(table))]
    return sorted(found, key=lambda name: (order.get(name, len(order)), table.varying.index(name)))


def mixed(table: Table) -> bool:
    """Whether crystals of several structure types are in the table: their lattice constants mean different lengths."""
    types = {c.labels.get("prototype") or c.labels.get("space_group") or "" for c in table.candidates}
    return len(types) > 1


def significant(table: Table, brief: Brief, seed: int) -> tuple[list[Tested], int]:
    """All contrasts, trends and trade-offs, and those of them that stand up to the number of tests.

    Args:
        table: The candidates.
        brief: Which quantities are wanted.
        seed: Seeds the permutations.

    Returns:
        Findings with an adjusted p below the level, those on the goal's objectives and in the wanted direction first;
        and how many tests were made.
    """
    wanted = outcomes(table, brief)
    tested: list[Tested] = [*contrasts(table, wanted, seed), *trends(table, wanted), *trade_offs(table, brief)]
    count = len(tested)
    kept = []
    for finding, p in zip(tested, adjusted([finding.p for finding in tested]), strict=True):
        if p < LEVEL and _strong(finding):
            kept.append(replace(finding, adjusted_p=p, tests=count))
    order = {name: place for place, name in reversed(list(enumerate(o.quantity for o in brief.objectives)))}
    directions = wanted_directions(table, brief)
    kept.sort(
        key=lambda f: (_place(f, order), _unwanted(f, directions), _unexplained(f), f.adjusted_p, -_size(f), repr(f))
    )
    return kept, count


def _strong(finding: Tested) -> bool:
    """Whether an effect is large enough to matter, whatever its p."""
    if isinstance(finding, Contrast):
        method = outcome(finding.outcome)
        return method is not None and abs(finding.difference) >= method.spread / 2
    return abs(finding.rho) >= LEAST_RHO


def _unexplained(finding: Tested) -> int:
    """Trends with a textbook mechanism come first, then those that are partly arithmetic, then the others."""
    if not isinstance(finding, Trend):
        return 0
    return 2 if mechanism(finding.outcome, finding.driver) is None else int(finding.built_in)


def _unwanted(finding: Tested, directions: Mapping[str, str]) -> bool:
    """Whether a group moves its outcome away from what is wanted: worth avoiding, but less than worth making."""
    if not isinstance(finding, Contrast) or finding.outcome not in directions:
        return False
    return (finding.difference > 0) != (directions[finding.outcome] == "maximise")


def _size(finding: Tested) -> float:
    if isinstance(finding, Contrast):
        return abs(finding.difference) / finding.spread if finding.spread else 10.0
    return abs(finding.rho)


def _place(finding: Tested, order: Mapping[str, int]) -> int:
    """The place of a finding's outcome among the goal's objectives."""
    names = (finding.first, finding.second) if isinstance(finding, TradeOff) else (finding.outcome,)
    return min(order.get(name, len(order)) for name in names)


def contrasts(table: Table, wanted: Iterable[str], seed: int) -> list[Contrast]:
    """Every group against the rest, on every outcome."""
    found = []
    for name in wanted:
        column = table.columns[name]
        for (label, value), group in sorted(table.groups.items()):
            members = [c for c in column if c in group]
            others = [c for c in column if c not in group]
            if min(len(members), len(others)) < 3:
                continue
            result = difference([column[c] for c in members], [column[c] for c in others], seed)
            found.append(
                Contrast(
                    name,
                    label,
                    value,
                    tuple(members),
                    tuple(others),
                    result.value,
                    result.low,
                    result.high,
                    result.spread,
                    result.p,
                )
            )
    return found


def trends(table: Table, wanted: Sequence[str]) -> list[Trend]:
    """Every outcome against every other varying quantity that is not a measure of the same property."""
    found = []
    for name in wanted:
        column = table.columns[name]
        for driver in table.varying:
            if driver == name or family(driver) == family(name) or driver in NO_CAUSES:
                continue
            if mechanism(driver, name) is not None and mechanism(name, driver) is None:
                continue  # the textbook has it the other way round
            if mechanism(name, driver) is None and outcome(driver) is not None:
                continue  # two measurable consequences of the structure: neither drives the other
            members = tuple(c for c in column if c in table.columns[driver])
            x, y = [table.columns[driver][c] for c in members], [column[c] for c in members]
            if len(members) < LEAST_ROWS or len(set(x)) < 3 or len(set(y)) < 3:
                continue
            result = association(x, y)
            found.append(
                Trend(
                    name,
                    driver,
                    members,
                    result.rho,
                    result.low,
                    result.high,
                    result.slope,
                    result.intercept,
                    driver in ESTIMATE_INPUTS.get(name, ()),
                    result.p,
                )
            )
    return found


def wanted_directions(table: Table, brief: Brief) -> dict[str, str]:
    """Which way quantities of the table are wanted: by the goal's objectives, one-sided constraints, else by custom."""
    directions = {name: way for name, way in USUALLY_BETTER.items() if name in table.columns}
    for constraint in brief.constraints:
        if constraint.quantity in table.columns and (constraint.low is None) != (constraint.high is None):
            directions[constraint.quantity] = "minimise" if constraint.low is None else "maximise"
    for objective in brief.objectives:
        if objective.quantity in table.columns and objective.direction != "target":
            directions[objective.quantity] = objective.direction
    return directions


def trade_offs(table: Table, brief: Brief) -> list[TradeOff]:
    """Pairs of wanted quantities that go against each other; at least one is named by the goal and one measurable."""
    directions = wanted_directions(table, brief)
    named = {o.quantity for o in brief.objectives} | {c.quantity for c in brief.constraints}
    found = []
    for i, one in enumerate(sorted(directions, key=lambda name: (name not in named, name))):
        for other in sorted(directions, key=lambda name: (name not in named, name))[i + 1 :]:
            if family(one) == family(other) or (one not in named and other not in named):
                continue
            if one not in table.varying or other not in table.varying:
                continue
            if outcome(one) is None and outcome(other) is None:
                continue
            members = tuple(c for c in table.columns[one] if c in table.columns[other])
            x, y = [table.columns[one][c] for c in members], [table.columns[other][c] for c in members]
            if len(members) < LEAST_ROWS or len(set(x)) < 3 or len(set(y)) < 3:
                continue
            signs = [1.0 if directions[name] == "maximise" else -1.0 for name in (one, other)]
            good = [(signs[0] * a, signs[1] * b) for a, b in zip(x, y, strict=True)]
            result = association([a for a, _ in good], [b for _, b in good])
            best = tuple(members[index] for index in front(good))
            # Going together is no trade-off: such a pair is counted as a test, and not reported.
            p = result.p if result.rho < 0 and len(best) >= 3 else 1.0
            found.append(
                TradeOff(
                    one,
                    other,
                    (directions[one], directions[other]),
                    members,
                    best,
                    result.rho,
                    result.low,
                    result.high,
                    p,
                )
            )
    return found


def outliers(table: Table, wanted: Sequence[str], kept: Iterable[Tested]) -> list[Outlier]:
    """For each outcome the candidate that departs most from its strongest trend, if it departs far enough."""
    strongest: dict[str, Trend] = {}
    for finding in kept:
        if isinstance(finding, Trend):
            earlier = strongest.get(finding.outcome)
            if earlier is None or abs(finding.rho) > abs(earlier.rho):
                strongest[finding.outcome] = finding
    found = []
    for name in wanted:
        column = table.columns[name]
        if len(column) < LEAST_ROWS:
            continue
        trend = strongest.get(name)
        members = trend.members if trend else tuple(column)
        if trend:
            expected = {c: trend.intercept + trend.slope * table.columns[trend.driver][c] for c in members}
        else:
            middle = sorted(column.values())[len(column) // 2]
            expected = dict.fromkeys(members, middle)
        scores = robust_z([column[c] - expected[c] for c in members])
        score, subject = max((abs(score), c) for score, c in zip(scores, members, strict=True))
        if score > OUTLIER:
            driver = trend.driver if trend else ""
            found.append(Outlier(name, driver, subject, column[subject], expected[subject], score, members))
    return found
