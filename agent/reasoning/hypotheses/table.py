"""The candidate table as typed inference sees it: columns of numbers, groups by label, and the reference."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from agent.errors import InputError
from agent.reasoning.protocol import RunView
from agent.records import Candidate, Quantity
from agent.units import convert
from agent.vocabulary import by_key

LEAST_GROUP = 3
"""The fewest candidates that make a group."""

# Labels that say something about a candidate's standing, not about what it is made of.
_NOT_GROUPS = frozenset(
    {
        "changes",
        "known",
        "novelty",
        "hazard",
        "in_stock",
        "role",
        "source",
        "name",
        "nearest",
        "nearest_drug",
        "inchikey",
        "formula",
        "net_charge",
        "covers",
        "status",
        "description",
    }
)
_PARTS = re.compile(r"\s*;\s*|\s+\+\s+|,\s+")


@dataclass(frozen=True)
class Reference:
    """What the candidates are compared with: the seed or a known analogue.

    Attributes:
        name: As the goal or the table calls it.
        id: Its candidate id, empty if it is not in the table.
        structure: Its canonical structure.
        quantities: What is known of it.
    """

    name: str
    id: str
    structure: str
    quantities: Mapping[str, Quantity] = field(default_factory=dict)


@dataclass(frozen=True)
class Table:
    """The candidates of one run, the reference apart.

    Attributes:
        candidates: In the table's order; no reference, nothing withheld.
        reference: What they are compared with, if the run has one.
    """

    candidates: tuple[Candidate, ...]
    reference: Reference | None

    @cached_property
    def columns(self) -> dict[str, dict[str, float]]:
        """Values by quantity and candidate id, in the vocabulary's units (else in the first candidate's)."""
        columns: dict[str, dict[str, float]] = {}
        units: dict[str, str] = {}
        for candidate in self.candidates:
            for name, quantity in candidate.quantities.items():
                known = by_key().get(name)
                unit = units.setdefault(name, known.unit if known else quantity.unit)
                value = in_unit(quantity, unit)
                if value is not None:
                    columns.setdefault(name, {})[candidate.id] = value
        return columns

    def unit(self, quantity: str) -> str:
        """The unit of a column."""
        known = by_key().get(quantity)
        if known:
            return known.unit
        return next((c.quantities[quantity].unit for c in self.candidates if quantity in c.quantities), "1")

    def source(self, quantity: str) -> str:
        """The evidence that most of a column comes from: the source of what is computed from the column."""
        counts: dict[str, int] = {}
        for candidate in self.candidates:
            if quantity in candidate.quantities:
                source = candidate.quantities[quantity].source
                counts[source] = counts.get(source, 0) + 1
        return max(sorted(counts), key=lambda source: counts[source], default="")

    def get(self, identifier: str) -> Candidate:
        """The candidate of that id."""
        return self._by_id[identifier]

    @cached_property
    def _by_id(self) -> dict[str, Candidate]:
        return {candidate.id: candidate for candidate in self.candidates}

    @cached_property
    def varying(self) -> tuple[str, ...]:
        """Quantities with at least three different values."""
        return tuple(name for name, column in self.columns.items() if len(set(column.values())) >= LEAST_GROUP)

    @cached_property
    def groups(self) -> dict[tuple[str, str], frozenset[str]]:
        """Candidate ids by label and value, where group and rest both have members enough.

        A value of several parts (``CH3→OH; H→F``) puts a candidate into the group of each part.
        """
        found: dict[tuple[str, str], set[str]] = {}
        for candidate in self.candidates:
            # Samples are compared by the groups of their own table, with its other columns held equal.
            for label, value in candidate.labels.items() if candidate.kind != "sample" else ():
                if label in _NOT_GROUPS or not value:
                    continue
                for part in {part for part in _PARTS.split(value) if part}:
                    found.setdefault((label, part), set()).add(candidate.id)
        most = len(self.candidates) - LEAST_GROUP
        kept: dict[tuple[str, str], frozenset[str]] = {}
        for key, members in found.items():
            if LEAST_GROUP <= len(members) <= most and frozenset(members) not in kept.values():
                kept[key] = frozenset(members)
        return kept

    @property
    def best(self) -> Candidate | None:
        """The candidate ranked first among those that break no constraint.

        Where the goal gave nothing to score by, the rank says nothing, and the most stable crystal stands first.
        """
        ranked = [c for c in self.candidates if c.rank is not None and c.feasible is not False]
        energies = self.columns.get("formation_energy", {})

        def place(candidate: Candidate) -> tuple[float, int, str]:
            unscored = candidate.score is None and candidate.kind == "crystal"
            return (energies.get(candidate.id, math.inf) if unscored else 0.0, candidate.rank or 0, candidate.id)

        return min(ranked, key=place, default=None)


def in_unit(quantity: Quantity, unit: str) -> float | None:
    """A quantity's value in another unit, ``None`` if it has none there or is not finite."""
    try:
        value = convert(quantity.value, quantity.unit, unit)
    except InputError:
        return None
    return value if math.isfinite(value) else None


def tabulate(view: RunView, described: Reference | None = None) -> Table:
    """The table of a run, with its reference taken out.

    The reference is a candidate labelled ``role`` ``seed`` or ``reference``, or whose structure is what the goal's
    seed resolved to; else a row of a tool's payload for that structure.

    Args:
        view: The run.
        described: The reference as computed outside the plan, where the run itself does not describe it.

    Returns:
        The table.
    """
    structures = reference_structures(view)
    kept, reference = [], None
    for candidate in view.candidates:
        if candidate.withheld:
            continue
        # Labels of samples are columns of the user's own table, whatever they are called.
        role = candidate.labels.get("role") if candidate.kind != "sample" else None
        if role in ("seed", "reference") or candidate.structure in structures:
            name = candidate.name or structures.get(candidate.structure, "") or candidate.id
            reference = reference or Reference(name, candidate.id, candidate.structure, candidate.quantities)
        else:
            kept.append(candidate)
    if not kept and len(view.candidates) > 1 and len(structures) > 1:
        # Several molecules that are described beside each other are a series, and none of them is its reference.
        return Table(tuple(one for one in view.candidates if not one.withheld), None)
    return Table(_alike(kept), reference or _from_payloads(view, structures) or described)


def _alike(candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """The largest set of candidates that can stand for each other, the last one where several are as large.

    A gene, its protein and the primers that copy it come from one run and are no alternatives: to compare their values
    would say nothing.
    """
    sets: dict[tuple[str, ...], list[Candidate]] = {}
    for one in candidates:
        labels = one.labels if one.kind != "sample" else {}
        sets.setdefault((one.kind, labels.get("type", ""), labels.get("values_of", "")), []).append(one)
    return tuple(max(reversed(sets.values()), key=len, default=()))


def reference_structures(view: RunView) -> dict[str, str]:
    """Structures that stand for the seed, with what the goal calls it."""
    seeds = [e for e in view.brief.entities if e.role in ("seed", "reference") and e.kind in ("molecule", "sequence")]
    structures = {entity.value: entity.text for entity in seeds if entity.value}
    name = seeds[0].text if seeds else "the seed"
    for evidence in view.evidence.values():
        seed = view.payload(evidence.id).get("seed")
        if isinstance(seed, str) and seed:
            structures.setdefault(seed, name)
    return structures


def _from_payloads(view: RunView, structures: Mapping[str, str]) -> Reference | None:
    known = by_key()
    quantities: dict[str, Quantity] = {}
    found = ""
    for evidence in view.evidence.values():
        rows = view.payload(evidence.id).get("rows")
        for row in rows if isinstance(rows, list) else ():
            structure = row.get("smiles") if isinstance(row, Mapping) else None
            if structure not in structures:
                continue
            found = str(structure)
            for key, value in row.items():
                if key in known and isinstance(value, int | float) and math.isfinite(value):
                    made = Quantity(name=key, value=float(value), unit=known[key].unit, source=evidence.id)
                    quantities.setdefault(key, made)
    return Reference(structures[found], "", found, quantities) if quantities else None
