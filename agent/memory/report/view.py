"""What the report says, apart from how it looks: one view that the HTML page and the Markdown text both render."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

from agent import vocabulary
from agent.memory.history import History
from agent.memory.opinions import read_opinions
from agent.memory.report.drawing.desirabilities import draw_desirability
from agent.memory.report.drawing.figures import Figure, draw_figures
from agent.memory.report.drawing.plan_graph import SYMBOLS, draw_plan
from agent.memory.report.hypotheses import DroppedItem, HypothesisItem, dropped_items, hypothesis_items
from agent.memory.report.prose import Anchors, Prose, anchor, fill
from agent.memory.report.rounds import RoundItem, round_items
from agent.memory.report.sentences import in_language
from agent.memory.report.strings import words
from agent.memory.report.table import ROWS, SVG, Table, build_table, data_uri, in_order
from agent.memory.report.verdict import verdict
from agent.memory.report.wished import print_constraint, wish_in_words
from agent.records import (
    Artifact,
    Brief,
    Entity,
    Evidence,
    Objective,
    RunInfo,
    Step,
    StepState,
)
from agent.units import print_value

_PLOTS = 6  # how many plots of one step the report carries along


@dataclass(frozen=True)
class Chip:
    """A small labelled thing, with what a reader who points at it is told."""

    text: str
    note: str = ""


@dataclass(frozen=True)
class EvidenceItem:
    """A piece of evidence with the step that brought it."""

    record: Evidence
    anchor: str
    step: Step | None
    arguments: str
    values: tuple[tuple[str, str], ...]
    files: tuple[Artifact, ...]
    plots: tuple[tuple[Artifact, str], ...]


@dataclass(frozen=True)
class Unrun:
    """A planned step that brought no evidence."""

    step: Step
    state: StepState


@dataclass(frozen=True)
class View:
    """Everything that the report shows."""

    t: SimpleNamespace
    language: str
    info: RunInfo
    history: History
    brief: Brief | None
    anchors: Anchors
    verdict: tuple[Prose, ...]
    constraints: tuple[Chip, ...]
    objectives: tuple[Chip, ...]
    entities: tuple[tuple[Entity, str], ...]
    options: tuple[Chip, ...]
    table: Table
    hypotheses: tuple[HypothesisItem, ...]
    dropped: tuple[DroppedItem, ...]
    rounds: tuple[RoundItem, ...]
    figures: tuple[Figure, ...]
    plan: Figure | None
    evidence: tuple[EvidenceItem, ...]
    unrun: tuple[Unrun, ...]
    spent: tuple[str, ...]
    limits: tuple[Prose, ...]

    @property
    def reasoner(self) -> str:
        """Who did the thinking, said plainly."""
        if self.info.model is None:
            return self.t.no_model
        return self.t.with_model.format(reasoner=self.info.reasoner, model=self.info.model)

    @property
    def screened(self) -> str:
        """What the hazard screen said about the goal."""
        verdict = self.history.screened.verdict if self.history.screened else "not screened"
        return getattr(self.t, f"screen_{verdict}")

    @property
    def asked(self) -> str:
        """The goal as asked."""
        return self.info.goal.text or self.history.goal


def build_view(folder: Path, info: RunInfo, history: History) -> View:
    """Everything that the report of a run shows.

    Args:
        folder: The bundle, whose ``artifacts/`` hold drawings and plots.
        info: The head of the bundle.
        history: The run.

    Returns:
        The view. It depends on nothing else: the same run gives the same view.
    """
    brief = history.brief or info.brief
    language = brief.language if brief else "en"
    t = words(language)
    history = in_language(history, language)
    brief = history.brief or brief
    anchors = Anchors(history, (one.id for one in in_order(history.candidates)[:ROWS]), t)
    plan = draw_plan(history, anchors)
    return View(
        t=t,
        language=language,
        info=info,
        history=history,
        brief=brief,
        anchors=anchors,
        verdict=verdict(info, history, brief, anchors),
        constraints=tuple(Chip(print_constraint(one), one.text) for one in brief.constraints) if brief else (),
        objectives=tuple(Chip(_objective(one, t), one.text) for one in brief.objectives) if brief else (),
        entities=tuple((one, _origin(one, t)) for one in brief.entities) if brief else (),
        options=tuple(Chip(f"{key}: {_plain(value)}") for key, value in _told(brief.options)) if brief else (),
        table=build_table(folder, history, brief, anchors),
        hypotheses=hypothesis_items(history, anchors, read_opinions(folder)),
        dropped=dropped_items(history, anchors),
        rounds=round_items(history),
        figures=(
            *draw_figures(history.candidates, brief, t),
            *draw_desirability(history.candidates, brief, t),
        ),
        plan=Figure("report-plan", t.fig_plan, plan, wide=True) if plan else None,
        evidence=tuple(_evidence(folder, one, history) for one in history.evidence.values()),
        unrun=tuple(
            Unrun(step, history.states.get(step.id, StepState()))
            for step in history.steps.values()
            if f"e{step.id[1:]}" not in history.evidence
        ),
        spent=_spent(info, t),
        limits=_limits(info, history, anchors),
    )


def _told(options: Mapping[str, object]) -> list[tuple[str, object]]:
    """The options that say something: neither nothing nor an empty list."""
    return [(key, value) for key, value in options.items() if value not in (None, "", [], {})]


def _plain(value: object) -> str:
    """A value in words: a record as ``resin (low 0.5, high 0.8)``, a list by commas, anything else as JSON."""
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping) and value:
        said = [f"{key} {_plain(item)}" for key, item in value.items() if item is not None]
        name = next((item for item in value.values() if isinstance(item, str)), None)
        rest = [
            text for text, item in zip(said, (v for v in value.values() if v is not None), strict=True) if item != name
        ]
        return f"{name} ({', '.join(rest)})" if name and rest else ", ".join(said)
    if isinstance(value, list | tuple) and value and all(isinstance(item, str | Mapping) for item in value):
        return ", ".join(_plain(item) for item in value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _objective(objective: Objective, t: SimpleNamespace) -> str:
    return f"{vocabulary.title(objective.quantity)}: {wish_in_words(objective, t)}"


def _origin(entity: Entity, t: SimpleNamespace) -> str:
    """What stands behind an entity, and how that is known."""
    if not entity.value:
        return t.not_resolved
    return t.from_source.format(source=t.the_goal if entity.source == "goal" else entity.source)


def _evidence(folder: Path, found: Evidence, history: History) -> EvidenceItem:
    step = history.steps.get(found.step)
    structures = {candidate.structure for candidate in history.candidates}
    withheld = {candidate.structure for candidate in history.candidates if candidate.withheld}
    plots = [one for one in found.artifacts if one.media_type == SVG and one.title not in structures]
    drawn = [(plot, data_uri(folder / plot.path)) for plot in plots[:_PLOTS]]
    return EvidenceItem(
        record=found,
        anchor=anchor(found.id),
        step=step,
        arguments=json.dumps(step.arguments, ensure_ascii=False, indent=2) if step and step.arguments else "",
        values=tuple(
            (vocabulary.title(one.name), print_value(one.value, one.unit, one.uncertainty)) for one in found.values
        ),
        files=tuple(one for one in found.artifacts if one.title not in withheld),
        plots=tuple((plot, uri) for plot, uri in drawn if uri),
    )


def _spent(info: RunInfo, t: SimpleNamespace) -> tuple[str, ...]:
    usage = info.budget_spent
    lines = [
        t.spent_line.format(seconds=f"{usage.seconds:.1f}", calls=usage.tool_calls, cached=usage.cached_calls),
    ]
    if info.model is not None:
        lines.append(
            t.spent_model.format(input=usage.input_tokens, output=usage.output_tokens, cost=f"{usage.cost_usd:.4g}")
        )
    return tuple(lines)


def _limits(info: RunInfo, history: History, anchors: Anchors) -> tuple[Prose, ...]:
    """What the reader must not conclude: general limits of what was used, then this run's own gaps and warnings."""
    t = anchors.words
    known = vocabulary.by_key()
    used = {name for candidate in history.candidates for name in candidate.quantities}
    used |= {value.name for found in history.evidence.values() for value in found.values}
    engines = dict.fromkeys(known[name].engine for name in known if name in used)
    lines: list[str] = [t.l_measured if history.results else t.l_computed]
    lines += [getattr(t, f"l_{engine}") for engine in engines if hasattr(t, f"l_{engine}")]
    if history.hypotheses:
        lines += [t.l_rating, t.l_novelty]
        lines += [t.l_prior] if any(one.prior is not None for one in history.hypotheses) else []
    lines += [notice.text for notice in history.notices if notice.level != "info"]
    lines += info.notes
    gaps = [
        fill(
            t.l_gap,
            id=anchors.link(found.id),
            tool=found.tool,
            status=f"{SYMBOLS[found.status]} {getattr(t, f's_{found.status}')}",
            summary=found.summary,
        )
        for found in history.evidence.values()
        if found.status != "ok"
    ]
    return (*(anchors.prose(line) for line in _once(lines)), *gaps)


def _once(lines: Iterable[str]) -> Iterable[str]:
    return dict.fromkeys(lines)
