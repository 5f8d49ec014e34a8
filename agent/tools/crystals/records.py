"""How crystals appear in results: candidates, CIF artifacts and tables."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

from agent.records import ArtifactContent, CandidateDraft, Value
from agent.tools.crystals.structures import Crystal, cif_text, space_group
from agent.vocabulary import by_key


def value(key: str, number: float) -> Value:
    """A value of the vocabulary in its unit."""
    return Value(name=key, value=float(number), unit=by_key()[key].unit)


def draft(crystal: Crystal, values: Sequence[Value] = (), **labels: str) -> CandidateDraft:
    """A crystal as a candidate: its key, formula and space group, with further values and labels."""
    shown = labels.pop("space_group", "") or group_label(crystal)
    return CandidateDraft(
        kind="crystal",
        structure=crystal.key,
        name=crystal.key,
        values=tuple(values),
        labels={"formula": crystal.formula, "space_group": shown, **labels},
    )


def group_label(crystal: Crystal) -> str:
    """Space group symbol and number, as labels show it."""
    symbol, number = space_group(crystal.structure)
    return f"{symbol} ({number})" if number else "unknown"


def cif_artifact(crystal: Crystal, suffix: str = "") -> ArtifactContent:
    """The crystal as a CIF file."""
    return ArtifactContent(
        name=f"{crystal.stem}{suffix}.cif", media_type="chemical/x-cif", content=cif_text(crystal), title=crystal.key
    )


def table(name: str, title: str, rows: Sequence[Mapping[str, Any]]) -> ArtifactContent:
    """Rows as a CSV file; the first row's keys are the header."""
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return ArtifactContent(name=f"{name}.csv", media_type="text/csv", content=text.getvalue(), title=title)
