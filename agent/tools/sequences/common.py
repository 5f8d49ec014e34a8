"""What the sequence tools share: values with their units, feature maps, and limits."""

from __future__ import annotations

from typing import Any

from agent.records import ArtifactContent, CandidateDraft, Value
from agent.tools.sequences.drawing import Feature, feature_map
from agent.tools.sequences.text import gc_percent

MOST_CANDIDATES = 200
"""How many sequences of one call become candidates."""


def as_values(row: dict[str, Any], names: tuple[str, ...]) -> tuple[Value, ...]:
    """The named quantities of a row as values with their units; what was not computed is left out."""
    units = {
        "GC": "percent",
        "melting_temperature": "degC",
        "protein_mass": "g/mol",
        "extinction_coefficient": "1/molar/cm",
        "extinction_coefficient_oxidised": "1/molar/cm",
    }
    return tuple(Value(name=n, value=row[n], unit=units.get(n, "1")) for n in names if row.get(n) is not None)


def left_out(count: int) -> tuple[str, ...]:
    """The warning that the table holds only the first candidates, if it does."""
    if count <= MOST_CANDIDATES:
        return ()
    return (f"The table takes the first {MOST_CANDIDATES} of {count}; the data holds all.",)


def map_of(letters: str, features: list[Feature], name: str, number: int) -> ArtifactContent:
    """A feature map of a sequence as an artifact that belongs to the sequence's candidate."""
    svg = feature_map(len(letters), features, title=f"{name} ({len(letters)} letters)")
    return ArtifactContent(name=f"features-{number}.svg", media_type="image/svg+xml", content=svg, title=letters)


def dna_candidate(sequence: str, name: str) -> CandidateDraft:
    """A DNA sequence as a candidate with its length and GC."""
    values = (
        Value(name="length", value=len(sequence)),
        Value(name="GC", value=gc_percent(sequence), unit="percent"),
    )
    return CandidateDraft(kind="sequence", structure=sequence, name=name, values=values, labels={"type": "dna"})
