"""The table of candidates as the report shows it: columns, cells that link to their evidence, and drawings."""

from __future__ import annotations

import base64
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from agent import vocabulary
from agent.errors import InputError
from agent.memory.history import History
from agent.memory.report.prose import Anchors
from agent.memory.report.wished import print_constraint
from agent.records import Artifact, Brief, Candidate, Constraint, Objective, Value
from agent.units import convert, print_unit, print_value

ROWS = 200
"""How many candidates the report shows; the rest are in ``candidates.csv``."""
COLUMNS = 8
"""How many quantity columns stand open; the rest unfold."""
BEST = 4
"""How many of the drawn candidates stand beside what was found, first of all."""
DRAWINGS = 12
"""How many drawings stand open; the rest unfold."""
EMBEDDED = 60
"""How many drawings the report carries along; the rest are files beside it."""

SVG = "image/svg+xml"


@dataclass(frozen=True)
class Column:
    """A quantity's column: its key and unit, whether it stands open, and what the goal asks of it."""

    key: str
    unit: str
    title: str
    printed_unit: str
    constraint: str = ""
    extra: bool = False


@dataclass(frozen=True)
class Cell:
    """A value in the table: as printed, as sorted, where it comes from, and whether it meets its constraint."""

    text: str = ""
    value: float | None = None
    href: str = ""
    note: str = ""
    met: bool | None = None


@dataclass(frozen=True)
class Row:
    """A candidate with its cells, drawing (a data URI) and files."""

    candidate: Candidate
    anchor: str
    cells: tuple[Cell, ...]
    labels: tuple[str, ...]
    drawing: str = ""
    drawing_path: str = ""
    files: tuple[Artifact, ...] = ()


@dataclass(frozen=True)
class Table:
    """The candidates as shown."""

    columns: tuple[Column, ...] = ()
    labels: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    hidden: int = 0
    extra: int = 0
    drawn: tuple[Row, ...] = field(default=())

    def key_cells(self, row: Row) -> list[tuple[Column, Cell]]:
        """The values of the columns that the goal asks about, or the first three."""
        pairs = [pair for pair in zip(self.columns, row.cells, strict=True) if pair[1].text]
        asked = [pair for pair in pairs if pair[0].constraint]
        return (asked or pairs[:3])[:5]


def in_order(candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
    """The candidates that may be shown, by rank; unranked ones behind, as they came."""
    shown = [candidate for candidate in candidates if not candidate.withheld]
    return tuple(sorted(shown, key=lambda one: float("inf") if one.rank is None else one.rank))


def quantity_columns(candidates: Iterable[Candidate]) -> tuple[tuple[str, str], ...]:
    """Every quantity among candidates as (key, unit): those of the vocabulary in its order, then others by name."""
    found = {(name, value.unit) for candidate in candidates for name, value in candidate.quantities.items()}
    order = {key: place for place, key in enumerate(vocabulary.by_key())}
    return tuple(sorted(found, key=lambda pair: (order.get(pair[0], len(order)), pair)))


def meets(constraint: Constraint, value: Value) -> bool | None:
    """Whether a value meets a constraint, converted to its unit; ``None`` if their units do not fit together."""
    number = value.value
    if value.unit != constraint.unit:
        try:
            number = convert(number, value.unit, constraint.unit)
        except InputError:
            return None
    return constraint.admits(number)


def build_table(folder: Path, history: History, brief: Brief | None, anchors: Anchors) -> Table:
    """The table that the report shows.

    Args:
        folder: The bundle, whose ``artifacts/`` hold the drawings.
        history: The run.
        brief: The goal understood, if it was.
        anchors: What can be linked to.

    Returns:
        The table; empty if there are no candidates.
    """
    candidates = in_order(history.candidates)
    constraints = brief.constraints if brief else ()
    columns = _columns(candidates, constraints, brief.objectives if brief else ())
    labels = tuple(dict.fromkeys(label for candidate in candidates for label in candidate.labels))
    files = _files_by_title(history)
    rows = tuple(
        _row(folder if place < EMBEDDED else None, candidate, columns, labels, constraints, files, anchors)
        for place, candidate in enumerate(candidates[:ROWS])
    )
    return Table(
        columns=columns,
        labels=labels,
        rows=rows,
        hidden=len(candidates) - len(rows),
        extra=sum(column.extra for column in columns),
        drawn=tuple(row for row in rows if row.drawing),
    )


def _columns(
    candidates: Sequence[Candidate], constraints: Sequence[Constraint], objectives: Sequence[Objective]
) -> tuple[Column, ...]:
    asked = [*(one.quantity for one in constraints), *(one.quantity for one in objectives)]
    found = quantity_columns(candidates)
    ordered = sorted(found, key=lambda pair: asked.index(pair[0]) if pair[0] in asked else len(asked))
    open_columns = max(COLUMNS, sum(key in asked for key, _ in found))
    said = {one.quantity: print_constraint(one) for one in constraints}
    said |= {one.quantity: one.text or one.direction for one in objectives if one.quantity not in said}
    return tuple(
        Column(key, unit, vocabulary.title(key), print_unit(unit), said.get(key, ""), place >= open_columns)
        for place, (key, unit) in enumerate(ordered)
    )


def _row(
    folder: Path | None,
    candidate: Candidate,
    columns: Sequence[Column],
    labels: Sequence[str],
    constraints: Sequence[Constraint],
    files_by_title: Mapping[str, Sequence[Artifact]],
    anchors: Anchors,
) -> Row:
    files = files_by_title.get(candidate.structure, ())
    drawings = [artifact for artifact in files if artifact.media_type == SVG]
    drawing = data_uri(folder / drawings[0].path) if folder and drawings else ""
    return Row(
        candidate=candidate,
        anchor=candidate.id,
        cells=tuple(_cell(candidate, column, constraints, anchors) for column in columns),
        labels=tuple(candidate.labels.get(label, "") for label in labels),
        drawing=drawing,
        drawing_path=drawings[0].path if drawing else "",
        files=tuple(files) if not drawing else tuple(one for one in files if one.media_type != SVG),
    )


def _cell(candidate: Candidate, column: Column, constraints: Sequence[Constraint], anchors: Anchors) -> Cell:
    quantity = candidate.quantities.get(column.key)
    if quantity is None or quantity.unit != column.unit or not math.isfinite(quantity.value):
        return Cell()
    verdicts = [meets(one, quantity) for one in constraints if one.quantity == column.key]
    known = [verdict for verdict in verdicts if verdict is not None]
    return Cell(
        text=print_value(quantity.value, uncertainty=quantity.uncertainty),
        value=quantity.value,
        href=anchors.href(quantity.source),
        note=anchors.label(quantity.source),
        met=all(known) if known else None,
    )


def _files_by_title(history: History) -> dict[str, tuple[Artifact, ...]]:
    """The artifacts of each candidate: those titled with its structure, each path once."""
    structures = {candidate.structure for candidate in history.candidates}
    found: dict[str, dict[str, Artifact]] = {}
    for evidence in history.evidence.values():
        for artifact in evidence.artifacts:
            if artifact.title in structures:
                found.setdefault(artifact.title, {}).setdefault(artifact.path, artifact)
    return {title: tuple(files.values()) for title, files in found.items()}


def data_uri(path: Path, media_type: Literal["image/svg+xml"] = SVG) -> str:
    """A drawing as a data URI, so that the report carries it along and no script in it can run.

    Args:
        path: An SVG file of the bundle.
        media_type: Its type.

    Returns:
        The URI; empty if the file cannot be read.
    """
    try:
        content = path.read_bytes()
    except OSError:
        return ""
    return f"data:{media_type};base64,{base64.b64encode(content).decode('ascii')}"
