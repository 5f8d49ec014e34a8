"""Primer pairs of site-directed mutagenesis."""

from __future__ import annotations

from typing import Any

from agent.errors import RepairableToolError
from agent.tools.sequences.text import gc_percent, reverse_complement
from agent.tools.sequences.thermo import Salt, melting_temperature

USUAL_TM = {"overlapping": 78.0, "back_to_back": 60.0}
"""Least melting temperature by method, in degC."""
_SHORTEST, _LONGEST = 25, 45
_BEFORE = 10
"""Bases of the template before the change in a forward primer that stands back to back with the reverse one."""
_LEAST_GC = 40.0


def mismatch_tm(primer: str, mismatches: int) -> float:
    """Melting temperature in degC of a primer with mismatches: 81.5 + 0.41 GC% - 675/N - mismatch%."""
    size = len(primer)
    return 81.5 + 0.41 * gc_percent(primer) - 675 / size - 100 * mismatches / size


def pair(template: str, place: int, codon: str, method: str, tm: float) -> dict[str, Any]:
    """The primers that put a codon at a place.

    Args:
        template: DNA.
        place: First base of the codon, from 0.
        codon: The new codon.
        method: ``overlapping`` or ``back_to_back``.
        tm: Least melting temperature, in degC.

    Returns:
        forward, reverse, forward_tm, reverse_tm (degC) and problems.

    Raises:
        RepairableToolError: The change lies too near to an end of the template.
    """
    made = template[:place] + codon + template[place + 3 :]
    found = _overlapping(template, made, place, tm) if method == "overlapping" else _back_to_back(made, place, tm)
    if found is None:
        raise RepairableToolError(
            f"The codon at {place + 1} lies too near to an end of the template for primers.",
            remedy="Give the plasmid, or more of the sequence around it.",
        )
    return found


def _overlapping(template: str, made: str, place: int, tm: float) -> dict[str, Any] | None:
    """Both primers over the same bases, the change near the middle: the shortest that are warm and well ended."""
    mismatches = sum(a != b for a, b in zip(template, made, strict=True))
    best: tuple[tuple[float, ...], str, list[str]] | None = None
    for size in range(_SHORTEST, _LONGEST + 1):
        for lean in range(-3, 4):
            begin = place + 1 - size // 2 + lean
            if begin < 0 or begin + size > len(made) or min(place - begin, begin + size - place - 3) < 8:
                continue
            primer = made[begin : begin + size]
            reached, gc = mismatch_tm(primer, mismatches), gc_percent(primer)
            problems = [f"Tm {reached:.1f} degC is below {tm:g}"] if reached < tm else []
            problems += [f"GC {gc:.0f} % is below {_LEAST_GC:g}"] if gc < _LEAST_GC else []
            ends = sum(primer[side] not in "GC" for side in (0, -1))
            problems += ["not both ends are G or C"] if ends else []
            # What is too cold cannot be used at all; the rest is taste, and shorter is cheaper.
            order = (max(0.0, tm - reached), ends, size, abs(lean))
            if best is None or order < best[0]:
                best = (order, primer, problems)
    if best is None:
        return None
    reached = mismatch_tm(best[1], mismatches)
    return {
        "forward": best[1], "reverse": reverse_complement(best[1]), "forward_tm": reached, "reverse_tm": reached,
        "problems": best[2],
    }  # fmt: skip


def _back_to_back(made: str, place: int, tm: float) -> dict[str, Any] | None:
    """The forward primer with the change and ten bases before it; the reverse one from there on the other strand."""
    begin = place - _BEFORE
    ahead = _annealing(made[place + 3 :], tm) if begin >= 0 else ""
    back = _annealing(reverse_complement(made[:begin]), tm) if begin >= 0 else ""
    if not ahead or not back:
        return None
    tms = [melting_temperature(one, Salt()) for one in (ahead, back)]
    problems = [f"Tm {reached:.1f} degC is below {tm:g}" for reached in tms if reached < tm]
    return {
        "forward": made[begin : place + 3] + ahead, "reverse": back, "forward_tm": tms[0], "reverse_tm": tms[1],
        "problems": problems,
    }  # fmt: skip


def _annealing(along: str, tm: float) -> str:
    """The shortest beginning of 12 to 35 bases that reaches a melting temperature; empty where there are too few."""
    sizes = range(12, min(35, len(along)) + 1)
    return next(
        (along[:n] for n in sizes if melting_temperature(along[:n], Salt()) >= tm), along[: max(sizes, default=0)]
    )
