"""The tool that scans the conditions of a melting temperature."""

from __future__ import annotations

import math
from typing import Any

from agent.errors import RepairableToolError
from agent.records import ArtifactContent, Result, Value
from agent.tools import ok, tool
from agent.tools.sequences import text
from agent.tools.sequences.melting import Trend, sodium_trend, strand_trend
from agent.tools.sequences.thermo import LONGEST_OLIGO

MOST_POINTS = 50


@tool("biology", engines=("biopython",))
def scan_melting_conditions(
    sequence: str,
    sodium_mM: list[float] = [20, 50, 100, 200, 500, 1000],
    strand_nM: list[float] = [50, 100, 250, 500, 1000, 2000],
    at_sodium_mM: float = 50.0,
    at_strand_nM: float = 250.0,
) -> Result:
    """Melting temperature of an oligonucleotide over salt and over its own concentration, with the slope of each trend.

    Args:
        sequence: Unambiguous DNA of 8 to 60 bases, paired to its full complement.
        sodium_mM: Concentrations of sodium to scan, in mM; three different ones at least.
        strand_nM: Concentrations of the strand to scan, in nM; three different ones at least.
        at_sodium_mM: Sodium while the strand is scanned, in mM.
        at_strand_nM: Strand while sodium is scanned, in nM.

    Returns:
        Values sodium_slope and strand_slope, in degC for a tenfold concentration; ``data.sodium`` and ``data.strand``
        with concentrations, temperatures, slope and bend (the largest distance from a straight line, in degC); a table.

    Source:
        Allawi and SantaLucia, Biochemistry 36 (1997) 10581; salt: Owczarzy et al., Biochemistry 43 (2004) 3537.
    """
    oligo = text.dna(sequence, "sequence")
    if not 8 <= len(oligo) <= LONGEST_OLIGO or set(oligo) - set("ACGT"):
        raise RepairableToolError(
            f"The nearest-neighbour model does not hold for this sequence of {len(oligo)} letters.",
            remedy=f"Give unambiguous DNA of 8 to {LONGEST_OLIGO} bases.",
        )
    sodium = sodium_trend(oligo, _series(sodium_mM, "sodium_mM"), _positive(at_strand_nM, "at_strand_nM"))
    strand = strand_trend(oligo, _series(strand_nM, "strand_nM"), _positive(at_sodium_mM, "at_sodium_mM"))
    rows = [f"sodium,{c:g},{at_strand_nM:g},{t:.2f}" for c, t in sodium.points]
    rows += [f"strand,{at_sodium_mM:g},{c:g},{t:.2f}" for c, t in strand.points]
    table = "\n".join(["scan,sodium_mM,strand_nM,melting_temperature_degC", *rows]) + "\n"
    return ok(
        f"The melting temperature rises by {sodium.slope:.1f} degC for tenfold sodium and by {strand.slope:.1f} degC "
        f"for tenfold strand, within {sodium.bend:.1f} and {strand.bend:.1f} degC of a straight line in the logarithm.",
        values=(
            Value(name="sodium_slope", value=round(sodium.slope, 3), unit="delta_degC"),
            Value(name="strand_slope", value=round(strand.slope, 3), unit="delta_degC"),
        ),
        data={"sequence": oligo, "sodium": _plain(sodium), "strand": _plain(strand)},
        artifacts=(ArtifactContent(name="melting-conditions.csv", media_type="text/csv", content=table, title=oligo),),
    )


def _series(values: list[float], name: str) -> list[float]:
    """Different positive concentrations in rising order."""
    found = sorted({_positive(value, name) for value in values})
    if not 3 <= len(found) <= MOST_POINTS:
        raise RepairableToolError(
            f"{name} holds {len(found)} different concentrations.", remedy=f"Give 3 to {MOST_POINTS}."
        )
    return found


def _positive(value: float, name: str) -> float:
    if not math.isfinite(value) or value <= 0:
        raise RepairableToolError(f"{name}: {value:g} is no concentration.", remedy="Give numbers above 0.")
    return float(value)


def _plain(found: Trend) -> dict[str, Any]:
    return {
        "concentrations": list(found.concentrations),
        "temperatures": [round(one, 3) for one in found.temperatures],
        "slope": found.slope,
        "bend": found.bend,
    }
