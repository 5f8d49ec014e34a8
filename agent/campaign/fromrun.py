"""A campaign from a run: candidates to choose among, an experiment's factors to vary, what it measures to improve."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from agent.campaign.records import Campaign
from agent.errors import InputError
from agent.memory.history import History, fold
from agent.memory.ledger import LEDGER, read_ledger
from agent.memory.runs import read_info
from agent.records import Candidate, Experiment, Factor
from agent.tools.optimisation.space import Categorical, Discrete, Space, Target
from agent.units import counted

MOST = 200
"""Most candidates that become categories, the best first."""
CANDIDATE = "candidate"


def campaign_from_run(name: str, folder: Path, **settings: Any) -> Campaign:
    """A new campaign about what a run found.

    Candidates become one categorical factor, told apart by their structures (molecules) or by the quantities that all
    of them have; factors of the best hypothesis' experiment that are numbers become discrete ones. The objective is
    what that experiment measures, else what the goal wants pushed.

    Args:
        name: The campaign's name.
        folder: The run's bundle.
        settings: ``batch``, ``seed``, ``margin``, ``replicates``, ``learn_from``; ``None`` leaves the default.

    Raises:
        InputError: It is no run, or has nothing to vary or nothing to improve; the message says which.
    """
    info = read_info(folder)
    history = fold(read_ledger(folder / LEDGER))
    experiment = history.experiments[0] if history.experiments else None
    candidates = _usable(history.candidates)
    parameters: list[Categorical | Discrete] = []
    if len(candidates) >= 2:
        parameters.append(_among(candidates))
    if experiment is not None:
        parameters += [made for one in experiment.factors if (made := _varied(one)) is not None]
    if not parameters:
        raise InputError(
            f"The run {info.id} leaves nothing to vary: it has {counted(len(candidates), 'usable candidate')}, and no"
            " experiment whose factors have several numeric levels.",
            remedy="Write a space file, and begin the campaign with --space.",
        )
    objectives = _objectives(history, experiment)
    if not objectives:
        raise InputError(
            f"The run {info.id} does not say what to improve: it has no experiment and its goal names no objective.",
            remedy="Write a space file, and begin the campaign with --space.",
        )
    taken = {one.name for one in objectives}
    space = Space(parameters=tuple(one for one in parameters if one.name not in taken), objectives=tuple(objectives))
    given = {key: value for key, value in settings.items() if value is not None}
    return Campaign(name=name, space=space, origin=info.id, **given)


def _usable(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Candidates of one kind that may be tested, the best first."""
    able = [one for one in candidates if not one.withheld and one.feasible is not False]
    able.sort(key=lambda one: one.rank if one.rank is not None else len(candidates))
    return [one for one in able if one.kind == able[0].kind][:MOST]


def _among(candidates: Sequence[Candidate]) -> Categorical:
    """The factor that chooses a candidate."""
    values = tuple(one.id for one in candidates)
    if candidates[0].kind == "molecule":
        return Categorical(name=CANDIDATE, values=values, structures={one.id: one.structure for one in candidates})
    shared = sorted(set.intersection(*(set(one.quantities) for one in candidates)))
    rows = {one.id: tuple(one.quantities[key].value for key in shared) for one in candidates}
    return Categorical(name=CANDIDATE, values=values, descriptors=rows if shared else {})


def _varied(factor: Factor) -> Discrete | None:
    """An experiment's factor as a discrete one; ``None`` if its levels are not several different numbers."""
    try:
        levels = sorted({float(level) for level in factor.levels})
    except ValueError:
        return None
    return Discrete(name=_plain(factor.name), values=tuple(levels), unit=factor.unit) if len(levels) >= 2 else None


def _objectives(history: History, experiment: Experiment | None) -> list[Target]:
    if experiment is not None and experiment.decision is not None:
        decision = experiment.decision
        if decision.relation in ("==", "between"):
            target = decision.value if decision.high is None else (decision.value + decision.high) / 2
            return [Target(name=_plain(decision.quantity), goal="target", target=target, unit=decision.unit)]
        goal = "maximise" if decision.relation in (">", ">=") else "minimise"
        return [Target(name=_plain(decision.quantity), goal=goal, unit=decision.unit)]
    wanted = history.brief.objectives if history.brief is not None else ()
    if wanted:
        return [
            Target(name=_plain(one.quantity), goal=one.direction, target=one.target, unit=one.unit) for one in wanted
        ]
    if experiment is not None and experiment.measurements:
        first = experiment.measurements[0]
        return [Target(name=_plain(first.quantity), unit=first.unit)]
    return []


def _plain(name: str) -> str:
    """A name as columns have them: letters, digits and underscores, a letter first."""
    plain = re.sub(r"\W+", "_", name, flags=re.ASCII).strip("_")
    return plain if plain[:1].isalpha() else f"x_{plain}" if plain else "quantity"
