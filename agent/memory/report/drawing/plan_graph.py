"""The plan drawn as a layered graph: a step stands right of everything that it needs."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from agent.memory.history import History
from agent.memory.report.drawing.palette import LIGHT
from agent.memory.report.prose import Anchors, anchor
from agent.records import Step, StepState, StepStatus

SYMBOLS: dict[StepStatus, str] = {
    "ok": "✓",
    "empty": "∅",
    "error": "✕",
    "skipped": "»",
    "cancelled": "⊘",
    "pending": "·",
    "running": "…",
}
"""A status by shape, for readers who do not see its colour."""

COLOURS: dict[StepStatus, tuple[str, str]] = {
    "ok": ("good", "good-soft"),
    "empty": ("warn", "warn-soft"),
    "error": ("bad", "bad-soft"),
    "skipped": ("muted", "card"),
    "cancelled": ("muted", "card"),
    "pending": ("muted", "card"),
    "running": ("accent", "accent-soft"),
}

_WIDTH, _HEIGHT, _GAP_X, _GAP_Y, _MARGIN = 188, 46, 42, 16, 6
_LETTERS = 23  # of a tool's name that fit into a box


def layers(steps: Mapping[str, Step]) -> list[list[str]]:
    """Steps by the length of the longest chain of needs before them.

    Within a layer, steps stand in the mean order of what they need (the barycentre heuristic of Sugiyama, Tagawa and
    Toda 1981), so that few lines cross. Needs outside the plan and cycles count for nothing.

    Args:
        steps: By id, in the order they were planned.

    Returns:
        The ids of each layer, from left to right.
    """
    depth: dict[str, int] = {}

    def reach(identity: str, path: tuple[str, ...]) -> int:
        if identity not in depth:
            needs = [need for need in steps[identity].needs if need in steps and need not in path]
            depth[identity] = max((reach(need, (*path, identity)) + 1 for need in needs), default=0)
        return depth[identity]

    placed: list[list[str]] = []
    for identity in steps:
        column = reach(identity, (identity,))
        while len(placed) <= column:
            placed.append([])
        placed[column].append(identity)
    row: dict[str, float] = {}
    for layer in placed:
        layer.sort(key=lambda one: _mean([row[need] for need in steps[one].needs if need in row], len(row)))
        row |= {identity: place - (len(layer) - 1) / 2 for place, identity in enumerate(layer)}
    return placed


def _mean(numbers: list[float], otherwise: float) -> float:
    return sum(numbers) / len(numbers) if numbers else otherwise


def draw_plan(history: History, anchors: Anchors) -> str:
    """The plan of a run as SVG.

    Args:
        history: The run.
        anchors: What a box may link to.

    Returns:
        A self-contained SVG in the light colours; empty if nothing was planned.
    """
    if not history.steps:
        return ""
    placed = layers(history.steps)
    tallest = max(len(layer) for layer in placed)
    height = tallest * (_HEIGHT + _GAP_Y) - _GAP_Y + 2 * _MARGIN
    width = len(placed) * (_WIDTH + _GAP_X) - _GAP_X + 2 * _MARGIN
    at: dict[str, tuple[float, float]] = {}
    for column, layer in enumerate(placed):
        top = (height - len(layer) * (_HEIGHT + _GAP_Y) + _GAP_Y) / 2
        for row, identity in enumerate(layer):
            at[identity] = (_MARGIN + column * (_WIDTH + _GAP_X), top + row * (_HEIGHT + _GAP_Y))
    edges = [_edge(at[need], at[step.id]) for step in history.steps.values() for need in step.needs if need in at]
    boxes = [
        _box(step, history.states.get(step.id, StepState()), at[step.id], anchors) for step in history.steps.values()
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height:g}" width="{width}"'
        f' height="{height:g}" role="img" font-family="system-ui, sans-serif" font-size="11">'
        f"{''.join(edges)}{''.join(boxes)}</svg>\n"
    )


def _edge(start: tuple[float, float], end: tuple[float, float]) -> str:
    x1, y1 = start[0] + _WIDTH, start[1] + _HEIGHT / 2
    x2, y2 = end[0], end[1] + _HEIGHT / 2
    bend = max(_GAP_X / 2, (x2 - x1) / 2)
    return (
        f'<path d="M{x1:g} {y1:g}C{x1 + bend:g} {y1:g} {x2 - bend:g} {y2:g} {x2:g} {y2:g}" fill="none"'
        f' stroke="{LIGHT["muted"]}" stroke-opacity=".55" stroke-width="1.2"/>'
    )


def _box(step: Step, state: StepState, at: tuple[float, float], anchors: Anchors) -> str:
    strong, soft = COLOURS[state.status]
    x, y = at
    evidence = f"e{step.id[1:]}"
    name = step.tool if len(step.tool) <= _LETTERS else step.tool[: _LETTERS - 1] + "…"
    seconds = "" if state.seconds is None else f" · {print_seconds(state.seconds)}"
    dashes = ' stroke-dasharray="4 3"' if state.status in ("skipped", "cancelled", "pending") else ""
    status = getattr(anchors.words, f"s_{state.status}")
    told = ": ".join(part for part in (f"{step.id} {step.tool}", step.why) if part)
    ink, muted = LIGHT["ink"], LIGHT["muted"]
    box = (
        f"<title>{escape(told)}</title>"
        f'<rect x="{x:g}" y="{y:g}" width="{_WIDTH}" height="{_HEIGHT}" rx="7" fill="{LIGHT[soft]}"'
        f' stroke="{LIGHT[strong]}" stroke-width="1.1"{dashes}/>'
        f'<text x="{x + 12:g}" y="{y + 19:g}" fill="{ink}" font-size="12" font-weight="600">{escape(name)}</text>'
        f'<text x="{x + 12:g}" y="{y + 35:g}" fill="{LIGHT[strong]}">'
        f"{SYMBOLS[state.status]} {escape(status)}{escape(seconds)}</text>"
        f'<text x="{x + _WIDTH - 10:g}" y="{y + 35:g}" fill="{muted}" text-anchor="end">{escape(step.id)}</text>'
    )
    return f'<a href="#{anchor(evidence)}">{box}</a>' if anchors.href(evidence) else f"<g>{box}</g>"


def print_seconds(seconds: float) -> str:
    """A duration as a reader expects it: ``0.04 s``, ``12.3 s``, ``4 min 05 s``."""
    if seconds >= 60:
        return f"{int(seconds) // 60} min {int(seconds) % 60:02d} s"
    return f"{seconds:.2g} s" if seconds < 1 else f"{seconds:.1f} s"
