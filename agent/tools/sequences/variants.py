"""Single substitutions of a protein: how they are written and numbered, what changes, and the codons that make them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from agent.errors import RepairableToolError
from agent.tools.sequences.orfs import codon_table

RESIDUES = "ACDEFGHIKLMNPQRSTVWY"
_WRITTEN = re.compile(rf"(?:p\.)?\(?(?P<old>[{RESIDUES}])(?P<position>\d{{1,5}})(?P<new>[{RESIDUES}])\)?")
_SHIFT = 60
"""Largest shift of the numbering (signal peptide, tag, start codon) that is looked for."""
_NEAR = 3
"""A shift up to this is believed where two substitutions or more fit it and no other so small does."""

HYDROPATHY = {
    "A": 1.8, "R": -4.5, "N": -3.5, "D": -3.5, "C": 2.5, "Q": -3.5, "E": -3.5, "G": -0.4, "H": -3.2, "I": 4.5,
    "L": 3.8, "K": -3.9, "M": 1.9, "F": 2.8, "P": -1.6, "S": -0.8, "T": -0.7, "W": -0.9, "Y": -1.3, "V": 4.2,
}  # fmt: skip
"""Kyte and Doolittle, J. Mol. Biol. 157 (1982) 105."""
VOLUME = {
    "A": 88.6, "R": 173.4, "N": 114.1, "D": 111.1, "C": 108.5, "Q": 143.8, "E": 138.4, "G": 60.1, "H": 153.2,
    "I": 166.7, "L": 166.7, "K": 168.6, "M": 162.9, "F": 189.9, "P": 112.7, "S": 89.0, "T": 116.1, "W": 227.8,
    "Y": 193.6, "V": 140.0,
}  # fmt: skip
"""Volumes of residues in cubic angstrom (A. A. Zamyatnin, Prog. Biophys. Mol. Biol. 24 (1972) 107)."""
_CHARGE = {"D": -1, "E": -1, "K": 1, "R": 1}
_LARGE, _POLAR = 40.0, 3.0
"""Changes of volume (cubic angstrom) and of hydropathy from which a substitution is flagged."""


@dataclass(frozen=True)
class Substitution:
    """One residue for another: ``old`` at ``position`` (from 1, as written) becomes ``new``."""

    old: str
    position: int
    new: str

    @property
    def name(self) -> str:
        """As it is usually written: S65T."""
        return f"{self.old}{self.position}{self.new}"


def parse(written: Sequence[str]) -> list[Substitution]:
    """Substitutions as they are written: S65T or p.S65T.

    Raises:
        RepairableToolError: One is not of that form, or changes nothing.
    """
    found = []
    for one in written:
        match = _WRITTEN.fullmatch(one.strip())
        if match is None or match["old"] == match["new"] or match["position"] == "0":
            raise RepairableToolError(
                f"'{one}' is no substitution.", remedy="Write it as S65T: residue, place, new one."
            )
        found.append(Substitution(match["old"], int(match["position"]), match["new"]))
    if not found:
        raise RepairableToolError("variants is empty.", remedy="Name a substitution, such as S65T.")
    return found


def shift_of(protein: str, wanted: Sequence[Substitution]) -> int:
    """What has to be added to the written positions so that every old residue stands there: 0 where they fit as given.

    Published numbering often counts from the mature protein or follows a standard of the family. A shift is taken over
    only where it is the only small one that fits: one place for a single substitution, a few for several.

    Raises:
        RepairableToolError: No numbering fits, or several do.
    """
    if _fits(protein, wanted, 0):
        return 0
    fitting = [s for s in sorted(range(-_SHIFT, _SHIFT + 1), key=abs) if _fits(protein, wanted, s)]
    near = [s for s in fitting if abs(s) <= (_NEAR if len(wanted) > 1 else 1)]
    if len(near) == 1 or (len(wanted) > 1 and len(fitting) == 1):
        return (near or fitting)[0]
    wrong = next(one for one in wanted if not _fits(protein, [one], 0))
    there = protein[wrong.position - 1] if wrong.position <= len(protein) else f"nothing ({len(protein)} residues)"
    could = f" Shifts that would fit: {', '.join(f'{s:+d}' for s in fitting[:4])}." if fitting else ""
    raise RepairableToolError(
        f"{wrong.name} does not fit this protein: at {wrong.position} there is {there}.{could}",
        remedy="Check the numbering (mature protein, start codon) or the sequence.",
    )


def _fits(protein: str, wanted: Sequence[Substitution], shift: int) -> bool:
    places = [(one.position + shift, one.old) for one in wanted]
    return all(1 <= place <= len(protein) and protein[place - 1] == old for place, old in places)


def mutated(protein: str, wanted: Sequence[Substitution], shift: int = 0) -> str:
    """The protein with the substitutions made."""
    letters = list(protein)
    for one in wanted:
        letters[one.position + shift - 1] = one.new
    return "".join(letters)


@dataclass(frozen=True)
class Change:
    """What a substitution changes: BLOSUM62 score, hydropathy, volume (cubic angstrom), charge, and what is special."""

    blosum62: int
    hydropathy: float
    volume: float
    charge: int
    flags: tuple[str, ...]

    @property
    def kind(self) -> str:
        """Conservative (BLOSUM62 above 0, charge kept), radical (-2 and less, or a charge turned), or moderate."""
        if self.blosum62 <= -2 or abs(self.charge) > 1:
            return "radical"
        return "conservative" if self.blosum62 > 0 and not self.charge else "moderate"


def change(one: Substitution) -> Change:
    """What a substitution changes, by the residues alone: BLOSUM62 of Henikoff and Henikoff, PNAS 89 (1992) 10915."""
    from Bio.Align import substitution_matrices

    score = int(substitution_matrices.load("BLOSUM62")[one.old][one.new])
    water, size = HYDROPATHY[one.new] - HYDROPATHY[one.old], VOLUME[one.new] - VOLUME[one.old]
    charge = _CHARGE.get(one.new, 0) - _CHARGE.get(one.old, 0)
    flags = [f"charge {charge:+d}"] if charge else []
    flags += [f"{'larger' if size > 0 else 'smaller'} by {abs(size):.0f} A3"] if abs(size) >= _LARGE else []
    flags += [f"{'less' if water > 0 else 'more'} polar"] if abs(water) >= _POLAR else []
    flags += ["a proline breaks helices and strands"] if one.new == "P" else []
    flags += ["a proline's stiffness is lost"] if one.old == "P" else []
    flags += ["a glycine's freedom to turn is lost"] if one.old == "G" else []
    flags += ["a cysteine, perhaps of a disulfide, is lost"] if one.old == "C" else []
    flags += ["a new cysteine"] if one.new == "C" else []
    return Change(score, water, size, charge, tuple(flags))


def codon_for(old: str, residue: str, usage: dict[str, float]) -> str:
    """The codon of a residue that differs least from the old codon; of equals the one that the organism uses most."""
    made = [codon for codon, one in codon_table(1)[0].items() if one == residue]
    return min(
        made, key=lambda codon: (sum(a != b for a, b in zip(codon, old, strict=True)), -usage.get(codon, 0), codon)
    )
